"""What stands among an article's paragraphs without being one, told by the markup: captions and inserted boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.paragraphs import BLOCKS, CONTAINERS
from pipeline.wording import ends_sentence

MAX_CAPTION = 220
_MAX_BOX, _MAX_LINKS, _BOX_WORDS, _BOX_LABEL, _TITLE_WORDS = 300, 900, 25, 5, 3
_PROSE, _BODY, _MIN_AFTER, _MENU = 80, 400, 60, 4
_TITLES = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOXES = frozenset("div section aside table blockquote p form ul ol".split())
_HOLDERS = (CONTAINERS | BLOCKS) - {"span", "font"}
_KEPT = _TITLES | {"p"}
_FRAMES = frozenset("div figure section center td".split())
_EDITORIAL = ("has-", "wp-block", "mso", "align", "text-")
"""How classes begin that editors and their word processors put on an article's own paragraphs."""


def find_captions(images: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Return the blocks that say what a picture shows, though nothing in their markup says so.

    That is a short text in italics, centred or in small print, in the picture's own paragraph or after it, or
    one that shares a frame with the picture and with nothing else.
    """
    found: dict[HtmlElement, None] = {}
    for image in images:
        block: HtmlElement | None = image
        while block is not None and block.tag not in BLOCKS:
            block = block.getparent()
        if block is None:
            continue
        text = _short_text(block)
        if text and (_is_aside(block, text) or _is_frame(block)):
            found[block] = None
        elif text == "":
            following, frame = _next_said(block), block.getparent()
            beside = _short_text(following) if following is not None and following.tag in ("p", "div") else ""
            if following is not None and beside and _is_aside(following, beside):
                found[following] = None
            elif frame is not None and _short_text(frame) and _is_frame(frame):
                found[frame] = None
    return list(found)


def _next_said(block: HtmlElement) -> HtmlElement | None:
    """Return the next sibling that is no mere gap: editors print an empty <div> for an empty line."""
    following = block.getnext()
    for _ in range(2):
        if following is None or _short_text(following) != "" or following.find(".//img") is not None:
            break
        following = following.getnext()
    return following


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands in and around an article's body, each element with its kind, and what is the rest of it.

    `body` is None, and `body_chars`, the characters of its paragraphs, 0, where no one element is sure to be it.
    """

    boxes: list[tuple[HtmlElement, str]]
    body: HtmlElement | None = None
    body_chars: int = 0
    rest: tuple[HtmlElement, ...] = ()


def find_boxes(tree: HtmlElement) -> Surroundings:
    """Return what a CMS inserts between an article's paragraphs and after them, with its kind.

    A box between them has a class or an id that no paragraph beside it has, and holds links, or a few words that are no
    sentence and no heading.
    """
    bodies = _bodies(tree)
    boxes = [
        box
        for body, prose in bodies.items()
        if sum(prose.values()) >= _BODY
        for box in _boxes_of(body, prose)
    ]
    body, size = _sure_body(bodies)
    if body is None:
        return Surroundings(boxes)
    around = list(_around_body(body, bodies))
    rest = tuple(element for element, kind in around if kind == "rest")
    return Surroundings([*boxes, *(box for box in around if box[1] != "rest")], body, size, rest)


def _bodies(tree: HtmlElement) -> dict[HtmlElement, dict[HtmlElement, int]]:
    """Return the elements that hold paragraphs, each with its paragraphs and the characters of these."""
    bodies: dict[HtmlElement, dict[HtmlElement, int]] = {}
    for paragraph in tree.iter("p"):
        size, parent = len("".join(paragraph.itertext()).strip()), paragraph.getparent()
        if size >= _PROSE and parent is not None:
            bodies.setdefault(parent, {})[paragraph] = size
    return bodies


def _sure_body(bodies: dict[HtmlElement, dict[HtmlElement, int]]) -> tuple[HtmlElement | None, int]:
    """Return the one element that holds nearly all of the page's paragraphs, and their characters."""
    sizes = {body: sum(prose.values()) for body, prose in bodies.items()}
    body = max(sizes, key=sizes.__getitem__, default=None)
    if body is None or sizes[body] < _BODY or sizes[body] * 10 < sum(sizes.values()) * 6:
        return None, 0
    return body, sizes[body]


def _around_body(
    body: HtmlElement, bodies: dict[HtmlElement, dict[HtmlElement, int]]
) -> Iterator[tuple[HtmlElement, str]]:
    """Yield what stands around the body: menus before it; comments, other articles and notes after it.

    Something as long as a third of the article, or made like the body itself, may be the rest of it, and is where
    it stands beside the body.
    """
    sizes = {element: sum(prose.values()) for element, prose in bodies.items()}
    part: HtmlElement | None = body
    shape = (body.tag, body.get("class"))
    while part is not None and part.tag != "body":
        for before in part.itersiblings(preceding=True):
            if before.tag not in _KEPT and _is_menu(before):
                yield before, "navigation"
        for after in part.itersiblings():
            size = _MIN_AFTER if after.tag in _KEPT else len("".join(after.itertext()).strip())
            if 0 < size <= _MIN_AFTER or size >= sizes[body] or _prose_in(after, sizes) * 3 >= sizes[body]:
                continue
            alike = shape in {(inner.tag, inner.get("class")) for inner in after.iter(str(body.tag))}
            beside = part is body or (after.tag, after.get("class")) == (part.tag, part.get("class"))
            if not alike and not (beside and _opens_with_prose(after)):
                yield after, "footer"
            elif part is body and _prose_in(after, sizes):
                yield after, "rest"
        part = part.getparent()


def _is_menu(element: HtmlElement) -> bool:
    """Tell whether an element says nothing but the names of its links."""
    size = len("".join(element.itertext()).strip())
    links = [len("".join(link.itertext()).strip()) for link in element.iter("a")] if size else []
    return not size or (len(links) >= _MENU and sum(links) * 10 >= size * 8)


def _opens_with_prose(element: HtmlElement) -> bool:
    """Tell whether the first thing that an element says is a paragraph, not a name, a heading or a link."""
    part = next((part for part in element.iter("*") if (part.text or "").strip()), None)
    if part is None or part.tag == "a":
        return False
    if part.tag not in _HOLDERS and not (part.tail or "").strip():
        return False
    around = (part, *part.iterancestors())
    block = next((block for block in around if block is element or block.tag in BLOCKS), element)
    return block.tag not in _TITLES and len("".join(block.itertext()).strip()) >= _PROSE


def _prose_in(element: HtmlElement, sizes: dict[HtmlElement, int]) -> int:
    return sum(
        sizes.get(inner, 0) for inner in element.iter("div", "section", "article", "li", "td", "blockquote")
    )


def _boxes_of(body: HtmlElement, prose: dict[HtmlElement, int]) -> Iterator[tuple[HtmlElement, str]]:
    usual = {(paragraph.tag, paragraph.get("class"), paragraph.get("id")) for paragraph in prose}
    begun = False
    for child in body:
        begun = begun or child in prose
        if child in prose or child.tag not in _BOXES:
            continue
        mark = (child.get("class") or "") + (child.get("id") or "")
        plain = not mark or (child.tag == "p" and mark.lower().startswith(_EDITORIAL))
        odd = not plain and (child.tag, child.get("class"), child.get("id")) not in usual
        kind = _kind_of_box(child, odd=odd and begun)
        if kind:
            yield child, kind
            label = _heading_of(child, prose) if kind == "related" else None
            if label is not None:
                yield label, kind


def _kind_of_box(box: HtmlElement, *, odd: bool) -> str | None:
    """Return related for a box of links to other articles, aside for a few words in an `odd` box, else None."""
    text = _short_text(box, _MAX_BOX if odd else _MAX_LINKS)
    if not text:
        return None
    links = [" ".join("".join(link.itertext()).split()) for link in box.iter("a")]
    linked = sum(map(len, links))
    if odd and linked * 2 >= len(text):
        return "related"
    if box.tag != "p" and len(links) > 1 and linked * 10 >= len(text) * 7:
        titles = sum(link.count(" ") >= _TITLE_WORDS for link in links)
        return "related" if titles * 2 > len(links) else None
    if not odd or text.count(" ") >= _BOX_WORDS or ends_sentence(text):
        return None
    if box.xpath("boolean(.//li|.//td[2]|.//h2|.//h3|.//h4)"):
        return None
    bold = box.xpath("string(.//b|.//strong)")
    return None if len(" ".join(bold.split())) == len(text) else "aside"


def _heading_of(box: HtmlElement, prose: dict[HtmlElement, int]) -> HtmlElement | None:
    """Return the few words over a box: an element of their own, or the last line of the paragraph before it."""
    before = box.getprevious()
    if before is None:
        return None
    if before in prose and len(before):
        last = before[-1]
        gap = last.getprevious()
        alone = gap is not None and gap.tag == "br" and not (gap.tail or "").strip()
        return last if alone and not (last.tail or "").strip() and _is_label(last) else None
    return before if before not in prose and _is_label(before) else None


def _is_label(element: HtmlElement) -> bool:
    text = _short_text(element) or ""
    return bool(text) and text.count(" ") < _BOX_LABEL and "," not in text and not ends_sentence(text)


def _short_text(block: HtmlElement, limit: int = MAX_CAPTION) -> str | None:
    """Return a block's text, or None where it is longer than `limit`."""
    parts: list[str] = []
    for part in block.itertext():
        parts.append(part)
        if len(parts) > 40:
            return None
    text = " ".join(" ".join(parts).split())
    return text if len(text) <= limit else None


def _is_aside(block: HtmlElement, text: str) -> bool:
    if block.find(".//p") is not None:
        return False
    small = block.xpath("string(.//i|.//em|.//small|.//figcaption)")
    return (
        "center" in (block.get("style") or "")
        or block.get("align") == "center"
        or len(small) * 10 > len(text) * 8
    )


def _is_frame(block: HtmlElement) -> bool:
    """Tell whether a block holds a picture and, in an element of its own, one text: nothing loose, no heading."""
    if block.tag not in _FRAMES or block.xpath("boolean(.//h1|.//h2|.//h3)"):
        return False
    loose = (block.text or "") + "".join(child.tail or "" for child in block)
    speaking = [child for child in block if "".join(child.itertext()).strip()]
    return not loose.strip() and len(speaking) == 1
