"""Make real paragraphs of text that stands loose in containers, parted only by line breaks or layout tables.

Blogger posts and old CMS pages are written so; trafilatura loses text that follows a list or a picture there.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml.html import Element, HtmlElement

CONTAINERS = frozenset("div td article section main center blockquote span font body li dd".split())
BLOCKS = frozenset(
    "p div ul ol table blockquote h1 h2 h3 h4 h5 h6 figure section article pre hr form dl aside header "
    "footer".split()
)
_PROSE = 80
_SEVERAL = 3
_CELL_BLOCKS = ".//p|.//br|.//div|.//h1|.//h2|.//h3"


def unfold_table(table: HtmlElement) -> None:
    """Turn a table that lays out the page, not data, into plain containers: a cell of it holds paragraphs."""
    rows = [part for part in table.iter("tr", "tbody") if next(part.iterancestors("table")) is table]
    cells = [cell for row in rows for cell in row if cell.tag == "td"]
    if any(len(cell.xpath(_CELL_BLOCKS)) >= 4 for cell in cells):
        for part in (table, *rows, *cells):
            part.tag = "div"


def name_paragraphs(tree: HtmlElement) -> None:
    """Turn the <div>s of a container into <p> where they are its paragraphs: several of them hold prose alone.

    Home-made CMSs print a <div> a paragraph; trafilatura takes the whole page for one paragraph there.
    """
    leaves: dict[HtmlElement, list[tuple[HtmlElement, int]]] = {}
    for div in tree.iter("div"):
        parent = div.getparent()
        if parent is not None and not any(child.tag in BLOCKS for child in div.iterdescendants()):
            leaves.setdefault(parent, []).append((div, len("".join(div.itertext()).strip())))
    for divs in leaves.values():
        if sum(length >= _PROSE for _, length in divs) >= _SEVERAL:
            for div, length in divs:
                if length:
                    div.tag = "p"


def wrap_loose_text(containers: Iterable[HtmlElement]) -> None:
    """Put the loose text of each container into <p> elements, parted at double breaks and at blocks."""
    for container in containers:
        if container.tag in CONTAINERS and container.getparent() is not None:
            if container.tag in ("span", "font"):
                container.tag = "div"
            _wrap(container)


def _wrap(container: HtmlElement) -> None:
    children = list(container)
    text, container.text = container.text, None
    for child in children:
        container.remove(child)
    run = Element("p")
    run.text = text
    breaks = 0
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in BLOCKS:
            run = _flush(container, run)
            container.append(child)
            run.text, breaks = tail, 0
            continue
        breaks = breaks + 1 if child.tag == "br" else 0
        if breaks == 2:
            run = _flush(container, run)
            run.text = tail
        else:
            child.tail = tail
            run.append(child)
        if tail and not tail.isspace():
            breaks = 0
    _flush(container, run)


def _flush(container: HtmlElement, run: HtmlElement) -> HtmlElement:
    """Append a run that says something, and return a new, empty one."""
    if len(run) or (run.text and not run.text.isspace()):
        container.append(run)
    return Element("p")
