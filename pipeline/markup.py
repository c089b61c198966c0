"""From bytes to a tree: character sets, parsing, structured data, and small operations on elements."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

_ESCAPED_JSON = re.compile(r"\s*[\[{]\s*&quot;")
MAX_JSON_LD = 400_000
"""Characters of structured data that are read; a page has a few thousand."""

_PARSER = HTMLParser(
    collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
"""Every element is a plain HtmlElement: finding a class for each tag takes as long as reading the page."""
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32), 127))
# without their leading zeros; of a longer number the first digits are no control character either
_REFERENCE = re.compile(rb"&#(?:x0*([0-9a-f]{1,6})|0*([0-9]{1,7}));?", re.IGNORECASE)
# One of these in the tree, and its text cannot be written any more. Of 128 to 159 browsers show most as
# Windows' dashes and quotation marks.
_UNWANTED = frozenset((*range(1, 9), *range(14, 32), 127, 0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFFFE, 0xFFFF))
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
_CONTAINER_TAGS = re.compile(
    rb"</?(?:div|span|section|article|main|font|b|i|em|strong|center|table|tbody|tr|ul|ol|blockquote)\b"
    rb"[^>]{0,2000}>",
    re.IGNORECASE,
)
# labels of pages that hold the dashes and quotes of Windows all the same: browsers read them so, as HTML asks
_WINDOWS = frozenset({"iso8859-1", "ascii"})
_LONG_TAG = re.compile(rb"<([A-Za-z][\w:-]{0,30}+)[^<>]{2000,}+>")
_QUOTED = re.compile(rb"\"[^\"]*+\"|'[^']*+'")
_BETWEEN_ATTRIBUTES = re.compile(rb"[\s/]+")
_MAX_ATTRIBUTES = 250
# "â€" and "Ã©": an editorial system's bytes of UTF-8, taken for Windows' letters and written as UTF-8 again
_TWICE = re.compile(b"\xc3\xa2\xe2\x82\xac|\xc3\x83\xc2[\xa0-\xbf]")
_RUN_TWICE = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2})+")
_UNSEEN = (b"script", b"style", b"svg", b"noscript")
_OPENING = re.compile(rb"<(!--|(?:%s)\b)" % b"|".join(_UNSEEN), re.IGNORECASE)
_ENDS = {b"!--": re.compile(rb"-->")} | {
    name: re.compile(rb"</%s\s*>" % name, re.IGNORECASE) for name in _UNSEEN
}
_NOT_TEXT = frozenset(
    "utf-8 utf-7 idna punycode hex base64 bz2 zlib rot13 unicode_escape raw_unicode_escape".split()
)


def to_utf8(body: bytes, content_type: str | None) -> bytes:
    """Return the page in UTF-8: as it is where that is valid, whatever it claims, else by its charset.

    Invalid bytes become U+FFFD, which later steps drop; NUL and other control characters are removed, also
    where they are written as numbers (`&#8;`, what is left of a text pasted from a word processor).
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        body = _decode_declared(body, content_type).encode("utf-8", "replace")
    if _TWICE.search(body):
        body = _RUN_TWICE.sub(_once, body)
    body = body.removeprefix(codecs.BOM_UTF8).translate(None, _CONTROLS)
    return _REFERENCE.sub(_wanted, _NONCHARACTERS.sub(b"", body))


