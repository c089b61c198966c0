"""Make real paragraphs of text that stands loose in containers, parted only by line breaks or layout tables.

Blogger posts and old CMS pages are written so; trafilatura loses text that follows a list or a picture there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import Element, HtmlElement

from pipeline.wording import ends_sentence, is_cut

CONTAINERS = frozenset("div td article section main center blockquote body li dd".split())
BLOCKS = frozenset(
    "p div ul ol table blockquote h1 h2 h3 h4 h5 h6 figure section article pre hr form dl aside header "
    "footer".split()
)
EDITORIAL = ("has-", "wp-block", "mso", "align", "text-")
"""How classes begin that editors and their word processors put on an article's own paragraphs."""

_INLINE = frozenset("span font b strong i em u small".split())
_OPENED = frozenset("div section article main center blockquote".split())
"""Containers of an article's body whose text is its paragraphs; items and cells may hold text and lists at once."""
_BROKEN = re.compile(r"\n[^\S\n]*\n\s*")
_PROSE, _MIN_PRE = 80, 200
_SEVERAL = 3
_CELL_BLOCKS = ".//p|.//br|.//div|.//h1|.//h2|.//h3"


def unfold_table(table: HtmlElement) -> None:
    """Turn a table that lays out the page, not data, into plain containers: a cell of it holds paragraphs."""
    rows = [part for part in table.iter("tr", "tbody") if next(part.iterancestors("table")) is table]
    cells = [cell for row in rows for cell in row if cell.tag == "td"]
    if any(len(cell.xpath(_CELL_BLOCKS)) >= 4 for cell in cells):
        for part in (table, *rows, *cells):
            part.tag = "div"


def size_of(element: HtmlElement) -> int:
    """Return the characters of an element's text."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return len(text.strip())


def open_pre(pre: HtmlElement) -> bool:
    """Turn a <pre> that holds prose into a container whose paragraphs line breaks part; tell whether it did."""
    if size_of(pre) < _MIN_PRE or pre.find(".//code") is not None:
        return False
    pre.tag = "div"
    for part in list(pre.iter()):
        _break(part, part.text, before_children=True)
        if part is not pre:
            _break(part, part.tail, before_children=False)
    return True


def _break(part: HtmlElement, text: str | None, *, before_children: bool) -> None:
    """Put two <br>s for each empty line of an element's text, or of the text after it."""
    pieces = _BROKEN.split(text or "")
    if len(pieces) < 2:
        return
    breaks = [Element("br") for _ in pieces[1:] for _ in range(2)]
    for line_break, piece in zip(breaks[1::2], pieces[1:], strict=True):
        line_break.tail = piece
    if before_children:
        part.text = pieces[0]
        for number, line_break in enumerate(breaks):
            part.insert(number, line_break)
    else:
        part.tail = pieces[0]
        for line_break in reversed(breaks):
            part.addnext(line_break)


def name_paragraphs(tree: HtmlElement) -> None:
    """Turn the <div>s of a container into <p> where they are its paragraphs: several of them hold prose alone.

    Home-made CMSs print a <div> a paragraph; trafilatura takes the whole page for one paragraph there.
    """
    leaves: dict[HtmlElement, list[tuple[HtmlElement, int]]] = {}
    for div in tree.iter("div"):
        parent = div.getparent()
        if parent is not None and _is_leaf(div):
            leaves.setdefault(parent, []).append((div, size_of(div)))
    for divs in leaves.values():
        if sum(length >= _PROSE for _, length in divs) >= _SEVERAL:
            for div, length in divs:
                if length:
                    div.tag = "p"


def name_headings(tree: HtmlElement) -> None:
    """Turn headings into paragraphs where several of them read as prose: editors choose the size of letters so."""
    prose = [part for part in tree.iter("h2", "h3", "h4", "h5", "h6") if _reads_as_prose(part)]
    if len(prose) >= _SEVERAL:
        for part in prose:
            part.tag = "p"


def is_block(element: HtmlElement) -> bool:
    """Tell whether an element is a block though no common name says so: a styled <span>, an element of its own.

    One within a line of text (<iconify-icon>) is none: the text after it would be lost.
    """
    tag = str(element.tag)
    if tag == "span":
        named = "display:block" in (element.get("style") or "").replace(" ", "").lower()
    else:
        named = "-" in tag and not tag.startswith("amp-")
    return named and not _stands_in_line(element)


def _stands_in_line(element: HtmlElement) -> bool:
    parent, before = element.getparent(), element.getprevious()
    if parent is None or parent.tag not in CONTAINERS:
        return True
    text = parent.text if before is None else before.tail
    return bool((text or "").strip() or (element.tail or "").strip())


def settle_paragraphs(body: HtmlElement) -> None:
    """Make paragraphs of what stands between those of an article's body: loose text, and <div>s that hold text alone.

    Editors paste such from messengers and word processors; extraction leaves it out. A <div> that has a class of
    its own must read as prose: others are boxes.
    """
    for container in list(body.iter(*_OPENED)):
        if _is_mixed(container):
            _wrap(container)
    leaves = [leaf for leaf in body.iter("div", "section") if leaf is not body and _is_leaf(leaf)]
    for parent in dict.fromkeys(leaf.getparent() for leaf in leaves):
        if parent is not None:
            _name_leaves(parent)
    for container in list(body.iter(*_OPENED)):
        _open_wrappers(container)


