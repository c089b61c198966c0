"""Long stages show signs of life with an estimate, once a minute and not more often."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from findings import accused_article, make_capture, make_refusal

from crawler.run import Progress
from pipeline import night_signs
from pipeline.logs import open_log
from pipeline.night_signs import CrawlSigns, ReadingSigns
from pipeline.process import Job, Reading


@pytest.mark.parametrize(("seconds", "signs"), [(0.0, 2), (3600.0, 0)])
def test_signs_tell_how_far_and_how_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, signs: int
) -> None:
    monkeypatch.setattr(night_signs, "SIGN_S", seconds)
    article, found = accused_article()
    capture = make_capture(article)
    with open_log(tmp_path / "log", console=False, run="r") as log:
        crawl, reading = CrawlSigns(log), ReadingSigns(log, fetched=100)
        for n in (1, 2):
            crawl(Progress("kabar", "pages", fetched=10 * n, waiting=5))
        reading(Reading(Job((capture,), None), article, found))
        reading(Reading(Job((capture,), None), None, None, make_refusal(capture, "spun")))
    rows = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    goes_on = [row for row in rows if row["event"] == "crawl goes on"]
    assert len(goes_on) == signs
    if signs:
        assert (goes_on[-1]["fetched"], goes_on[-1]["waiting"]) == (20, 5)
        assert [row["read"] for row in rows if row["event"] == "reading goes on"] == [1, 2]
    assert [row["kind"] for row in rows if row["event"] == "article read"] == ["pelanggaran"]
    (refused,) = [row for row in rows if row["event"] == "page refused"]
    assert (refused["reason"], refused["source"], refused["url"]) == ("spun", "kabar", capture.article_url)
