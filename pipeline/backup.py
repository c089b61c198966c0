"""Backup and restore: ledger, store, reviews and the archive's manifest, each file with its checksum.

A backup is a folder, which later backups bring up to date, or one tar file. Snapshots are no part of it: a
restored store publishes them anew. The archive's files are listed with their checksums, and copied where asked.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.checksums import Entry, copy_checked, file_sha256
from pipeline.drafts import errors_of
from pipeline.lock import hold_lock
from pipeline.settings import Settings
from pipeline.shelf import sync_tree
from pipeline.store import open_store

MANIFEST = "manifest.json"
_FORMAT = 1
_MAX_MANIFEST = 500_000_000
# what a backup leaves where it breaks off before its first manifest
_OURS = re.compile(r"data-\d{4}-\d\d-\d\dT\d{6}Z(?:-next)*|\.wartawas-.*|manifest\.json\.draft")


class BackupError(RuntimeError):
    """A backup cannot be made or used; the message names the file, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: its files by name, and the archive's files, copied (`whole`) or only listed."""

    made: str
    files: dict[str, Entry]
    archive: dict[str, Entry]
    whole: bool

    @property
    def bytes(self) -> int:
        """Return the size of what it holds."""
        held = [*self.files.values(), *(self.archive.values() if self.whole else ())]
        return sum(entry.bytes for entry in held)

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON values."""
        return {
            "format": _FORMAT, "made": self.made, "whole": self.whole,
            "files": {name: entry.as_list() for name, entry in sorted(self.files.items())},
            "archive": {name: entry.as_list() for name, entry in sorted(self.archive.items())},
        }  # fmt: skip


def make_backup(settings: Settings, target: Path, *, archive: bool = False) -> Backup:
    """Write a backup to `target`, a folder or a file that ends in .tar, and return what it holds.

    No night runs meanwhile. What was written is read again and compared before the backup counts.
    Raises BackupError, LockError and StoreError; an earlier backup in the same place then stays usable.
    """
    if not settings.ledger.is_file() and not settings.store.is_file():
        raise BackupError(f"{settings.var}: neither a ledger nor a store, so there is nothing to keep")
    tar = target.suffix == ".tar"
    if target.resolve().is_relative_to(settings.var.resolve()):
        raise BackupError(f"{target}: lies inside of {settings.var}; give a place on another disk")
    if tar and target.exists():
        raise BackupError(f"{target}: exists already; give another name")
    if target.is_dir():
        _refuse_others(target, archive=archive)
    _make_private(target.parent if tar else target)
    beside = target.parent if tar else target
    lock = hold_lock(settings.var / "nightly.lock", "backup")
    with errors_of(target), lock, _scratch(beside) as scratch:
        taken = dict(_take(settings, scratch))
        files = {name: Entry(path.stat().st_size, file_sha256(path)) for name, path in taken.items()}
        known = {} if tar else _known_archive(target)
        listed = {
            name: _archive_entry(path, known.get(name)) for name, path in _archive_files(settings.archive)
        }
        backup = Backup(datetime.now(UTC).isoformat(timespec="seconds"), files, listed, archive)
        if tar:
            _write_tar(backup, taken, settings.archive, scratch / "draft.tar", target)
        else:
            _write_folder(backup, taken, settings.archive, target)
    check_backup(target)
    return backup


def _refuse_others(folder: Path, *, archive: bool) -> None:
    """Raise BackupError for a folder of other things: what is not in a backup is removed from its folder.

    So would be the archived pages of a backup that holds them, if this one only listed them.
    """
    if (folder / MANIFEST).is_file():
        if load_backup(folder).whole and not archive:
            raise BackupError(
                f"{folder}: holds the archived pages too, which a backup without them would remove; "
                "add --archive, or give another folder"
            )
        return
    for path in folder.iterdir():
        if not _OURS.fullmatch(path.name):
            raise BackupError(f"{folder}: holds {path.name} and no backup; give an empty folder or a new one")


def load_backup(source: Path) -> Backup:
    """Return what a backup says that it holds. Raises BackupError."""
    if not source.exists():
        raise BackupError(f"{source}: no such backup")
    try:
        if source.is_dir():
            text = (source / MANIFEST).read_text(encoding="utf-8")
        else:
            with tarfile.open(source, "r:") as tar:
                first = tar.next()
                member = tar.extractfile(first) if first and first.name == MANIFEST else None
                if member is None or first is None or first.size > _MAX_MANIFEST:
                    raise BackupError(f"{source}: no backup of Wartawas (its first file is not {MANIFEST})")
                text = member.read().decode("utf-8")
        row = json.loads(text)
        if row["format"] != _FORMAT:
            raise BackupError(f"{source}: written by a newer Wartawas; update Wartawas")
        entries = [{n: Entry(*entry) for n, entry in row[kind].items()} for kind in ("files", "archive")]
        return Backup(row["made"], entries[0], entries[1], row["whole"])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source}: no readable backup of Wartawas ({error})") from None


def check_backup(source: Path) -> Backup:
    """Read every file of a backup and return what it holds. Raises BackupError for the first that differs."""
    backup = load_backup(source)
    with _reader(source, backup) as files:
        for name, entry, opened in files:
            with opened as file:
                copy_checked(file, None, entry, f"{source}: {name}", BackupError)
    return backup


def restore_backup(
    settings: Settings, source: Path, finish: Callable[[Settings], None] = lambda _: None
) -> Backup:
    """Restore a backup into an empty `var` and return what it held; every file is checked as it is written.

    `finish` does what is left, in the folder that becomes `var` at the very end. Raises BackupError; `var` then
    stays as it was, and so it does where it is interrupted.
    """
    backup = load_backup(source)  # before anybody moves data away for a backup that is none
    if settings.var.is_dir() and any(settings.var.iterdir()):
        raise BackupError(f"{settings.var}: is not empty; move it away, or give another folder with --var")
    settings.var.parent.mkdir(parents=True, exist_ok=True)
    with errors_of(settings.var), _scratch(settings.var.parent) as scratch:
        draft = scratch / "var"
        draft.mkdir(mode=0o700)
        with _reader(source, backup) as files:
            for name, entry, opened in files:
                path = draft / name
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with opened as file, path.open("xb") as out:
                    copy_checked(file, out, entry, f"{source}: {name}", BackupError)
                path.chmod(0o600)
        for folder in filter(Path.is_dir, draft.rglob("*")):  # mkdir gives its mode to the last one alone
            folder.chmod(0o700)
        finish(settings.model_copy(update={"var": draft}))
        sync_tree(draft)
        if settings.var.is_dir():
            settings.var.rmdir()
        draft.rename(settings.var)
    return backup


def _take(settings: Settings, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file to keep by its name below `var`, databases as copies in a consistent state.

    The store comes before the ledger and the archive: what it refers to is there in theirs.
    """
    var = settings.var
    if settings.store.is_file():
        copy = scratch / "work.duckdb"
        with open_store(settings.store, create=False) as store:
            store.con.execute("CHECKPOINT")
            shutil.copyfile(settings.store, copy)
        yield settings.store.relative_to(var).as_posix(), copy
    for database in sorted([*var.glob("*.sqlite"), *var.glob("desk/*.sqlite")]):
        copy = scratch / f"{database.parent.name}-{database.name}"
        try:
            with closing(sqlite3.connect(database)) as con, closing(sqlite3.connect(copy)) as out:
                con.backup(out)
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
            raise BackupError(f"{database}: cannot be copied ({error})") from None
        yield database.relative_to(var).as_posix(), copy
    # of a night its record and its page; its log tells addresses, which have no need to last
    for pattern in ("sources/**/*", *(f"nights/*.{kind}" for kind in ("json", "html", "txt", "subject"))):
        for path in sorted(var.glob(pattern)):
            if path.is_file():
                yield path.relative_to(var).as_posix(), path


