"""A web page, read once: its parsed tree and what stands beside the article, gathered in one walk."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.article import Dropped
from pipeline.chrome import Chrome, load_chrome, squash
from pipeline.paragraphs import BLOCKS, unfold_table, wrap_loose_text

MAX_ELEMENTS = 40_000
"""Elements of the largest page that is read; a news page with all its menus and comments has a few thousand."""
MAX_JSON_LD = 400_000
"""Characters of structured data that are read; a page has a few thousand."""

_PARSER = HTMLParser(
    collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEVER_TEXT = (
    "script",
    "style",
    "noscript",
    "iframe",
    "svg",
    "template",
    "select",
    "button",
    "nav",
    "object",
    "canvas",
)
_AMP = (
    "amp-sidebar",
    "amp-ad",
    "amp-social-share",
    "amp-user-notification",
    "amp-auto-ads",
    "amp-embed",
    "amp-iframe",
)
_HEADINGS = ("h1", "h2", "h3")
_DATE_CLASS = re.compile(
    r"(^|[ _-])(dates?|time|datetime|tanggal|tgl|waktu|publish(ed)?|pubdate|posted-on|timestamp|byline|meta|info|updated)($|[ _-])"
)
_AUTHOR_CLASS = re.compile(
    r"(^|[ _-])(author|penulis|byline|reporter|writer|vcard|fn|posted-by|jurnalis|wartawan|pewarta|authorname|creator)($|[ _-])"
)
_DATED = etree.XPath("//time|//*[contains(@itemprop, 'datePublished')]")
_SIGNED = etree.XPath("//*[contains(@itemprop, 'author')]|//a[contains(@rel, 'author')]")
_FOREIGN_CLASS = re.compile(r"comment|komentar|reply|sidebar|widget|related|terkait|popular|footer|respond")
_OUTER = ("html", "head", "body", "meta", "link", "title", "base")
_NEVER_CHROME = ("article", "main", "a", "h1", "h2", "h3", "img", "br")


@dataclass(slots=True)
class Page:
    """A parsed page without its chrome elements, and what they and the head of the document said.

    `meta` holds the first content of each meta name or property; `dates` and `authors` are texts (and machine-readable
    attributes) of elements that name one, those of the article first; `links` are the squashed texts of its links.
    """

    tree: HtmlElement
    elements: int = 0
    meta: dict[str, str] = field(default_factory=dict)
    json_ld: list[dict[str, Any]] = field(default_factory=list)
    heading: str | None = None
    head_title: str | None = None
    canonical: str | None = None
    dates: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    links: frozenset[str] = frozenset()
    link_chars: int = 0
    dropped: list[Dropped] = field(default_factory=list)


def decode_html(body: bytes, content_type: str | None) -> str:
    """Return the page's text: UTF-8 where it is valid, whatever the page claims, else the declared charset.

    Invalid bytes become U+FFFD, which later steps drop; NUL and other control characters are removed.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_declared(body, content_type)
    return _CONTROL.sub("", text)


def read_page(body: bytes, content_type: str | None = None) -> Page | None:
    """Return the page, or None where the body holds no markup at all."""
    text = decode_html(body, content_type)
    tree = _parse(text)
    if tree is None:
        return None
    page = Page(tree, elements=int(tree.xpath("count(//*)")))
    if page.elements > MAX_ELEMENTS:
        return page
    _read_head(page)
    for element in tree.xpath("//" + "|//".join((*_NEVER_TEXT, *_AMP))):
        _remove(element)
    _walk(page, load_chrome())
    return page


def flatten(body: bytes, content_type: str | None) -> HtmlElement | None:
    """Return the page parsed without its containers: for pages nested deeper than the parser follows."""
    text = decode_html(body, content_type)
    text = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    text = re.sub(
        r"(?i)</?(?:div|span|section|article|main|font|b|i|em|strong|center|table|tbody|tr|ul|ol|blockquote)\b[^>]{0,2000}>",
        "\n",
        text,
    )
    return _parse(text)


