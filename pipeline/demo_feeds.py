"""Feeds, sitemaps and REST answers of the demo's sites, in the shapes that WordPress and Blogger give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Protocol
from xml.sax.saxutils import escape

LABEL = "CONTOH – rekaan"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MAX_RESULTS = 25


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, content type, body, further headers."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Item(Protocol):
    """What a feed needs to know of an article."""

    @property
    def number(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def published(self) -> datetime: ...


def page_number(text: str | None) -> int:
    """Return the positive number that a query parameter gives, or 1."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1


def missing() -> Answer:
    """Return the page for an address that the site does not have."""
    return Answer(404, "text/html; charset=UTF-8", f"<h1>404</h1><p>{LABEL}</p>".encode())


def rss(name: str, base: str, posts: Sequence[Item]) -> Answer:
    """Return an RSS 2.0 feed as WordPress prints it."""
    items = "".join(
        f"<item><title>{escape(p.title)}</title><link>{escape(p.url)}</link>"
        f"<dc:creator><![CDATA[{p.author}]]></dc:creator>"
        f"<pubDate>{format_datetime(p.published.astimezone(UTC))}</pubDate>"
        f'<guid isPermaLink="false">{base}/?p={p.number}</guid></item>'
        for p in posts
    )
    return _xml(
        f'{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(name)}</title><link>{base}</link><description>{LABEL}</description>"
        f"<language>id</language>{items}</channel></rss>"
    )


def sitemap_index(urls: Sequence[str]) -> Answer:
    """Return a sitemap index of `urls`."""
    rows = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    return _xml(f'{_XML}<sitemapindex xmlns="{_SITEMAP}">{rows}</sitemapindex>')


def urlset(posts: Sequence[Item]) -> Answer:
    """Return a sitemap of all articles with their last change."""
    rows = "".join(
        f"<url><loc>{escape(p.url)}</loc><lastmod>{p.published.isoformat()}</lastmod></url>" for p in posts
    )
    return _xml(f'{_XML}<!-- {LABEL} --><urlset xmlns="{_SITEMAP}">{rows}</urlset>')


def wp_rest(posts: Sequence[Item], query: Mapping[str, str]) -> Answer:
    """Return a page of `wp-json/wp/v2/posts` for per_page, page, after, before and modified_after."""
    try:
        chosen = [p for p in posts if _within(p.published, query)]
    except ValueError:
        return _json({"code": "rest_invalid_param", "data": {"status": 400}}, 400)
    size = min(100, page_number(query.get("per_page", "10")))
    pages = max(1, -(-len(chosen) // size))
    page = page_number(query.get("page"))
    if page > pages:
        return _json({"code": "rest_post_invalid_page_number", "data": {"status": 400}}, 400)
    rows = [_rest_row(p) for p in chosen[(page - 1) * size : page * size]]
    totals = (("X-WP-Total", str(len(chosen))), ("X-WP-TotalPages", str(pages)))
    return _json(rows, 200, totals)


def blogger(name: str, base: str, posts: Sequence[Item], query: Mapping[str, str]) -> Answer:
    """Return a page of Blogger's Atom feed (or its JSON form for alt=json)."""
    start = page_number(query.get("start-index"))
    size = min(_MAX_RESULTS, page_number(query.get("max-results", "25")))
    chosen = [p for p in posts if _blogger_window(p.published, query)]
    shown = chosen[start - 1 : start - 1 + size]
    if query.get("alt") == "json":
        feed = {
            "title": {"$t": name},
            "openSearch$totalResults": {"$t": str(len(chosen))},
            "openSearch$startIndex": {"$t": str(start)},
            "openSearch$itemsPerPage": {"$t": str(size)},
            "entry": [_blogger_row(p) for p in shown],
        }
        return _json({"version": "1.0", "encoding": "UTF-8", "feed": feed})
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{p.number}</id>"
        f"<published>{p.published.isoformat()}</published><updated>{p.published.isoformat()}</updated>"
        f'<title type="text">{escape(p.title)}</title><link rel="alternate" type="text/html" href="{p.url}"/>'
        f"<author><name>{escape(p.author)}</name></author></entry>"
        for p in shown
    )
    return _xml(
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/">'
        f"<id>tag:blogger.com,1999:blog-1</id><title>{escape(name)}</title><subtitle>{LABEL}</subtitle>"
        f'<link rel="alternate" href="{base}/"/>'
        f"<openSearch:totalResults>{len(chosen)}</openSearch:totalResults>"
        f"<openSearch:startIndex>{start}</openSearch:startIndex>"
        f"<openSearch:itemsPerPage>{size}</openSearch:itemsPerPage>{entries}</feed>"
    )


def _rest_row(post: Item) -> dict[str, Any]:
    local, utc = post.published, post.published.astimezone(UTC)
    return {
        "id": post.number,
        "date": local.replace(tzinfo=None).isoformat(),
        "date_gmt": utc.replace(tzinfo=None).isoformat(),
        "modified": local.replace(tzinfo=None).isoformat(),
        "modified_gmt": utc.replace(tzinfo=None).isoformat(),
        "link": post.url,
        "status": "publish",
        "type": "post",
        "sticky": False,
        "title": {"rendered": escape(post.title)},
        "content": {"rendered": "", "protected": False},
    }


def _blogger_row(post: Item) -> dict[str, Any]:
    return {
        "id": {"$t": f"tag:blogger.com,1999:blog-1.post-{post.number}"},
        "published": {"$t": post.published.isoformat()},
        "updated": {"$t": post.published.isoformat()},
        "title": {"type": "text", "$t": post.title},
        "link": [{"rel": "alternate", "type": "text/html", "href": post.url, "title": post.title}],
        "author": [{"name": {"$t": post.author}}],
    }


def _within(moment: datetime, query: Mapping[str, str]) -> bool:
    # WordPress compares `after` with the site's local time where the value names no zone
    def bound(key: str) -> datetime | None:
        if key not in query:
            return None
        given = datetime.fromisoformat(query[key].replace(" ", "+"))
        return given if given.tzinfo else given.replace(tzinfo=moment.tzinfo)

    lower = [b for key in ("after", "modified_after") if (b := bound(key))]
    upper = [b for key in ("before", "modified_before") if (b := bound(key))]
    return all(moment > b for b in lower) and all(moment < b for b in upper)


def _blogger_window(moment: datetime, query: Mapping[str, str]) -> bool:
    low = query.get("published-min") or query.get("updated-min")
    high = query.get("published-max") or query.get("updated-max")
    try:
        return (not low or moment >= _aware(low)) and (not high or moment < _aware(high))
    except ValueError:
        return True


def _aware(text: str) -> datetime:
    given = datetime.fromisoformat(text.replace(" ", "+"))
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _xml(text: str) -> Answer:
    return Answer(200, "application/xml; charset=UTF-8", text.encode())


def _json(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(
        status,
        "application/json; charset=UTF-8",
        json.dumps(value, ensure_ascii=False).encode(),
        headers,
    )
