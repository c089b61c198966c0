"""How long a host is left alone that asks for it, and that no wait outlasts the night or costs a source its night."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from places import QUICK, Place
from sites import Answer, Site, make_posts, serve

from crawler.run import crawl


def first(number: int, path_part: str, answer: Callable[[], Answer]) -> Callable[..., Answer | None]:
    """Return a rule that gives the first `number` requests for such a path another answer than the site's."""
    left = [answer] * number
    return lambda path, _headers: left.pop()() if path_part in path and left else None


def test_a_busy_host_that_asks_for_no_time_gets_our_back_off(place: Place) -> None:
    with serve(Site(make_posts(1))) as site:
        site.rules.append(first(5, "kabar", lambda: Answer(503, b"", {"Retry-After": "0"})))
        site.rules.append(first(1, "/wp-sitemap.xml", lambda: Answer(503, b"", {"Retry-After": "0"})))
        report = place.crawl(site.source(), backoff_s=0.3)
    refused = [n for n, entry in enumerate(site.log) if entry.status == 503]
    assert all(site.log[n + 1].begin - site.log[n].begin >= 0.3 for n in refused[:-1])
    [one] = report.by_source.values()
    assert (one.problem, one.failed) == (None, {"http_503": 1})


def test_an_address_that_redirects_to_a_busy_host_waits_with_it(place: Place) -> None:
    with serve(Site(make_posts(1))) as old, serve(Site(make_posts(1))) as new:
        old.rules.append(
            lambda path, _: Answer(302, b"", {"Location": new.url + path}) if "kabar" in path else None
        )
        new.rules.append(first(2, "kabar", lambda: Answer(429, b"", {"Retry-After": "1"})))
        report = place.crawl(old.source(domains=[old.url[7:], new.url[7:]]))
    asked = [entry.begin for entry in new.log if "kabar" in entry.path]
    assert len(asked) == 3
    assert all(b - a >= 1.0 for a, b in pairwise(asked))
    assert [one.fetched for one in report.by_source.values()] == [1]


def test_a_host_is_not_left_for_the_one_that_it_redirects_another_source_to(place: Place) -> None:
    with serve(Site(make_posts(12))) as old, serve(Site(make_posts(1))) as new:
        old.rules.append(
            lambda path, _: Answer(302, b"", {"Location": new.url + path}) if "00002" in path else None
        )
        new.rules.append(first(9, "kabar", lambda: Answer(429, b"", {"Retry-After": "86400"})))
        desks = (
            old.source(slug="dua-alamat", domains=[old.url[7:], new.url[7:]], article=["00002"]),
            old.source(slug="satu-alamat", exclude=["00002"], politeness={"delay_s": 0.2}),
        )
        report = place.crawl(*desks)
    problems = [(report.by_source[slug].problem or "") for slug in ("dua-alamat", "satu-alamat")]
    assert problems == ["host_overloaded: asks to wait 86400 s", ""]


def test_a_date_to_come_back_at_counts_by_the_clock_of_the_site(place: Place) -> None:
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)

    def later() -> Answer:
        assert site.now
        return Answer(
            503, b"", {"Retry-After": format_datetime(site.now + timedelta(seconds=1), usegmt=True)}
        )

    with serve(Site(make_posts(1))) as site:
        site.now = ahead
        site.rules.append(first(1, "kabar", later))
        report = place.crawl(site.source())
    assert [(one.fetched, one.problem) for one in report.by_source.values()] == [(1, None)]
    refused = next(n for n, entry in enumerate(site.log) if entry.status == 503)
    assert site.log[refused + 1].begin - site.log[refused].begin >= 1.0


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_is_busy_when_the_night_begins_is_not_left_for_all_of_it(
    place: Place, status: int
) -> None:
    with serve(Site(make_posts(1))) as site:
        site.rules.append(first(4, "/robots.txt", lambda: Answer(status)))
        report = place.crawl(site.source(), backoff_s=0.1)
    assert [(one.fetched, one.problem) for one in report.by_source.values()] == [(1, None)]
    gaps = [b.begin - a.begin for a, b in pairwise(site.log[:5])]
    assert all(gap >= 0.1 * 2**n for n, gap in enumerate(gaps))


def test_a_host_that_is_busy_for_long_when_the_night_begins_is_left_after_three_tries(place: Place) -> None:
    with serve(Site(make_posts(1))) as site:
        site.rules.append(lambda _path, _headers: Answer(503, b"", {"Retry-After": "1"}))
        report = place.crawl(site.source(), backoff_s=0.1, max_wait_s=1.5)
    assert len(site.log) == 3
    [one] = report.by_source.values()
    assert (one.problem or "").startswith("robots_unavailable")


def test_a_wait_for_robots_ends_with_the_night(place: Place) -> None:
    with serve(Site(make_posts(1))) as site:
        site.rules.append(first(1, "/robots.txt", lambda: Answer(503, b"", {"Retry-After": "30"})))
        began = time.monotonic()
        report = place.crawl(
            site.source(), max_wait_s=60.0, timeout_s=1.0, ends_at=datetime.now(UTC) + timedelta(seconds=4)
        )
    assert time.monotonic() - began < 25
    assert [entry.path for entry in site.log] == ["/robots.txt"]
    assert [one.problem for one in report.by_source.values()] == ["window_closed"]


@pytest.mark.parametrize("kind", ["pause", "robots", "redirect"])
def test_nothing_is_asked_once_the_night_has_ended(place: Place, kind: str) -> None:
    slow = {"robots": "/robots.txt", "redirect": "/wp-sitemap.xml"}
    with serve(Site(make_posts(1))) as site:
        if kind == "redirect":
            moved = Answer(302, b"", {"Location": "/posts-1.xml"}, delay=3.0)
            site.rules.append(first(1, slow[kind], lambda: moved))
        elif kind == "robots":
            site.rules.append(first(1, slow[kind], lambda: Answer(404, delay=3.0)))
        source = site.source(politeness={"delay_s": 20.0 if kind == "pause" else 0.0})
        began = time.monotonic()
        report = place.crawl(source, timeout_s=4.0, ends_at=datetime.now(UTC) + timedelta(seconds=6))
    assert time.monotonic() - began < 18
    asked = [entry.path for entry in site.log]
    assert asked == ["/robots.txt", "/wp-sitemap.xml"][: min(len(asked), 2 if kind == "redirect" else 1)]
    assert [one.problem for one in report.by_source.values()] == ["window_closed"]


def test_nothing_is_asked_once_the_crawl_is_interrupted(place: Place) -> None:
    def interrupt(_progress: object) -> None:
        raise KeyboardInterrupt

    with serve(Site(make_posts(1))) as site:
        site.rules.append(first(1, "/robots.txt", lambda: Answer(404, delay=1.5)))
        with pytest.raises(KeyboardInterrupt):
            crawl(
                [site.source()],
                QUICK,
                ledger_path=place.ledger,
                archive_root=place.archive,
                progress=interrupt,
            )
    assert [entry.path for entry in site.log] in ([], ["/robots.txt"])
