"""What lies on the disk: how much of its budget `var` has used, and whether a night may still write."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import Settings

GB = 1_000_000_000
OK, WARNING, FULL = "ok", "warning", "full"


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Bytes used below `var` and free on its disk; the level is ok, warning or full, and `text` says why."""

    used: int
    free: int
    budget: int
    level: str
    text: str


def measure_disk(settings: Settings) -> DiskUse:
    """Return how the disk stands against the settings; `full` means that nothing more may be fetched."""
    limits = settings.disk
    used = sum(_sizes(settings.var))
    free = shutil.disk_usage(_existing(settings.var)).free
    budget = int(limits.budget_gb * GB)
    text = f"{used / GB:.1f} GB terpakai, {free / GB:.1f} GB bebas"
    if budget:
        text += f", anggaran {limits.budget_gb:g} GB"
    level = OK
    if free < limits.min_free_gb * GB:
        level, text = FULL, f"{text}: ruang bebas di bawah {limits.min_free_gb:g} GB"
    elif budget and used >= budget:
        level, text = FULL, f"{text}: anggaran habis"
    elif budget and used * 100 >= budget * limits.warn_percent:
        level, text = WARNING, f"{text}: {used * 100 // budget}% anggaran terpakai"
    elif free < 2 * limits.min_free_gb * GB:
        level, text = WARNING, f"{text}: ruang bebas hampir habis"
    return DiskUse(used, free, budget, level, text)


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the bytes that each file takes, a file that has several names once."""
    seen: set[tuple[int, int]] = set()
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                stat = Path(path, name).lstat()
            except FileNotFoundError:  # another process has just removed it
                continue
            if stat.st_nlink == 1 or (stat.st_dev, stat.st_ino) not in seen:
                seen.add((stat.st_dev, stat.st_ino))
                yield stat.st_blocks * 512


def _existing(path: Path) -> Path:
    path = path.resolve()
    return path if path.exists() else _existing(path.parent)
