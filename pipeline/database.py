"""The one module that opens DuckDB files: clear errors, no extensions, schema versions checked first.

A DuckDB file is locked as a whole: one process writes the work file, readers open published snapshots.
DuckDB 2.0 loses a pending result when the connection is used again, so every helper here fetches at once.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

_FOLDER = Path(__file__).parent
MIGRATIONS = _FOLDER / "migrations"
_NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
# The writer folds its log in at longer intervals than the default of 16 MB: each time costs more the more tables and
# columns there are. Whatever is committed is in the log.
_WRITER = "SET wal_autocheckpoint = '128MB'"
_WORK_MB = 600
# The indexes of the primary keys never leave memory once they were used: 400 bytes an article, a seventh of the file.
_INDEXES = 0.16
_OTHER_PROCESS = re.compile(r"PID (\d+)")


class StoreError(RuntimeError):
    """The store cannot be used; the message says which file, what is wrong and what to do."""


class StoreBusy(StoreError):
    """Another process has the store open."""


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Return an open connection to `path`; raises StoreError where it is locked, damaged or no database."""
    if not _named_in_utf8(path):
        shown = str(path).encode("utf-8", "backslashreplace").decode()  # records of nights hold the message
        raise StoreError(
            f"{shown}: DuckDB knows names in UTF-8 only, and this one is in none with this locale "
            f"({sys.getfilesystemencoding()}): set LC_ALL=C.UTF-8, or give a folder with a plain name"
        )
    try:
        return duckdb.connect(str(path), read_only=read_only, config=dict(_NO_EXTENSIONS))
    except duckdb.Error as error:
        reason = _reason(str(error))
        kind = StoreBusy if reason.startswith("is in use") else StoreError
        raise kind(f"{path}: {reason}") from None


def _named_in_utf8(path: Path) -> bool:
    """Return whether DuckDB, which takes a path as UTF-8 whatever the locale, would open this file and no other."""
    try:
        return os.fsencode(path) == str(path).encode()
    except UnicodeEncodeError:
        return False


def utc_now() -> datetime:
    """Return the time in UTC without a zone, as the store keeps all times."""
    return datetime.now(UTC).replace(tzinfo=None)


def fetch(con: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    """Return every row of a query at once."""
    rows: list[tuple[Any, ...]] = con.execute(sql, values).fetchall()
    return rows


def scalar(con: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> Any:
    """Return the first column of the first row, or None without a row."""
    rows = fetch(con, sql, values)
    return rows[0][0] if rows else None


def quoted(value: Path | str) -> str:
    """Return a path or a text as an SQL string, for statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def migrations(folder: Path = MIGRATIONS) -> dict[int, Path]:
    """Return the migration files by the schema version that each one leads to."""
    return {int(file.name[:4]): file for file in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))}


def newest_version(folder: Path = MIGRATIONS) -> int:
    """Return the schema version that this code writes: schema.sql has had every migration."""
    return max(migrations(folder), default=1)


def schema_version(con: duckdb.DuckDBPyConnection) -> int:
    """Return the version of an open work file's schema: 0 for an empty database."""
    tables = {name for (name,) in fetch(con, "SELECT table_name FROM duckdb_tables() WHERE NOT internal")}
    if not tables:
        return 0
    if "schema_versions" not in tables:
        raise StoreError("the database was not written by wartawas (it has no table schema_versions)")
    return int(scalar(con, "SELECT coalesce(max(version), 0) FROM schema_versions"))


def open_work_file(
    path: Path, *, create: bool = True, folder: Path = MIGRATIONS
) -> duckdb.DuckDBPyConnection:
    """Return the writer's connection to the work file, with its schema made or brought up to date.

    The version is read before anything is opened for writing, so that a file of a newer schema, a damaged
    one and a foreign one stay as they are. Raises StoreError.
    """
    if path.is_dir():
        raise StoreError(f"{path}: is a folder, a database file was expected")
    if path.exists():
        _check_version(path, newest_version(folder))
    elif create:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)  # the work file holds names that are published masked only
    else:
        raise StoreError(f"{path}: no such store; run `wartawas process` first")
    con = connect(path, read_only=False)
    try:
        con.execute(_WRITER)
        limit_memory(con, path)
        _bring_up_to_date(con, folder)
    except duckdb.Error as error:
        con.close()
        raise StoreError(f"{path}: the schema could not be brought up to date ({error})") from None
    return con


def limit_memory(con: duckdb.DuckDBPyConnection, path: Path, work_mb: int = _WORK_MB) -> None:
    """Let DuckDB hold so much beside the indexes of the work file at `path`: the rest is for the workers beside it."""
    indexes = path.stat().st_size / 1e6 * _INDEXES
    con.execute(f"SET memory_limit = '{max(300, indexes) + work_mb:.0f}MB'")


def _check_version(path: Path, newest: int) -> None:
    con = connect(path, read_only=True)
    try:
        version = schema_version(con)
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from None
    finally:
        con.close()
    if version > newest:
        raise StoreError(
            f"{path}: has schema version {version}, this wartawas knows {newest}; "
            "install the newer wartawas that wrote it (nothing was changed)"
        )


def _bring_up_to_date(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    version = schema_version(con)
    if version == 0:
        _apply(con, (_FOLDER / "schema.sql").read_text(encoding="utf-8"), newest_version(folder))
        return
    for number, file in migrations(folder).items():
        if number > version:
            _apply(con, file.read_text(encoding="utf-8"), number)


def _apply(con: duckdb.DuckDBPyConnection, sql: str, version: int) -> None:
    """Run a script in one transaction: a process killed in the middle leaves the version before it."""
    con.execute("BEGIN")
    try:
        con.execute(sql)
        con.execute("INSERT INTO schema_versions VALUES (?, ?)", [version, utc_now()])
        con.execute("COMMIT")
    except duckdb.Error:
        con.execute("ROLLBACK")
        raise


def _reason(message: str) -> str:
    if "lock" in message and "onflicting" in message:
        other = _OTHER_PROCESS.search(message)
        who = f"process {other.group(1)}" if other else "another process"
        return f"is in use by {who}; wait until it has ended and try again"
    if "not a valid DuckDB database" in message:
        return "is no DuckDB database; give another path or move the file away"
    if "version number" in message or "newer version" in message:
        return "was written by another version of DuckDB; install the wartawas that wrote it"
    return f"cannot be opened ({message.splitlines()[0]})"
