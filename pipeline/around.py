"""What elements around a headline say: who wrote, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipeline.beside import links_elsewhere
from pipeline.markup import text_of

MAX_NEAR = 24
_CARD_DEPTH, _MAX_CARD = 4, 300
_MAX_BEFORE = 25
"""Elements between a date and the headline below it; a site's own clock stands above its menus."""
_STATED = ("datetime", "content", "title", "data-datetime", "data-date", "data-time", "data-timestamp")
_HELD = etree.XPath(".//meta[contains(@itemprop, 'name') or contains(@itemprop, 'date')]/@content")
_FOREIGN_PART = re.compile(r"comment|komentar|reply|sidebar|related|terkait|popular|footer|respond")
_FOREIGN_CLASS = re.compile(rf"{_FOREIGN_PART.pattern}|widget")


@dataclass(frozen=True, slots=True)
class Around:
    """Reads what elements around the headline say, without comments, sidebars and cards of other articles.

    `at` is the headline's number; `own` are the elements around it: whatever they are called, the article is in
    them. `built`: a page builder made the page, which calls every part of it a widget.
    """

    at: int
    own: set[HtmlElement]
    heading: str
    built: bool

    def after(self, elements: list[tuple[int, HtmlElement]]) -> list[str]:
        return self._texts([element for number, element in elements if number > self.at][:16])

    def before(self, elements: list[tuple[int, HtmlElement]]) -> list[str]:
        """Return what stands before the headline, the nearest first."""
        near = range(self.at - _MAX_BEFORE, self.at + 1)
        return self._texts(
            [element for number, element in elements if number in near and not self._in_site_header(element)][
                :-6:-1
            ]
        )

    def _in_site_header(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in a header that the headline is not in: there a site shows its clock."""
        return any(part.tag == "header" and part not in self.own for part in element.iterancestors())

    def _texts(self, elements: list[HtmlElement]) -> list[str]:
        texts: dict[str, None] = {}
        for element in elements:
            if _stands_apart(element, self.own, built=self.built) or self._in_card(element):
                continue
            held = _HELD(element)[:2] if len(element) else ()
            for value in (*map(element.get, _STATED), *held, text_of(element, 240)):
                if value:
                    texts.setdefault(value.strip()[:240])
        return list(texts)[:MAX_NEAR]

    def _in_card(self, element: HtmlElement) -> bool:
        """Tell whether a small element around this one links to another article, as lists of articles do."""
        part: HtmlElement | None = element
        for _ in range(_CARD_DEPTH):
            if part is None or part in self.own or part.tag in ("article", "main", "body"):
                return False
            if links_elsewhere(part, self.heading):
                return len(text_of(part, _MAX_CARD + 1)) <= _MAX_CARD
            part = part.getparent()
        return False


def is_built(own: Iterable[HtmlElement]) -> bool:
    """Tell whether elements around a headline are called widgets; <body> tells of the whole page."""
    return any("widget" in _named(part) for part in own if part.tag not in ("body", "html"))


def _named(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}".lower()


def _stands_apart(element: HtmlElement, own: set[HtmlElement], *, built: bool) -> bool:
    """Tell whether an element belongs to comments, a sidebar or a footer that the headline is not in."""
    part: HtmlElement | None = element
    in_footer = False
    foreign = _FOREIGN_PART if built else _FOREIGN_CLASS
    while part is not None and part not in own and part.tag not in ("body", "html"):
        if part.tag in ("article", "main", "footer"):
            in_footer = part.tag == "footer"
        elif foreign.search(_named(part)):
            return True
        part = part.getparent()
    if in_footer and part is not None:
        # themes print the byline in the article's own footer (<article>…<footer class="entry-footer">)
        return not any(around.tag in ("article", "main") for around in (part, *part.iterancestors()))
    return in_footer
