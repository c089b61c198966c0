"""A web page, read once: its tree without chrome elements, and what stood beside the article, in one walk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipeline.around import MAX_NEAR, Around, is_built
from pipeline.article import Dropped
from pipeline.asides import find_boxes, find_captions, find_marks
from pipeline.beside import find_lines
from pipeline.blobs import read_blobs
from pipeline.chrome import Chrome, ElementRule, load_chrome
from pipeline.content import find_content, gather
from pipeline.headline import HEADINGS, Told, find_headline
from pipeline.hidden import find_hidden, open_noscript, show_rest
from pipeline.markup import parse_html, read_json_ld, remove, text_of, to_utf8
from pipeline.paragraphs import (
    BLOCKS,
    is_block,
    name_headings,
    name_paragraphs,
    open_pre,
    settle_paragraphs,
    unfold_table,
    wrap_loose_text,
)
from pipeline.wording import is_cut, squash

MAX_ELEMENTS = 40_000
"""Elements of the largest page that is read; a news page with menus and comments has a few thousand."""
MAX_CHARS = 1_000_000
"""Characters of text of the largest page that is read, scripts and styles aside."""

_NEVER_TEXT = tuple(
    "script style noscript iframe svg template select button nav aside object canvas video audio map dialog "
    "textarea amp-sidebar amp-ad amp-social-share amp-user-notification amp-auto-ads amp-embed "
    "amp-iframe".split()
)
_OUTER = frozenset("html head body meta link title base".split())
_NEVER_CHROME = frozenset("article main a h1 h2 h3 img br".split())
_BLOCKS_TOO = frozenset("center details summary address fieldset hgroup".split())
"""Elements that browsers print as blocks and extraction glues to the text around them."""
_DATE_CLASS = re.compile(
    r"(^|[ _-])(\w*dates?|time(?:ago)?|\w*datetime|tanggal\w*|tgl\w*|\w*waktu\w*|publish(ed)?|posted-on|posted|"
    r"submitted|created|tayang|timestamp|byline|meta|info|updated)($|[ _-])"
)
_AUTHOR_CLASS = re.compile(
    r"(^|[ _-])(author|penulis|byline|submitted|reporter|writer|vcard|fn|posted-by|jurnalis|wartawan|pewarta"
    r"|authorname|creator)($|[ _-])"
)
_BESIDE, _MAX_LINK, _MAX_CLASS = 160, 300, 1000
_MAX_CAPTION, _LONG, _MAX_DROPPED, _SIGNERS = 800, 2600, 60, 4


@dataclass(slots=True)
class Page:
    """A parsed page without its chrome elements, and what they and the head of the document said.

    `meta` holds the first content of each meta name or property; `blobs` are the data of its scripts; `dates` and
    `authors` are the texts and machine-readable attributes of elements that name one, those after the headline
    first, `dates_before` those before it; `beside_heading` is what follows the headline, or precedes the text where
    there is none, `after_body` what the next elements after the text say, `lines` the short lines around the
    headline; `links` are the squashed texts of its links; `body_chars` are the characters of the paragraphs in the
    element that is sure to be the article's body, 0 where none is; `content` holds that element and what belongs to
    it, within `tree`.
    """

    tree: HtmlElement
    content: HtmlElement | None = None
    too_large: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    json_ld: list[dict[str, Any]] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)
    heading: str | None = None
    beside_heading: str = ""
    lines: list[str] = field(default_factory=list)
    after_body: list[str] = field(default_factory=list)
    head_title: str | None = None
    canonical: str | None = None
    dates: list[str] = field(default_factory=list)
    dates_before: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    links: frozenset[str] = frozenset()
    link_chars: int = 0
    asks_password: bool = False
    body_chars: int = 0
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def full_title(self) -> str:
        """The title that the page gives itself: what it tells others, unless that is cut short."""
        social = self.meta.get("og:title") or ""
        return self.head_title or "" if not social or is_cut(social) else social


def read_page(
    body: bytes, content_type: str | None = None, *, url: str = "", outlets: frozenset[str] = frozenset()
) -> Page | None:
    """Return the page, or None where the body holds no markup at all.

    Its address and the outlet's squashed names help to tell its headline. Of a page with more than MAX_ELEMENTS or
    MAX_CHARS only `too_large` is set: the rest stays empty.
    """
    tree = parse_html(to_utf8(body, content_type))
    if tree is None:
        return None
    page = Page(tree)
    elements = int(tree.xpath("count(//*)"))
    if elements > MAX_ELEMENTS:
        page.too_large = f"{elements} elements, the limit is {MAX_ELEMENTS}"
        return page
    _read_head(page)
    page.asks_password = any(box.get("type") == "password" for box in tree.iter("input"))
    open_noscript(tree)
    show_rest(tree)
    for element in list(tree.iter(*_NEVER_TEXT)):
        remove(element)
    chars = int(tree.xpath("string-length(.)"))
    if chars > MAX_CHARS:
        page.too_large = f"{chars} characters of text, the limit is {MAX_CHARS}"
    else:
        _walk(page, Told(squash(page.full_title), url, outlets), load_chrome())
    return page


def _read_head(page: Page) -> None:
    for element in page.tree.iter("meta"):
        content = element.get("content") or element.get("value")
        if content:
            for key in (element.get("property"), element.get("name"), element.get("itemprop")):
                if key:
                    page.meta.setdefault(key.lower(), content.strip()[:2000])
    title = page.tree.find(".//title")
    page.head_title = (title.text or "").strip()[:500] or None if title is not None else None
    canonical = next((link for link in page.tree.iter("link") if link.get("rel") == "canonical"), None)
    page.canonical = canonical.get("href") if canonical is not None else None
    page.json_ld = read_json_ld(page.tree)
    page.blobs = read_blobs(page.tree)
    for head in page.tree.iter("head"):
        head.clear()  # it has been read; extraction copies the tree several times
        break


@dataclass(slots=True)
class _Finds:
    """Elements that the walk came upon, with their place in the document where order matters.

    `every` keeps lxml's proxies alive until the walk is over: making them anew costs more than all else.
    """

    every: list[HtmlElement] = field(default_factory=list)
    chrome: list[tuple[HtmlElement, ElementRule | None]] = field(default_factory=list)
    dates: list[tuple[int, HtmlElement]] = field(default_factory=list)
    authors: list[tuple[int, HtmlElement]] = field(default_factory=list)
    headings: list[tuple[int, HtmlElement]] = field(default_factory=list)
    tables: list[HtmlElement] = field(default_factory=list)
    loose: dict[HtmlElement | None, None] = field(default_factory=dict)


def _walk(page: Page, told: Told, chrome: Chrome) -> None:
    """Note who wrote when, collect links, take the chrome elements out, make loose text paragraphs."""
    finds = _visit(page.tree, chrome)
    for element in find_hidden(page.tree):
        remove(element)
    at, heading = find_headline(finds.headings, told)
    own: set[HtmlElement] = set()
    if heading is not None:
        own = set(heading.iterancestors())
        page.heading, page.beside_heading = text_of(heading, 500), _following(heading)
        page.lines = find_lines(heading, page.heading)
    around = Around(at, own, page.heading or "", is_built(own))
    page.dates = around.after(finds.dates)
    page.dates_before = around.before(finds.dates)
    page.authors = [*around.after(finds.authors), *around.before(finds.authors)][:MAX_NEAR]
    _take_out(page, [pair for pair in finds.chrome if pair[0] not in own])
    for caption in find_captions(page.tree.iter("img", "amp-img")):
        _drop(page, caption, "caption")
    for mark in find_marks(page.tree.iter("sup")):
        mark.drop_tree()
    for table in finds.tables:
        unfold_table(table)
    name_paragraphs(page.tree)
    name_headings(page.tree)
    wrap_loose_text(container for container in finds.loose if container is not None)
    for element in [footer for footer in page.tree.iter("footer") if footer not in own]:
        remove(element)
    texts = [text_of(link, _MAX_LINK) for link in page.tree.iter("a")]
    page.links = frozenset(squash(text) for text in texts if len(text) >= 8)
    page.link_chars = sum(map(len, texts))
    found = find_content(page.tree, heading)
    page.body_chars = found.size
    if found.body is not None:
        page.after_body = [text_of(after, _BESIDE) for after in islice(found.body.itersiblings(), _SIGNERS)]
        page.beside_heading = page.beside_heading if heading is not None else _preceding(found.body)
    for box, kind in (*find_boxes(found.bodies), *found.beside):
        if box not in own and box.getparent() is not None:
            _drop(page, box, kind)
    page.content = gather(found)
    if page.content is not None:
        settle_paragraphs(page.content)


def _drop(page: Page, element: HtmlElement, kind: str) -> None:
    """Take an element out, and note what it said beside the article."""
    text = text_of(element, 300)
    if text and len(page.dropped) < _MAX_DROPPED:
        page.dropped.append(Dropped(kind, text))
    remove(element)


def _visit(tree: HtmlElement, chrome: Chrome) -> _Finds:
    finds = _Finds(every=list(tree.iter(etree.Element)))
    for number, element in enumerate(finds.every):
        tag = str(element.tag)
        if tag in _OUTER:
            continue
        if tag in _BLOCKS_TOO or ((tag == "span" or "-" in tag) and is_block(element)):
            if tag == "center":
                element.set("align", "center")
            element.tag = tag = "div"
        classes = element.get("class")
        if classes is not None and len(classes) > _MAX_CLASS:
            classes = classes[:_MAX_CLASS]
            element.set("class", classes)
        kind = _kind_of(classes, element.get("id"), chrome)
        if tag in HEADINGS:
            finds.headings.append((number, element))
        if tag == "table":
            finds.tables.append(element)
        elif tag == "pre" and open_pre(element):
            finds.loose[element] = None
        elif tag == "figure" and element.find(".//blockquote") is not None:
            element.tag = "div"  # a pull quote: extraction drops figures
        elif tag == "figcaption":
            finds.chrome.append((element, None))
        elif kind.rule and tag not in _NEVER_CHROME:
            finds.chrome.append((element, kind.rule))
        if tag == "br" or (tag in BLOCKS and element.tail and not element.tail.isspace()):
            finds.loose[element.getparent()] = None
        itemprop, rdfa = element.get("itemprop", ""), element.get("property", "")
        # asking every element costs a fifth of what XPath takes to look for them
        if kind.date or tag == "time" or "datePublished" in itemprop + rdfa or "dc:created" in rdfa:
            finds.dates.append((number, element))
        if kind.author or "author" in itemprop or (tag == "a" and "author" in element.get("rel", "")):
            finds.authors.append((number, element))
    return finds


@dataclass(frozen=True, slots=True)
class _Kind:
    rule: ElementRule | None
    date: bool
    author: bool


_NO_KIND = _Kind(None, date=False, author=False)
_kinds: dict[tuple[str | None, str | None], _Kind] = {}


def _kind_of(classes: str | None, identity: str | None, chrome: Chrome) -> _Kind:
    """Return what an element's class and id say; sites repeat a few hundred of them, so answers are kept."""
    if classes is None and identity is None:
        return _NO_KIND
    key = (classes, identity)
    known = _kinds.get(key)
    if known is None:
        if len(_kinds) > 20_000:
            _kinds.clear()
        lowered = f"{classes or ''} {identity or ''}".lower()[:300]
        rule = next((rule for rule in chrome.elements if rule.pattern.search(lowered)), None)
        known = _Kind(rule, bool(_DATE_CLASS.search(lowered)), bool(_AUTHOR_CLASS.search(lowered)))
        _kinds[key] = known
    return known


