"""Who makes the parts: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Protocol

from pipeline.backfill.unit import Plan, UnitReader
from pipeline.backfill.units import Unit
from pipeline.workers import Failed, WorkerPool

UNIT_TIMEOUT_S = 12 * 3600.0
"""Seconds that a file may take at most; each of its pages has limits of its own."""
_MEMORY_MB = 8_192  # of address space beyond what was loaded: what reads pages is limited more tightly


class Runner(Protocol):
    """Makes the parts of units, somewhere."""

    def run(self, plan: Plan, units: Sequence[Unit]) -> Iterator[tuple[Unit, dict[str, Any] | Failed]]:
        """Yield each unit once, with its manifest line or with why it failed.

        `crashed` says that its worker died of it, or with it: whether it is tried again is the caller's choice.
        """

    def close(self) -> None:
        """Let the workers go."""


class LocalRunner:
    """So many processes of this machine, each with one that reads articles for it."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, plan: Plan, units: Sequence[Unit]) -> Iterator[tuple[Unit, dict[str, Any] | Failed]]:
        """Yield each unit in the order given."""
        pool: WorkerPool[UnitReader, Unit, dict[str, Any]] = WorkerPool(
            partial(UnitReader, plan), UnitReader.read, workers=self._workers, timeout_s=UNIT_TIMEOUT_S,
            memory_mb=_MEMORY_MB, attempts=1,
        )  # fmt: skip
        with pool:
            yield from pool.map(units)

    def close(self) -> None:
        """Do nothing: each run ends its own processes."""
