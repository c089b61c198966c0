"""What became of a night: one JSON file that is written anew at every step, so that a killed night shows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.lock import held_for
from pipeline.zone import WIB

STAGES = ("crawl", "process", "link", "retain", "publish", "report", "notify")
WELL, FAILED, SICK = 0, 1, 3
_HISTORY = 60
HIDDEN = "(dihapus)"


@dataclass(slots=True)
class Stage:
    """One stage of a night: running, done, failed or skipped; `problem` says why it failed or was skipped."""

    name: str
    status: str = "running"
    started_at: str = ""
    seconds: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


@dataclass(slots=True)
class NightRecord:
    """A night: `night` is the local date of its evening; status is running, done, interrupted or lost."""

    run: str
    night: str
    started_at: str
    status: str = "running"
    ended_at: str | None = None
    stages: list[Stage] = field(default_factory=list)
    sick: dict[str, list[str]] = field(default_factory=dict)
    vitals: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """Return 0 where all is well, 1 where a stage failed, 3 where only sources are sick."""
        return self.verdict if self.status == "done" else FAILED

    @property
    def verdict(self) -> int:
        """Return what the exit code would be if the night ended here: a notice is sent while it still runs."""
        if any(stage.status == "failed" for stage in self.stages):
            return FAILED
        return SICK if self.sick else WELL

    @property
    def problems(self) -> list[str]:
        """Return what failed, a line each."""
        return [f"{s.name}: {s.problem}" for s in self.stages if s.status == "failed"]

    @property
    def uncrawled(self) -> str | None:
        """Return why nothing was to be fetched, None where the night came to fetch or failed in it."""
        crawl = self.stage("crawl")
        return crawl.problem if crawl and crawl.status == "skipped" else None

    def stage(self, name: str) -> Stage | None:
        """Return the stage of this name, None where the night did not come to it."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def as_dict(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {**asdict(self), "exit_code": self.exit_code}


def night_of(moment: datetime) -> str:
    """Return the local date of the evening to which a moment belongs: the night ends at noon."""
    return (moment.astimezone(WIB) - timedelta(hours=12)).date().isoformat()


def save_record(folder: Path, record: NightRecord) -> None:
    """Write a record so that a reader, or a power cut, finds its old or its new state."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{record.run}.json", record.as_dict())


def write_json(path: Path, row: dict[str, Any]) -> None:
    """Write a file of the nights' folder whole or not at all."""
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(row, file, indent=1, ensure_ascii=False, default=str)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load_records(folder: Path, limit: int = _HISTORY) -> list[NightRecord]:
    """Return the newest nights, newest first; a file that cannot be read is passed over.

    So are nights of a clock that ran ahead: they would be the newest for years.
    """
    ahead = set(nights_ahead(folder))
    paths = [path for path in folder.glob("*Z-*.json") if path.stem not in ahead]
    found = []
    for path in sorted(paths, reverse=True)[:limit]:
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            row.pop("exit_code", None)
            row["stages"] = [Stage(**stage) for stage in row["stages"]]
            found.append(NightRecord(**row))
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return found


def was_killed(var: Path, record: NightRecord) -> bool:
    """Return whether a night never ended: its record says that it runs, and no night holds the lock of `var`."""
    return record.status == "running" and held_for(var / "nightly.lock") not in {"nightly", ""}


def nights_ahead(folder: Path) -> list[str]:
    """Return the nights that began in the future, by their names: the clock ran ahead then."""
    soon = f"{datetime.now(UTC) + timedelta(days=1):%Y%m%dT%H%M%SZ}"
    return sorted(path.stem for path in folder.glob("*Z-*.json") if path.stem > soon)


def prune_logs(folder: Path, keep: int = _HISTORY) -> None:
    """Remove all logs but the newest: names stand in the addresses that they tell of."""
    for pattern in ("*.log.jsonl", "crawl-*.log"):
        for path in sorted(folder.glob(pattern))[:-keep]:
            path.unlink(missing_ok=True)


def forget_in_records(folder: Path, holds: Callable[[str], bool]) -> int:
    """Hide every text of the nights' records that `holds`, and remove the pages that hold one; return how many.

    A record keeps its shape, so that the night still counts; a page is made once and never again.
    """
    count = 0
    for path in folder.glob("*.json"):
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            row, hidden = _hidden(json.loads(text), holds)
        except ValueError:
            row, hidden = {}, int(holds(text))  # nobody reads it: `load_records` passes it over
        if hidden:
            write_json(path, row)
            count += hidden
    for kind in ("html", "txt", "subject"):
        for path in folder.glob(f"*.{kind}"):
            if holds(path.read_text(encoding="utf-8", errors="replace")):
                path.unlink()
                count += 1
    return count


def _hidden(value: Any, holds: Callable[[str], bool]) -> tuple[Any, int]:
    """Return a JSON value with the texts that `holds` hidden, and their number."""
    if isinstance(value, str):
        return (HIDDEN, 1) if holds(value) else (value, 0)
    if isinstance(value, list):
        rows = [_hidden(one, holds) for one in value]
        return [one for one, _ in rows], sum(count for _, count in rows)
    if isinstance(value, dict):
        pairs = {key: _hidden(one, holds) for key, one in value.items()}
        return {key: one for key, (one, _) in pairs.items()}, sum(count for _, count in pairs.values())
    return value, 0


def close_lost(folder: Path) -> list[NightRecord]:
    """Mark the nights that never ended as lost, and return them; call it with the night's lock held."""
    lost = [record for record in load_records(folder) if record.status == "running"]
    for record in lost:
        record.status = "lost"
        record.ended_at = datetime.now(UTC).isoformat(timespec="seconds")
        for stage in record.stages:
            if stage.status == "running":
                stage.status, stage.problem = "failed", "the process was killed, or the power was cut"
        save_record(folder, record)
    return lost
