"""One night at a time: a lock on a file, which the kernel lets go with the process that held it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.zone import WIB


class LockError(RuntimeError):
    """Another process has the lock; the message says which, since when and what it does."""


@contextmanager
def hold_lock(path: Path, what: str) -> Iterator[None]:
    """Hold the lock of `path` while the block runs. Raises LockError where another process holds it.

    `what` tells the next one who comes what this process does (`nightly`, `backup`).
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LockError(f"{path}: {_holder(path)}; wait until it has ended") from None
        file.truncate(0)
        with suppress(OSError):  # on a full disk the lock holds too, without a word
            row = {"what": what, "pid": os.getpid(), "since": datetime.now(WIB).isoformat()}
            file.write(json.dumps(row).encode())
        yield
        file.truncate(0)


def held_for(path: Path) -> str | None:
    """Return what holds the lock (`nightly`, `backup`), "" where that is not told, None where nothing does."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except OSError:
        try:
            return str(_row(path)["what"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""
    return None


def _row(path: Path) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return row


def _holder(path: Path) -> str:
    try:
        row = _row(path)
        since = datetime.fromisoformat(row["since"])
        return f"`wartawas {row['what']}` (process {row['pid']}) runs since {since:%Y-%m-%d %H:%M} WIB"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process works here"
