"""The parts of a page where its source says that they stand, for sites that the general way does not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement, tostring

from crawler.source import PageLayout, to_xpath
from pipeline.markup import parse_html, remove, text_of, to_utf8

if TYPE_CHECKING:
    from crawler.source import Source

MAX_BODIES = 200
_MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What a layout found: `body` is a page that holds the article's elements alone, None where none was."""

    title: str | None = None
    author: str | None = None
    date: str | None = None
    body: bytes | None = None


def find_layout(source: Source | None, fetched_at: datetime | None) -> PageLayout | None:
    """Return how the source's pages looked when this one was fetched, today's shape where that is unknown."""
    if source is None or not source.layout.page:
        return None
    return source.page_layout(fetched_at.date() if fetched_at else date.today())


def read_layout(page: bytes, content_type: str | None, layout: PageLayout) -> LaidOut:
    """Return the parts of a page that its source's layout names; those that are not there are None."""
    tree = parse_html(to_utf8(page, content_type))
    if tree is None:
        return LaidOut()
    parts = {name: _first_text(tree, getattr(layout, name)) for name in ("title", "author", "date")}
    for element in _select(tree, layout.drop):
        if isinstance(element, HtmlElement):
            remove(element)
    bodies = [found for found in _select(tree, layout.body)[:MAX_BODIES] if isinstance(found, HtmlElement)]
    outer = [body for body in bodies if not any(around in bodies for around in body.iterancestors())]
    whole = b"".join(tostring(body, encoding="utf-8", with_tail=False) for body in outer)
    if not whole and layout.drop:
        return LaidOut(**parts, body=tostring(tree, encoding="utf-8"))
    page_of_body = b"<html><body><article>" + whole + b"</article></body></html>"
    return LaidOut(**parts, body=page_of_body if whole else None)


def _select(tree: HtmlElement, selector: str | None) -> list[object]:
    if selector is None:
        return []
    try:
        found = tree.xpath(to_xpath(selector))
    except etree.XPathEvalError:  # an unknown function or prefix shows only now
        return []
    return list(found) if isinstance(found, list) else [found]


def _first_text(tree: HtmlElement, selector: str | None) -> str | None:
    for found in _select(tree, selector):
        text = text_of(found, _MAX_TEXT) if isinstance(found, HtmlElement) else " ".join(str(found).split())
        if text:
            return text[:_MAX_TEXT]
    return None
