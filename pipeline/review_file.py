"""The file of reviews: opened, written and, for an erasure alone, rewritten; a table for each kind of decision."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.ledger import write_ahead

_WAIT_S = 10.0  # for another reviewer's commit


# names stand in the table: nothing of it may linger in pages that are free
_AGAIN = """
PRAGMA secure_delete = ON;
BEGIN IMMEDIATE;
CREATE TEMP TABLE kept AS SELECT * FROM {table};
DROP TABLE {table};
{schema}
INSERT INTO {table} SELECT * FROM kept;
COMMIT;
DROP TABLE kept;
"""


class ReviewError(RuntimeError):
    """A decision cannot be kept or undone; the message says why."""


class ReviewFile:
    """A table of decisions in the file of reviews, to which several processes may write; a context manager.

    A kind of decision gives its table's name, and its schema, whose triggers `<table>_stay` and `<table>_last` stand at
    the end and keep rows from being changed or deleted. Ids are AUTOINCREMENT: that of a row that an erasure took
    never comes back.
    """

    table: str
    schema: str

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # names of accused persons stand in it, and in its log, which takes its mode
            if not path.exists():
                path.touch(mode=0o600)
            path.chmod(0o600)
            self._con = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            write_ahead(self._con, _WAIT_S)
            self._make_table()
            self._con.execute("PRAGMA foreign_keys = ON")
        except (OSError, sqlite3.Error) as error:
            raise ReviewError(f"{path}: reviews cannot be kept there ({error})") from None
        self._path = path

    def _make_table(self) -> None:
        made = dict(self._con.execute("SELECT name, sql FROM sqlite_master").fetchall())
        if "AUTOINCREMENT" not in made.get(self.table, "AUTOINCREMENT"):  # of an earlier version
            self._con.executescript(_AGAIN.format(table=self.table, schema=self.schema))
        elif f"{self.table}_last" not in made:
            self._con.executescript(self.schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the file for writing, and keep what is added as a whole."""
        try:
            self._con.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise ReviewError(f"{self._path}: the decision was not kept ({error})") from None
        try:
            yield
            self._con.execute("COMMIT")
        except BaseException:
            self._con.execute("ROLLBACK")
            raise

    @classmethod
    @contextmanager
    def rewriting(cls, path: Path, *triggers: str) -> Iterator[sqlite3.Connection]:
        """Let these triggers (`stay`, `last`) stand aside for one transaction, and empty the pages that it frees."""
        cls(path).close()
        con = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
        try:
            con.execute("PRAGMA secure_delete = ON")
            con.execute("BEGIN IMMEDIATE")
            names = [f"{cls.table}_{trigger}" for trigger in triggers]
            made = con.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name in names:
                con.execute(f"DROP TRIGGER {name}")
            yield con
            for _, sql in (row for row in made if row[0] in names):
                con.execute(sql)
            con.execute("COMMIT")
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            con.close()
