"""Publishing: the work file → a new snapshot: masked and restricted database, Parquet, full text.

A snapshot goes on from the one before: its databases are copied and what changed is written to them, months of
Parquet and of the search index in which nothing changed are shared. Both databases and the index are written at the
same time, each by its own thread (the index of many articles by its own process), while this one reads and masks.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline import shelf
from pipeline.changes import beside, find_changes, veiled_texts
from pipeline.database import StoreError, connect, fetch, limit_memory, newest_version, scalar, utc_now
from pipeline.events import link_events
from pipeline.hands import FarHand, Hand
from pipeline.masked import Masker
from pipeline.parquet import write_parquet
from pipeline.projection import article_chunks, event_chunks, layout, small_tables
from pipeline.published import Published, open_published
from pipeline.review_file import ReviewError
from pipeline.search_index import Doc, IndexWriter
from pipeline.shelf import (
    Snapshot,
    SnapshotError,
    copy_file,
    current_snapshot,
    list_snapshots,
    prune_snapshots,
    roll_back,
    sync_file,
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

_BATCH = 10_000
_READING_MB = 400  # two more databases are open beside the work file
_MANY = 2_000  # changed articles from which on a process of its own for the index is worth its start
_SLICES = 10  # of some thousand texts, which may wait for the index: it is the slowest to write


def publish(store: Store, root: Path, *, reviews: Path | None = None, rebuild: bool = False) -> Snapshot:
    """Publish what the store holds now as a new snapshot below `root`, and make it the current one.

    Whatever waits is linked first, as the decisions in the file of `reviews` have it: a snapshot shows all of them.

    It goes on from the newest snapshot that was made from this store by the same rules; without one, or with
    `rebuild`, everything is written from nothing. What a snapshot no longer holds may linger in its files, in blocks
    that are free and in rows that are marked as gone, out of every reader's sight; with `rebuild` it does not.
    Raises SnapshotError; an earlier snapshot then stays current.
    """

    def fill(folder: Path) -> dict[str, Any]:
        run = None
        try:
            link_events(store, reviews)
            run = store.begin_run("publish")
            limit_memory(store.con, store.path, _READING_MB)
            figures = _fill(store, folder, None if rebuild else _base(store, root), run)
            store.end_run(run, {"articles": figures["articles"]})
            return figures
        except (OSError, sqlite3.Error, duckdb.Error, StoreError, ReviewError) as error:
            reason = str(error).splitlines()[0]
            if run:
                with suppress(duckdb.Error):  # the disk may be full
                    store.end_run(run, {}, reason)
            raise SnapshotError(shelf.not_published(root, reason)) from None
        finally:
            limit_memory(store.con, store.path)

    return shelf.add_snapshot(root, fill)


def _base(store: Store, root: Path) -> Path | None:
    """Return the newest whole snapshot that this store published and that has today's layout."""
    for snapshot in reversed(list_snapshots(root)):
        parts = (shelf.RESTRICTED, f"{shelf.SEARCH}/state.json", f"{shelf.PARQUET}/state.json")
        try:
            with closing(snapshot.connect()) as db:
                info = dict(fetch(db, "SELECT key, value FROM info"))
        except (SnapshotError, duckdb.Error):
            continue
        if info.get("layout") != layout() or not all((snapshot.path / part).is_file() for part in parts):
            continue
        # a store that was restored, or made anew, does not know what was published from another state
        if scalar(store.con, "SELECT count(*) FROM runs WHERE run_id = ?", [info.get("run")]):
            return snapshot.path
    return None


