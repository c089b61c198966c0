"""The Parquet copy of the masked database: a folder a table, cut by month (of an article, or of an event's first).

Files are replaced, never rewritten, so that snapshots may share those of months in which nothing changed.
"""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.database import connect, fetch, quoted, scalar

# ruff: noqa: S608 – tables and columns are those of this module
_EVENT_MONTH = "strftime(coalesce(e.first_day, e.first_seen), '%Y-%m')"
_ARTICLES = {
    "articles": "SELECT a.* EXCLUDE (mask_key, written) FROM articles a WHERE a.month = ?"
    " ORDER BY a.published, a.article_id",
} | {
    table: f"SELECT t.* FROM {table} t JOIN articles a USING (article_id) WHERE a.month = ?"
    " ORDER BY a.published, a.article_id, t.n"
    for table in ("officials", "cases", "evidence", "stats")
}
_EVENTS = {
    "events": f"SELECT e.* EXCLUDE (written) FROM events e WHERE {_EVENT_MONTH} = ? ORDER BY e.first_seen, e.event_id",
    "event_members": f"SELECT t.* FROM event_members t JOIN events e USING (event_id) WHERE {_EVENT_MONTH} = ?"
    " ORDER BY e.first_seen, e.event_id, t.article_id",
}
_WHOLE = ("sources", "coverage", "labels", "regions")
_FIXED = ("regions",)
_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class _Cut:
    """Tables that are cut by month: their selects, and the months with their rows and newest change."""

    selects: dict[str, str]
    months: str


_CUTS = {
    "articles": _Cut(_ARTICLES, "SELECT month, count(*), max(written) FROM articles GROUP BY month"),
    "events": _Cut(_EVENTS, f"SELECT {_EVENT_MONTH}, count(*), max(written) FROM events e GROUP BY 1"),
}


def write_parquet(masked: Path, folder: Path) -> list[str]:
    """Bring the Parquet files up to the masked database; return the months whose articles were written."""
    with closing(connect(masked, read_only=True)) as db:
        revision = int(scalar(db, "SELECT value FROM info WHERE key = 'revision'"))
        before = _state(folder)
        note = ", KV_METADATA {catatan: 'CONTOH – rekaan'}" if _invented(db) else ""
        known = {name: before[name] if before else {} for name in _CUTS}
        since = before["revision"]["all"] if before else -1
        state: dict[str, dict[str, int]] = {"revision": {"all": revision}}
        written = {}
        for name, cut in _CUTS.items():
            rows = fetch(db, cut.months)
            state[name] = {month: count for month, count, _ in rows}
            touched = [month for month, n, last in rows if last > since or known[name].get(month) != n]
            written[name] = sorted(touched)
            for table, select in cut.selects.items():
                for month in touched:
                    _copy(db, select.replace("?", f"'{month}'"), _file(folder, table, month), note)
                for month in known[name].keys() - state[name].keys():
                    shutil.rmtree(_file(folder, table, month).parent, ignore_errors=True)
        for table in _WHOLE:
            file = folder / table / "part.parquet"
            if table not in _FIXED or not file.exists():
                _copy(db, f"SELECT * FROM {table}", file, note)
    draft = folder / f".{_STATE}"
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(folder / _STATE)
    return written["articles"]


def _file(folder: Path, table: str, month: str) -> Path:
    return folder / table / f"month={month}" / "part.parquet"


def _copy(db: duckdb.DuckDBPyConnection, select: str, file: Path, note: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name("." + file.name)
    db.execute(f"COPY ({select}) TO {quoted(draft)} (FORMAT parquet, COMPRESSION zstd{note})")
    draft.replace(file)


def _invented(db: duckdb.DuckDBPyConnection) -> bool:
    return bool(scalar(db, "SELECT count(*) FROM sources WHERE invented"))


def _state(folder: Path) -> dict[str, dict[str, int]] | None:
    """Return the months and rows of the files that stand there, None where they are of another layout."""
    file = folder / _STATE
    if not file.is_file():
        return None
    state: dict[str, dict[str, int]] = json.loads(file.read_text(encoding="utf-8"))
    if not all(isinstance(state.get(name), dict) for name in ("revision", *_CUTS)):
        shutil.rmtree(folder)
        folder.mkdir()
        return None
    return state
