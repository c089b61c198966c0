"""Why a page gave no article, from the program's own list."""

from __future__ import annotations

from pipeline.refusals import REASONS
from reference.markdown import code, plain, table


def refusals_text() -> str:
    """Return every reason of a refusal with its meaning."""
    return table(("id", "meaning"), [[code(name), plain(meaning)] for name, meaning in REASONS.items()])