def to_text(body: bytes) -> str:
    """Return a plain text of unknown encoding: UTF-8 where that is valid, else by its mark, else as Windows writes it.

    Nothing but the mark is taken away, so that offsets count the characters of the file.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_declared(body, None)


def parse_html(utf8: bytes) -> HtmlElement | None:
    """Return the tree of a page, without comments; None where it holds no element."""
    try:
        tree = document_fromstring(_LONG_TAG.sub(_without_crowd, utf8), parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if isinstance(tree, HtmlElement) else None


def flatten_html(body: bytes, content_type: str | None) -> HtmlElement | None:
    """Return the page parsed without its containers: for one nested deeper than the parser follows."""
    utf8 = without_unseen(to_utf8(body, content_type), (b"script", b"style"), b" ")
    return parse_html(_CONTAINER_TAGS.sub(b"\n", utf8))


def without_unseen(page: bytes, kinds: Collection[bytes] = tuple(_ENDS), instead: bytes = b"") -> bytes:
    """Return the page with its comments (`!--`), scripts and what else no reader sees replaced by `instead`.

    What never ends stays. That is looked for once for each kind: searched from each opening anew, a page of
    openings alone takes hours.
    """
    kept: list[bytes] = []
    done = 0
    endless: set[bytes] = set()
    for opening in _OPENING.finditer(page):
        kind = opening[1].lower()
        if opening.start() < done or kind in endless or kind not in kinds:
            continue
        end = _ENDS[kind].search(page, opening.end())
        if end is None:
            endless.add(kind)
            continue
        kept += [page[done : opening.start()], instead]
        done = end.end()
    return b"".join([*kept, page[done:]])


def read_json_ld(tree: HtmlElement) -> list[dict[str, Any]]:
    """Return the objects of the page's structured data, those of graphs too; broken JSON gives none."""
    scripts = [script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    return [item for script in scripts if script.text for item in _json_objects(script.text[:MAX_JSON_LD])]


def text_of(element: HtmlElement, limit: int) -> str:
    """Return the element's text with single spaces, cut at `limit` characters."""
    if not len(element):  # most are, and this is three times as fast
        return " ".join((element.text or "").split())[:limit]
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > limit * 3:
            break
    return " ".join(" ".join(parts).split())[:limit]


def remove(element: HtmlElement) -> None:
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


def _without_crowd(tag: re.Match[bytes]) -> bytes:
    """Return a long tag, without its attributes if they are very many: the parser looks through all at each."""
    names = _BETWEEN_ATTRIBUTES.findall(_QUOTED.sub(b"", tag[0]))
    return b"<%s>" % tag[1] if len(names) > _MAX_ATTRIBUTES else tag[0]


def _wanted(reference: re.Match[bytes]) -> bytes:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return b"" if number in _UNWANTED else reference[0]


def _once(run: re.Match[bytes]) -> bytes:
    """Return letters that were encoded twice as they were meant; others as they stand."""
    text = run[0].decode("utf-8", "replace")
    pieces = [piece.encode("cp1252", "ignore") or piece.encode("latin-1", "ignore") for piece in text]
    # of a closing quotation mark the last byte is no letter of Windows', so some systems lose it
    meant = re.sub(rb"\xe2\x80(?![\x80-\xbf])", b"\xe2\x80\x9d", b"".join(pieces))
    try:
        return meant.decode("utf-8").encode("utf-8") if all(pieces) else run[0]
    except UnicodeDecodeError:
        return run[0]


def _decode_declared(body: bytes, content_type: str | None) -> str:
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return body.decode("utf-16", errors="replace")
    lenient = body.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if broken * 200 < len(lenient) and sum(1 for c in lenient if c > "\x7f") > 2 * broken:
        return lenient  # UTF-8 with a few bytes broken
    in_header = re.search(r"charset=[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    in_page = _CHARSET.search(body[:4096])
    names = [in_header.group(1)] if in_header else []
    names += [in_page.group(1).decode("ascii", "replace")] if in_page else []
    for name in (*names, "cp1252"):
        try:
            found = codecs.lookup(name).name
            if found not in _NOT_TEXT:
                return body.decode("cp1252" if found in _WINDOWS else found, errors="replace")
        except (LookupError, UnicodeError, ValueError):
            continue
    return lenient


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        text = html.unescape(text) if _ESCAPED_JSON.match(text) else text
        plain = re.sub(r"/\*.{0,500}?\*/|(?m:^[^\S\n]*//)|<!\[CDATA\[|\]\]>|;\s*$", "", text)
        try:
            data = json.loads(re.sub(r",\s*([}\]])", r"\1", plain), strict=False)
        except (ValueError, RecursionError):
            return
    queue = [data]
    for item in queue:
        if isinstance(item, list):
            queue.extend(item[:100])
        elif isinstance(item, dict):
            yield item
            if isinstance(item.get("@graph"), list):
                queue.extend(item["@graph"][:100])
            queue += [item["mainEntity"]] if isinstance(item.get("mainEntity"), dict) else []
