"""A back-fill from outside: which files are left, who makes them, what became of each."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.backfill.runners import Runner
from pipeline.backfill.unit import PARTS, WORK, Plan
from pipeline.backfill.units import Unit
from pipeline.lock import hold_lock
from pipeline.workers import Failed, WorkerPoolError

MANIFEST, QUARANTINE = "manifest.jsonl", "quarantine.jsonl"
DEATHS = 5
"""Workers that a file may kill, one after the other without coming further, before it is left alone."""


@dataclass(slots=True)
class BackfillReport:
    """What a run did: files that have their part now, that are quarantined, that failed, and sums over the parts."""

    files: int = 0
    done: int = 0
    already: int = 0
    quarantined: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    records: int = 0
    articles: int = 0
    cases: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, line: dict[str, Any]) -> None:
        """Count a part."""
        self.done += 1
        for name in ("records", "articles", "cases"):
            setattr(self, name, getattr(self, name) + line[name])
        for name in ("kinds", "passed", "broken", "refused"):
            getattr(self, name).update(line[name])

    @property
    def whole(self) -> bool:
        """Whether every file has its part."""
        return not self.failed and not self.quarantined


def backfill(
    plan: Plan,
    units: Sequence[Unit],
    runner: Runner,
    *,
    again: bool = False,
    on_part: Callable[[BackfillReport], None] | None = None,
) -> BackfillReport:
    """Make the parts that are missing, and return what became of every file.

    Files that killed their workers stand in quarantine and are passed over, unless `again`. Raises LockError
    where another back-fill writes to the folder, and what the runner raises where it cannot work at all.
    """
    report = BackfillReport(files=len(units))
    tell = on_part or (lambda _: None)
    for folder in (plan.out, plan.out / PARTS, plan.out / WORK):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with hold_lock(plan.out / "backfill.lock", "backfill"):
        lines = _Lines(plan.out / MANIFEST)
        bad = _Lines(plan.out / QUARANTINE)
        waiting: list[Unit] = []
        for unit in units:
            if (line := plan.done(unit)) is not None:
                lines.add(line)
                report.add(line)
                report.already += 1
                if plan.work(unit).is_dir():  # its maker was killed between the part and its end
                    plan.clear(unit)
            elif not again and bad.get(unit).get("model") == plan.model:
                report.quarantined[unit.address] = str(bad.get(unit)["detail"])
            else:
                waiting.append(unit)  # whatever the manifest says: a part may have been removed or damaged
                continue
            tell(report)
        for unit, result in _attempts(plan, waiting, runner):
            if not isinstance(result, Failed):
                lines.add(result)
                report.add(result)
            elif result.reason == "error":
                report.failed[unit.address] = result.detail
            else:
                bad.add({"id": unit.id, "unit": unit.address, "model": plan.model, "detail": result.detail})
                report.quarantined[unit.address] = result.detail
            tell(report)
    return report


def _attempts(
    plan: Plan, units: Sequence[Unit], runner: Runner
) -> Iterator[tuple[Unit, dict[str, Any] | Failed]]:
    """Yield what finally became of each unit: those whose worker died are tried again as long as they come further."""
    deaths: Counter[str] = Counter()
    while units:
        again: list[Unit] = []
        before = {unit.id: plan.progress(unit) for unit in units}
        silent = {unit.id: unit for unit in units}
        for unit, result in runner.run(plan, units):
            silent.pop(unit.id, None)
            if not isinstance(result, Failed) or not _died(result):
                yield unit, result
                continue
            deaths[unit.id] = 1 if plan.progress(unit) > before[unit.id] else deaths[unit.id] + 1
            if deaths[unit.id] < DEATHS:
                again.append(unit)
            elif result.reason == "error":
                yield unit, result
            else:
                yield unit, Failed(result.reason, f"{DEATHS} workers died of it, the last: {result.detail}")
        for unit in silent.values():
            yield unit, Failed("error", "the workers gave no answer for it; start the back-fill again")
        units = again


def _died(failure: Failed) -> bool:
    """Tell a death from a file that cannot be read; one that reads may also die while it starts."""
    return failure.reason != "error" or failure.detail.startswith(WorkerPoolError.__name__)


class _Lines:
    """A file of JSON lines by the id that each has; the last line of an id counts. A torn last line is dropped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, dict[str, Any]] = {}
        whole = 0
        for raw in path.read_bytes().splitlines(keepends=True) if path.is_file() else ():
            try:
                row = json.loads(raw)
            except ValueError:
                break
            if not raw.endswith(b"\n"):
                break
            whole += len(raw)
            self._known[row["id"]] = row
        if path.is_file():
            os.truncate(path, whole)

    def get(self, unit: Unit) -> dict[str, Any]:
        """Return the unit's line, an empty one without it."""
        return self._known.get(unit.id, {})

    def add(self, row: dict[str, Any]) -> None:
        """Append a line, unless it stands there already."""
        if self._known.get(row["id"]) == row:
            return
        self._known[row["id"]] = row
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
