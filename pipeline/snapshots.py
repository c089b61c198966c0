"""Publishing: the work file → a new snapshot: masked and restricted database, Parquet, full text."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipeline import search, shelf
from pipeline.database import StoreError, connect, fetch, scalar, utc_now
from pipeline.parquet import write_parquet
from pipeline.projection import refresh
from pipeline.shelf import (
    Snapshot,
    SnapshotError,
    copy_file,
    current_snapshot,
    list_snapshots,
    prune_snapshots,
    roll_back,
)
from pipeline.store import Store

__all__ = [
    "Snapshot",
    "SnapshotError",
    "current_snapshot",
    "list_snapshots",
    "prune_snapshots",
    "publish",
    "roll_back",
]
_BATCH = 2_000


def publish(store: Store, root: Path, *, rebuild: bool = False) -> Snapshot:
    """Publish what the store holds now as a new snapshot below `root`, and make it the current one.

    The copies that are published are kept beside the work file and only what changed is written to them. What
    they no longer hold may linger in blocks of their files that are free, out of every reader's sight; with
    `rebuild` they are made from nothing.
    Raises SnapshotError; the earlier snapshot then stays current.
    """

    def fill(folder: Path) -> dict[str, Any]:
        try:
            return _fill(store, folder, rebuild=rebuild)
        except (OSError, sqlite3.Error, duckdb.Error, StoreError) as error:
            reason = str(error).splitlines()[0]
            raise SnapshotError(
                f"{root}: nothing was published ({reason}); the earlier snapshot stays current"
            ) from None

    return shelf.add_snapshot(root, fill)


def _fill(store: Store, folder: Path, *, rebuild: bool) -> dict[str, Any]:
    """Bring the copies beside the work file up to date, write them into a snapshot's folder, return its figures.

    Each copy goes to the disk while the next is made, for a disk takes longer over it than the changes take.
    """
    beside = store.path.parent
    masked, restricted = beside / "masked.duckdb", beside / "restricted.duckdb"
    index = beside / "search.sqlite"
    if rebuild:
        _remove_copies(beside)
    with ThreadPoolExecutor(1) as disk:
        with _private_files():
            refresh(store, restricted, masked=False)
        copies = [disk.submit(copy_file, restricted, folder / shelf.RESTRICTED, mode=0o600)]
        refresh(store, masked, masked=True)
        copies.append(disk.submit(copy_file, masked, folder / shelf.MASKED, mode=0o644))
        index_articles(masked, index)
        copies.append(disk.submit(copy_file, index, folder / shelf.SEARCH, mode=0o644))
        write_parquet(masked, beside / "parquet")
        shutil.copytree(beside / "parquet", folder / shelf.PARQUET, copy_function=_link)
        store.con.execute("CHECKPOINT")
        figures = _figures(masked)
        for copy in copies:
            copy.result()
    return {"published": f"{utc_now():%Y-%m-%dT%H:%M:%SZ}", **figures}


def index_articles(masked: Path, index: Path) -> None:
    """Bring the full-text index up to the masked database, or make it anew where much of it is dead."""
    if index.exists():
        with closing(search.open_index(index)) as con:
            stale = search.must_be_remade(con)
        if stale:
            index.unlink()
    with closing(connect(masked, read_only=True)) as db, closing(search.open_index(index)) as con:
        search.index_documents(con, _documents(db, search.index_revision(con)))
        if search.live_documents(con) != scalar(db, "SELECT count(*) FROM articles"):
            search.keep_documents(con, {key for (key,) in fetch(db, "SELECT article_id FROM articles")})
        search.set_revision(con, int(scalar(db, "SELECT value FROM info WHERE key = 'revision'")))
        con.commit()


def _documents(db: duckdb.DuckDBPyConnection, since: int) -> Iterator[search.Doc]:
    rows = db.execute(
        "SELECT article_id, strftime(coalesce(published, first_seen), '%Y-%m-%dT%H:%M'), title, text FROM articles"
        " WHERE written > ? ORDER BY coalesce(published, first_seen), article_id",
        [since],
    )
    while batch := rows.fetchmany(_BATCH):
        yield from batch


def _figures(masked: Path) -> dict[str, Any]:
    with closing(connect(masked, read_only=True)) as db:
        kinds = dict(fetch(db, "SELECT kind, count(*) FROM articles GROUP BY kind ORDER BY kind"))
        events = dict(fetch(db, "SELECT kind, count(*) FROM events GROUP BY kind ORDER BY kind"))
        info = dict(fetch(db, "SELECT key, value FROM info"))
        models = [m for (m,) in fetch(db, "SELECT DISTINCT model_version FROM articles ORDER BY 1")]
    return {
        "articles": sum(kinds.values()),
        "kinds": kinds,
        "events": sum(events.values()),
        "cases": events.get("kasus", 0),
        "prevention": events.get("pencegahan", 0),
        "models": models,
        "schema": int(info["schema"]),
        "revision": int(info["revision"]),
    }


def _remove_copies(beside: Path) -> None:
    for name in ("masked.duckdb", "restricted.duckdb", "masked.duckdb.wal", "restricted.duckdb.wal"):
        (beside / name).unlink(missing_ok=True)
    (beside / "search.sqlite").unlink(missing_ok=True)
    shutil.rmtree(beside / "parquet", ignore_errors=True)


@contextmanager
def _private_files() -> Iterator[None]:
    """Let files that are made inside the block be readable by their owner alone from their first byte."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _link(source: str, target: str) -> str:
    """Share an immutable file with the snapshot; copy it where the folder lies on another disk."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        shutil.copyfile(source, target)
    return target
