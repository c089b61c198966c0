"""Blogger's post feed, as JSON or Atom, by publication or by change."""

from __future__ import annotations

import json
import re
from typing import Any

from crawler.discovery.entries import Printed, make_entry, unique
from crawler.discovery.feed import FeedPage, is_feed, read_feed
from crawler.discovery.markup import MarkupError, parse_xml, unpacked
from crawler.discovery.queries import digest, number, query_number, stamp, with_query
from crawler.discovery.times import Moment, Window, parse_time
from crawler.records import Entry, Listing, Step
from crawler.source import Source

MAX_RESULTS = 150
MAX_PAGES = 1000
_CALLBACK = re.compile(rb"\s*(?://[^\n]*\n\s*)?[\w.$]+\s*\(")


def blogger_steps(url: str, window: Window) -> tuple[Step, ...]:
    """Return the first request: since a last night by change, for a span of the past by publication."""
    asked: dict[str, str | int] = {"alt": "json", "max-results": MAX_RESULTS, "start-index": 1}
    if window.until:
        asked |= {"orderby": "published", "published-max": stamp(window.until)}
        asked |= {"published-min": stamp(window.since)} if window.since else {}
    elif window.since:
        asked |= {"orderby": "updated", "updated-min": stamp(window.since)}
    return (Step("blogger", with_query(url, asked)),)


def parse_blogger(step: Step, body: bytes, base: str, source: Source, window: Window) -> Listing:
    """Return the articles of one page of the feed, and the next page while posts remain."""
    body = unpacked(body)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        root = parse_xml(body)
        if not is_feed(root):
            raise MarkupError("no Blogger feed")
        page = read_feed(root, base, source, window, origin="blogger")
    else:
        page = _read_json(body, base, source, window)
    if page.digest == step.previous:
        return Listing(())  # the site ignores start-index
    start = query_number(step.url, "start-index")
    over = page.total is not None and start + page.items > page.total
    if not page.items or over or step.depth + 1 >= MAX_PAGES or window.ends_before(page.oldest):
        return Listing(page.entries)
    url = with_query(step.url, {"start-index": start + page.items})
    return Listing(page.entries, (Step("blogger", url, step.depth + 1, page.digest),))


def _read_json(body: bytes, base: str, source: Source, window: Window) -> FeedPage:
    try:
        feed = json.loads(_unwrapped(body))["feed"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise MarkupError("no Blogger feed") from None
    rows = feed.get("entry", []) if isinstance(feed, dict) else None
    if not isinstance(rows, list):
        raise MarkupError("no Blogger feed")
    posts = [row for row in rows if isinstance(row, dict)]
    made = [_entry(post, base, source, window) for post in posts]
    times = [
        moment
        for post in posts
        if (moment := _time(post, "updated", source) or _time(post, "published", source))
    ]
    return FeedPage(
        entries=unique([entry for entry in made if entry]),
        items=len(rows),
        oldest=min(times, key=lambda moment: moment.end, default=None),
        digest=digest(_link(post) for post in posts),
        next_url=None,
        wordpress=False,
        total=number(_text(feed, "openSearch$totalResults")),
    )


def _unwrapped(body: bytes) -> bytes:
    """Return JSON without the call of a function that it may stand in."""
    begin, end = _CALLBACK.match(body), body.rstrip().removesuffix(b";").rstrip()
    return end[begin.end() : -1] if begin and end.endswith(b")") else body


def _entry(post: dict[str, Any], base: str, source: Source, window: Window) -> Entry | None:
    link, authors = _link(post), post.get("author")
    author = authors[0] if isinstance(authors, list) and authors else None
    printed = Printed(
        url=link or "",
        title=_text(post, "title"),
        author=_text(author, "name") if isinstance(author, dict) else None,
        published=_time(post, "published", source),
        changed=_time(post, "updated", source),
    )
    return make_entry(printed, base, source, window, origin="blogger", trust="feed")


def _link(post: dict[str, Any]) -> str | None:
    links = post.get("link")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "alternate" and isinstance(link.get("href"), str):
            return str(link["href"])
    return None


def _text(node: dict[str, Any], key: str) -> str | None:
    value = node.get(key)
    text = value.get("$t") if isinstance(value, dict) else None
    return text if isinstance(text, str) else None


def _time(post: dict[str, Any], key: str, source: Source) -> Moment | None:
    return parse_time(_text(post, key), source.zone)
