"""Published stores on a web server or in object storage: brought here file by file through fsspec.

DuckDB has no extensions here and reads no address itself. A snapshot is its masked database and its search index;
a Parquet folder is its files, found by `state.json` where the server lists no folders. What is remote is untrusted:
names are checked before anything is written, and no more than `_MOST` bytes are taken.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.parquet import file_names
from pipeline.search_index import file_names as index_files
from pipeline.shelf import MANIFEST, MASKED, PARQUET, SEARCH, SnapshotError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_MOST = 200 << 30  # bytes of one store
_BLOCK = 1 << 22
_SMALL = 1 << 22  # bytes of CURRENT, a manifest or a state
_NAME = re.compile(r"snap-\d{1,9}")
_PART = re.compile(r"[\w=.+%-]+")
_STATE = "state.json"
_LAKE = "lake.json"
_DEEPEST = 6  # folders of a lake below each other: table, year, month, province


def is_remote(where: str) -> bool:
    """Return whether a place is an address (https://…, s3://…) and no path."""
    return re.match(r"[a-z][a-z0-9+.-]+://", where) is not None


def fetch_store(where: str, beside: Path, options: Mapping[str, Any]) -> Path:
    """Bring the store at an address into the folder `beside`; return the folder to open there.

    Each state of each address has a folder of its own in it, in which a file that is there already with as many bytes
    is not fetched again. `options` go to fsspec (key, secret, endpoint_url, …). Raises SnapshotError.
    """
    files, root = _file_system(where, options)
    try:
        return _fetch(files, root.rstrip("/"), where, beside)
    except FileNotFoundError as error:
        raise SnapshotError(f"{where}: lacks a file that it should have ({error})") from None
    except network_errors() as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise SnapshotError(f"{where}: cannot be read ({reason})") from None


def _file_system(where: str, options: Mapping[str, Any]) -> tuple[AbstractFileSystem, str]:
    missing = f"{where}: this needs the extra `remote`; install it with: pip install 'wartawas[remote]'"
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise SnapshotError(missing) from None
    try:
        files, root = url_to_fs(where, **options)
    except ImportError:
        raise SnapshotError(missing) from None
    except (ValueError, TypeError) as error:
        raise SnapshotError(f"{where}: no such kind of address ({error})") from None
    return files, str(root)


def network_errors() -> tuple[type[Exception], ...]:
    """Return what the clients raise that are installed: some of their errors are no OSError."""
    found: list[type[Exception]] = [OSError, ValueError]
    try:
        from aiohttp import ClientError

        found.append(ClientError)
    except ImportError:
        pass
    try:
        from botocore.exceptions import BotoCoreError
        from botocore.exceptions import ClientError as S3Error

        found += [BotoCoreError, S3Error]
    except ImportError:
        pass
    return tuple(found)


def _fetch(files: AbstractFileSystem, root: str, where: str, beside: Path) -> Path:
    for folder in (root, f"{root}/snapshots"):
        current = _small(files, f"{folder}/CURRENT")
        if current is not None:
            name = current.decode("ascii", "replace").strip()
            if not _NAME.fullmatch(name):
                raise SnapshotError(f"{where}: its CURRENT names no snapshot ({name[:40]!r})")
            return _fetch_snapshot(files, f"{folder}/{name}", where, beside)
    if _small(files, f"{root}/{MANIFEST}") is not None:
        return _fetch_snapshot(files, root, where, beside)
    for folder in (root, f"{root}/{PARQUET}"):
        names = list(_parquet_names(files, folder))
        if names:
            told = _small(files, f"{folder}/{_LAKE}") or _small(files, f"{folder}/{_STATE}")
            state = (
                told if told is not None else repr([(n, files.size(f"{folder}/{n}")) for n in names]).encode()
            )
            target = _own(beside, where, state) / PARQUET
            _copy_all(files, folder, target, names, where)
            return target
    raise SnapshotError(
        f"{where}: holds neither a published snapshot (CURRENT, manifest.json) nor a Parquet folder; "
        "give the address of `snapshots`, of a snap-N or of its `parquet`"
    )


def _fetch_snapshot(files: AbstractFileSystem, root: str, where: str, beside: Path) -> Path:
    target = _own(beside, where, _small(files, f"{root}/{MANIFEST}") or b"") / PurePosixPath(root).name
    names = [MANIFEST, MASKED]
    state = _small(files, f"{root}/{SEARCH}/{_STATE}")
    if state is not None:
        names += [f"{SEARCH}/{name}" for name in index_files(json.loads(state))]
    if not files.exists(f"{root}/{MASKED}"):
        names = [f"{PARQUET}/{name}" for name in _parquet_names(files, f"{root}/{PARQUET}")]
        if not names:
            raise SnapshotError(f"{where}: the snapshot has neither {MASKED} nor a Parquet folder")
        names.append(MANIFEST)
    _copy_all(files, root, target, names, where)
    return target


def _own(beside: Path, where: str, state: bytes) -> Path:
    """Return the folder of one state of one address: numbers of snapshots begin anew elsewhere, a lake changes."""
    return beside / hashlib.sha256(where.encode() + b"\n" + state).hexdigest()[:16]


def _parquet_names(files: AbstractFileSystem, folder: str) -> Iterator[str]:
    """Yield the Parquet files of a folder: those that its state tells, else those that are listed."""
    state = _small(files, f"{folder}/{_STATE}")
    if state is not None:
        known = json.loads(state)
        for name in file_names(known if isinstance(known, dict) else {}):
            if files.exists(f"{folder}/{name}"):  # tables that a snapshot had not yet
                yield name
        return
    try:
        listed = files.find(folder, maxdepth=_DEEPEST)
    except FileNotFoundError:
        return
    for path in listed:
        name = str(path).removeprefix(folder).lstrip("/")
        if name.endswith(".parquet"):
            yield name


def _copy_all(files: AbstractFileSystem, root: str, target: Path, names: list[str], where: str) -> None:
    left = _MOST
    for name in names:
        parts = name.split("/")
        if not all(_PART.fullmatch(part) and part.strip(".") for part in parts):
            raise SnapshotError(f"{where}: holds a file of an odd name ({name[:80]!r}); nothing was read")
        left -= _copy(files, f"{root}/{name}", target.joinpath(*parts), left, where)


def _copy(files: AbstractFileSystem, source: str, target: Path, most: int, where: str) -> int:
    size = files.size(source)
    if size is not None and target.is_file() and target.stat().st_size == size:
        return int(size)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name("." + target.name)
    taken = 0
    try:
        with files.open(source, "rb") as old, draft.open("wb") as new:
            while block := old.read(_BLOCK):
                taken += len(block)
                if taken > most:
                    raise SnapshotError(f"{where}: holds more than {_MOST >> 30} GB; nothing was read")
                new.write(block)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return taken


def _small(files: AbstractFileSystem, path: str) -> bytes | None:
    """Return the head of a small file, None where there is none."""
    try:
        content = files.cat_file(path, start=0, end=_SMALL)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return bytes(content)
