"""A folder of Parquet files as a store: a small database beside it, whose tables are views of those files.

The folder holds one folder a table (`articles/…/*.parquet`), cut as one likes: by month as a snapshot has it, by
year, month and province, or not at all. Nothing of it is copied; only what questions need ready (outlets, readings,
reasons why cases were stopped) is counted once, when the folder is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.database import connect, fetch, quoted
from pipeline.prepared import prepare
from pipeline.projection import layout
from pipeline.shelf import SnapshotError

_SCHEMA = Path(__file__).with_name("published.sql")
_NEEDED = ("articles", "events", "event_members", "cases", "sources", "labels", "regions")
_MADE_HERE = ("info", "outlets", "readings")
_FILE = "wartawas.duckdb"
_MEMORY = Path(":memory:")
_KEYED = ("articles", "stats")  # tables whose rows questions look up again by their row number
# columns that a snapshot's own files leave out, or that follow from others
_MADE = {
    ("articles", "mask_key"): "''",
    ("articles", "written"): "1",
    ("articles", "month"): "strftime(day_of(day, first_seen, utc_offset), '%Y-%m')",
    ("events", "written"): "1",
    ("events", "month"): "strftime(coalesce(first_day, first_seen::DATE), '%Y-%m')",
}


@dataclass(frozen=True, slots=True)
class ParquetStore:
    """The database made over a Parquet folder, and the tables that the folder lacks: they are empty."""

    file: Path
    missing: tuple[str, ...]


def is_parquet_folder(folder: Path) -> bool:
    """Return whether a folder looks like a store in Parquet: it has a folder `articles` with such files."""
    return next((folder / "articles").rglob("*.parquet"), None) is not None


def make_parquet_store(folder: Path, beside: Path) -> ParquetStore:
    """Return a database in the folder `beside` over the Parquet files in `folder`.

    Raises SnapshotError where tables that every question needs are missing, or a file cannot be read.
    """
    tables = [table for table in _tables() if table not in _MADE_HERE]
    found = {table: files for table in tables if (files := _files(folder / table))}
    lacking = [table for table in _NEEDED if table not in found]
    if lacking:
        raise SnapshotError(
            f"{folder}: holds no Parquet of {', '.join(lacking)}; take the folder `parquet` of a snapshot"
        )
    file = beside / _FILE
    try:
        with connect(file, read_only=False) as made:
            made.execute(_SCHEMA.read_text(encoding="utf-8"))
            made.execute("INSERT INTO info VALUES ('layout', ?), ('revision', '1')", [layout()])
            for table, files in found.items():
                _view(made, table, files)
        with connect(_MEMORY, read_only=False) as con:
            con.execute(f"ATTACH {quoted(file)} AS published")
            con.execute("USE published")
            prepare(con, reasons="stop_reasons" not in found)
    except duckdb.Error as error:
        reason = " ".join(str(error).split())[:200]
        raise SnapshotError(f"{folder}: its Parquet files cannot be read ({reason})") from None
    known = {*found, "stop_reasons"}  # made here where the folder lacks it
    return ParquetStore(file, tuple(table for table in tables if table not in known))


def _tables() -> list[str]:
    with connect(_MEMORY, read_only=False) as con:
        con.execute(_SCHEMA.read_text(encoding="utf-8"))
        return [name for (name,) in fetch(con, "SELECT table_name FROM duckdb_tables() ORDER BY 1")]


def _files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*.parquet") if path.is_file() and not path.name.startswith(".")
    )


def _view(con: duckdb.DuckDBPyConnection, table: str, files: list[Path]) -> None:
    """Put a view of the files in the place of a table, its columns by name in the table's types."""
    listed = "[" + ", ".join(quoted(path.resolve()) for path in files) + "]"
    source = f"read_parquet({listed}, union_by_name = true, hive_types_autocast = false, hive_partitioning = "
    inside = set(_columns(con, source + "false)"))
    columns = fetch(
        con,
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [table],
    )
    # The folder's `month` may be "10" where the column's is "2024-10", so that one is never taken as it is.
    absent = {str(column) for column, _ in columns} - inside - {"month"}
    from_path = absent & set(_columns(con, source + "true)")) if absent else set()
    source += "true)" if from_path else "false)"
    values = [
        _month(table, inside) if column == "month" else _value(table, column, kind, inside | from_path)
        for column, kind in columns
    ]
    key = "(file_index << 40) + file_row_number AS rowid, " if table in _KEYED else ""
    con.execute(f"DROP TABLE {table}")
    con.execute(f"CREATE VIEW {table} AS SELECT {key}{', '.join(values)} FROM {source}")  # noqa: S608 – names of ours


def _value(table: str, column: str, kind: str, known: set[str]) -> str:
    if column in known:
        return f'"{column}"::{kind} AS "{column}"'
    if (table, column) in _MADE:
        return f'{_MADE[table, column]} AS "{column}"'
    return f'NULL::{kind} AS "{column}"'


def _month(table: str, known: set[str]) -> str:
    """Return the month of a row as `2024-10`: of its own days, else as its file or the file's path has it."""
    if made := _MADE.get((table, "month")):
        return f'{made} AS "month"'
    if "month" in known:
        return '"month"::VARCHAR AS "month"'
    month, year = (f"regexp_extract(filename, '/{name}=([0-9-]+)/', 1)" for name in ("month", "year"))
    ten = f"nullif({year}, '') || '-' || lpad(nullif({month}, ''), 2, '0')"  # year=2024/month=10
    return f'CASE WHEN length({month}) = 7 THEN {month} ELSE {ten} END AS "month"'


def _columns(con: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    return [str(row[0]) for row in fetch(con, f"DESCRIBE SELECT * FROM {source}")]  # noqa: S608
