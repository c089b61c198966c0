"""Where the sites agree that it is days later than here, a crawl ends before it stores wrong times."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from places import Place
from sites import Answer, Site, make_posts, serve

from crawler.clocks import Clocks
from crawler.run import CrawlError
from crawler.source import Source

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def later(days: float, now: datetime = NOW) -> str:
    return format_datetime(now + timedelta(days=days))


class Ahead(Site):
    """A site whose clock is 500 days ahead."""

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        said = super().answer(path, headers)
        said.headers["Date"] = later(500, datetime.now(UTC))
        return said


def test_a_clock_is_wrong_where_three_sources_and_most_of_them_say_so() -> None:
    clocks = Clocks(9)
    said = [
        clocks.hear(name, later(days), NOW) for name, days in (("a", 0), ("b", 400), ("c", 401), ("d", 402))
    ]
    assert said[:3] == [None, None, None]
    assert said[3] and "401 days before that of 3 of 4 sources" in said[3]


def test_a_single_source_is_believed_where_there_is_no_other() -> None:
    assert Clocks(1).hear("a", later(3), NOW)
    assert Clocks(2).hear("a", later(3), NOW) is None


@pytest.mark.parametrize("date", ["", "kemarin", later(0.4), later(-900), "Sat, 99 Foo 2027 10:00:00 GMT"])
def test_local_time_called_gmt_old_copies_and_no_dates_say_nothing(date: str) -> None:
    assert Clocks(1).hear("a", date, NOW) is None


def test_one_site_of_several_with_a_clock_ahead_stops_nobody() -> None:
    clocks = Clocks(4)
    assert [clocks.hear(name, later(0), NOW) for name in "abc"] == [None] * 3
    assert [clocks.hear("d", later(9), NOW) for _ in range(5)] == [None] * 5


def test_a_crawl_ends_in_one_line_where_the_sites_say_that_the_clock_is_wrong(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with ExitStack() as served:
        sources: list[Source] = []
        for _ in range(3):
            site = Ahead(make_posts(3))
            served.enter_context(serve(site))
            sources.append(site.source("sitemap"))
        with pytest.raises(CrawlError, match="of 3 sources, so every date would be wrong"):
            place.crawl(*sources)
        busy = Ahead(make_posts(3))
        served.enter_context(serve(busy))
        busy.rules.append(lambda _path, _headers: Answer(503, b"", {"Retry-After": "60"}))
        began = time.monotonic()
        with pytest.raises(CrawlError, match="so every date would be wrong"):
            place.crawl(*sources, busy.source("sitemap"), max_wait_s=90.0)
        assert time.monotonic() - began < 45
    assert place.captures() == []
    with serve(Site(make_posts(2))) as site:
        assert place.crawl(site.source("sitemap")).fetched == 2
