"""Published snapshots: folders snap-N that never change, and CURRENT, which names the one that readers take.

A snapshot is written into a hidden folder, brought to the disk, then renamed: readers see all of it or
nothing, and whatever goes wrong before the last rename leaves the earlier one current. No number is used
twice.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.database import StoreError, connect

MASKED = "wartawas.duckdb"
RESTRICTED = "restricted.duckdb"
SEARCH = "search"
PARQUET = "parquet"
MANIFEST = "manifest.json"
_FICLONE = 0x40049409  # the request of ioctl_ficlone(2)
_PIECE = 1 << 28  # bytes that are copied at a time
_NAME = re.compile(r"snap-(\d{1,9})")


class SnapshotError(RuntimeError):
    """A snapshot cannot be read, published or removed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state: its number, its folder and what its manifest says of it."""

    number: int
    path: Path
    manifest: dict[str, Any]

    def connect(self, *, restricted: bool = False) -> duckdb.DuckDBPyConnection:
        """Return a read-only connection to the masked database, or to the restricted one for reviewers."""
        return connect_database(self.path / (RESTRICTED if restricted else MASKED))

    @property
    def search_index(self) -> Path:
        """Return the folder of the full-text index."""
        return self.path / SEARCH


def connect_database(file: Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to a snapshot's database; raises SnapshotError."""
    try:
        return connect(file, read_only=True)
    except StoreError as error:
        raise SnapshotError(f"{error}") from None


def list_snapshots(root: Path) -> list[Snapshot]:
    """Return every complete snapshot, oldest first."""
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        match = _NAME.fullmatch(folder.name)
        if match and (folder / MANIFEST).is_file():
            found.append(_load(int(match.group(1)), folder))
    return sorted(found, key=lambda snapshot: snapshot.number)


def current_snapshot(root: Path, number: int | None = None) -> Snapshot:
    """Return the current snapshot, or the one with the given number; raises SnapshotError without it."""
    if number is None:
        number = current_number(root)
        if number is None:
            raise SnapshotError(f"{root}: nothing has been published yet; run `wartawas publish`")
    folder = root / f"snap-{number}"
    if not (folder / MANIFEST).is_file():
        raise SnapshotError(f"{root}: there is no snapshot {number}; `wartawas snapshots list` shows them")
    return _load(number, folder)


def current_number(root: Path) -> int | None:
    """Return the number that CURRENT names, or None where nothing was published."""
    try:
        match = _NAME.fullmatch((root / "CURRENT").read_text(encoding="ascii").strip())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{root / 'CURRENT'}: cannot be read ({error})") from None
    if match is None:
        raise SnapshotError(
            f"{root / 'CURRENT'}: names no snapshot; roll back with `wartawas snapshots rollback N`"
        )
    return int(match.group(1))


def add_snapshot(root: Path, fill: Callable[[Path], dict[str, Any]]) -> Snapshot:
    """Publish a new snapshot: `fill` writes its files into an empty folder and returns its manifest.

    On any error the half-written folder is removed and the earlier snapshot stays current.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        for left in (*root.glob(".draft-*"), *root.glob(".removed-*")):  # by a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        number = _next_number(root)
        draft = root / f".draft-{number}"
        draft.mkdir(mode=0o700)
    except OSError as error:
        raise SnapshotError(f"{root}: no snapshot can be written there ({error})") from None
    try:
        manifest = {"number": number, **fill(draft)}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        draft.chmod(0o755)
        sync_tree(draft)
        folder = root / f"snap-{number}"
        draft.rename(folder)
        sync_file(root)
        _set_current(root, number)
    except OSError as error:
        raise SnapshotError(not_published(root, error.strerror or str(error))) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return _load(number, folder)


def not_published(root: Path, reason: str) -> str:
    """Return what to tell where publishing failed, of the snapshot too that readers have now."""
    left = (
        "the earlier snapshot stays current"
        if (root / "CURRENT").is_file()
        else "there is no earlier snapshot"
    )
    return f"{root}: nothing was published ({reason}); {left}"


def roll_back(root: Path, number: int) -> Snapshot:
    """Make an earlier snapshot the current one; nothing is removed."""
    snapshot = current_snapshot(root, number)
    _set_current(root, number)
    return snapshot


def prune_snapshots(root: Path, keep: int) -> list[int]:
    """Remove all but the `keep` newest snapshots and the current one; return the numbers removed."""
    if keep < 1:
        raise SnapshotError(f"at least one snapshot must be kept (asked: {keep})")
    current = current_number(root)
    removed = []
    for snapshot in list_snapshots(root)[:-keep]:
        if snapshot.number == current:
            continue
        # The rename comes first: a folder that is half removed must not look like a snapshot.
        doomed = root / f".removed-{snapshot.number}"
        try:
            snapshot.path.rename(doomed)
            shutil.rmtree(doomed)
        except OSError as error:
            raise SnapshotError(f"{snapshot.path}: could not be removed ({error})") from None
        removed.append(snapshot.number)
    return removed


def sync_tree(folder: Path) -> None:
    """Bring every file below a folder to the disk, then the folders themselves."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync_file(path)
    sync_file(folder)


def copy_file(source: Path, target: Path, *, mode: int) -> None:
    """Copy a file to a new one; a file system that can share blocks copies nothing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with source.open("rb") as old, os.fdopen(os.open(target, flags, mode), "wb") as new:
        try:
            fcntl.ioctl(new.fileno(), _FICLONE, old.fileno())
        except OSError:
            while os.sendfile(new.fileno(), old.fileno(), None, _PIECE):
                pass


def link_file(source: Path, target: Path) -> None:
    """Share a file that never changes with another folder; copy it where that lies on another disk."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        shutil.copyfile(source, target)


def replace_file(path: Path, text: str) -> None:
    """Write a small file so that a reader sees its old or its new content, never a part."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(text, encoding="ascii")
    sync_file(draft)
    draft.replace(path)
    sync_file(path.parent)


def _next_number(root: Path) -> int:
    """Return a number that no snapshot has had, not even one that was pruned since."""
    counter = root / "LAST"
    last = int(counter.read_text(encoding="ascii")) if counter.is_file() else 0
    numbers = [int(m.group(1)) for path in root.iterdir() if (m := _NAME.fullmatch(path.name))]
    number = max([last, *numbers]) + 1
    replace_file(counter, str(number))
    return number


def _set_current(root: Path, number: int) -> None:
    replace_file(root / "CURRENT", f"snap-{number}\n")


def _load(number: int, folder: Path) -> Snapshot:
    try:
        return Snapshot(number, folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{folder / MANIFEST}: cannot be read ({error})") from None


def sync_file(path: Path) -> None:
    """Bring a file, or a folder's list of names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
