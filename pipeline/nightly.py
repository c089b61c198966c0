"""A whole night: crawl → process → link → retain → publish → report → notify, one after the other.

Each stage goes on from what is stored, so a night that was killed is simply started again; a stage that fails
leaves the later ones to work with what is there. The record in `nights/` says what became of each.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from crawler.health import Health, source_health
from crawler.ledger import Ledger
from crawler.run import CrawlOptions, crawl
from crawler.source import Source, SourceError, load_sources
from pipeline.database import StoreBusy, StoreError
from pipeline.disk import FULL, DiskUse, measure_disk
from pipeline.events import link_events
from pipeline.lock import hold_lock
from pipeline.logs import Log, open_log
from pipeline.morning import write_morning
from pipeline.night_network import crawl_until_answered
from pipeline.night_record import (
    NightRecord,
    Stage,
    close_lost,
    load_records,
    night_of,
    prune_logs,
    save_record,
)
from pipeline.night_signs import CrawlSigns, ReadingSigns
from pipeline.notify import send_notices
from pipeline.process import process
from pipeline.retention import check_clock, clean_snapshots, forget_old
from pipeline.settings import Settings
from pipeline.shelf import prune_snapshots
from pipeline.snapshots import publish
from pipeline.source_quality import source_quality
from pipeline.store import open_store
from pipeline.store_erase import compact_store
from pipeline.told import NOTICE, PAGE, keep_told
from pipeline.vitals import night_vitals
from pipeline.window import window_end

_PATIENCE_S = 600.0  # that a night waits for whoever has the store open, in all
_LOOK_S = 5.0


class NightError(RuntimeError):
    """A stage of the night could not do its work; the message says why and what to do."""


class StageSkipped(Exception):
    """A stage has nothing to do tonight for the reason that the message gives; nothing is wrong."""


@dataclass(frozen=True, slots=True)
class NightOptions:
    """How a night differs from its settings: sources by name, crawling outside of the window, the console."""

    slugs: tuple[str, ...] = ()
    now: bool = False
    console: bool = True


@dataclass(slots=True)
class _Night:
    settings: Settings
    options: NightOptions
    sources: dict[str, Source]
    record: NightRecord
    log: Log
    began: datetime
    patience: float


def run_night(settings: Settings, options: NightOptions = NightOptions()) -> NightRecord:
    """Run a night and return its record; what failed in it stands there and is not raised.

    Raises LockError where another night runs, and SourceError for sources that are not known: then nothing
    has been written. An interrupt ends the night in order, and is raised again.
    """
    sources = _chosen(settings, options)
    with hold_lock(settings.var / "nightly.lock", "nightly"):
        began = datetime.now(UTC)
        run = f"{began:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        record = NightRecord(run, night_of(began), began.isoformat(timespec="seconds"))
        lost = close_lost(settings.nights)
        prune_logs(settings.nights)
        prune_logs(settings.ledger.parent / "logs")
        save_record(settings.nights, record)
        log_file = settings.nights / f"{run}.log.jsonl"
        with open_log(log_file, level=settings.log_level, console=options.console, run=run) as log:
            for earlier in lost:
                log.warning("earlier night was lost", lost=earlier.run)
            _run_stages(_Night(settings, options, sources, record, log, began, _PATIENCE_S))
            log.info("night done", exit_code=record.exit_code, sick=sorted(record.sick))
    return record


def _run_stages(night: _Night) -> None:
    try:
        with _entry(night):
            for name, work in _WORK.items():
                if name in _STORING:
                    _await_store(night)
                _run_stage(night, name, work)
        night.record.status = "done"
    except KeyboardInterrupt:
        night.record.status = "interrupted"
        raise
    finally:
        night.record.ended_at = datetime.now(UTC).isoformat(timespec="seconds")
        _save(night)


def _await_store(night: _Night) -> None:
    """Wait until nobody else has the store open, as `wartawas process` by hand does, while patience lasts."""
    told = False
    while night.settings.store.is_file() and night.patience > 0:
        try:
            with open_store(night.settings.store, create=False):
                return
        except StoreBusy as error:
            if not told:
                night.log.warning("the night waits for the store", problem=_line(error))
            told = True
        except (StoreError, OSError):  # the stage itself says what is wrong
            return
        time.sleep(_LOOK_S)
        night.patience -= _LOOK_S


def _run_stage(night: _Night, name: str, work: Callable[[_Night], Mapping[str, Any] | None]) -> None:
    """Run one stage; whatever it raises is recorded, for the work of the others must not be lost with it."""
    began = time.monotonic()
    stage = Stage(name, started_at=datetime.now(UTC).isoformat(timespec="seconds"))
    night.record.stages.append(stage)
    _save(night)
    night.log.info(f"{name} begins")
    try:
        figures = work(night)
        stage.status = "skipped" if figures is None else "done"
        stage.figures = dict(figures or {})
    except StageSkipped as skipped:
        stage.status, stage.problem = "skipped", str(skipped)
    except Exception as error:  # a stage's failure must not stop the others; it is told
        stage.status, stage.problem = "failed", _line(error)
        night.log.error(f"{name} failed", problem=stage.problem, exc_info=not _expected(error))
    except BaseException as error:
        stage.status, stage.problem = "failed", type(error).__name__
        raise
    finally:
        stage.seconds = round(time.monotonic() - began, 2)
        _save(night)
    if stage.status != "failed":
        figures_told = {k: v for k, v in stage.figures.items() if not isinstance(v, dict | list)}
        reason = {"reason": stage.problem} if stage.problem else {}
        night.log.info(f"{name} {stage.status}", seconds=stage.seconds, **figures_told, **reason)


def _save(night: _Night) -> None:
    """Keep the record; on a full disk the night goes on without it, since its last stage tells of that."""
    try:
        save_record(night.settings.nights, night.record)
    except OSError as error:
        night.log.error("the record was not kept", problem=_line(error))


def _crawl(night: _Night) -> Mapping[str, Any]:
    disk = _room(night)
    settings = night.settings
    ends_at = None if night.options.now else _crawl_end(night)
    options = CrawlOptions(contact=settings.contact, ends_at=ends_at)
    crawl_once = partial(
        crawl,
        list(night.sources.values()),
        options,
        ledger_path=settings.ledger,
        archive_root=settings.archive,
        progress=CrawlSigns(night.log),
    )
    report = crawl_until_answered(crawl_once, ends_at, night.log)
    for slug, row in report.by_source.items():
        tell = night.log.warning if row.problem else night.log.debug
        lost = sum(row.skipped.values()) + sum(row.failed.values())
        tell("source crawled", source=slug, url=night.sources[slug].site, fetched=row.fetched + row.changed,
             lost=lost, problem=row.problem)  # fmt: skip
    problems = {slug: row.problem for slug, row in report.by_source.items() if row.problem}
    figures = {
        "crawl_run": report.run, "status": report.status, "fetched": report.fetched,
        "requests": report.requests, "problems": problems, "disk_used": disk.used, "disk_free": disk.free,
    }  # fmt: skip
    if report.nothing_answered:
        first = next(iter(sorted(problems.items())), ("", ""))
        raise NightError(
            f"none of {len(night.sources)} sources answered ({': '.join(map(str, first))}): check the network"
        )
    return figures


def _crawl_end(night: _Night) -> datetime:
    """Return when fetching ends tonight; raises where there is no time for it.

    What a power cut delayed starts outside of the window, and the next evening fetches: no fault. Where the night
    before did not fetch either, the schedule misses the window, and nobody would hear of it.
    """
    window = night.settings.night.window
    why = f"outside of the window {window} WIB"
    if closes := window_end(window, night.began):
        ends_at = closes - timedelta(minutes=night.settings.night.reading_minutes)
        if ends_at > datetime.now(UTC):
            return ends_at
        why = f"the rest of the window {window} WIB is kept for reading"
    if _fetched_nothing_before(night):
        raise NightError(
            f"{why}, as the night before: correct the schedule or night.window; --now crawls all the same"
        )
    raise StageSkipped(f"{why}; --now crawls all the same")


def _fetched_nothing_before(night: _Night) -> bool:
    """Return whether no start of the newest night before this one came to fetch."""
    records = [r for r in load_records(night.settings.nights) if r.night < night.record.night]
    crawls = [r.stage("crawl") for r in records if r.night == records[0].night]
    return bool(crawls) and all(stage and stage.status == "skipped" for stage in crawls)


def _process(night: _Night) -> Mapping[str, Any] | None:
    if not night.settings.ledger.is_file():
        return None
    _room(night)

    with open_store(night.settings.store) as store:
        report = process(
            night.settings, store, night.sources, on_reading=ReadingSigns(night.log, _fetched(night))
        )
    return {
        "pages": report.pages, "articles": report.articles, "cases": report.cases, "events": report.events,
        "returned": report.returned, "kinds": dict(report.kinds), "refused": dict(report.refused),
    }  # fmt: skip


def _fetched(night: _Night) -> int:
    crawled = night.record.stage("crawl")
    return int(crawled.figures.get("fetched", 0)) if crawled else 0


def _link(night: _Night) -> Mapping[str, Any] | None:
    """Link what an earlier night, or a reading that failed half-way, has left."""
    if not night.settings.store.is_file():
        return None
    with open_store(night.settings.store) as store:
        return {"events": link_events(store, night.settings.reviews)}


def _retain(night: _Night) -> Mapping[str, Any] | None:
    check_clock(night.settings, night.began)
    forgotten = forget_old(night.settings, night.began)
    if forgotten and forgotten.names:
        compact_store(night.settings.store)
    return asdict(forgotten) if forgotten else None


def _publish(night: _Night) -> Mapping[str, Any] | None:
    settings = night.settings
    if not settings.store.is_file():
        return None
    _room(night)
    clean = clean_snapshots(settings)
    with open_store(settings.store) as store:
        # where names were forgotten, nothing of them may linger in free blocks of the copies
        snapshot = publish(store, settings.snapshots, reviews=settings.reviews, rebuild=clean == 0)
    keep = settings.night.keep_snapshots if clean is None else min(settings.night.keep_snapshots, clean + 1)
    # `wartawas compare` wants the snapshot before, even where that one goes tomorrow
    removed = prune_snapshots(settings.snapshots, max(2, keep))
    return {"snapshot": snapshot.number, "removed": len(removed), **snapshot.manifest}


def _report(night: _Night) -> Mapping[str, Any]:
    sick = [one for one in _health(night) if one.status == "broken"]
    night.record.sick = {one.source: list(one.findings) for one in sick}
    for one in sick:
        night.log.warning("source is sick", source=one.source, findings=one.findings, problem=one.problem)
    if night.settings.store.is_file():
        with _unless_busy(night):
            night.record.vitals = night_vitals(night.settings.store, night.began)
    page = write_morning(night.settings, night.record)
    keep_told(night.settings, _published(night), PAGE)
    return {"page": str(page), "sick": len(sick)}


def _notify(night: _Night) -> Mapping[str, Any] | None:
    sent, watches = send_notices(night.settings, night.record)
    reported = night.record.stage("report")
    if reported and reported.status == "done":  # a mail without the page has told of no case
        keep_told(night.settings, _published(night), NOTICE)
    return {"sent": sent, "watches": watches} if sent or watches else None


def _published(night: _Night) -> int | None:
    published = night.record.stage("publish")
    return published.figures.get("snapshot") if published else None


def _health(night: _Night) -> list[Health]:
    settings = night.settings
    if not settings.ledger.is_file():
        return []
    quality = {}
    if settings.store.is_file():
        with _unless_busy(night):
            quality = source_quality(settings.store)
    with Ledger(settings.ledger) as ledger:
        return source_health(ledger, night.sources.values(), quality)


@contextmanager
def _unless_busy(night: _Night) -> Iterator[None]:
    """Let what the block would tell of the store be left out where another process has it open."""
    try:
        yield
    except StoreBusy as error:
        night.log.warning("the page goes without figures of the store", problem=_line(error))


def _room(night: _Night) -> DiskUse:
    disk = measure_disk(night.settings)
    if disk.level == FULL:
        raise NightError(f"no room on the disk ({disk.text}); free some, or raise disk.budget_gb")
    return disk


@contextmanager
def _entry(night: _Night) -> Iterator[None]:
    """Keep the night in the store's table of runs too, where the store can be written."""
    entered = _begin_run(night)
    yield
    if entered is None:
        return
    counts = {stage.name: stage.status for stage in night.record.stages}
    try:
        with open_store(night.settings.store) as store:
            store.end_run(entered, counts, "; ".join(night.record.problems) or None)
    except (OSError, RuntimeError) as error:
        night.log.error("the store does not know how the night ended", problem=_line(error))


