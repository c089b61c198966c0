"""Reading XML of strangers: bounded, without entities or network, broken documents as far as they go."""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator

from lxml import etree

MAX_BYTES = 20_000_000
_TAGS = re.compile(r"<[^<>]{0,500}>")
_START = re.compile(rb"<\?xml|<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|RDF|urlset|sitemapindex)\b")
# each comment ends at its first "-->": tried at later ones too, forty comments took for ever
_HTML = re.compile(
    rb"\s*(?:<!--(?:(?!-->).){0,500}-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.I | re.S
)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.I)
_DOCTYPE_REST = re.compile(rb"[^\[>]*(?:\[.*?\]\s*)?>", re.S)
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(\w{1,20});")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class MarkupError(ValueError):
    """A discovery page is not what it should be; the message says what came instead."""


def unpacked(body: bytes) -> bytes:
    """Return `body` with gzip undone if it is packed (sitemap.xml.gz); raises MarkupError beyond 20 MB."""
    if body[:2] == b"\x1f\x8b":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, MAX_BYTES + 1)
        except zlib.error as error:
            raise MarkupError(f"gzip is damaged ({error})") from None
    if len(body) > MAX_BYTES:
        raise MarkupError(f"larger than {MAX_BYTES // 1_000_000} MB")
    return body


def parse_xml(body: bytes) -> etree._Element:
    """Return the root of an XML document; raises MarkupError where HTML, text or nothing came instead.

    A document type is taken out before parsing, so that entities can neither grow nor reach files;
    named HTML entities that feeds use without declaring them are read as their characters.
    """
    body = unpacked(body)
    if _HTML.match(body[:5000].lstrip(b"\xef\xbb\xbf")):
        raise MarkupError("got an HTML page instead of XML")
    begin = _START.search(body[:200_000])
    if begin is None:
        raise MarkupError("no XML feed or sitemap" if body.strip() else "the page is empty")
    # PHP warnings and blank lines before the document would stop any parser
    clean = _ENTITY.sub(_named, _without_doctype(body[begin.start() :]))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    try:
        root = etree.fromstring(clean, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MarkupError(f"not readable as XML ({str(error)[:100]})") from None
    if root is None:
        raise MarkupError("not readable as XML")
    return root


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child_text(element: etree._Element, *names: str) -> str | None:
    """Return the text of the first child with one of `names` (in any namespace) that has any."""
    for name in names:
        for child in element.iterchildren(f"{{*}}{name}"):
            text = "".join(child.itertext()).strip()
            if text:
                return text
    return None


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children called `name` in any namespace."""
    return element.iterchildren(f"{{*}}{name}")


def plain(text: str | None, limit: int = 300) -> str | None:
    """Return a title or name as plain text of at most `limit` characters; None if nothing is left."""
    if not text:
        return None
    text = _TAGS.sub(" ", html.unescape(text[: limit * 10]))
    return " ".join(_CONTROL.sub(" ", text).split())[:limit].strip() or None


def _without_doctype(body: bytes) -> bytes:
    begin = _DOCTYPE.search(body)
    end = _DOCTYPE_REST.match(body, begin.end()) if begin else None
    return body[: begin.start()] + body[end.end() :] if begin and end else body


def _named(found: re.Match[bytes]) -> bytes:
    char = html.unescape(found[0].decode("ascii", "ignore"))
    return b"".join(b"&#%d;" % ord(c) for c in char) if not char.startswith("&") else b""
