"""The lines of an article's body: trafilatura finds it, this module turns its elements into lines of text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from copy import copy
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from pipeline.blobs import find_text
from pipeline.markup import parse_html, remove
from pipeline.page import Page
from pipeline.wording import Line, ends_sentence, squash

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufffd\ufe0e\ufe0f\u180e\u061c]")
_TWICE_ESCAPED = re.compile(
    r"&(?:amp;)?(?:nbsp|quot|amp|[lr][ds]quo|apos|hellip|[nm]dash|bull|#(?:34|39|160|82\d\d));", re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6])>")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BULLET = re.compile(r"(?:[-–•*·●▪■◦✓»]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_OPTIONS = Extractor(output_format="txt", fast=True, comments=False, tables=True, formatting=False)
_SURE = copy(_OPTIONS)
_SURE.focus = "sure"
"""Without the second reading that trafilatura gives short texts in its balanced mode."""
_BLOCKS = frozenset("p item row head quote list".split())
_MAX_LINK = 200
_MIN_BODY = 120
"""Characters under which the page's structured data or a second reading is tried for the body."""


def normalise(text: str) -> str:
    """Return text in NFC with plain spaces, without invisible characters; line ends and quotes stay.

    References that a site escaped twice, so that its readers see "&nbsp;", are what they stand for.
    """
    if "&" in text:
        text = _TWICE_ESCAPED.sub(lambda found: html.unescape(html.unescape(found.group())), text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", text)


def extract_lines(page: Page) -> list[Line]:
    """Return the lines of the page's article, in order, chrome of the article's column still among them."""
    lines = _read_tree(page.content, page.links, _SURE) if page.content is not None else []
    if sum(len(line.text) for line in lines) * 10 <= page.body_chars * 8:
        lines = _read_tree(page.tree, page.links, _OPTIONS)
    if sum(len(line.text) for line in lines) < _MIN_BODY:
        title = squash(page.full_title or page.heading or "")
        spoken = _spoken_body(page.json_ld) or _plain_text(find_text(page.blobs, title))
        if len(spoken) > sum(len(line.text) for line in lines):
            return split_text(spoken)
    return lines


def split_text(text: str) -> list[Line]:
    """Return the lines of a plain text: paragraphs, with lines that merely wrap joined again."""
    lines: list[Line] = []
    for block in re.split(r"\n\s*\n", normalise(text)):
        lines += (Line(line) for line in join_wrapped(block.split("\n")))
    return lines


def join_wrapped(pieces: list[str]) -> list[str]:
    """Return paragraphs from lines that a break ended: one that stops in the middle of a sentence goes on."""
    out: list[str] = []
    for piece in pieces:
        text = piece.strip()
        if not text:
            continue
        if (
            out
            and text[0].islower()
            and not ends_sentence(out[-1])
            and out[-1].count(" ") >= 4
            and not _BULLET.match(text)
        ):
            out[-1] = f"{out[-1]} {text}"
        else:
            out.append(text)
    return out


def _read_tree(tree: HtmlElement, links: frozenset[str], options: Extractor) -> list[Line]:
    document = bare_extraction(tree, options=options)
    if document is None or isinstance(document, dict):
        return []
    return [line for element in document.body for line in _element_lines(element, links)]


def _element_lines(element: Any, links: frozenset[str]) -> Iterator[Line]:
    tag = element.tag
    if tag == "table":
        for row in element.iter("row"):
            cells = [" ".join(_flat(cell).split()) for cell in row.iter("cell")]
            if any(cells):
                yield _line(" | ".join(cells), "row", links)
        return
    if tag == "list":
        for item in element.iter("item"):
            for text in join_wrapped(_flat(item).split("\n")):
                yield _line(text, "item", links)
        return
    kind = "head" if tag == "head" else "p"
    if not len(element):
        text = normalise(element.text or "").strip()
        if text:
            yield _line(" ".join(text.split()), kind, links)
        return
    for text in join_wrapped(_flat(element).split("\n")):
        yield _line(text, kind, links)


def _line(text: str, kind: str, links: frozenset[str]) -> Line:
    return Line(text, kind, 8 <= len(text) <= _MAX_LINK and squash(text) in links)


def _flat(element: Any) -> str:
    """Return an element's text, a line end for each break and inner block; items leave inner lists out."""
    if not len(element):
        return normalise(element.text or "")
    parts: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if node is element:
            parts.append((node.text or "").replace("\n", " ") if event == "start" else "")
            continue
        if event == "end":
            parts.append("\n" if node.tag in _BLOCKS else "")
            parts.append((node.tail or "").replace("\n", " "))
        elif node.tag == "list" and element.tag == "item":
            walker.skip_subtree()
        else:
            parts.append("\n" if node.tag in _BLOCKS or node.tag == "lb" else "")
            parts.append((node.text or "").replace("\n", " "))
    return "\n".join(" ".join(line.split()) for line in normalise("".join(parts)).split("\n"))


def _spoken_body(nodes: list[dict[str, Any]]) -> str:
    """Return the longest articleBody of the page's structured data: what scripts would have shown."""
    bodies = [value for node in nodes if isinstance(value := node.get("articleBody"), str)]
    longest = max(bodies, key=len, default="")
    text = html.unescape(longest)
    return _plain_text(text) if _BREAK.search(text) else text


def _plain_text(markup: str) -> str:
    tree = parse_html(_BREAK.sub("\n\n", markup).encode(errors="replace")) if markup else None
    if tree is None:
        return ""
    for unseen in list(tree.iter("script", "style")):
        remove(unseen)
    return "".join(tree.itertext())
