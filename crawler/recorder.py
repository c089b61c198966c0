"""The one thread that writes: WARC records first and down to the disk, then the ledger, then the answer.

Changes are committed in batches. Within a batch nothing is acknowledged before all of it is safe, and what a
crash leaves of a batch is neither in the ledger nor, after recovery, in the archive.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import Archive, WarcWriter, warc_name
from crawler.ledger import Ledger

BATCH_ROWS = 100
BATCH_SECONDS = 0.1
MAX_WAITING_BYTES = 32 << 20
MAX_WAITING = 2000
_log = logging.getLogger(__name__)


class Desk:
    """What a change may use: the ledger inside a transaction, and the writers of this run's WARC files."""

    def __init__(self, ledger: Ledger, archive: Archive, run: str) -> None:
        self.ledger = ledger
        self.run = run
        self._archive = archive
        self._writers: dict[str, WarcWriter] = {}

    def writer(self, source: str) -> WarcWriter:
        """Return the writer of the WARC file of `source` in this run."""
        if source not in self._writers:
            end = self.ledger.archive_end(warc_name(source, self.run))
            self._writers[source] = self._archive.open(source, self.run, end)
        return self._writers[source]

    def close_writer(self, source: str) -> None:
        """Close the file of `source`, where it has one; only what is committed may stand in it."""
        writer = self._writers.pop(source, None)
        if writer:
            writer.close()

    def sync(self) -> None:
        """Bring all files of this run to the disk."""
        for writer in self._writers.values():
            writer.sync()

    def close(self, *, good: bool) -> None:
        """Close all files, or leave them open for the next run's recovery where the last batch failed."""
        for writer in self._writers.values():
            if good:
                writer.close()
            else:
                writer.abandon()
        self._writers.clear()


Change = Callable[[Desk], object]
Answer = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class _Job:
    change: Change
    answer: Answer | None
    size: int
    urgent: bool
    closes: str | None = None


class Recorder:
    """Applies changes in the order in which they were handed in, on a thread of its own.

    `deliver` brings a call back to the thread of the crawl; answers are given through it after the commit.
    `failed` is called there, once, when nothing more can be recorded.
    """

    def __init__(
        self,
        ledger_path: Path,
        archive_root: Path,
        run: str,
        *,
        deliver: Callable[[Callable[[], None]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._bytes = 0
        self._deliver = deliver
        self._failed = failed
        self.error: Exception | None = None
        self._desk = Desk(Ledger(ledger_path), Archive(archive_root), run)
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    @property
    def full(self) -> bool:
        """Whether so much waits to be written that the crawl should hold back."""
        return self._bytes > MAX_WAITING_BYTES or self._waiting > MAX_WAITING

    def submit(
        self, change: Change, answer: Answer | None = None, *, size: int = 0, urgent: bool = False
    ) -> None:
        """Hand in a change; `answer` gets what it returned once it is committed.

        `size` is the number of bytes that the change holds in memory; `urgent` ends the batch with it.
        """
        self._put(_Job(change, answer, size, urgent))

    def close_file(self, source: str) -> None:
        """Close the WARC file of `source` after everything handed in before."""
        self._put(_Job(lambda _desk: None, None, 0, urgent=True, closes=source))

    def close(self) -> None:
        """Write what waits, close the files and the ledger, and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _put(self, job: _Job) -> None:
        with self._lock:
            self._waiting += 1
            self._bytes += job.size
        self._jobs.put(job)

    def _work(self) -> None:
        last = False
        while not last:
            batch, last = self._gather()
            if batch and self.error is None:
                try:
                    self._commit(batch)
                except Exception as error:  # noqa: BLE001 -- else the crawl waits for this thread for ever
                    _log.exception("a change could not be recorded")
                    self.error = error
                    self._deliver(lambda: self._failed(self.error or RuntimeError()))
            with self._lock:
                self._waiting -= len(batch)
                self._bytes -= sum(job.size for job in batch)
        try:
            self._desk.close(good=self.error is None)
        finally:
            self._desk.ledger.close()

    def _gather(self) -> tuple[list[_Job], bool]:
        """Return the next batch, and whether it is the last."""
        job = self._jobs.get()
        if job is None:
            return [], True
        batch = [job]
        end = time.monotonic() + BATCH_SECONDS
        while len(batch) < BATCH_ROWS and not batch[-1].urgent:
            try:
                job = self._jobs.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: list[_Job]) -> None:
        answers: list[tuple[Answer, object]] = []
        with self._desk.ledger.transaction():
            for job in batch:
                result = job.change(self._desk)
                if job.answer:
                    answers.append((job.answer, result))
            self._desk.sync()
        for job in batch:
            if job.closes:
                self._desk.close_writer(job.closes)
        if answers:
            self._deliver(lambda: _give(answers))


def _give(answers: list[tuple[Answer, object]]) -> None:
    for answer, result in answers:
        answer(result)
