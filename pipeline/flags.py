"""Flags of an article (adv, opinion, gallery, live, not_article) by address, rubric, title and type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.chrome import load_table


def find_flags(url: str | None, section: str, title: str | None, types: Iterable[str]) -> set[str]:
    """Return the flags that the rules in chrome.toml give; those that lines of the text give come on top."""
    try:
        path = urlsplit(url or "").path.lower()
    except ValueError:
        path = ""
    texts = {"path": [path], "section": [section], "title": [title or ""], "type": list(types)}
    return {flag for place, flag, pattern in _load_flags() for text in texts[place] if pattern.search(text)}


@lru_cache(maxsize=1)
def _load_flags() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    table = load_table()["flags"]
    return tuple(
        (place, flag, re.compile(pattern, re.IGNORECASE))
        for place, flags in table.items()
        for flag, pattern in flags.items()
    )