def _begin_run(night: _Night) -> str | None:
    try:
        with open_store(night.settings.store) as store:
            store.con.execute(_CLOSE_LOST)
            return store.begin_run("nightly")
    except (OSError, RuntimeError) as error:
        night.log.error("the store cannot be written", problem=_line(error))
        return None


def _chosen(settings: Settings, options: NightOptions) -> dict[str, Source]:
    known = load_sources(settings.sources)
    slugs = options.slugs or settings.night.sources or tuple(known)
    if unknown := [slug for slug in slugs if slug not in known]:
        raise SourceError(f"{unknown[0]}: no such source; `wartawas sources list` shows them")
    return {slug: known[slug] for slug in slugs}


def _expected(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in {"crawler", "nlp", "pipeline"}


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())[:500]
    return text if _expected(error) and text else f"{type(error).__name__}: {text}"


_WORK: dict[str, Callable[[_Night], Mapping[str, Any] | None]] = {
    "crawl": _crawl,
    "process": _process,
    "link": _link,
    "retain": _retain,
    "publish": _publish,
    "report": _report,
    "notify": _notify,
}
_STORING = frozenset({"process", "link", "retain", "publish"})
_CLOSE_LOST = """
UPDATE runs SET ended_at = started_at, problem = 'lost: the process was killed'
WHERE command = 'nightly' AND ended_at IS NULL
"""
