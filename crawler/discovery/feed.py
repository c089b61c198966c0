"""RSS 2.0, RSS 1.0 and Atom feeds, page by page where WordPress gives them so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from crawler.discovery.entries import Printed, make_entry, unique
from crawler.discovery.markup import child_text, children, name_of, parse_xml
from crawler.discovery.queries import digest, number, query_number, with_query
from crawler.discovery.shapes import PROTECTED
from crawler.discovery.times import Moment, Window, parse_time
from crawler.records import Entry, Listing, Step
from crawler.source import Source

MAX_ITEMS = 5000
MAX_PAGES = 100
MAX_NIGHT_PAGES = 20
_FULLER = frozenset({"wp_rest", "sitemap", "blogger", "robots"})
_MAIL_AUTHOR = re.compile(r"[^\s@]+@[^\s(]+\s*\((.+)\)$")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What one page of a feed gave; `oldest` is the earliest time that any of its items states."""

    entries: tuple[Entry, ...]
    items: int
    oldest: Moment | None
    digest: str
    next_url: str | None
    wordpress: bool
    total: int | None


def parse_feed(step: Step, body: bytes, base: str, source: Source, window: Window) -> Listing:
    """Return the articles of a feed page, and the page after it while that can hold more.

    A first night leaves the past to a fuller method where the source has one (sitemap, REST, Blogger).
    """
    page = read_feed(parse_xml(body), base, source, window, origin="feed")
    if not page.items:
        return Listing((), problem=None if step.depth else "the feed holds no entries")
    if page.digest == step.previous:
        return Listing(())  # the site ignores the page number
    follow = _next_page(step, page, source, window)
    return Listing(page.entries, (follow,) if follow else ())


def read_feed(root: etree._Element, base: str, source: Source, window: Window, *, origin: str) -> FeedPage:
    """Return what a feed's root element holds; `origin` is written into the hints."""
    items = list(root.iter("{*}item", "{*}entry"))[:MAX_ITEMS]
    entries: list[Entry] = []
    times: list[Moment] = []
    links: list[str | None] = []
    for item in items:
        link = _link(item)
        published = parse_time(child_text(item, "pubDate", "published", "date", "issued"), source.zone)
        changed = parse_time(child_text(item, "updated", "modified"), source.zone)
        times += [moment for moment in (changed or published,) if moment]
        title = child_text(item, "title")
        links.append(link)
        if not link or (title or "").startswith(PROTECTED):
            continue
        printed = Printed(link, title, _author(item), published, changed)
        entry = make_entry(printed, base, source, window, origin=origin, trust="feed")
        entries += [entry] if entry else []
    channel = next(iter(root.iter("{*}channel")), root)
    generator = child_text(channel, "generator") or ""
    return FeedPage(
        entries=unique(entries),
        items=len(items),
        oldest=min(times, key=lambda moment: moment.end, default=None),
        digest=digest(links),
        next_url=_rel(channel, "next"),
        wordpress="wordpress" in generator.lower() or source.cms == "wordpress",
        total=number(child_text(channel, "totalResults")),
    )


def _next_page(step: Step, page: FeedPage, source: Source, window: Window) -> Step | None:
    limit = MAX_NIGHT_PAGES if window.since and not window.until else MAX_PAGES
    if step.depth + 1 >= limit or window.ends_before(page.oldest):
        return None
    fuller = any(way.method in _FULLER for way in source.discovery)
    if (window.since is None and fuller) or page.oldest is None:
        return None
    url = None
    if page.next_url:
        url = urljoin(step.url, page.next_url)
    elif page.wordpress:
        url = with_query(step.url, {"paged": query_number(step.url, "paged") + 1})
    if not url or url == step.url or not source.owns(url):
        return None
    return Step("feed", url, step.depth + 1, page.digest)


def _link(item: etree._Element) -> str | None:
    original = child_text(item, "origLink")
    if original:
        return original
    for link in children(item, "link"):
        href = link.get("href")
        if href and link.get("rel", "alternate") == "alternate":
            return href
        if not href and link.text and link.text.strip():
            return link.text.strip()
    for guid in children(item, "guid"):
        if guid.get("isPermaLink", "true").lower() == "true" and (guid.text or "").strip().startswith("http"):
            return (guid.text or "").strip()
    return None


def _author(item: etree._Element) -> str | None:
    for author in children(item, "author"):
        if name := child_text(author, "name"):
            return name
    text = child_text(item, "creator", "author")
    mail = _MAIL_AUTHOR.match(text or "")
    return mail[1] if mail else text


def _rel(channel: etree._Element, rel: str) -> str | None:
    links = (link for link in children(channel, "link") if link.get("rel") == rel)
    return next((link.get("href") for link in links), None)


def is_feed(root: etree._Element) -> bool:
    """Return whether a document is a feed by its root's name."""
    return name_of(root).lower() in ("rss", "feed", "rdf")
