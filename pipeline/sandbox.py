"""Connections for readers' own SQL: nothing can be written, no other file opened, memory and time are bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipeline.database import quoted
from pipeline.filters import QuestionError
from pipeline.shelf import SnapshotError

_NAME = "wartawas"
_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_SELECT = duckdb.StatementType.SELECT
Values = Sequence[Any] | Mapping[str, Any] | None


def connect_locked(
    file: Path, *, folders: Sequence[Path] = (), memory_mb: int, threads: int
) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads this database and the files in `folders`, and can do nothing else.

    The database is attached to an instance of its own, so that whoever else has it open in this process is not
    bound by these limits. Raises SnapshotError where it cannot be opened.
    """
    con = duckdb.connect(config={**_CONFIG, "memory_limit": f"{memory_mb}MB", "threads": str(threads)})
    try:
        con.execute(f"ATTACH {quoted(file)} AS {_NAME} (READ_ONLY)")
        con.execute(f"USE {_NAME}")
        con.execute("SET max_temp_directory_size = '0B'")
        con.execute(
            f"SET allowed_directories = [{', '.join(quoted(folder.resolve()) for folder in folders)}]"
        )
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        con.close()
        reason = str(error).splitlines()[0]
        raise SnapshotError(
            f"{file}: is no database that this wartawas can read ({reason}); take a published snapshot"
        ) from None
    return con


@contextmanager
def selected(
    con: duckdb.DuckDBPyConnection, sql: str, values: Values = None, *, seconds: float
) -> Iterator[duckdb.DuckDBPyRelation]:
    """Give one SELECT to a block that takes its rows; nothing is computed before.

    Raises QuestionError for anything else, for a mistake in it, and where it takes longer or more memory than allowed.
    """
    with bounded(con, seconds):
        statements = con.extract_statements(sql)
        if [statement.type for statement in statements] != [_SELECT]:
            raise QuestionError("sql: give one SELECT; the store is read only, so nothing else can be run")
        yield con.sql(sql, params=values)


@contextmanager
def bounded(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what the connection does inside the block after so many seconds; raises QuestionError then."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        con.interrupt()

    clock = threading.Timer(seconds, stop)
    clock.daemon = True
    clock.start()
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if late.is_set():
            raise QuestionError(
                f"sql: took longer than {seconds:g} seconds; narrow it, or open the store with more `seconds`"
            ) from None
        if not isinstance(error, duckdb.Error):  # Ctrl-C reaches us as "Query interrupted"
            raise
        raise QuestionError(_complaint(error)) from None
    finally:
        clock.cancel()


def _complaint(error: duckdb.Error) -> str:
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return "sql: needs more memory than allowed; narrow it, or open the store with more `memory_mb`"
    if isinstance(error, duckdb.PermissionException):
        return "sql: reads no files; only the tables of the store can be read"
    return f"sql: {' '.join(text.split())[:300]}"
