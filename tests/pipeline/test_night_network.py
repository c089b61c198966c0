"""A night that begins before its network is there fetches all the same, and ends where none comes."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from places import Place
from sites import Answer, Site, make_posts, serve

from crawler.run import CrawlReport
from pipeline import night_network
from pipeline.logs import open_log
from pipeline.night_network import crawl_until_answered


@pytest.mark.parametrize(
    ("minutes", "there_at", "tries", "fetched"), [(60, 2, 2, 2), (60, 9, 3, 0), (0, 2, 1, 0), (None, 2, 1, 0)]
)
def test_night_waits_for_its_network_while_there_is_time(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    minutes: int | None,
    there_at: int,
    tries: int,
    fetched: int,
) -> None:
    monkeypatch.setattr(night_network, "PAUSES_S", (0.1, 0.1))
    ends_at = None if minutes is None else datetime.now(UTC) + timedelta(minutes=minutes)
    site = Site(make_posts(2))
    with serve(site):
        source = site.source("sitemap")  # where it stands once the network is there
    asked = 0
    with ExitStack() as stack, open_log(tmp_path / "log", console=False, run="r") as log:

        def crawl_once() -> CrawlReport:
            nonlocal asked
            asked += 1
            if asked == there_at:
                stack.enter_context(serve(site, int(source.site.rpartition(":")[2])))
            return Place(tmp_path).crawl(source, backoff_s=0.05)

        report = crawl_until_answered(crawl_once, ends_at, log)
    assert (asked, report.fetched, report.nothing_answered) == (tries, fetched, fetched == 0)
    told = [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines()]
    assert told == ["no source answers: waiting for the network"] * (tries - 1)


@pytest.mark.parametrize("answer", [Answer(429, b"", {"Retry-After": "3600"}), Answer(403)])
def test_hosts_that_refuse_are_not_asked_again_before_they_want(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(night_network, "PAUSES_S", (0.1, 0.1))
    ends_at = datetime.now(UTC) + timedelta(minutes=60)
    with serve(Site(make_posts(2))) as site, open_log(tmp_path / "log", console=False, run="r") as log:
        site.rules.append(lambda _path, _headers: answer)
        report = crawl_until_answered(
            lambda: Place(tmp_path).crawl(site.source(), backoff_s=0.05), ends_at, log
        )
    assert report.nothing_answered
    assert [entry.path for entry in site.log].count("/robots.txt") == 1
