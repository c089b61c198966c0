"""The text of a page that only scripts show: the article among the data that the page brings for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from pipeline.wording import squash

MAX_BLOB = 2_000_000
_MAX_VALUES = 20_000
_MIN_TEXT, _MIN_TITLE = 400, 10
_PARAGRAPHS = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)


def read_blobs(tree: HtmlElement) -> list[str]:
    """Return the data that a page brings for its scripts, as JSON (`__NEXT_DATA__`)."""
    scripts = (script for script in tree.iter("script") if script.get("type") == "application/json")
    return [script.text for script in scripts if script.text and len(script.text) <= MAX_BLOB]


def find_text(blobs: list[str], title: str) -> str:
    """Return the HTML of the article among such data, "" where none is sure; `title` is the page's, squashed.

    They hold other articles and notes on cookies too: it is the one beside the page's own title, or the only one of
    data that name the page.
    """
    found: dict[str, bool] = {}
    named = False
    for blob in blobs:
        for strings, together in _strings(blob):
            own = any(_is_named(value, title) for value in strings)
            named = named or own
            for text in filter(_is_text, strings):
                found[text] = found.get(text, False) or (own and together)
    beside = [text for text, own in found.items() if own]
    sure = beside or (list(found) if named and len(found) == 1 else [])
    return max(sure, key=len, default="")


def _strings(raw: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the strings of each object and list, and whether it is one object that they are values of."""
    try:
        waiting: list[Any] = [json.loads(raw)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        yield [item for item in inner if isinstance(item, str)], isinstance(value, dict)
        waiting += [item for item in inner if isinstance(item, (dict, list))]


def _is_text(value: str) -> bool:
    return len(value) >= _MIN_TEXT and len(_PARAGRAPHS.findall(value)) > 1


def _is_named(value: str, title: str) -> bool:
    key = squash(value[:300]) if len(value) >= _MIN_TITLE else ""
    return len(key) >= _MIN_TITLE and title.startswith(key)
