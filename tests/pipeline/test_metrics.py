"""The metrics are text that Prometheus reads, and say what the last night's record says."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.metrics import metrics_text
from pipeline.night_record import NightRecord, Stage, save_record
from pipeline.settings import Settings

_LINE = re.compile(r'[a-z_]+(\{[a-z]+="[a-z_]+"\})? -?[0-9.e+]+')


def test_metrics_tell_of_the_last_night(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    assert "wartawas_night" not in metrics_text(settings)
    stages = [
        Stage("crawl", "done", seconds=12.5, figures={"fetched": 40}),
        Stage("process", "done", figures={"articles": 31, "refused": {"spun": 2}}),
        Stage("publish", "failed", problem="penuh"),
    ]
    record = NightRecord("20260302T140000Z-a", "2026-03-02", "2026-03-02T14:00:00+00:00", "done", stages=stages,
                         sick={"situs": ["spun"]})  # fmt: skip
    save_record(settings.nights, record)
    text = metrics_text(settings)
    assert all(_LINE.fullmatch(line) for line in text.splitlines() if not line.startswith("#"))
    for line in ("wartawas_night_exit_code 1", "wartawas_sources_sick 1", 'wartawas_stage_seconds{stage="crawl"} 12.5',
                 'wartawas_stage_failed{stage="publish"} 1', "wartawas_pages_fetched 40",
                 'wartawas_pages_refused{reason="spun"} 2', "wartawas_articles_read 31",
                 "wartawas_night_started_timestamp_seconds 1772460000"):  # fmt: skip
        assert line in text.splitlines()
