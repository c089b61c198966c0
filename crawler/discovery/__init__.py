"""Finding a source's articles: which pages to ask first, and what each of them lists.

Everything here is pure: it makes addresses and reads bytes, and asks the web for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from lxml import etree

from crawler.discovery.blogger import blogger_steps, parse_blogger
from crawler.discovery.feed import parse_feed
from crawler.discovery.section import parse_section
from crawler.discovery.sitemap import parse_robots, parse_sitemap
from crawler.discovery.times import Window, aware
from crawler.discovery.wordpress import parse_rest, rest_steps
from crawler.records import Listing, Step
from crawler.source import Source

Parser = Callable[[Step, bytes, str, Source, Window], Listing]
_PARSERS: Mapping[str, Parser] = {
    "feed": parse_feed,
    "sitemap": parse_sitemap,
    "wp_rest": parse_rest,
    "blogger": parse_blogger,
    "section": parse_section,
    "robots": parse_robots,
}
_FIRST: Mapping[str, Callable[[str, Window], tuple[Step, ...]]] = {
    "wp_rest": rest_steps,
    "blogger": blogger_steps,
}


def first_steps(
    source: Source, *, since: datetime | None = None, until: datetime | None = None
) -> list[Step]:
    """Return the pages that discovery asks first, one or two for each method of the source.

    `since` is the time of the last complete night less an overlap, or the beginning of a span of the past;
    `until` is set for a span of the past only. Times without a zone are UTC.
    """
    window = Window(aware(since), aware(until))
    steps: list[Step] = []
    for way in source.discovery:
        url = source.resolve(way.url)
        begin = _FIRST.get(way.method)
        steps += begin(url, window) if begin else [Step(way.method, url)]
    return list(dict.fromkeys(steps))


def parse(
    step: Step,
    body: bytes,
    final_url: str,
    source: Source,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Listing:
    """Return what a fetched discovery page lists; `final_url` is where redirects led.

    Give the same `since` and `until` as to first_steps. `since` alone ends paging only; with `until` both
    also drop the entries that are known to lie outside. Hostile or broken input never raises: the
    listing's `problem` says what was wrong.
    """
    window = Window(aware(since), aware(until))
    try:
        return _PARSERS[step.kind](step, body, final_url, source, window)
    except KeyError:
        return Listing((), problem=f"unknown kind of step: {step.kind!r}")
    except (ValueError, RecursionError, etree.LxmlError) as error:
        return Listing((), problem=str(error)[:200] or type(error).__name__)
