"""What the pages read: the current snapshot, masked for most people and as read for reviewers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from pipeline.query import invented
from pipeline.settings import Settings
from pipeline.shelf import MANIFEST, SnapshotError, current_number, current_snapshot
from pipeline.web.accounts import Accounts, Session

T = TypeVar("T")

_KEPT = 2  # snapshots held open: the current one, and the one that pages still being read came from
# megabytes that DuckDB may hold of a masked and of a restricted database: files are made of the masked one alone,
# and a page of any question over a million articles needs 80
_MEMORY_MB = {False: 88, True: 80}


@dataclass(frozen=True, slots=True)
class View:
    """One reader's window on a snapshot: a cursor of its own, whether it shows names (`restricted`), what is kept."""

    number: int
    path: Path
    manifest: dict[str, Any]
    db: duckdb.DuckDBPyConnection
    restricted: bool
    invented: bool
    kept: dict[str, Any] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gives, asked once a snapshot: it never changes, and its aggregates cost most.

        `name` is a word of the code, never of an address: what is kept stays as long as the snapshot is open.
        """
        with self.locks.setdefault(
            name, threading.Lock()
        ):  # whoever comes meanwhile waits rather than asks again
            if name not in self.kept:
                self.kept[name] = make()
        found: T = self.kept[name]
        return found

    def place_name(self, code: str | None) -> str:
        """Return "Cibatu, Kabupaten Garut" for a region's code, an empty text for none."""
        names = self.once(
            "regions", lambda: dict(self.db.execute("SELECT code, name FROM regions").fetchall())
        )
        parts = [code, code[:5] if code and len(code) > 5 else None]
        return ", ".join(names[part] for part in parts if part in names)

    def names(self, group: str, ids: Sequence[str] | None) -> str:
        """Return what the ids of a group (type, stage, outcome, …) are called, parted by semicolons."""
        sql = 'SELECT "group", id, name FROM labels'
        known = self.once("labels", lambda: {row[:2]: row[2] for row in self.db.execute(sql).fetchall()})
        return "; ".join(str(known.get((group, key), key)) for key in ids or ())

    def outcomes(self, outcomes: Sequence[str]) -> str:
        """Return what became of a case on each track ("kode_etik=terbukti") in words, parted by semicolons."""
        pairs = [outcome.partition("=")[::2] for outcome in outcomes]
        return "; ".join(
            f"{self.names('track', [track])}: {self.names('outcome', [value])}" for track, value in pairs
        )

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
            raise SnapshotError("nothing has been published yet; run `wartawas publish`")
        with self._lock:
            self._drop_removed()
            held = self._open.get((wanted, restricted)) or self._load(wanted, restricted)
            view, connection = held
            cursor = connection.cursor()
        return replace(view, db=cursor)

    def let_go(self, *, but: int) -> None:
        """Give back the memory of all snapshots but one, as soon as nobody reads them any more."""
        with self._lock:
            for key in [key for key in self._open if key[0] != but]:
                del self._open[key]

    def _drop_removed(self) -> None:
        """Close snapshots whose folders were removed: an erasure must not live on in what is held open."""
        for key, (view, connection) in list(self._open.items()):
            if not (view.path / MANIFEST).is_file():
                del self._open[key]
                connection.close()

    def _load(self, number: int, restricted: bool) -> tuple[View, duckdb.DuckDBPyConnection]:
        snapshot = current_snapshot(self.settings.snapshots, number)
        connection = snapshot.connect(restricted=restricted)
        # what a page took goes back after it: the allocator would keep 128 MB
        limits = f"SET memory_limit = '{_MEMORY_MB[restricted]}MB'; SET allocator_flush_threshold = '16MB'"
        connection.execute(f"{limits}; SET threads = 2")
        view = View(number, snapshot.path, snapshot.manifest, connection, restricted, invented(connection))
        self._open[(number, restricted)] = (view, connection)
        while len({key[0] for key in self._open}) > _KEPT:
            # not closed: that would close the cursors of its readers too
            del self._open[next(iter(self._open))]
        return view, connection
