"""One WARC file → one part. Whoever does it may be killed at any moment: the next attempt goes on from there.

Work in progress stands in `work/<id>`: the wanted pages with the scan's state, then a file of rows for each batch
of articles. The part appears in one step, and the work folder goes.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.ledger import Ledger
from crawler.records import Capture
from crawler.scan import Fetching, Scan, Sieve, scan_warc
from crawler.source import Source
from nlp.model import model_version
from pipeline.backfill.glance import is_indonesian
from pipeline.backfill.parts import join_rows, part_line
from pipeline.backfill.reading import Batch, BatchReader
from pipeline.backfill.units import BackfillError, Unit
from pipeline.chunks import chunks
from pipeline.process import BATCH, generations

PARTS, WORK = "parts", "work"


@dataclass(frozen=True, slots=True)
class Plan:
    """What every unit of a back-fill shares: the folder, the sources, how files are fetched, the model's version."""

    out: Path
    sources: dict[str, Source]
    how: Fetching
    model: str

    def part(self, unit: Unit) -> Path:
        """Return where the unit's part stands, or will."""
        return self.out / PARTS / f"{unit.id}.parquet"

    def work(self, unit: Unit) -> Path:
        """Return the folder of the unit's work in progress."""
        return self.out / WORK / unit.id

    def done(self, unit: Unit) -> dict[str, Any] | None:
        """Return the line of the unit's part, None where this model has not made it yet."""
        line = part_line(self.part(unit))
        return line if line and line.get("model") == self.model else None

    def clear(self, unit: Unit) -> None:
        """Remove what makers of the unit's part left, were they done or killed: names stand in it."""
        part = self.part(unit)
        for draft in part.parent.glob(f".{part.name}.*"):
            draft.unlink(missing_ok=True)
        shutil.rmtree(self.work(unit), ignore_errors=True)

    def progress(self, unit: Unit) -> tuple[int, int]:
        """Return how far the unit's work has come: files that stand there, and bytes of the scan's pages."""
        try:
            files = [path for path in self.work(unit).rglob("*") if not path.name.startswith(".")]
            return len(files), sum(path.stat().st_size for path in files if path.name.startswith("scan."))
        except FileNotFoundError:  # a worker was just done, and took its folder away
            return 0, 0


class UnitReader:
    """Makes parts in this process, which reads articles in another one; close it at the end."""

    def __init__(self, plan: Plan) -> None:
        if model_version() != plan.model:
            raise BackfillError(
                f"this worker has model {model_version()}, the back-fill was started with {plan.model}: "
                "install the same wartawas everywhere"
            )
        # a worker of a pool may have no children by default, lest they outlive it: ours end with their pipe
        if multiprocessing.current_process().daemon:
            multiprocessing.current_process().daemon = False
        self._plan = plan
        self._sieve = Sieve(plan.sources.values(), is_indonesian)
        self._reader = BatchReader(plan.sources)

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    def read(self, unit: Unit) -> dict[str, Any]:
        """Make the unit's part, unless it stands there already, and return its manifest line.

        Waits for another process that reads the same unit, as one of a back-fill that was killed may do. Raises
        DownloadError, WarcError and LedgerError where the file cannot be read.
        """
        folder = self._plan.work(unit)
        for path in (folder, self._plan.part(unit).parent):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder):
            line = self._plan.done(unit) or self._make(unit, folder)
            self._plan.clear(unit)
            return line

    def _make(self, unit: Unit, folder: Path) -> dict[str, Any]:
        began = time.monotonic()
        rows = folder / self._plan.model
        rows.mkdir(mode=0o700, exist_ok=True)
        root, captures, scan = self._pages(unit, folder)
        states = list(_states(captures))
        told = {capture.id for state in states for capture in state}
        scan.passed["part"] += sum(capture.id not in told for capture in captures)
        batches = list(self._batches(unit, rows, root, scan, states))
        for _ in self._reader.read([batch for batch in batches if not batch.file.exists()]):
            pass
        return join_rows(
            [batch.file for batch in batches],
            self._plan.part(unit),
            _line(unit, scan, self._plan.model, began),
        )

    def _pages(self, unit: Unit, folder: Path) -> tuple[Path, list[Capture], Scan]:
        """Return the wanted pages with the archive they stand in: our own file's, or those of a scan."""
        if unit.ledger and unit.archive:
            captures = _own_captures(unit)
            if captures:
                size = Path(unit.address).stat().st_size
                return Path(unit.archive), captures, Scan(records=len(captures), read=size)
        scan = scan_warc(unit.address, folder, self._sieve, self._plan.how)
        return folder, scan.captures, scan

    def _batches(
        self, unit: Unit, rows: Path, root: Path, scan: Scan, states: Sequence[tuple[Capture, ...]]
    ) -> Iterator[Batch]:
        for number, jobs in enumerate(chunks(states, BATCH)):
            named = jobs
            if scan.origins:
                named = tuple(tuple(scan.origin(capture, unit.name) for capture in job) for job in jobs)
            yield Batch(rows / f"{number:06}.parquet", root, jobs, named)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a unit's work folder, which the kernel lets go with the process that held it."""
    with (folder / ".lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _own_captures(unit: Unit) -> list[Capture]:
    """Return the manifest's rows of one of our own archive files: they know what discovery said of a page."""
    with Ledger(Path(unit.ledger or "")) as ledger:
        source = unit.name.partition("/")[0]
        return [
            capture
            for capture in ledger.captures(source=source)
            if capture.warc == unit.name and capture.kind == "response"
        ]


def _states(captures: Sequence[Capture]) -> Iterator[tuple[Capture, ...]]:
    """Yield the states of each article, as a night does; articles in the order of their first page."""
    articles: dict[str, list[Capture]] = {}
    for capture in sorted(captures, key=lambda c: (c.fetched_at, c.id)):
        articles.setdefault(capture.article_url, []).append(capture)
    for pages in articles.values():
        yield from generations(pages)


def _line(unit: Unit, scan: Scan, model: str, began: float) -> dict[str, Any]:
    return {
        "unit": unit.address, "id": unit.id, "model": model, "records": scan.records, "pages": _kept(scan),
        "passed": _counts(scan.passed), "broken": _counts(scan.broken), "damage": scan.damage,
        "bytes": scan.read, "seconds": round(time.monotonic() - began, 2),
    }  # fmt: skip


def _kept(scan: Scan) -> int:
    return scan.records - scan.broken.total() - scan.passed.total() + scan.passed["part"]


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {reason: n for reason, n in sorted(counter.items()) if n}
