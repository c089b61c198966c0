"""A crawl from outside: it runs in a child process, because Twisted's reactor runs once in a process."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from crawler.ledger import Ledger
from crawler.options import CrawlOptions, CrawlReport, Progress, SourceReport
from crawler.source import Source

__all__ = ["CrawlError", "CrawlOptions", "CrawlReport", "Progress", "SourceReport", "crawl", "read_report"]

_GRACE_SECONDS = 60.0


class CrawlError(RuntimeError):
    """The crawl as a whole could not be done; the message says why and where the log is."""


def crawl(
    sources: Sequence[Source],
    options: CrawlOptions,
    *,
    ledger_path: Path,
    archive_root: Path,
    progress: Callable[[Progress], None] | None = None,
) -> CrawlReport:
    """Crawl the sources and return what was done; the ledger and the archive hold the rest.

    A source that fails does not stop the others: its report carries the problem. An interrupt (Ctrl-C) ends
    the crawl in order, and is raised again. Raises CrawlError, and LedgerError for an unusable ledger.
    """
    if not sources:
        raise CrawlError("no source to crawl; name one with --source, or take all with --all")
    run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    job = {
        "run": run,
        "sources": [source.model_dump(mode="json") for source in sources],
        "options": options.to_json(),
        "ledger": str(ledger_path.resolve()),
        "archive": str(archive_root.resolve()),
        "log": str(_log_path(ledger_path, run)),
    }
    with Ledger(ledger_path):
        pass  # an unusable ledger is told before a process is started
    began = time.monotonic()
    error = _run_child(job, progress or (lambda _: None))
    if error:
        raise CrawlError(error)
    return read_report(ledger_path, run, time.monotonic() - began)


def read_report(ledger_path: Path, run: str, seconds: float = 0.0) -> CrawlReport:
    """Return the report of a run from the ledger. Raises CrawlError where there is no such run."""
    with Ledger(ledger_path) as ledger:
        row = ledger.tally.run(run)
        if row is None:
            raise CrawlError(f"{ledger_path}: no run {run}")
        by_source = ledger.tally.source_reports(run)
        waiting = {slug: ledger.pages.waiting(slug) for slug in by_source}
    reports = {slug: SourceReport(**values, waiting=waiting[slug]) for slug, values in by_source.items()}
    return CrawlReport(
        run,
        row,
        seconds,
        sum(report.fetched + report.changed for report in reports.values()),
        sum(report.requests for report in reports.values()),
        reports,
    )


def _run_child(job: dict[str, Any], progress: Callable[[Progress], None]) -> str | None:
    """Run crawler.worker with the job on its standard input; return why it failed."""
    command = [sys.executable, "-m", "crawler.worker"]
    with Path(job["log"]).open("a", encoding="utf-8") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=_environment()
        )
        try:
            error = _talk(child, job, progress)
            code = child.wait()
        except BaseException:
            _end(child)
            raise
    if error:
        return error
    return None if code == 0 else f"the crawl broke off (exit code {code}); see {job['log']}"


def _talk(
    child: subprocess.Popen[str], job: dict[str, Any], progress: Callable[[Progress], None]
) -> str | None:
    """Give the child its job and follow what it says; return the error that it named."""
    if child.stdin is None or child.stdout is None:
        raise CrawlError("the crawl's process has no pipes")
    with contextlib.suppress(BrokenPipeError), child.stdin:
        child.stdin.write(json.dumps(job))
    return _follow(child.stdout, progress)


def _follow(lines: IO[str], progress: Callable[[Progress], None]) -> str | None:
    error = None
    for kind, value in _messages(lines):
        if kind == "progress":
            progress(Progress(**value))
        elif kind == "error":
            error = str(value)
    return error


def _messages(lines: IO[str]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        with contextlib.suppress(ValueError):
            message = json.loads(line)
            yield message["kind"], message["value"]


def _end(child: subprocess.Popen[str]) -> None:
    """Let the child end in order, which it does on the interrupt and when nobody reads it any more."""
    if child.stdout:
        child.stdout.close()
    try:
        child.terminate()
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _environment() -> dict[str, str]:
    """Return the environment in which the child finds this package wherever the caller stands."""
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def _log_path(ledger_path: Path, run: str) -> Path:
    folder = ledger_path.resolve().parent / "logs"
    # names stand in ledger and archive: their folder is for its owner alone, and `parents` would take the umask
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"crawl-{run}.log"
