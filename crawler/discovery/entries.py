"""Entries out of what a listing prints: own articles only, by their canonical URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.canonical import INDEX_PAGE, host_of
from crawler.discovery.markup import plain
from crawler.discovery.shapes import is_listing, looks_like_article
from crawler.discovery.times import Moment, Window, path_time
from crawler.records import Entry, Hints
from crawler.source import Source

MAX_URL = 1000


@dataclass(frozen=True, slots=True)
class Printed:
    """What a listing prints of one article: its address, perhaps relative, and what it says of it."""

    url: str
    title: str | None = None
    author: str | None = None
    published: Moment | None = None
    changed: Moment | None = None


def make_entry(
    printed: Printed, base: str, source: Source, window: Window, *, origin: str, trust: str
) -> Entry | None:
    """Return the entry for what a listing prints, or None if it is none of the source's articles.

    `trust` says how sure the listing's kind makes it that an address is an article: "feed" lists articles
    only, a "sitemap" other pages too, on a "page" everything is linked. A pattern that a source declares
    decides but for feeds, since an outlet may change its addresses and its feed will follow.
    """
    published, changed = printed.published, printed.changed
    if not printed.url or not window.holds(published, changed):
        return None
    try:
        full = urljoin(base, printed.url.strip())
        scheme = urlsplit(full).scheme
    except ValueError:
        return None
    if scheme not in ("http", "https") or len(full) > MAX_URL:
        return None
    url = source.canonical(full)
    if host_of(url) not in source.hosts or source.excludes(url) or not _fits(url, source, trust):
        return None
    dated = published or path_time(urlsplit(url).path + "/", source.zone)
    if not window.holds(dated, changed):
        return None
    address = _address(full, url, source)
    return Entry(
        url=url,
        hints=Hints(
            origin=origin,
            title=plain(printed.title),
            author=plain(printed.author, 100),
            published=published.iso if published else None,
            modified=changed.iso if changed else None,
        ),
        lastmod=changed.start if changed else None,
        address=address if address != url else None,
        at=_latest(dated, changed),
        printed=full if urlsplit(full)[1:3] != urlsplit(address)[1:3] else None,
    )


def _latest(dated: Moment | None, changed: Moment | None) -> datetime | None:
    """Return the last instant at which an article can have appeared: before the end of its day, and its last change."""
    if dated and changed and dated.start <= changed.end:
        return min(dated.end, changed.end)
    known = dated or changed
    return known.end if known else None


def _fits(url: str, source: Source, trust: str) -> bool:
    named = source.names_article(url)
    if trust == "feed":
        return bool(named) or not is_listing(url)
    if named is not None:
        return named
    return looks_like_article(url) if trust == "page" else not is_listing(url)


def _address(printed: str, url: str, source: Source) -> str:
    """Return the address to fetch: the printed one, unless it shows a twin (AMP, mobile, a page)."""
    given, form, home = urlsplit(printed), urlsplit(url), urlsplit(source.site)
    slash = "/" if given.path.endswith("/") and form.path != "/" else ""
    own_path = INDEX_PAGE.sub("", given.path).rstrip("/") or "/"
    path = given.path if own_path == form.path else form.path + slash
    bare = given.netloc.lower()
    own = bare.removeprefix("www.") == form.netloc
    netloc = bare if own else home.netloc
    scheme = home.scheme if netloc.removeprefix("www.") == home.netloc.removeprefix("www.") else given.scheme
    return urlunsplit((scheme, netloc, path or "/", form.query, ""))


def unique(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return the entries with each URL once, the first that names it."""
    return tuple({entry.url: entry for entry in reversed(entries)}.values())[::-1]
