"""Watches the processes that the running one started: their memory over time, their CPU seconds."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Samples every descendant of this process; `peak` and the curve count what all of them hold together, in MB."""

    def __init__(self, every_s: float = 0.5) -> None:
        self._every_s = every_s
        self._end = threading.Event()
        self._cpu: dict[int, float] = {}
        self._sizes: list[float] = []

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        """CPU seconds of all descendants, those that ended included up to their last sample."""
        self._sample()
        return sum(self._cpu.values())

    @property
    def peak(self) -> float:
        """The most memory that the descendants held at one time, in MB."""
        return max(self._sizes, default=0.0)

    def curve(self, points: int) -> list[int]:
        """Return so many samples of the memory, evenly over the time."""
        step = max(1, len(self._sizes) // points)
        return [round(size) for size in self._sizes[::step]][:points]

    def _run(self) -> None:
        while not self._end.wait(self._every_s):
            self._sample()

    def _sample(self) -> None:
        whole = 0.0
        for pid in descendants(os.getpid()):
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self._cpu[pid] = (int(fields[11]) + int(fields[12])) / _TICK
                # private memory: what the processes share is counted once, with this process
                whole += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6
        self._sizes.append(whole)


def descendants(root: int) -> list[int]:
    """Return the processes below one, whatever their depth."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found
