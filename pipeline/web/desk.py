"""What the pages read: the current snapshot, masked for most people and as read for reviewers."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.query import invented
from pipeline.settings import Settings
from pipeline.shelf import SnapshotError, current_number, current_snapshot
from pipeline.web.accounts import Accounts, Session

_KEPT = 3  # snapshots held open: the current one, and those that pages still being read came from


@dataclass(frozen=True, slots=True)
class View:
    """One reader's window on a snapshot: a cursor of its own, and whether it shows names (`restricted`)."""

    number: int
    path: Path
    manifest: dict[str, Any]
    db: duckdb.DuckDBPyConnection
    restricted: bool
    invented: bool

    def rows(self, sql: str, values: Any = None) -> list[dict[str, Any]]:
        """Return the rows of a query as dicts by column."""
        cursor = self.db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, values: Any = None) -> dict[str, Any] | None:
        """Return the first row of a query, or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    def frame(self, sql: str, values: Any = None) -> pd.DataFrame:
        """Return a query's answer as a DataFrame."""
        return self.db.execute(sql, values).df()


class Desk:
    """The open snapshots and the accounts of one running desk; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.accounts = Accounts(settings.var / "desk" / "accounts.sqlite")
        self._lock = threading.Lock()
        self._open: dict[tuple[int, bool], tuple[View, duckdb.DuckDBPyConnection]] = {}

    def view(self, session: Session | None, number: int | None = None) -> View:
        """Return a window on a snapshot (None: the current one); names show for reviewers only.

        Raises SnapshotError where nothing was published, or not this number.
        """
        restricted = session is not None and session.may("tinjau")
        wanted = number if number is not None else current_number(self.settings.snapshots)
        if wanted is None:
            raise SnapshotError("belum ada snapshot: jalankan `wartawas publish`")
        with self._lock:
            held = self._open.get((wanted, restricted)) or self._load(wanted, restricted)
            view, connection = held
            cursor = connection.cursor()
        return View(view.number, view.path, view.manifest, cursor, restricted, view.invented)

    def _load(self, number: int, restricted: bool) -> tuple[View, duckdb.DuckDBPyConnection]:
        snapshot = current_snapshot(self.settings.snapshots, number)
        connection = snapshot.connect(restricted=restricted)
        connection.execute("SET memory_limit = '256MB'")
        connection.execute("SET threads = 2")
        view = View(number, snapshot.path, snapshot.manifest, connection, restricted, invented(connection))
        self._open[(number, restricted)] = (view, connection)
        while len({key[0] for key in self._open}) > _KEPT:
            # readers of the dropped one hold cursors of their own, which live on
            oldest = next(iter(self._open))
            self._open.pop(oldest)[1].close()
        return view, connection
