"""WordPress REST: wp-json/wp/v2/posts by publication and by change."""

from __future__ import annotations

import json
from typing import Any

from crawler.discovery.entries import Printed, make_entry, unique
from crawler.discovery.markup import MarkupError, unpacked
from crawler.discovery.queries import digest, query_number, stamp, with_query
from crawler.discovery.times import Moment, Window, parse_time
from crawler.records import Entry, Listing, Step
from crawler.source import Source

PER_PAGE = 100
MAX_PAGES = 1000
# plugins and firewalls cap the page size at one of these
_CAPPED = frozenset({10, 20, 25, 30, 50})
_FIELDS = {
    "_embed": "author",
    "_fields": "date,date_gmt,modified_gmt,link,status,type,title.rendered,content.protected,"
    "_links.author,_embedded.author",
}
_PAST_THE_END = "rest_post_invalid_page_number"


def rest_steps(url: str, window: Window) -> tuple[Step, ...]:
    """Return the first requests: one by publication, and since a last night one more by change.

    Both are needed: a post that was written earlier and published on a schedule has an old change time.
    """
    every = with_query(url, {"per_page": PER_PAGE, "orderby": "date", "order": "desc", **_FIELDS})
    if window.until:
        every = with_query(every, {"before": stamp(window.until)})
    if not window.since:
        return (Step("wp_rest", every),)
    since = stamp(window.since)
    published = Step("wp_rest", with_query(every, {"after": since}))
    if window.until:
        return (published,)
    return published, Step("wp_rest", with_query(every, {"orderby": "modified", "modified_after": since}))


def parse_rest(step: Step, body: bytes, base: str, source: Source, window: Window) -> Listing:
    """Return the public posts of one page of the collection, and the page after a full one."""
    posts = _posts(body)
    if not posts:
        return Listing(())
    entries = [entry for post in posts if (entry := _entry(post, base, source, window))]
    shown = digest(str(post.get("link")) for post in posts)
    if shown == step.previous:
        return Listing(())  # the site ignores the page number
    follow = _next_page(step, posts, shown, source, window)
    return Listing(unique(entries), (follow,) if follow else ())


def _posts(body: bytes) -> list[dict[str, Any]]:
    try:
        value = json.loads(unpacked(body))
    except (ValueError, RecursionError):
        html = body.lstrip()[:1] == b"<"
        raise MarkupError("got an HTML page instead of REST" if html else "REST gave no JSON") from None
    if isinstance(value, dict):
        code = str(value.get("code", "unknown"))[:60]
        if code == _PAST_THE_END:
            return []
        raise MarkupError(f"REST refused: {code}")
    if not isinstance(value, list):
        raise MarkupError("REST gave no list of posts")
    return [post for post in value if isinstance(post, dict)]


def _entry(post: dict[str, Any], base: str, source: Source, window: Window) -> Entry | None:
    if post.get("status", "publish") != "publish" or post.get("type") in ("page", "attachment"):
        return None
    if _at(post, "content", "protected") is True or not isinstance(post.get("link"), str):
        return None
    title, author = _at(post, "title", "rendered"), _at(post, "_embedded", "author", 0, "name")
    printed = Printed(
        url=post["link"],
        title=title if isinstance(title, str) else None,
        author=author if isinstance(author, str) else None,
        published=_time(post, "date_gmt", source.zone) or _local(post, source.zone),
        changed=_time(post, "modified_gmt", source.zone),
    )
    return make_entry(printed, base, source, window, origin="wp_rest", trust="feed")


def _next_page(
    step: Step, posts: list[dict[str, Any]], shown: str, source: Source, window: Window
) -> Step | None:
    asked = query_number(step.url, "per_page", PER_PAGE)
    full = len(posts) >= asked or (len(posts) in _CAPPED and step.depth == 0)
    if not full or step.depth + 1 >= MAX_PAGES:
        return None
    ordered = "modified_gmt" if "orderby=modified" in step.url else "date_gmt"
    if window.ends_before(_time(posts[-1], ordered, source.zone)):
        return None  # an old WordPress does not know modified_after
    page = query_number(step.url, "page") + 1
    url = with_query(step.url, {"per_page": min(len(posts), asked), "page": page})
    return Step("wp_rest", url, step.depth + 1, shown)


def _time(post: dict[str, Any], key: str, zone: str) -> Moment | None:
    value = post.get(key)
    return parse_time(f"{value}+00:00", zone) if isinstance(value, str) and len(value) == 19 else None


def _local(post: dict[str, Any], zone: str) -> Moment | None:
    value = post.get("date")
    return parse_time(value, zone) if isinstance(value, str) else None


def _at(value: Any, *keys: str | int) -> Any:
    for key in keys:
        if isinstance(key, str) and isinstance(value, dict):
            value = value.get(key)
        elif isinstance(key, int) and isinstance(value, list) and len(value) > key:
            value = value[key]
        else:
            return None
    return value