def _decode_declared(body: bytes, content_type: str | None) -> str:
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return body.decode("utf-16", errors="replace")
    declared = re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    in_page = _CHARSET.search(body[:4096])
    names = [declared.group(1)] if declared else []
    names += [in_page.group(1).decode("ascii", "replace")] if in_page else []
    broken = body.decode("utf-8", errors="replace")
    if broken.count("\ufffd") * 200 < len(broken) and sum(1 for c in broken if c > "\x7f") > 2 * broken.count(
        "\ufffd"
    ):
        return broken
    for name in (*names, "cp1252"):
        try:
            if codecs.lookup(name).name in (
                "utf-8",
                "utf-7",
                "idna",
                "punycode",
                "hex",
                "base64",
                "unicode_escape",
            ):
                continue
            return body.decode(name, errors="replace")
        except (LookupError, UnicodeError, ValueError):
            continue
    return broken


def _parse(text: str) -> HtmlElement | None:
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if isinstance(tree, HtmlElement) else None


def _read_head(page: Page) -> None:
    for element in page.tree.iter("meta"):
        content = element.get("content") or element.get("value")
        if content:
            for key in (element.get("property"), element.get("name"), element.get("itemprop")):
                if key:
                    page.meta.setdefault(key.lower(), content.strip()[:2000])
    title = page.tree.find(".//title")
    page.head_title = (title.text or "").strip()[:500] or None if title is not None else None
    for link in page.tree.iter("link"):
        if link.get("rel") == "canonical":
            page.canonical = link.get("href")
            break
    for script in page.tree.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json" and script.text:
            page.json_ld.extend(_json_objects(script.text))


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD script, those of lists and graphs too; broken JSON gives none."""
    try:
        data = json.loads(text[:MAX_JSON_LD], strict=False)
    except (ValueError, RecursionError):
        cleaned = re.sub(
            r",\s*([}\]])", r"\1", re.sub(r"/\*.*?\*/|<!\[CDATA\[|\]\]>|;\s*$", "", text[:MAX_JSON_LD])
        )
        try:
            data = json.loads(cleaned, strict=False)
        except (ValueError, RecursionError):
            return
    queue = [data]
    while queue:
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item[:100])
        elif isinstance(item, dict):
            yield item
            if isinstance(item.get("@graph"), list):
                queue.extend(item["@graph"][:100])


@dataclass(frozen=True, slots=True)
class _Kind:
    rule: int
    date: bool
    author: bool


_NO_KIND = _Kind(-1, date=False, author=False)
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
        rule = next((n for n, rule in enumerate(chrome.elements) if rule.pattern.search(lowered)), -1)
        known = _Kind(rule, bool(_DATE_CLASS.search(lowered)), bool(_AUTHOR_CLASS.search(lowered)))
        _kinds[key] = known
    return known


def _walk(page: Page, chrome: Chrome) -> None:
    """Visit each element once: note who wrote when, collect links, and take the chrome elements out."""
    chrome_elements: list[tuple[HtmlElement, int]] = []
    dates: list[tuple[int, HtmlElement]] = []
    authors: list[tuple[int, HtmlElement]] = []
    headings: list[tuple[int, HtmlElement]] = []
    tables: list[HtmlElement] = []
    loose: dict[HtmlElement, None] = {}
    dated, signed = set(_DATED(page.tree)), set(_SIGNED(page.tree))
    for number, element in enumerate(page.tree.iter(etree.Element)):
        tag = element.tag
        if tag in _OUTER:
            continue
        kind = _kind_of(element.get("class"), element.get("id"), chrome)
        if tag in _HEADINGS:
            headings.append((number, element))
        elif tag == "table":
            tables.append(element)
        if tag == "br" or (tag in BLOCKS and element.tail and not element.tail.isspace()):
            loose[element.getparent()] = None
        elif tag == "figcaption":
            chrome_elements.append((element, -1))
        elif kind.rule >= 0 and tag not in _NEVER_CHROME:
            chrome_elements.append((element, kind.rule))
        if kind.date or element in dated:
            dates.append((number, element))
        if kind.author or element in signed:
            authors.append((number, element))
    at, heading = _heading(headings, page)
    page.heading = _text(heading, 500) if heading is not None else None
    own = set(heading.iterancestors()) if heading is not None else set()
    page.dates = _near(dates, at, own)
    page.authors = _near(authors, at, own)
    _take_out(page, chrome_elements, chrome)
    for table in tables:
        unfold_table(table)
    wrap_loose_text(loose)
    texts = [_text(link, 300) for link in page.tree.iter("a")]
    page.links = frozenset(squash(text) for text in texts if len(text) >= 8)
    page.link_chars = sum(map(len, texts))


def _heading(headings: list[tuple[int, HtmlElement]], page: Page) -> tuple[int, HtmlElement | None]:
    """Return the article's own headline: the one that the page's title names, else the first h1."""
    title = squash(page.meta.get("og:title") or page.head_title or "")
    first: tuple[int, HtmlElement | None] = (0, None)
    for number, element in headings:
        own = squash(_text(element, 500))
        if len(own) > 9 and title.startswith(own):
            return number, element
        if own and element.tag == "h1" and first[1] is None:
            first = (number, element)
    return first


def _near(elements: list[tuple[int, HtmlElement]], heading: int, own: set[HtmlElement]) -> list[str]:
    """Return what the elements say, those after the headline first; comments, sidebars and footers are left out.

    `own` are the elements around the headline: whatever they are called, the article is in them.
    """
    after = [element for number, element in elements if number > heading]
    before = [element for number, element in elements if number <= heading]
    texts: list[str] = []
    for element in (*after[:16], *before[:-6:-1]):
        if _stands_apart(element, own):
            continue
        for value in (
            element.get("datetime"),
            element.get("content"),
            element.get("title"),
            _text(element, 240),
        ):
            if value and value not in texts:
                texts.append(value.strip()[:240])
    return texts[:24]


def _stands_apart(element: HtmlElement, own: set[HtmlElement]) -> bool:
    """Tell whether an element belongs to comments, a sidebar or a footer that the headline is not in."""
    part: HtmlElement | None = element
    while part is not None and part not in own:
        if _foreign(part):
            return True
        part = part.getparent()
    return False


def _foreign(element: HtmlElement) -> bool:
    if element.tag in ("aside", "footer", "nav"):
        return True
    if element.tag in ("body", "html"):
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return names != " " and bool(_FOREIGN_CLASS.search(names.lower()))


def _take_out(page: Page, elements: list[tuple[HtmlElement, int]], chrome: Chrome) -> None:
    """Remove chrome elements that hold little enough text; what stood inside an article's column is noted."""
    gone: set[HtmlElement] = set()
    for element, number in elements:
        if element.getparent() is None or any(ancestor in gone for ancestor in element.iterancestors()):
            continue
        text = _text(element, 4000)
        rule = chrome.elements[number] if number >= 0 else None
        if (rule is not None and len(text) > min(rule.max_chars, 3999)) and not _only_comments(
            element, rule.kind
        ):
            continue
        if text and len(page.dropped) < 60:
            page.dropped.append(Dropped(rule.kind if rule else "caption", text[:300]))
        gone.add(element)
        _remove(element)


def _only_comments(element: HtmlElement, kind: str) -> bool:
    """Tell whether a large element may go all the same: readers' comments, where no headline stands among them."""
    return kind == "comment" and element.find(".//h1") is None and element.find(".//article") is None


def _text(element: HtmlElement, limit: int) -> str:
    """Return the element's text with single spaces, cut at `limit` characters."""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > limit * 3:
            break
    return " ".join(" ".join(parts).split())[:limit]


def _remove(element: HtmlElement) -> None:
    """Take an element out of its tree and leave the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + " " + tail
        else:
            before.tail = (before.tail or "") + " " + tail
    parent.remove(element)