def _fill(store: Store, folder: Path, base: Path | None, run: str) -> dict[str, Any]:
    """Write a snapshot's files into its folder, return its figures."""
    con = store.con
    with (
        ThreadPoolExecutor(2) as disk,
        Hand(partial(_open, disk, base, folder / shelf.MASKED, 0o644)) as masked,
        Hand(partial(_open, disk, base, folder / shelf.RESTRICTED, 0o600)) as restricted,
        ExitStack() as opened,
    ):
        with beside(con, base and base / shelf.MASKED):
            changes = find_changes(con)
            hand: type[Hand[IndexWriter]] = FarHand if changes.articles.num_rows > _MANY else Hand
            writer = partial(IndexWriter, base and base / shelf.SEARCH, folder / shelf.SEARCH)
            index = opened.enter_context(hand(writer, waiting=_SLICES))
            for earlier in veiled_texts(con):
                index.give(methodcaller("wipe", list(_documents(earlier))))
        for database in (masked, restricted):
            database.give(lambda to: to.begin(changes))
        index.give(methodcaller("forget", changes.indexed))
        _write_articles(con, masked, restricted, index)
        for tables in event_chunks(con):
            for database in (masked, restricted):
                database.give(partial(_add, tables))
        small = small_tables(con, fresh=base is None)
        info = {
            "layout": layout(),
            "run": run,
            "revision": str(changes.upto),
            "schema": str(newest_version()),
        }
        restricted.give(lambda to: to.finish(small, {**info, "masked": "false"}))
        masked.give(lambda to: to.finish(small, {**info, "masked": "true"}))
        written = masked.ask(lambda to: to)
        figures = _figures(written.con)
        parquet = folder / shelf.PARQUET
        write_parquet(written.con, parquet, before=base and base / shelf.PARQUET, changed=written.months)
        _finish_index(index, written.con, figures["articles"])
        restricted.ask(lambda to: to)
    for left in folder.glob(".*.spill"):
        shutil.rmtree(left)
    _remove_old_copies(store.path.parent)
    return {"published": f"{utc_now():%Y-%m-%dT%H:%M:%SZ}", **figures}


def _open(disk: ThreadPoolExecutor, base: Path | None, path: Path, mode: int) -> Published:
    """Return a database to write: a copy of the one before, or a new one.

    The copy goes to the disk meanwhile, for a disk takes longer over it than the changes take.
    """
    if base is not None:
        copy_file(base / path.name, path, mode=mode)
        disk.submit(sync_file, path)
    made = open_published(path)
    path.chmod(mode)
    return made


def _write_articles(
    con: duckdb.DuckDBPyConnection,
    masked: Hand[Published],
    restricted: Hand[Published],
    index: Hand[IndexWriter],
) -> None:
    for rows in article_chunks(con):
        restricted.give(partial(_add, rows))
        masker = Masker(con, rows["articles"])
        shown = []
        for part in masker.articles():
            shown.append(part)
            index.give(methodcaller("add", list(_documents(part))))
        masked.give(partial(_add, {"articles": pa.concat_tables(shown), **masker.children(rows)}))


def _add(tables: dict[str, pa.Table], to: Published) -> None:
    to.add(tables)


def _documents(articles: pa.Table) -> Iterator[Doc]:
    columns = ("article_id", "published", "first_seen", "title", "text")
    for key, published, first_seen, title, text in zip(
        *(articles.column(name).to_pylist() for name in columns), strict=True
    ):
        yield key, f"{published or first_seen:%Y-%m-%dT%H:%M}", title, text


def _finish_index(index: Hand[IndexWriter], db: duckdb.DuckDBPyConnection, articles: int) -> None:
    stale: list[str] = index.ask(methodcaller("finish"))
    for month in stale:
        rows = db.execute(_OF_A_MONTH, [month]).to_arrow_table()
        index.give(methodcaller("remake", month, list(_documents(rows))))
    found: int = index.ask(methodcaller("close"))
    if found != articles:
        raise StoreError(
            f"the search index has {found} of {articles} articles; run `wartawas publish --rebuild`"
        )


def index_articles(masked: Path, index: Path) -> None:
    """Make the full-text index of a masked database, in a folder that is not there yet."""
    with closing(connect(masked, read_only=True)) as db, closing(IndexWriter(None, index)) as writer:
        rows = db.execute(_ALL)
        while batch := rows.fetchmany(_BATCH):
            writer.add(batch)
        writer.finish()


_ALL = """
SELECT article_id, strftime(coalesce(published, first_seen), '%Y-%m-%dT%H:%M') AS time, title, text
FROM articles ORDER BY time, article_id
"""
_OF_A_MONTH = """
SELECT article_id, published, first_seen, title, text FROM published.articles
WHERE strftime(coalesce(published, first_seen), '%Y-%m') = ?
"""


def _figures(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
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


def _remove_old_copies(beside: Path) -> None:
    """Remove the copies that earlier versions kept beside the work file: nothing keeps names in them up to date."""
    for name in (
        "masked.duckdb",
        "restricted.duckdb",
        "masked.duckdb.wal",
        "restricted.duckdb.wal",
        "search.sqlite",
    ):
        (beside / name).unlink(missing_ok=True)
    shutil.rmtree(beside / "parquet", ignore_errors=True)
