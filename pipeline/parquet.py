"""The Parquet copy of the masked database: a folder a table, cut by month (of an article, or of an event's first).

Files are replaced, never rewritten, so that snapshots may share those of months in which nothing changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.database import fetch, quoted, scalar
from pipeline.published import EVENT_MONTH
from pipeline.shelf import link_file

# ruff: noqa: S608 – tables and columns are those of this module
WHOLE_TABLES = (
    "sources",
    "coverage",
    "labels",
    "regions",
    "registry",
    "event_merges",
    "stop_reasons",
    "reviews",
)
_FIXED = ("regions",)
_STATE = "state.json"
_LAYOUT = {"number": 2}  # of the folder: raised where tables come or go, so that all is written anew
_AT_ONCE = 60_000  # rows whose months are written together, in one pass over the tables that hang on them


@dataclass(frozen=True, slots=True)
class _Cut:
    """Tables that are cut by month: the one that has the month, and those that hang on it by its `key`."""

    key: str
    month: str
    columns: str
    order: str
    parts: Mapping[str, str]


_ARTICLE = "moment, article_id, n"
_CUTS = {
    "articles": _Cut(
        "article_id",
        "month",
        "* EXCLUDE (mask_key, written)",
        "published, article_id",
        {
            **dict.fromkeys(("officials", "mentions", "stats", "legal_refs"), _ARTICLE),
            **dict.fromkeys(("cases", "accused", "evidence"), f"{_ARTICLE}, case_id"),
            "revisions": f"{_ARTICLE}, change, paragraph",
        },
    ),
    "events": _Cut(
        "event_id",
        EVENT_MONTH,
        "* EXCLUDE (written)",
        "first_seen, event_id",
        {"event_members": "moment, event_id, article_id, case_id"},
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
    """
    folder.mkdir()
    note = ", KV_METADATA {catatan: 'CONTOH – rekaan'}" if _invented(db) else ""
    state: dict[str, Any] = {"layout": _LAYOUT}
    for name, cut in _CUTS.items():
        months = {
            month: int(count)
            for month, count in fetch(
                db, f"SELECT {cut.month} AS m, count(*) FROM published.{name} GROUP BY m ORDER BY m"
            )
        }
        state[name] = months
        fresh = months if before is None else {m: n for m, n in months.items() if m in changed[name]}
        for group in _groups(fresh):
            _write_months(db, folder, name, cut, group, note)
        if before is not None:
            for table in (name, *cut.parts):
                for month in months.keys() - fresh.keys():
                    _share(before, folder, f"{table}/month={month}")
    for table in WHOLE_TABLES:
        if before is not None and table in _FIXED:
            _share(before, folder, table)
        else:
            _copy(db, f"SELECT * FROM published.{table} ORDER BY ALL", folder / table, note)
    (folder / _STATE).write_text(json.dumps(state), encoding="utf-8")


def tables_cut_with(main: str) -> tuple[str, ...]:
    """Return the tables whose rows follow those of `articles` or of `events`."""
    return tuple(_CUTS[main].parts)


def file_names(state: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that a folder with this `state.json` holds, for readers that cannot list folders."""
    for name, cut in _CUTS.items():
        for table in (name, *cut.parts):
            yield from (f"{table}/month={month}/part.parquet" for month in state.get(name, ()))
    yield from (f"{table}/part.parquet" for table in WHOLE_TABLES)


def _groups(months: Mapping[str, int]) -> Iterator[list[str]]:
    group: list[str] = []
    rows = 0
    for month, count in sorted(months.items()):
        if group and rows + count > _AT_ONCE:
            yield group
            group, rows = [], 0
        group.append(month)
        rows += count
    if group:
        yield group


def _write_months(
    db: duckdb.DuckDBPyConnection, folder: Path, name: str, cut: _Cut, months: list[str], note: str
) -> None:
    first = cut.order.partition(",")[0]
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE cut AS SELECT {cut.key}, {cut.month} AS month, {first} AS moment"
        f" FROM published.{name} WHERE {cut.month} IN (SELECT unnest(?))",
        [months],
    )
    for month in months:
        rows = f"FROM published.{name} WHERE {cut.month} = '{month}' ORDER BY {cut.order}"
        _copy(db, f"SELECT {cut.columns} {rows}", folder / name / f"month={month}", note)
    for table, order in cut.parts.items():
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE part AS SELECT t.*, c.month, c.moment"
            f" FROM published.{table} t JOIN cut c USING ({cut.key})"
        )
        for month in months:
            rows = f"FROM part WHERE month = '{month}' ORDER BY {order}"
            _copy(db, f"SELECT * EXCLUDE (month, moment) {rows}", folder / table / f"month={month}", note)
    db.execute("DROP TABLE cut; DROP TABLE part")


def _copy(db: duckdb.DuckDBPyConnection, select: str, folder: Path, note: str) -> None:
    folder.mkdir(parents=True)
    file = quoted(folder / "part.parquet")
    db.execute(f"COPY ({select}) TO {file} (FORMAT parquet, COMPRESSION zstd{note})")


def _share(before: Path, folder: Path, name: str) -> None:
    target = folder / name
    target.mkdir(parents=True)
    link_file(before / name / "part.parquet", target / "part.parquet")


def _invented(db: duckdb.DuckDBPyConnection) -> bool:
    return bool(scalar(db, "SELECT count(*) FROM published.sources WHERE invented"))
