"""The short lines around a headline, before the article's text begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipeline.markup import text_of
from pipeline.wording import ends_sentence, squash

_MAX_LINE, _MAX_ALL, _MAX_LINES = 160, 480, 12
_TITLE_WORDS = 5
_MAX_LINKS = 12
_NO_TITLE = re.compile(
    r"\b(?:ikuti|google|whatsapp|telegram|channel|saluran|bagikan|komentar)\b", re.IGNORECASE
)
_ASIDE_TAGS = frozenset("figure figcaption img picture form ul ol table".split())


def find_lines(heading: HtmlElement, title: str) -> list[str]:
    """Return the lines that follow the headline until a paragraph begins, then those right before it.

    A bar parts what stands in elements of its own: "Rahmat Sadeli | 3 jam lalu". Lines that link to another article
    are its lines.
    """
    lines: list[str] = []
    for part in _after(heading):
        text = part if isinstance(part, str) else text_of(part, _MAX_LINE + 1)
        if len(text) > _MAX_LINE or (ends_sentence(text) and text.count(" ") > _TITLE_WORDS):
            break
        if text and (isinstance(part, str) or not links_elsewhere(part, title)):
            lines.append(text if isinstance(part, str) else _barred(part))
        if len(lines) >= _MAX_LINES or sum(map(len, lines)) > _MAX_ALL:
            break
    before = heading.getprevious()
    while before is not None and len(text := text_of(before, _MAX_LINE + 1)) <= _MAX_LINE:
        if text and isinstance(before.tag, str) and not links_elsewhere(before, title):
            lines.append(_barred(before))
            break
        before = before.getprevious()
    return lines


def links_elsewhere(element: HtmlElement, title: str) -> bool:
    """Tell whether an element holds a link that is called like an article, but not like the one of `title`."""
    for number, link in enumerate(element.iter("a")):
        if number >= _MAX_LINKS:
            break
        text = text_of(link, 200)
        named = text.count(" ") + 1 >= _TITLE_WORDS and not _NO_TITLE.search(text)
        if named and squash(text) not in squash(title):
            return True
    return False


def _after(heading: HtmlElement) -> Iterator[HtmlElement | str]:
    """Yield what follows the headline in the page's order, large elements taken apart."""
    around: HtmlElement | None = heading
    while around is not None and around.tag != "body":
        yield _loose(around.tail)
        for sibling in around.itersiblings():
            yield from _small_parts(sibling)
            yield _loose(sibling.tail)
        around = around.getparent()


def _small_parts(element: HtmlElement) -> Iterator[HtmlElement | str]:
    waiting: list[HtmlElement | str] = [element]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif not isinstance(part.tag, str) or part.tag in _ASIDE_TAGS:
            continue
        elif part.tag == "p" or not len(part) or len(text_of(part, _MAX_LINE + 1)) <= _MAX_LINE:
            yield part
        else:
            inner: list[HtmlElement | str] = [_loose(part.text)]
            for child in part:
                inner += [child, _loose(child.tail)]
            waiting += reversed(inner)


def _loose(text: str | None) -> str:
    return " ".join((text or "")[:1000].split())


def _barred(element: HtmlElement) -> str:
    texts = (" ".join(text.split()) for text in element.itertext())
    return " | ".join(text for text in texts if text)[: 2 * _MAX_LINE]
