"""The element that holds an article's paragraphs, and what before and after it belongs to the article or does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree
from lxml.html import Element, HtmlElement

from pipeline.paragraphs import BLOCKS, CONTAINERS, is_plain, size_of
from pipeline.wording import ends_sentence, is_cut, squash

Bodies: TypeAlias = dict[HtmlElement, dict[HtmlElement, int]]
"""Elements that hold paragraphs, each with its paragraphs and the characters of these."""

_PROSE, _BODY, _SHORT, _MIN_AFTER, _MENU = 80, 400, 200, 60, 4
_MIN_LEAD, _LEAD_WORDS, _MAX_BEFORE = 60, 9, 12
_TITLES = frozenset("h1 h2 h3 h4 h5 h6".split())
_HOLDERS = (CONTAINERS | BLOCKS) - {"span", "font"}
_KEPT = _TITLES | {"p"}
_BOXED = etree.XPath("boolean(.//li|.//h1|.//h2|.//h3|.//time|.//form|.//table)")
_ROWS = etree.XPath("boolean(.//li|.//td)")
_LEADS = frozenset("p div section blockquote span strong b em h2 h3 h4 h5".split())


@dataclass(frozen=True, slots=True)
class Content:
    """What one element is sure to hold: the article's `body`, of `size` characters in paragraphs.

    `lead` stands before it and `rest` after it, in other elements; `beside` are those that do not belong to the
    article, with their kind. `body` is None, and `size` 0, where no one element is sure to be it.
    """

    bodies: Bodies
    body: HtmlElement | None = None
    size: int = 0
    lead: tuple[HtmlElement, ...] = ()
    rest: tuple[HtmlElement, ...] = ()
    beside: list[tuple[HtmlElement, str]] = field(default_factory=list)


def find_content(tree: HtmlElement, heading: HtmlElement | None) -> Content:
    """Return where the article under `heading` stands."""
    bodies, first = _bodies(tree, heading)
    body, size = _sure_body(bodies, first, _BODY if heading is None else _SHORT)
    if body is None:
        return Content(bodies)
    around = [*_tail(bodies.get(body, {})), *_after_body(body, size, bodies)]
    menus = [(element, "navigation") for element in _menus(body)]
    rest = tuple(element for element, kind in around if kind == "rest")
    beside = [*menus, *((element, kind) for element, kind in around if kind != "rest")]
    return Content(bodies, body, size, _lead(body, heading), rest, beside)


def gather(content: Content) -> HtmlElement | None:
    """Return a new element around lead, body and rest, in the body's place; None where no body is sure.

    Extraction reads it alone: of an element whose class it does not know it would keep the bare <p>s, without
    lists and headings. It also judges classes that say nothing of what was found here, so they go.
    """
    body = content.body
    parent = body.getparent() if body is not None else None
    if body is None or parent is None or body.tag == "body":
        return None
    outer, frame = Element("div"), Element("div", {"class": "entry-content"})
    outer.tail, body.tail = body.tail, None
    parent.replace(body, outer)
    outer.append(frame)
    for part in (*content.lead, body, *content.rest):
        part.attrib.clear()
        part.tail = part.tail if part.tag in _KEPT else None
        whole = part.tag in _LEADS and not any(inner.tag in BLOCKS for inner in part.iterdescendants())
        part.tag = "p" if whole else "div"
        frame.append(part)
    return outer


def _bodies(tree: HtmlElement, heading: HtmlElement | None) -> tuple[Bodies, HtmlElement | None]:
    """Return the elements that hold paragraphs, and which of them comes first below the heading."""
    bodies: Bodies = {}
    first: HtmlElement | None = None
    for paragraph in tree.iter("p", "ol", "ul", *_TITLES):
        if paragraph is heading:
            first = None
        if paragraph.tag in _TITLES:
            continue
        size = size_of(paragraph) if paragraph.tag == "p" else _prose_of(paragraph)
        parent = paragraph.getparent()
        if size >= _PROSE and parent is not None:
            bodies.setdefault(parent, {})[paragraph] = size
            first = parent if first is None else first
    return bodies, first


def _prose_of(points: HtmlElement) -> int:
    """Return the characters of a list's own items that read as paragraphs: an article may be points alone."""
    own = [
        item for item in points if item.tag == "li" and item.find(".//a") is None and item.find("p") is None
    ]
    return sum(size for item in own if (size := size_of(item)) >= _PROSE)


def _sure_body(bodies: Bodies, first: HtmlElement | None, least: int) -> tuple[HtmlElement | None, int]:
    """Return the one element that holds nearly all of the page's paragraphs, and their characters.

    Comments and teasers do not count. The entries of a live report and the sections of a long text are elements of
    their own: then it is the one around them, if what is read first is among them. Of `least` characters the element
    that is read first is enough.
    """
    others = _items(bodies, first)
    sizes = {body: sum(prose.values()) for body, prose in bodies.items() if body not in others}
    total = sum(sizes.values())
    body = max(sizes, key=sizes.__getitem__, default=None)
    if body is None:
        return None, 0
    if sizes[body] >= (least if body is first else _BODY) and sizes[body] * 10 >= total * 6:
        return body, sizes[body]
    around = body.getparent()
    if around is None or around.tag in ("body", "html") or first is None or first.getparent() is not around:
        return None, 0
    size = sum(sizes.get(part, 0) for part in around)
    linked = sum(size_of(link) for link in around.iter("a"))
    if size < _BODY or size * 10 < total * 6 or linked * 8 > size:
        return None, 0
    return around, size


