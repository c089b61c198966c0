"""Which heading of a page is the article's headline: told by the page's title, its address, or the text below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipeline.markup import text_of
from pipeline.wording import squash

_TITLES = ("h1", "h2", "h3")
HEADINGS = frozenset((*_TITLES, "h4", "h5"))
_PROSE, _MIN_TITLE, _MIN_NAME, _TITLE_WORDS = 80, 10, 15, 3

Numbered = tuple[int, HtmlElement]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a page before its headings are read: `title` and the outlet's names are squashed."""

    title: str
    url: str = ""
    outlets: frozenset[str] = frozenset()


def find_headline(headings: list[Numbered], told: Told) -> tuple[int, HtmlElement | None]:
    """Return the article's own headline with its place among the page's elements.

    That is the heading that the page's title names, the longest of them where a title opens with the outlet's name,
    which stands in a heading of its own; or the one that the address names; else the first h1. A title that names
    the outlet alone, as home-made sites print on every page, leaves the last heading before the text.
    """
    own = [(place, heading, squash(text_of(heading, 500))) for place, heading in headings]
    candidates = [row for row in own if row[2] and row[2] not in told.outlets]
    for tags in (_TITLES, ("h4", "h5")):
        rows = [row for row in candidates if row[1].tag in tags]
        named = max(rows, key=lambda row: _likeness(row[2], told.title), default=None)
        if named and _likeness(named[2], told.title):
            return named[:2]
    name = _name_in(told.url)
    rows = [row for row in candidates if len(name) >= _MIN_NAME and row[2].startswith(name)]
    rows = rows or [row for row in candidates if row[1].tag == "h1"]
    if rows:
        return rows[0][:2]
    above = None
    if not told.title or told.title in told.outlets:
        # teasers of other articles link to them, or stand in lists
        alone = [row for row in candidates if not _is_entry(row[1])]
        above = _above_prose(alone) or _above_prose(candidates)
    return above or next((row[:2] for row in own if row[1].tag == "h1" and row[2]), (0, None))


def _likeness(heading: str, title: str) -> int:
    """Return how much of a title a heading says: its own length, 0 where the title does not name it."""
    ends = len(heading) * 2 > len(title) and title.endswith(heading)
    named = heading == title or (len(heading) >= _MIN_TITLE and (ends or title.startswith(heading)))
    return len(heading) if named else 0


def _name_in(url: str) -> str:
    """Return the squashed name of an article in its address, without numbers around it."""
    try:
        last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""
    words = re.sub(r"^\d+-|-\d+$", "", re.sub(r"\.\w{3,5}$", "", unquote(last)))
    return squash(words) if words.count("-") >= _TITLE_WORDS else ""


def _is_entry(heading: HtmlElement) -> bool:
    listed = any(part.tag in ("a", "li") for part in heading.iterancestors())
    return listed or heading.find(".//a") is not None


def _above_prose(candidates: list[tuple[int, HtmlElement, str]]) -> tuple[int, HtmlElement] | None:
    """Return the last heading before the page's first paragraph below any of them."""
    if not candidates:
        return None
    places = {heading: place for place, heading, _ in candidates}
    above: HtmlElement | None = None
    for element in candidates[0][1].getroottree().iter("*"):
        if element in places and text_of(element, 500).count(" ") >= _TITLE_WORDS - 1:
            above = element
        elif (
            above is not None
            and element.tag != "a"
            and any(len(text) >= _PROSE for text in _own_texts(element))
        ):
            return places[above], above
    return None


def _own_texts(element: HtmlElement) -> Iterator[str]:
    yield (element.text or "").strip()
    for child in element:
        yield (child.tail or "").strip()