def _following(heading: HtmlElement) -> str:
    """Return the first characters after the headline: byline and date, whatever they are called."""
    parts: list[str] = []
    element: HtmlElement | None = heading
    while element is not None and element.tag != "body" and sum(map(len, parts)) < _BESIDE:
        for sibling in element.itersiblings():
            parts.append(text_of(sibling, _BESIDE))
            if sum(map(len, parts)) > _BESIDE:
                break
        element = element.getparent()
    return " | ".join(part for part in parts if part)[:_BESIDE]


def _preceding(body: HtmlElement) -> str:
    """Return the last characters before the article's body, where no headline says what stands under it."""
    parts: list[str] = []
    for part in (body, *body.iterancestors()):
        parts += (text_of(before, _BESIDE) for before in part.itersiblings(preceding=True))
        if part.tag == "body" or sum(map(len, parts)) > _BESIDE:
            break
    return " | ".join(part for part in reversed(parts) if part)[-_BESIDE:]


def _take_out(page: Page, elements: list[tuple[HtmlElement, ElementRule | None]]) -> None:
    """Remove chrome elements that hold little enough text; what stood beside the article's text is noted."""
    gone: set[HtmlElement] = set()
    for element, rule in elements:
        if element.getparent() is None or any(ancestor in gone for ancestor in element.iterancestors()):
            continue
        limit = rule.max_chars if rule else _MAX_CAPTION
        text = text_of(element, limit + 1)
        if len(text) > limit or (len(text) > _LONG and not _holds_own_kind(element, rule)):
            continue
        kind = rule.kind if rule else "caption"
        if text and kind != "sidebar" and len(page.dropped) < _MAX_DROPPED:
            page.dropped.append(Dropped(kind, text[:300]))
        gone.add(element)
        remove(element)


def _holds_own_kind(element: HtmlElement, rule: ElementRule | None) -> bool:
    """Tell whether a long element is called what it is for a reason: parts of it are called so too.

    A wrapper of the whole article may be called "has-comments" or "no-sidebar"; a thread holds comments.
    """
    parts = element.iterdescendants("div", "li", "section", "p", "ul", "ol", "span")
    stem = {"comment": "comment", "sidebar": "widget"}.get(rule.kind if rule else "", "")
    return bool(stem) and any(stem in (part.get("class") or "") for part in parts)