def _items(bodies: Bodies, first: HtmlElement | None) -> set[HtmlElement]:
    """Return the elements that repeat one shape and open with a name or a title: comments, or teasers of other news.

    Where what is read first is one of them, they are the article itself.
    """
    rows: dict[tuple[str | None, ...], list[HtmlElement]] = {}
    for body in bodies:
        around = body.getparent()
        outer = (str(around.tag), around.get("class")) if around is not None else ()
        rows.setdefault((str(body.tag), body.get("class"), *outer), []).append(body)
    return {
        item
        for row in rows.values()
        if len(row) > 1 and first not in row and not any(map(_opens_with_prose, row))
        for item in row
    }


def _lead(body: HtmlElement, heading: HtmlElement | None) -> tuple[HtmlElement, ...]:
    """Return what opens the article between its headline and its body: K2's intro, a summary in an <h2>."""
    own = {heading, *heading.iterancestors()} if heading is not None else set()
    if body in own:
        return ()
    said = squash("".join(body.itertext()))
    found: list[HtmlElement] = []
    part: HtmlElement | None = body
    while part is not None and part.tag != "body":
        for number, before in enumerate(part.itersiblings(preceding=True)):
            if before in own:
                return tuple(reversed(found))
            if number < _MAX_BEFORE and _is_lead(before, said):
                found.append(before)
        if heading is None:
            return tuple(reversed(found))
        part = part.getparent()
    return ()


def _is_lead(element: HtmlElement, said: str) -> bool:
    """Tell whether an element says sentences that the body does not say again."""
    if element.tag not in _LEADS:
        return False
    text = " ".join("".join(element.itertext()).split())
    if len(text) < _MIN_LEAD or text.count(" ") < _LEAD_WORDS or not ends_sentence(text):
        return False
    if is_cut(text) or squash(text)[:_MIN_LEAD] in said:
        return False
    if _BOXED(element):
        return False
    if element.find(".//img") is not None and len(element.findall(".//p")) < 2:
        return False
    return sum(size_of(link) for link in element.iter("a")) * 4 < len(text)


def _menus(body: HtmlElement) -> Iterator[HtmlElement]:
    for part in (body, *body.iterancestors()):
        if part.tag == "body":
            return
        for before in part.itersiblings(preceding=True):
            if before.tag not in _KEPT and _is_menu(before):
                yield before


def _tail(prose: dict[HtmlElement, int]) -> Iterator[tuple[HtmlElement, str]]:
    """Yield what a column prints below its last paragraph: readers' words, chips, teasers, each in a box of its own."""
    last = next(reversed(prose), None)
    for after in last.itersiblings("div", "section") if last is not None else ():
        length = size_of(after)
        if length <= _MIN_AFTER or is_plain(after) or _opens_with_prose(after):
            continue
        linked = sum(size_of(link) for link in after.iter("a"))
        if linked * 4 >= length or not _ROWS(after):
            yield after, "footer"


def _after_body(body: HtmlElement, size: int, bodies: Bodies) -> Iterator[tuple[HtmlElement, str]]:
    """Yield what stands after the body: comments, other articles and notes, and what is the `rest` of it.

    Something as long as a third of the article, or made like the body itself, may be the rest of it, and is where
    it stands beside the body or opens as prose does.
    """
    sizes = {element: sum(prose.values()) for element, prose in bodies.items()}
    part: HtmlElement | None = body
    shape = (body.tag, body.get("class"))
    while part is not None and part.tag != "body":
        for after in part.itersiblings():
            length = size_of(after)
            prose = _prose_in(after, sizes)
            opening = _opening(after)
            alike = shape in {(inner.tag, inner.get("class")) for inner in after.iter(str(body.tag))}
            alike = alike and (opening in ("prose", "title") or (opening == "words" and bool(shape[1])))
            beside = part is body or (after.tag, after.get("class")) == (part.tag, part.get("class"))
            opens = beside and opening == "prose"
            if after.tag in _KEPT:
                if part is body and length >= _PROSE and opens:
                    yield after, "rest"
            elif prose * 3 >= size:
                if opens or (alike and part is body):
                    yield after, "rest"
            elif length == 0 or _MIN_AFTER < length < size:
                if not alike and not opens:
                    yield after, "footer"
                elif prose and (opens or part is body):
                    yield after, "rest"
        part = part.getparent()


def _is_menu(element: HtmlElement) -> bool:
    """Tell whether an element says nothing but the names of its links."""
    size = size_of(element)
    links = [size_of(link) for link in element.iter("a")] if size else []
    return not size or (len(links) >= _MENU and sum(links) * 10 >= size * 8)


def _opens_with_prose(element: HtmlElement) -> bool:
    return _opening(element) == "prose"


def _opening(element: HtmlElement) -> str:
    """Return what an element says first: prose, a title, a link, or a few words such as a name."""
    part = next((part for part in element.iter("*") if (part.text or "").strip()), None)
    if part is None:
        return "words"
    around = (part, *part.iterancestors())
    block = next((block for block in around if block is element or block.tag in BLOCKS), element)
    if any(outer.tag == "a" for outer in around[: around.index(block) + 2]):
        return "link"
    if part.tag not in _HOLDERS and not (part.tail or "").strip():
        return "words"
    if block.tag in _TITLES:
        return "title"
    return "prose" if size_of(block) >= _PROSE else "words"


def _prose_in(element: HtmlElement, sizes: dict[HtmlElement, int]) -> int:
    return sum(
        sizes.get(inner, 0) for inner in element.iter("div", "section", "article", "li", "td", "blockquote")
    )
