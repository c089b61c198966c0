"""SHA-256 of files: what a file must be, and copying it only if it is that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file is: its bytes, its SHA-256, and when it was last changed (nanoseconds; 0: not kept)."""

    bytes: int
    sha256: str
    mtime_ns: int = 0

    def as_list(self) -> list[int | str]:
        """Return the entry as JSON values."""
        return [self.bytes, self.sha256, self.mtime_ns]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_checked(
    file: IO[bytes], out: IO[bytes] | None, entry: Entry, what: str, error: Callable[[str], Exception]
) -> None:
    """Copy `file` to `out` (None: only read it); raises `error` where it is not what `entry` says."""
    hasher, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        hasher.update(block)
        size += len(block)
        if size > entry.bytes:
            break
        if out:
            out.write(block)
    if (size, hasher.hexdigest()) != (entry.bytes, entry.sha256):
        raise error(f"{what}: differs from what was backed up (checksum); take an earlier backup")
