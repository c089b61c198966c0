"""Sitemaps, sitemap indexes and news sitemaps, packed or not; and robots.txt, which names them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import etree

from crawler.discovery.entries import Printed, make_entry, unique
from crawler.discovery.feed import is_feed, read_feed
from crawler.discovery.markup import child_text, children, name_of, parse_xml
from crawler.discovery.shapes import lists_articles
from crawler.discovery.times import Moment, Window, parse_time
from crawler.records import Entry, Listing, Step
from crawler.source import Source

MAX_DEPTH = 3
MAX_CHILDREN = 500
MAX_URLS = 50_000
#: So many pages of one sitemap may have changed on one day, and at one second.
MAX_A_DAY, MAX_AT_ONCE = 1_000, 10
_DATED = re.compile(r"((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])(?:[-_/]?(0[1-9]|[12]\d|3[01]))?(?=\D|$)")
_NUMBER = re.compile(r"(\d{1,6})(?=\D*$)")


@dataclass(frozen=True, slots=True)
class _Child:
    url: str
    changed: Moment | None
    covers: Moment | None


def parse_sitemap(step: Step, body: bytes, base: str, source: Source, window: Window) -> Listing:
    """Return a sitemap's articles, or an index's children that can hold articles of the window."""
    root = parse_xml(body)
    kind = name_of(root).lower()
    if kind == "sitemapindex":
        return _index(step, root, base, source, window)
    if kind == "urlset":
        entries = unique(_entries(root, base, source, window))
        listed = next(children(root, "url"), None) is not None
        return Listing(entries, problem=None if listed or step.depth else "the sitemap is empty")
    if is_feed(root):  # Blogger names its Atom feed as a sitemap
        page = read_feed(root, base, source, window, origin="feed")
        return Listing(page.entries, problem=None if page.items else "the feed holds no entries")
    return Listing((), problem=f"no sitemap: its root is <{kind[:40]}>")


def parse_robots(step: Step, body: bytes, base: str, source: Source, window: Window) -> Listing:
    """Return the sitemaps that robots.txt names, or the usual address where it names none."""
    lines = body[:500_000].decode("utf-8", "replace").splitlines()
    named = [line.partition(":")[2].strip() for line in lines if line.strip().lower().startswith("sitemap:")]
    found = [_Child(url, None, None) for name in named[:50] if (url := _own(name, base, source))]
    chosen = [child for child in found if lists_articles(child.url)]
    if not chosen and not any(way.method == "sitemap" for way in source.discovery):
        chosen = [_Child(source.resolve("/sitemap.xml"), None, None)]
    return Listing((), tuple(Step("sitemap", child.url, step.depth + 1) for child in chosen[:20]))


def _entries(root: etree._Element, base: str, source: Source, window: Window) -> list[Entry]:
    listed = [_printed(url, source) for url in islice(children(root, "url"), MAX_URLS)]
    shared = _shared_times(listed)
    found: list[Entry] = []
    for printed in listed:
        if printed.changed and printed.changed.iso in shared:
            printed = replace(printed, changed=None)  # noqa: PLW2901
        entry = make_entry(printed, base, source, window, origin="sitemap", trust="sitemap")
        if entry:
            found.append(entry)
    return found[::-1] if source.cms == "wordpress" else found  # whose own sitemaps list the oldest first


def _printed(url: etree._Element, source: Source) -> Printed:
    news = next(children(url, "news"), None)
    return Printed(
        url=child_text(url, "loc") or "",
        title=child_text(news, "title") if news is not None else None,
        published=_time(news, "publication_date", source) if news is not None else None,
        changed=_time(url, "lastmod", source),
    )


def _shared_times(listed: list[Printed]) -> set[str]:
    """Return the times of change that more pages share than can have changed then.

    Such a time tells when the file was made, or the site moved: it dates no article, and each time that the file is
    made anew every article would count as changed.
    """
    counts = Counter(printed.changed.iso for printed in listed if printed.changed)
    return {iso for iso, n in counts.items() if n > (MAX_A_DAY if _is_day(iso) else MAX_AT_ONCE)}


def _is_day(iso: str) -> bool:
    return "T" not in iso or "T00:00:00" in iso


def _time(element: etree._Element, name: str, source: Source) -> Moment | None:
    return parse_time(child_text(element, name), source.zone)


def _index(step: Step, root: etree._Element, base: str, source: Source, window: Window) -> Listing:
    if step.depth >= MAX_DEPTH:
        return Listing((), problem="sitemap indexes lie within each other too deep")
    listed: list[_Child] = []
    for element in children(root, "sitemap"):
        url = _own(child_text(element, "loc") or "", base, source)
        if url and lists_articles(url):
            changed = _time(element, "lastmod", source)
            listed.append(_Child(url, changed, _covered(url, source.zone)))
    chosen = [child for child in listed if _may_hold(child, window)]
    if window.since and not window.until:
        chosen = _ends_of_series(chosen)
    urls = dict.fromkeys(child.url for child in _newest(chosen))
    steps = tuple(Step("sitemap", url, step.depth + 1) for url in urls)
    return Listing(
        (), steps[:MAX_CHILDREN], problem=None if listed else "the index names no sitemap of articles"
    )


def _newest(found: list[_Child]) -> list[_Child]:
    """Return the children so that the bound takes the oldest off: those without a time stay first."""
    if len(found) <= MAX_CHILDREN:
        return found
    return sorted(found, key=lambda child: -_time_of(child))


def _time_of(child: _Child) -> float:
    known = child.covers or child.changed
    return known.end.timestamp() if known else math.inf


def _own(raw: str, base: str, source: Source) -> str | None:
    try:
        url = urljoin(base, raw.strip())
        own = source.owns(url) or urlsplit(url).netloc == urlsplit(base).netloc
    except ValueError:
        return None
    return url if own and raw.strip() and len(url) < 1000 else None


def _may_hold(child: _Child, window: Window) -> bool:
    # an old month's sitemap with a fresh lastmod holds a changed article
    if window.until and child.covers and child.covers.start > window.until:
        return False
    known = child.changed or child.covers
    return not window.ends_before(known)


def _covered(url: str, zone: str) -> Moment | None:
    """Return the day or month whose articles a sitemap lists, by its name or query."""
    split = urlsplit(url)
    query = dict(parse_qsl(split.query))
    if "yyyy" in query:
        parts = [query["yyyy"], query.get("mm", ""), query.get("dd", "")]
        return parse_time("-".join(part for part in parts if part), zone)
    found = _DATED.search(split.path)
    return parse_time("-".join(part for part in found.groups() if part), zone) if found else None


def _ends_of_series(found: list[_Child]) -> list[_Child]:
    """Return the children without the middle of numbered series that state no time.

    WordPress puts new articles into the last of them, other systems into the first.
    """
    series: defaultdict[str, list[tuple[int, _Child]]] = defaultdict(list)
    for child in found:
        number = _NUMBER.search(child.url)
        undated = not child.changed and not child.covers
        key = _NUMBER.sub("#", child.url) if undated and number else child.url
        series[key].append((int(number[1]) if number else 0, child))
    kept: list[_Child] = []
    for members in series.values():
        ordered = [child for _, child in sorted(members, key=lambda pair: pair[0])]
        kept += ordered if len(ordered) < 3 else [ordered[0], ordered[-1]]
    return kept
