"""The state of the nights as Prometheus text, for whoever watches several servers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pipeline.disk import measure_disk
from pipeline.night_record import NightRecord, load_records, was_killed
from pipeline.settings import Settings

_HELP = {
    "wartawas_night_started_timestamp_seconds": "When the last night began.",
    "wartawas_night_exit_code": "Exit code of the last night: 0 well, 1 failed, 3 sick sources.",
    "wartawas_night_running": "1 while a night runs.",
    "wartawas_stage_seconds": "How long each stage of the last night took.",
    "wartawas_stage_failed": "1 where a stage of the last night failed.",
    "wartawas_sources_sick": "Sources that are broken.",
    "wartawas_pages_fetched": "Pages fetched in the last night.",
    "wartawas_articles_read": "Articles read in the last night.",
    "wartawas_pages_refused": "Pages that gave no article in the last night, by reason.",
    "wartawas_published_articles": "Articles in the current snapshot.",
    "wartawas_disk_used_bytes": "Bytes used by what runs write.",
    "wartawas_disk_free_bytes": "Bytes free on its disk.",
}


def metrics_text(settings: Settings) -> str:
    """Return the metrics of the last night and of the disk; no name of a person stands in them."""
    disk = measure_disk(settings)
    rows: list[tuple[str, str, float]] = [
        ("wartawas_disk_used_bytes", "", disk.used),
        ("wartawas_disk_free_bytes", "", disk.free),
    ]
    records = load_records(settings.nights, 1)
    if records:
        rows += _night(records[0], was_killed(settings.var, records[0]))
    lines = []
    for name, text in _HELP.items():
        values = [(labels, value) for metric, labels, value in rows if metric == name]
        if values:
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
            lines += [f"{name}{labels} {value:.15g}" for labels, value in values]  # a moment has ten digits
    return "\n".join(lines) + "\n"


def _night(record: NightRecord, killed: bool) -> Iterator[tuple[str, str, float]]:
    figures = {stage.name: stage.figures for stage in record.stages}
    yield (
        "wartawas_night_started_timestamp_seconds",
        "",
        datetime.fromisoformat(record.started_at).timestamp(),
    )
    running = record.status == "running" and not killed
    yield "wartawas_night_running", "", running
    if not running:
        yield "wartawas_night_exit_code", "", record.exit_code
    yield "wartawas_sources_sick", "", len(record.sick)
    for stage in record.stages:
        labels = f'{{stage="{stage.name}"}}'
        yield "wartawas_stage_seconds", labels, stage.seconds
        yield "wartawas_stage_failed", labels, stage.status == "failed"
    for metric, stage_name, key in (
        ("wartawas_pages_fetched", "crawl", "fetched"),
        ("wartawas_articles_read", "process", "articles"),
        ("wartawas_published_articles", "publish", "articles"),
    ):
        if key in figures.get(stage_name, {}):
            yield metric, "", figures[stage_name][key]
    for reason, n in sorted(figures.get("process", {}).get("refused", {}).items()):
        yield "wartawas_pages_refused", f'{{reason="{reason}"}}', n
