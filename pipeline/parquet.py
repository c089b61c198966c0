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
_ROWS = 20_480  # of a group, which a writer holds in memory: of a month's texts DuckDB's default takes 200 MB and more
_LAYOUT = {"number": 2}  # of the folder: raised where tables come or go, so that all is written anew


@dataclass(frozen=True, slots=True)
class _Cut:
    """Tables that are cut by month: columns that the main one keeps for itself, and the order of rows in each."""

    own: tuple[str, ...]
    order: Mapping[str, str]


_ARTICLE = "article_id, n"
_CUTS = {
    "articles": _Cut(
        ("mask_key", "written"),
        {
            "articles": "published, article_id",
            **dict.fromkeys(("officials", "mentions", "stats", "legal_refs"), _ARTICLE),
            **dict.fromkeys(("cases", "accused", "evidence"), f"{_ARTICLE}, case_id"),
            "revisions": f"{_ARTICLE}, change, paragraph",
        },
    ),
    "events": _Cut(
        ("month", "written"),
        {"events": "first_seen, event_id", "event_members": "event_id, article_id, case_id"},
    ),
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
    Two are written at a time: most hold a month of one table, too little for DuckDB to cut it up.
    """
    folder.mkdir()
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
        for table, order in cut.order.items():
            without = ", ".join(cut.own if table == name else ("month",))
            for month in fresh:
                rows = f"FROM published.{table} WHERE month = '{month}' ORDER BY {order}"
                written.append((f"SELECT * EXCLUDE ({without}) {rows}", folder / table / f"month={month}"))
        if before is not None:
            for table in cut.order:
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
    return tuple(table for table in _CUTS[main].order if table != main)


def file_names(state: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that a folder with this `state.json` holds, for readers that cannot list folders."""
    for name, cut in _CUTS.items():
        for table in cut.order:
            yield from (f"{table}/month={month}/part.parquet" for month in state.get(name, ()))
    yield from (f"{table}/part.parquet" for table in WHOLE_TABLES)


def _copy(db: duckdb.DuckDBPyConnection, select: str, folder: Path, note: str) -> None:
    folder.mkdir(parents=True)
    file = quoted(folder / "part.parquet")
    with db.cursor() as own:
        own.execute(
            f"COPY ({select}) TO {file} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS}{note})"
        )


def _share(before: Path, folder: Path, name: str) -> None:
    target = folder / name
    target.mkdir(parents=True)
    link_file(before / name / "part.parquet", target / "part.parquet")


def _invented(db: duckdb.DuckDBPyConnection) -> bool:
    return bool(scalar(db, "SELECT count(*) FROM published.sources WHERE invented"))
