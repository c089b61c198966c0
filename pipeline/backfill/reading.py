"""Pages → rows: cleaned and read as a night does it, in a process of their own that may die of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from crawler.records import Capture
from crawler.source import Source
from pipeline import ids
from pipeline.article import Refusal
from pipeline.backfill.parts import Found, make_row, write_rows
from pipeline.process import BATCH, MEMORY_MB, TIMEOUT_S, Job, Reader, load_reader, read_batch
from pipeline.workers import Failed, WorkerPool


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles to read into `file`: their pages as they stand in the archive `root`, and as the part names them."""

    file: Path
    root: Path
    jobs: tuple[tuple[Capture, ...], ...]
    named: tuple[tuple[Capture, ...], ...]


class BatchReader:
    """Reads batches in one process, which is loaded once; use it as a context manager, and in one thread."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self._start = partial(load_reader, Path(), sources)
        self._pool = self._make_pool(TIMEOUT_S * BATCH, attempts=1)

    def close(self) -> None:
        """End the process."""
        self._pool.close()

    def read(self, batches: Sequence[Batch]) -> Iterator[Batch]:
        """Write the file of each batch, in order; yield each batch when its file stands there.

        A batch that fails is read again page by page, so that the guilty page alone is lost, with its reason.
        """
        for batch, result in self._pool.map(batches):
            if isinstance(result, Failed):
                self._read_apart(batch)
            yield batch

    def _read_apart(self, batch: Batch) -> None:
        rows: list[dict[str, Any]] = []
        ones = [
            Batch(batch.file.with_suffix(".one"), batch.root, (job,), (named,))
            for job, named in zip(batch.jobs, batch.named, strict=True)
        ]
        with WorkerPool(self._start, read_rows, timeout_s=TIMEOUT_S, attempts=2, memory_mb=MEMORY_MB) as pool:
            for one, result in pool.map(ones):
                rows += [_failed(one.named[0], result)] if isinstance(result, Failed) else result
        write_rows(batch.file, rows)

    def _make_pool(self, timeout_s: float, *, attempts: int) -> WorkerPool[Reader, Batch, None]:
        return WorkerPool(
            self._start, write_batch, timeout_s=timeout_s, attempts=attempts, memory_mb=MEMORY_MB
        )


def write_batch(reader: Reader, batch: Batch) -> None:
    """Read a batch and write its file: a worker process does it, for articles are costly to hand on."""
    write_rows(batch.file, read_rows(reader, batch))


def read_rows(reader: Reader, batch: Batch) -> list[dict[str, Any]]:
    """Return the rows of a batch."""
    reader.archive = batch.root
    jobs = tuple(Job(captures, reader.sources.get(captures[0].source)) for captures in batch.jobs)
    return [
        make_row(Found(named, reading.article, reading.extraction, reading.refusal))
        for named, reading in zip(batch.named, read_batch(reader, jobs), strict=True)
    ]


def _failed(named: tuple[Capture, ...], failure: Failed) -> dict[str, Any]:
    first = named[0]
    refusal = Refusal(ids.page_id(first), first.url, failure.reason, failure.detail)
    return make_row(Found(named, None, None, refusal))