def _name_leaves(parent: HtmlElement) -> None:
    """Turn the leaves of a container into paragraphs: those among some, or in a container without a class."""
    children = list(parent)
    prose = [place for place, child in enumerate(children) if child.tag == "p" and size_of(child) >= _PROSE]
    for place, child in enumerate(children):
        if child.tag not in ("div", "section") or not size_of(child) or not _is_leaf(child):
            continue
        between = bool(prose) and prose[0] < place < prose[-1]
        if (prose or is_plain(parent)) if is_plain(child) else (between and _reads_as_prose(child)):
            child.tag = "p"


def _open_wrappers(parent: HtmlElement) -> None:
    """Make paragraphs of the leaves of each <div> between paragraphs that holds nothing but leaves which read as prose.

    What is pasted from Facebook comes so: <div class="x11i5rnm"><div dir="auto">…</div></div>.
    """
    children = list(parent)
    prose = [place for place, child in enumerate(children) if child.tag == "p" and size_of(child) >= _PROSE]
    for child in children[prose[0] : prose[-1]] if prose else ():
        if child.tag != "div" or any(part.tag in BLOCKS - {"div"} for part in child.iterdescendants()):
            continue
        leaves = [part for part in child.iter("div") if _is_leaf(part) and size_of(part)]
        if child not in leaves and leaves and all(map(_reads_as_prose, leaves)):
            for leaf in leaves:
                leaf.tag = "p"


def _is_leaf(element: HtmlElement) -> bool:
    return not any(child.tag in BLOCKS for child in element.iterdescendants())


def _is_mixed(container: HtmlElement) -> bool:
    """Tell whether text stands loose, or in inline elements, beside the blocks of a container."""
    if not any(child.tag in BLOCKS for child in container):
        return False
    if (container.text or "").strip() or any((child.tail or "").strip() for child in container):
        return True
    return any(child.tag in _INLINE and size_of(child) for child in container)


def _reads_as_prose(element: HtmlElement) -> bool:
    text = "".join(element.itertext()).strip()
    linked = sum(size_of(link) for link in element.iter("a"))
    whole = ends_sentence(text) and not is_cut(text)
    return len(text) >= _PROSE and whole and linked * 2 < len(text)


def is_plain(element: HtmlElement) -> bool:
    """Tell whether an element has no id and no class but those that editors put on an article's own parts."""
    mark = (element.get("class") or "").lower()
    return not element.get("id") and (not mark or mark.startswith(EDITORIAL))


def wrap_loose_text(containers: Iterable[HtmlElement]) -> None:
    """Put the loose text of each container into <p> elements, parted at double breaks and at blocks."""
    found = dict.fromkeys(containers)
    for container in list(found):
        for outer in _opened(container):
            found[outer] = None
    for container in found:
        if container.tag in CONTAINERS and container.getparent() is not None:
            _wrap(container)


def _opened(inner: HtmlElement) -> Iterator[HtmlElement]:
    """Turn an inline element that holds paragraphs into a block, and those around it; yield what then holds blocks.

    Blogger puts the second half of a post into one <span>, old pages all of it into a <font>.
    """
    if inner.tag not in _INLINE or not _holds_paragraphs(inner):
        return
    around: list[HtmlElement] = [inner]
    for outer in inner.iterancestors():
        if outer.tag not in _INLINE:
            break
        around.append(outer)
    outer_block = around[-1].getparent()
    if outer_block is None or outer_block.tag not in _OPENED | {"td", "body"}:
        return
    for element in around:
        element.tag = "div"
    yield from (*around, outer_block)


def _holds_paragraphs(element: HtmlElement) -> bool:
    """Tell whether an element's text is parted by double breaks or by blocks."""
    return any(
        child.tag in BLOCKS
        or (
            child.tag == "br"
            and (following := child.getnext()) is not None
            and following.tag == "br"
            and not (child.tail or "").strip()
        )
        for child in element
    )


def _wrap(container: HtmlElement) -> None:
    children = list(container)
    text, container.text = container.text, None
    for child in children:
        container.remove(child)
    run = Element("p")
    run.text = text
    breaks = 0
    before: HtmlElement | None = None
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in BLOCKS:
            run = _flush(container, run, before)
            container.append(child)
            run.text, breaks, before = tail, 0, child
            continue
        breaks = breaks + 1 if child.tag == "br" else 0
        if breaks == 2:
            run, before = _flush(container, run, before), None
            run.text = tail
        else:
            child.tail = tail
            run.append(child)
        if tail and not tail.isspace():
            breaks = 0
    _flush(container, run, before)


def _flush(container: HtmlElement, run: HtmlElement, before: HtmlElement | None) -> HtmlElement:
    """Append a run that says something, and return a new, empty one.

    A paragraph that an advertisement broke in the middle of a sentence goes on in the run that stands right after it.
    """
    if before is not None and before.tag == "p" and _goes_on(before, run):
        if len(before):
            before[-1].tail = f"{before[-1].tail or ''} {run.text}"
        else:
            before.text = f"{before.text} {run.text}"
        before.extend(list(run))
    elif len(run) or (run.text and not run.text.isspace()):
        container.append(run)
    return Element("p")


def _goes_on(paragraph: HtmlElement, run: HtmlElement) -> bool:
    said = "".join(paragraph.itertext()).rstrip()
    return (run.text or "").lstrip()[:1].islower() and (said[-1:].isalnum() or said.endswith(","))