def _archive_files(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield f"archive/{path.relative_to(root).as_posix()}", path


def _archive_entry(path: Path, known: Entry | None) -> Entry:
    """Return the entry of a WARC file; one that has not been touched since the backup before is not read."""
    stat = path.stat()
    if known and (known.bytes, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return known
    return Entry(stat.st_size, file_sha256(path), stat.st_mtime_ns)


def _known_archive(target: Path) -> dict[str, Entry]:
    return load_backup(target).archive if (target / MANIFEST).is_file() else {}


def _write_folder(backup: Backup, taken: dict[str, Path], archive: Path, target: Path) -> None:
    """Bring the folder up to date: new files beside the old ones, the manifest last.

    Files of the archive that are new or were rewritten wait beside the data until the manifest knows them.
    """
    stamp = backup.made.replace(":", "").replace("+0000", "Z")
    data = target / f"data-{stamp}"
    while data.exists():  # of a backup in the same second, whose files stay whole until this one is
        data = data.with_name(f"{data.name}-next")
    if (target / MANIFEST).is_file():
        _settle(_data_of(target), target)  # where the last backup was killed before it did
    for name, path in taken.items():
        _copy_private(path, data / name)
    if backup.whole:
        for name, entry in backup.archive.items():
            held = target / name
            if not (held.is_file() and file_sha256(held) == entry.sha256):
                _copy_private(archive.parent / name, data / name)
    sync_tree(target)
    draft = target / f"{MANIFEST}.draft"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({**backup.as_dict(), "data": data.name}), encoding="utf-8")
    draft.replace(target / MANIFEST)
    _settle(data, target)
    for old in target.glob("data-*"):
        if old.name != data.name and _OURS.fullmatch(old.name):
            shutil.rmtree(old)
    _remove_unlisted(target / "archive", backup)
    if (target / "archive").is_dir():
        (target / "archive").chmod(0o700)  # earlier versions left it open
    sync_tree(target)


def _make_private(folder: Path) -> None:
    """Make a folder, and what is missing above it, for this account alone: `parents` would take the umask."""
    for path in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        path.mkdir(mode=0o700)


def _copy_private(path: Path, copy: Path) -> None:
    """Copy a file so that this account alone reads it: names of accused persons stand in most of them."""
    _make_private(copy.parent)
    copy.touch(mode=0o600)
    shutil.copyfile(path, copy)


def _settle(data: Path, target: Path) -> None:
    """Bring the files of the archive that wait beside the data of the manifest to their place."""
    for name, path in _archive_files(data / "archive"):
        place = target / name
        _make_private(place.parent)
        path.replace(place)


def _data_of(source: Path) -> Path:
    row = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    return source / Path(str(row.get("data", "."))).name


def _remove_unlisted(folder: Path, backup: Backup) -> None:
    """Remove files of the archive that are no more, so that what was erased does not stay in the backup."""
    for name, path in _archive_files(folder):
        if not backup.whole or name not in backup.archive:
            path.unlink()


def _write_tar(backup: Backup, taken: dict[str, Path], archive: Path, draft: Path, target: Path) -> None:
    manifest = draft.with_name(MANIFEST)
    manifest.write_text(json.dumps(backup.as_dict()), encoding="utf-8")
    with tarfile.open(draft, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(manifest, MANIFEST)
        for name, path in taken.items():
            tar.add(path, name)
        for name in backup.archive if backup.whole else ():
            tar.add(archive.parent / name, name)
    draft.chmod(0o600)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.rename(target)


@contextmanager
def _reader(source: Path, backup: Backup) -> Iterator[Iterator[tuple[str, Entry, Any]]]:
    """Yield every file of a backup: its name, what it must be, and the open file."""
    wanted = {**backup.files, **(backup.archive if backup.whole else {})}
    for name in wanted:
        if name.startswith("/") or ".." in name.split("/"):
            raise BackupError(f"{source}: names the file {name!r}, which lies outside of the backup")
    if source.is_dir():
        yield _of_folder(source, _data_of(source), wanted)
        return
    with tarfile.open(source, "r:") as tar:
        yield _of_tar(source, tar, wanted)


def _of_folder(source: Path, data: Path, wanted: dict[str, Entry]) -> Iterator[tuple[str, Entry, Any]]:
    for name, entry in wanted.items():
        path = data / name
        if name.startswith("archive/") and not path.is_file():
            path = source / name
        if not path.is_file():
            raise BackupError(f"{path}: is missing from the backup; take an earlier one")
        yield name, entry, path.open("rb")


def _of_tar(source: Path, tar: tarfile.TarFile, wanted: dict[str, Entry]) -> Iterator[tuple[str, Entry, Any]]:
    missing = set(wanted)
    for member in tar:
        if member.isreg() and member.name in missing:
            missing.discard(member.name)
            yield member.name, wanted[member.name], tar.extractfile(member)
    if missing:
        raise BackupError(f"{source}: {min(missing)} is missing from the backup; take an earlier one")


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """Yield a private folder on the disk of the target, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix=".wartawas-", dir=beside) as folder:
        yield Path(folder)
