"""What stands among an article's paragraphs without being one, told by the markup: captions and inserted boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement

from pipeline.content import Bodies
from pipeline.paragraphs import BLOCKS, EDITORIAL, size_of
from pipeline.wording import ends_sentence, is_cut, squash

MAX_CAPTION = 220
_MAX_BOX, _MAX_LINKS, _BOX_WORDS, _BOX_LABEL, _TITLE_WORDS = 300, 900, 25, 5, 3
_BODY = 400
_MAX_CARD, _MIN_QUOTE, _MAX_QUOTES = 500, 20, 50
_BOXES = frozenset("div section article aside table blockquote p form ul ol".split())
_FRAMES = frozenset("div figure section center td".split())
_SMALL = etree.XPath("string(.//i|.//em|.//small|.//figcaption)")
_HEADED = etree.XPath("boolean(.//h1|.//h2|.//h3)")
_LISTED = etree.XPath("boolean(.//li|.//td[2]|.//h2|.//h3|.//h4)")
_BOLD = etree.XPath("string(.//b|.//strong)")


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


def find_marks(raised: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Return the marks of footnotes, which would run into the word or the sum before them."""
    return [
        mark
        for mark in raised
        if (link := mark.find(".//a")) is not None
        and (link.get("href") or "").startswith("#")
        and "".join(link.itertext()).strip() == "".join(mark.itertext()).strip()
    ]


def _next_said(block: HtmlElement) -> HtmlElement | None:
    """Return the next sibling that is no mere gap: editors print an empty <div> for an empty line."""
    following = block.getnext()
    for _ in range(2):
        if following is None or _short_text(following) != "" or following.find(".//img") is not None:
            break
        following = following.getnext()
    return following


def find_boxes(bodies: Bodies) -> list[tuple[HtmlElement, str]]:
    """Return what a CMS inserts between an article's paragraphs, with its kind.

    A box between them has a class or an id that no paragraph beside it has, and holds links, or a few words that are no
    sentence and no heading.
    """
    return [
        box
        for body, prose in bodies.items()
        if sum(prose.values()) >= _BODY
        for box in _boxes_of(body, prose)
    ]


def _boxes_of(body: HtmlElement, prose: dict[HtmlElement, int]) -> Iterator[tuple[HtmlElement, str]]:
    usual = {(paragraph.tag, paragraph.get("class"), paragraph.get("id")) for paragraph in prose}
    begun = False
    repeated = set(_repeated(body, prose))
    for child in body:
        begun = begun or child in prose
        if child in prose or child.tag not in _BOXES:
            continue
        if child in repeated:
            yield child, "aside"
            continue
        mark = (child.get("class") or "") + (child.get("id") or "")
        plain = not mark or (child.tag == "p" and mark.lower().startswith(EDITORIAL))
        odd = not plain and (child.tag, child.get("class"), child.get("id")) not in usual
        kind = _kind_of_box(child, odd=odd and begun)
        if kind:
            yield child, kind
            label = _heading_of(child, prose) if kind == "related" else None
            if label is not None:
                yield label, kind


def _kind_of_box(box: HtmlElement, *, odd: bool) -> str | None:
    """Return related for a box of links to other articles, aside for a few words in an `odd` box, else None."""
    text = _short_text(box, _MAX_CARD if odd else _MAX_LINKS)
    if not text:
        return None
    links = [" ".join("".join(link.itertext()).split()) for link in box.iter("a")]
    linked = sum(map(len, links))
    if odd and (linked * 2 >= len(text) or _is_card(text, links)):
        return "related"
    if box.tag != "p" and len(links) > 1 and linked * 10 >= len(text) * 7:
        titles = sum(link.count(" ") >= _TITLE_WORDS for link in links)
        return "related" if titles * 2 > len(links) else None
    if not odd or len(text) > _MAX_BOX or text.count(" ") >= _BOX_WORDS or ends_sentence(text):
        return None
    if _LISTED(box):
        return None
    bold = _BOLD(box)
    return None if len(" ".join(bold.split())) == len(text) else "aside"


def _is_card(text: str, links: list[str]) -> bool:
    """Tell whether a box is another article's: a link called like one, and how its text begins."""
    opening = next((link for link in links if link.count(" ") >= _TITLE_WORDS), None)
    return opening is not None and text.startswith(opening) and is_cut(text)


def _repeated(body: HtmlElement, prose: dict[HtmlElement, int]) -> Iterator[HtmlElement]:
    """Yield the boxes that are a quotation, and little else, which a paragraph beside them holds too: pull quotes."""
    boxes = [box for box in body if box.tag in _BOXES and box not in prose]
    quotes = [(box, quote) for box in boxes if (quote := _quote_in(box)) is not None][:_MAX_QUOTES]
    beside = "\n".join(squash("".join(part.itertext())) for part in prose) if quotes else ""
    for box, quote in quotes:
        said = squash("".join(quote.itertext()))
        if len(said) >= _MIN_QUOTE and size_of(box) < 2 * size_of(quote) and said in beside:
            yield box


def _quote_in(box: HtmlElement) -> HtmlElement | None:
    return box if box.tag == "blockquote" else box.find("blockquote")


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
    parts: list[str] = [] if len(block) else [block.text or ""]
    for part in block.itertext() if len(block) else ():
        parts.append(part)
        if len(parts) > 40:
            return None
    text = " ".join(" ".join(parts).split())
    return text if len(text) <= limit else None


def _is_aside(block: HtmlElement, text: str) -> bool:
    if block.find(".//p") is not None:
        return False
    small = _SMALL(block)
    return (
        "center" in (block.get("style") or "")
        or block.get("align") == "center"
        or len(small) * 10 > len(text) * 8
    )


def _is_frame(block: HtmlElement) -> bool:
    """Tell whether a block holds a picture and, in an element of its own, one text: nothing loose, no heading."""
    if block.tag not in _FRAMES or _HEADED(block):
        return False
    loose = (block.text or "") + "".join(child.tail or "" for child in block)
    speaking = [child for child in block if "".join(child.itertext()).strip()]
    return not loose.strip() and len(speaking) == 1
