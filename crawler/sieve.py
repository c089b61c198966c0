"""What of a foreign WARC may be an article of a source: decided by heads first, so that the rest costs little."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.canonical import host_of, part_of
from crawler.discovery.shapes import is_listing
from crawler.encoding import MAX_BODY, BodyError, decode_body
from crawler.source import Source
from crawler.warcstream import Record

#: Why a record is passed over, and what that means.
PASSED = {
    "kind": "no response record (requests, metadata, revisits)",
    "address": "the record has no HTTP address or no time",
    "host": "neither a source's host nor one that ends in .id",
    "shape": "the address is that of a listing, a file or the outlet itself",
    "status": "the answer's status is not 200",
    "type": "the answer is no HTML",
    "large": "larger than a page may be",
    "encoding": "the body cannot be decoded",
    "language": "a host without a source, and the page is not Indonesian",
    "part": "a later page of an article whose first page the file lacks",
}
#: Why a place of a file holds no readable record.
BROKEN = {
    "gzip": "the packed bytes are damaged",
    "truncated": "the record breaks off",
    "head": "there is no record where one should begin",
    "http": "the record holds no HTTP answer",
}
_MAX_HEAD = 64 << 10
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_HTML = (b"text/html", b"application/xhtml", b"text/plain")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,100}\r\n")


class Passed(Exception):
    """A record is not wanted; `reason` is one of PASSED or BROKEN."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Page:
    """A wanted page: whose it is, the article and the page of it, and the decoded body."""

    source: str
    url: str
    article_url: str
    part: int
    at: datetime
    content_type: str
    body: bytes
    sha256: str


class Sieve:
    """Takes pages of the sources, and Indonesian ones of other hosts below .id.

    `is_indonesian(body, content_type)` is asked of the latter alone: what a source printed is read in any case.
    """

    def __init__(self, sources: Iterable[Source], is_indonesian: Callable[[bytes, str], bool]) -> None:
        self._by_host: dict[str, list[Source]] = {}
        for source in sources:
            for host in source.hosts:
                self._by_host.setdefault(host, []).append(source)
        self._is_indonesian = is_indonesian

    def take(self, record: Record) -> Page:
        """Return the page of a record. Raises Passed; the body is not touched before its head fits."""
        if record.headers.get(b"warc-type") != b"response":
            raise Passed("kind")
        url = record.header(b"warc-target-uri").strip("<>")
        if not self._may_be_wanted(url):
            raise Passed("host" if url.startswith("http") else "address")
        at = _moment(record.header(b"warc-date"))
        if at is None:
            raise Passed("address")
        source, article_url, part = self._place(url)
        if record.length > MAX_BODY + _MAX_HEAD:
            raise Passed("large")
        content_type, body = _answer(record)
        if source is None and not self._is_indonesian(body, content_type):
            raise Passed("language")
        name = source.slug if source else host_of(article_url)
        digest = hashlib.sha256(body).hexdigest()
        return Page(name, url, article_url, part, at, content_type, body, digest)

    def _may_be_wanted(self, url: str) -> bool:
        """Tell by the host as it is written, before an address is taken apart with care."""
        if not url.startswith(("http://", "https://")) or not url.isprintable():
            return False
        host = url.split("/", 3)[2].rpartition("@")[2].lower().removesuffix(":443").removesuffix(":80")
        if host.partition(":")[0].endswith(".id") or host in self._by_host:
            return True
        # a twin host's first label (www., m., amp.) is not part of the identity
        return host.partition(".")[2] in self._by_host

    def _place(self, url: str) -> tuple[Source | None, str, int]:
        article_url, part = part_of(url)
        host = host_of(article_url)
        owners = self._by_host.get(host, [])
        source = next((s for s in owners if s.names_article(article_url)), owners[0] if owners else None)
        if source is None and not host.partition(":")[0].endswith(".id"):
            raise Passed("host")
        if source and not source.layout.slash_pages:
            article_url, part = part_of(url, slash_pages=False)
        unfit = source and (source.excludes(article_url) or source.names_article(article_url) is False)
        if unfit or is_listing(article_url):
            raise Passed("shape")
        return source, article_url, part


def _answer(record: Record) -> tuple[str, bytes]:
    """Return media type and decoded body of a record's HTTP answer. Raises Passed."""
    try:
        block = record.block(_MAX_HEAD)
        status, end = _STATUS.match(block), _HEAD_END.search(block)
        if not status or not end:
            raise Passed("http")
        headers = _headers(block[: end.start()])
        content_type = headers.get(b"content-type", b"")
        if status[1] != b"200":
            raise Passed("status")
        if content_type and not content_type.lower().startswith(_HTML):
            raise Passed("type")
        body = block[end.end() :] + record.block(MAX_BODY)
        record.check()
    except EOFError:
        raise Passed("truncated") from None
    if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
        body = _without_chunks(body)
    encoding = headers.get(b"content-encoding", b"").decode("latin-1")
    try:
        return content_type.decode("latin-1"), decode_body(body, encoding)
    except BodyError as error:
        raise Passed("large" if error.reason == "too_large" else "encoding") from None


def _headers(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\n")[1:])
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def _without_chunks(body: bytes) -> bytes:
    """Undo the transfer encoding; a body that is not in chunks after all comes back as it is."""
    pieces, at = [], 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        pieces.append(body[found.end() : found.end() + size])
        at = found.end() + size + 2
        if size == 0:
            break
    return b"".join(pieces) if pieces else body


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter: a year 1 east of Greenwich
        return None
