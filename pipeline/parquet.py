"""The Parquet copy of the masked database: a folder a table, cut by month (of an article, or of an event's first).

Files are replaced, never rewritten, so that snapshots may share those of months in which nothing changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.database import fetch, quoted, scalar
from pipeline.shelf import link_file

# ruff: noqa: S608 – tables and columns are those of this module
#: Tables that are written as one file, each with the order of its rows: large ones by their key, which is cheaper.
WHOLE_TABLES = {
    "sources": "ALL",
    "coverage": "source, day",
    "labels": "ALL",
    "regions": "code",
    "registry": "official_id",
    "event_merges": "ALL",
    "stop_reasons": "ALL",
    "reviews": "ALL",
}
_FIXED = ("regions",)
_STATE = "state.json"
_ROWS = 20_480  # of a group, which a writer holds in memory
_TEXTS = 2_048  # rows of a group where each has the text of an article: some kilobytes, some have a hundred
_LAYOUT = {"number": 2}  # of the folder: raised where tables come or go, so that all is written anew


@dataclass(frozen=True, slots=True)
class _Cut:
    """Tables that are cut by month, and the columns that the main one, the first, keeps for itself."""

    own: tuple[str, ...]
    tables: tuple[str, ...]


_CUTS = {
    "articles": _Cut(
        ("mask_key", "written"),
        (
            "articles",
            "officials",
            "mentions",
            "stats",
            "legal_refs",
            "cases",
            "accused",
            "evidence",
            "revisions",
        ),
    ),
    "events": _Cut(("month", "written"), ("events", "event_members")),
}


def write_parquet(
    db: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    before: Path | None,
    changed: Mapping[str, Collection[str]],
) -> None:
    """Write the Parquet files of the open database `published` into an empty folder.

    Those of months that are not among `changed` (of `articles`, of `events`) are shared with the folder `before`.
    Two are written at a time, each by one thread, which holds one group of rows in memory. A month's rows stand in no
    order but the database's: sorting them would hold all its texts at once. DuckDB's threads are one afterwards.
    """
    folder.mkdir()
    db.execute("SET threads = 1")
    written: list[tuple[str, Path]] = []
    note = ", KV_METADATA {catatan: 'CONTOH – rekaan'}" if _invented(db) else ""
    state: dict[str, Any] = {"layout": _LAYOUT}
    for name, cut in _CUTS.items():
        months = {
            month: int(count)
            for month, count in fetch(
                db, f"SELECT month, count(*) FROM published.{name} GROUP BY month ORDER BY month"
            )
        }
        state[name] = months
        fresh = months if before is None else {m: n for m, n in months.items() if m in changed[name]}
        for table in cut.tables:
            without = ", ".join(cut.own if table == name else ("month",))
            for month in fresh:
                rows = f"FROM published.{table} WHERE month = '{month}'"
                written.append((f"SELECT * EXCLUDE ({without}) {rows}", folder / table / f"month={month}"))
        if before is not None:
            for table in cut.tables:
                for month in months.keys() - fresh.keys():
                    _share(before, folder, f"{table}/month={month}")
    for table, order in WHOLE_TABLES.items():
        if before is not None and table in _FIXED:
            _share(before, folder, table)
        else:
            written.append((f"SELECT * FROM published.{table} ORDER BY {order}", folder / table))
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda one: _copy(db, one[0], one[1], note), written))
    (folder / _STATE).write_text(json.dumps(state), encoding="utf-8")


def tables_cut_with(main: str) -> tuple[str, ...]:
    """Return the tables whose rows follow those of `articles` or of `events`."""
    return tuple(table for table in _CUTS[main].tables if table != main)


def file_names(state: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that a folder with this `state.json` holds, for readers that cannot list folders."""
    for name, cut in _CUTS.items():
        for table in cut.tables:
            yield from (f"{table}/month={month}/part.parquet" for month in state.get(name, ()))
    yield from (f"{table}/part.parquet" for table in WHOLE_TABLES)


def _copy(db: duckdb.DuckDBPyConnection, select: str, folder: Path, note: str) -> None:
    folder.mkdir(parents=True)
    file = quoted(folder / "part.parquet")
    rows = _TEXTS if folder.parent.name == "articles" else _ROWS
    with db.cursor() as own:
        own.execute(
            f"COPY ({select}) TO {file} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}{note})"
        )


def _share(before: Path, folder: Path, name: str) -> None:
    target = folder / name
    target.mkdir(parents=True)
    link_file(before / name / "part.parquet", target / "part.parquet")


def _invented(db: duckdb.DuckDBPyConnection) -> bool:
    return bool(scalar(db, "SELECT count(*) FROM published.sources WHERE invented"))
