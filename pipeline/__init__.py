"""Pages → findings → answers: cleaning, extraction, the store, questions and the command line.

For programs and notebooks: `from pipeline import open_store` (docs/researchers.md). What reads a store is imported when
it is first asked for, so that the command line starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.filters import Filters, QuestionError
    from pipeline.reader import PublishedStore, StoreFacts, open_store
    from pipeline.shelf import SnapshotError

_HOMES = {
    "Filters": "filters",
    "PublishedStore": "reader",
    "QuestionError": "filters",
    "SnapshotError": "shelf",
    "StoreFacts": "reader",
    "open_store": "reader",
}
__all__ = ["Filters", "PublishedStore", "QuestionError", "SnapshotError", "StoreFacts", "open_store"]


def __getattr__(name: str) -> Any:
    """Return what is offered at the top of the package, imported now."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
