"""Health tells a source without news from one that is broken."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp
from pathlib import Path

import pytest

from crawler.health import FINDINGS, Health, Quality, source_health
from crawler.ledger import Ledger
from crawler.records import Step
from crawler.source import Source
from crawler.tally import ListingVisit

START = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
FEED = Step("feed", "https://contoh.example/feed/")


def source(expected: int = 0) -> Source:
    values = {
        "slug": "contoh",
        "name": "Contoh",
        "domains": ["contoh.example"],
        "expect": {"min_articles_night": expected},
        "discovery": [{"method": "feed", "url": "/feed/"}],
    }
    return Source.model_validate(values)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as made:
        yield made


def add_night(
    ledger: Ledger,
    number: int,
    new: int,
    *,
    failed: dict[str, int] | None = None,
    problem: str | None = None,
    listing: str | None = None,
    status: int = 200,
) -> None:
    """Enter one night: new articles, failures by reason, the source's problem, the feed's fault."""
    run, at = f"r{number}", START + timedelta(days=number)
    tally = ledger.tally
    with ledger.transaction():
        tally.start_run(run, at, {"since": None, "until": None})
        tally.start_source(run, "contoh", at.date().isoformat())
        tally.add_listing(run, "contoh", ListingVisit(FEED, status, entries=new, problem=listing), at)
        tally.add_outcome(run, "contoh", "discovered", n=new)
        tally.add_outcome(run, "contoh", "fetched", n=new)
        for reason, n in (failed or {}).items():
            tally.add_outcome(run, "contoh", "failed", reason, n)
        if problem is None and listing is None:
            tally.end_discovery(run, "contoh", at)
        tally.end_source(run, "contoh", at, problem)
        tally.end_run(run, at, "finished")


def health(ledger: Ledger, expected: int = 0, quality: Quality | None = None) -> Health:
    return source_health(ledger, [source(expected)], {"contoh": quality} if quality else None)[0]


def usual_nights(ledger: Ledger, count: int = 8, new: int = 20) -> int:
    for number in range(count):
        add_night(ledger, number, 300 if number == 0 else new)
    return count


def test_source_never_crawled_is_unknown(ledger: Ledger) -> None:
    assert health(ledger).status == "unknown"


def test_usual_night_is_ok_and_the_first_night_no_measure(ledger: Ledger) -> None:
    usual_nights(ledger)
    found = health(ledger, expected=10)
    assert (found.status, found.findings, found.usual) == ("ok", (), 20)


def test_quiet_night_is_no_news_and_many_of_them_are_silence(ledger: Ledger) -> None:
    at = usual_nights(ledger)
    seen = []
    for number in range(at, at + 4):
        add_night(ledger, number, 0)
        seen.append((health(ledger).status, health(ledger).findings))
    assert seen == [("no_news", ()), ("no_news", ()), ("broken", ("silent",)), ("broken", ("silent",))]


def test_source_that_rarely_writes_is_never_silent(ledger: Ledger) -> None:
    for number in range(12):
        add_night(ledger, number, 1 if number in (0, 1) else 0)
    assert health(ledger).status == "no_news"


@pytest.mark.parametrize(
    ("night", "finding"),
    [
        ({"new": 0, "problem": "unreachable: the host's name does not resolve"}, "unreachable"),
        ({"new": 0, "problem": "blocked: http_403"}, "blocked"),
        ({"new": 10, "failed": {"blocked": 15}}, "blocked"),
        ({"new": 10, "failed": {"timeout": 15}}, "pages_failing"),
        ({"new": 3}, "sudden_drop"),
        ({"new": 8}, "below_expectation"),
        ({"new": 0, "listing": "the page links to no article"}, "layout_drift"),
    ],
)
def test_finding_of_a_bad_night(ledger: Ledger, night: dict[str, object], finding: str) -> None:
    add_night(ledger, usual_nights(ledger), **night)  # type: ignore[arg-type]
    found = health(ledger, expected=10)
    assert (found.status, found.findings) == ("broken", (finding,))
    assert finding in FINDINGS


@pytest.mark.parametrize("rate", [1, 3, 6, 15])
def test_chance_alone_is_no_fault(ledger: Ledger, rate: int) -> None:
    dice = random.Random(rate)
    broken = 0
    for number in range(60):
        # so many come by chance, and fewer on Saturdays and Sundays
        least = exp(-rate * (0.7 if number % 7 > 4 else 1.0))
        new, left = 0, dice.random()
        while left > least:
            new, left = new + 1, left * dice.random()
        add_night(ledger, number, new)
        broken += health(ledger).status == "broken"
    assert broken <= 1


def test_feed_is_dead_after_several_failures(ledger: Ledger) -> None:
    at = usual_nights(ledger)
    for number in range(at, at + 3):
        assert "feed_dead" not in health(ledger).findings
        add_night(ledger, number, 0, listing="http_404", status=404)
    assert health(ledger).findings == ("feed_dead",)


@pytest.mark.parametrize(
    ("quality", "findings"),
    [
        (Quality(20, 15, 1), ("dates_missing",)),
        (Quality(20, 1, 15), ("texts_short",)),
        (Quality(20, 1, 1, spun=15), ("spun",)),
        (Quality(20, 3, 3), ()),
        (Quality(3, 3, 3), ()),
    ],
)
def test_quality_of_the_texts_counts(ledger: Ledger, quality: Quality, findings: tuple[str, ...]) -> None:
    usual_nights(ledger)
    assert health(ledger, quality=quality).findings == findings


def test_backfill_is_no_night(ledger: Ledger) -> None:
    at = usual_nights(ledger)
    with ledger.transaction():
        ledger.tally.start_run("past", START + timedelta(days=at), {"since": "2024-01-01", "until": None})
        ledger.tally.start_source("past", "contoh", "2026-04-01")
    assert health(ledger).status == "ok"
