"""The Parquet copy of the masked database: one folder a table, articles and officials cut by month.

Files are replaced, never rewritten, so that snapshots may share those of months in which nothing changed.
"""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from pipeline.database import connect, fetch, quoted, scalar

_WHOLE = ("cases", "evidence", "stats", "events", "event_members", "sources", "regions", "coverage", "labels")
_FIXED = ("regions",)
_MONTHLY = {
    "articles": "SELECT * EXCLUDE (mask_key, written) FROM articles WHERE month = ?"
    " ORDER BY published, article_id",
    "officials": "SELECT o.* FROM officials o JOIN articles a USING (article_id) WHERE a.month = ?"
    " ORDER BY a.published, a.article_id, o.n",
}
_STATE = "state.json"


def write_parquet(masked: Path, folder: Path) -> list[str]:
    """Bring the Parquet files up to the masked database; return the months whose files were written."""
    with closing(connect(masked, read_only=True)) as db:
        revision = int(scalar(db, "SELECT value FROM info WHERE key = 'revision'"))
        rows = fetch(db, "SELECT month, count(*), max(written) FROM articles GROUP BY month ORDER BY month")
        before = _state(folder)
        known = before["months"] if before else {}
        since = before["revision"] if before else -1
        touched = [month for month, count, written in rows if written > since or known.get(month) != count]
        for month in touched:
            for table, select in _MONTHLY.items():
                _copy(
                    db, select.replace("?", f"'{month}'"), folder / table / f"month={month}" / "part.parquet"
                )
        for month in set(known) - {month for month, _, _ in rows}:
            for table in _MONTHLY:
                shutil.rmtree(folder / table / f"month={month}", ignore_errors=True)
        for table in _WHOLE:
            file = folder / table / "part.parquet"
            if table not in _FIXED or not file.exists():
                _copy(db, f"SELECT * FROM {table}", file)  # noqa: S608
    state = {"revision": revision, "months": {month: count for month, count, _ in rows}}
    draft = folder / f".{_STATE}"
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(folder / _STATE)
    return touched


def _copy(db: duckdb.DuckDBPyConnection, select: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name("." + file.name)
    note = ", KV_METADATA {catatan: 'CONTOH – rekaan'}" if _invented(db) else ""
    db.execute(f"COPY ({select}) TO {quoted(draft)} (FORMAT parquet, COMPRESSION zstd{note})")
    draft.replace(file)


def _invented(db: duckdb.DuckDBPyConnection) -> bool:
    return bool(scalar(db, "SELECT count(*) FROM sources WHERE invented"))


def _state(folder: Path) -> dict[str, dict[str, int]] | None:
    file = folder / _STATE
    if not file.is_file():
        return None
    state: dict[str, dict[str, int]] = json.loads(file.read_text(encoding="utf-8"))
    return state
