"""Records that the crawler hands on: what discovery said of a page, and where its archived bytes stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """The one state of a URL in the ledger; skipped and failed carry a reason beside it."""

    DISCOVERED = "discovered"
    QUEUED = "queued"
    ARCHIVED = "archived"
    SKIPPED = "skipped"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Hints:
    """What discovery (REST, feed, sitemap, listing) said of an article before its page was read.

    Times are ISO 8601 with their zone where the origin gave one; None means that it was silent.
    """

    origin: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of the archive's manifest: a response as it came, and where it can be read again.

    `warc` is relative to the archive's folder; `offset` and `length` count bytes of the compressed record;
    `sha256` is that of the body with its transfer and content encoding undone; `fetched_at` is in UTC.
    `article_url` is the article that the page belongs to, and `part` its page number there, from 1.
    """

    id: int
    source: str
    run: str
    url: str
    article_url: str
    part: int
    kind: str  # response | revisit | resource (a file given by hand)
    status: int
    content_type: str
    fetched_at: datetime
    sha256: str
    warc: str
    offset: int
    length: int
    hints: Hints | None = None


@dataclass(frozen=True, slots=True)
class RawPage:
    """An archived response read back: its manifest row, its headers, its decoded body."""

    capture: Capture
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """A page that discovery itself must fetch: its kind (feed, sitemap, wp_rest, blogger, section, robots).

    `previous` is a digest of what the page before listed: a site that ignores the page number shows it again.
    """

    kind: str
    url: str
    depth: int = 0
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that discovery found, by its canonical URL, with the last change that the site states.

    `address` is the URL as the site prints it, which is what must be fetched: the canonical form (no www,
    no last slash, …) is the article's identity, and asking for it costs a redirect an article.
    `printed` is that URL where another one was made of it for `address`, as of an AMP page, which may exist alone.
    `at` is the latest instant at which it can have been published by what the site says; None: it says nothing.
    """

    url: str
    hints: Hints
    lastmod: datetime | None = None
    address: str | None = None
    at: datetime | None = None
    printed: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one discovery page gave: articles, further pages to ask, and why it was useless if it was."""

    entries: tuple[Entry, ...]
    follow: tuple[Step, ...] = ()
    problem: str | None = None
