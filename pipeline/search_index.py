"""Writing the full-text index of a snapshot: a file for each month of publication, shared where nothing changed.

The index stores no text of its own, and of stems only those that differ from their words. A changed article gets a
new row and its old row is marked dead, since such an index cannot forget a text that it no longer has; a month with
too many dead rows is made anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.shelf import copy_file, link_file
from pipeline.stems import other_stems

STATE = "state.json"
_SCHEMA = """
CREATE TABLE docs (row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, live INTEGER NOT NULL);
CREATE INDEX docs_by_article ON docs (article_id);
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, title_stems, text_stems, content='', tokenize='unicode61 remove_diacritics 2');
"""
# A draft needs no protection from being killed: it is thrown away then. More memory makes fewer pieces to merge.
_DRAFT = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE"
_MEMORY = "INSERT INTO words (words, rank) VALUES ('hashsize', 8388608)"
_MOST_OPEN = 16
_A_MINUTE = 1 << 20  # row numbers for the articles of one minute
_SMALL = 1_000  # rows below which dead ones do no harm

#: Article id, time of publication (ISO 8601, UTC), title, text.
Doc = tuple[str, str, str | None, str]


def month_file(folder: Path, month: str) -> Path:
    """Return the file of a month (2024-10)."""
    return folder / f"{month}.sqlite"


class IndexWriter:
    """Writes an index into an empty folder, going on from the one in `before` where there is one."""

    def __init__(self, before: Path | None, folder: Path) -> None:
        self._before = before
        self._folder = folder
        self._state: dict[str, int] = load_state(before) if before else {}
        self._open: dict[str, sqlite3.Connection] = {}
        self._touched: set[str] = set()
        folder.mkdir()

    def forget(self, months: Mapping[str, str]) -> None:
        """Let no search find the earlier text of these articles, each in the month of that text."""
        gone: dict[str, list[str]] = defaultdict(list)
        for article, month in months.items():
            gone[month].append(article)
        for month, articles in gone.items():
            self._month(month).executemany(
                "UPDATE docs SET live = 0 WHERE article_id = ?", [(key,) for key in articles]
            )

    def wipe(self, docs: Iterable[Doc]) -> None:
        """Take the words of these earlier texts out of the index, as they were added: a name is hidden there now.

        It comes before `forget`, which knows no texts. The bytes leave the file when its pieces are merged.
        """
        by_month: dict[str, list[Doc]] = defaultdict(list)
        for doc in docs:
            by_month[doc[1][:7]].append(doc)
        for month, found in by_month.items():
            _wipe(self._month(month), found)

    def add(self, docs: Iterable[Doc]) -> None:
        """Add articles; those that come in the order of their times are added fastest."""
        by_month: dict[str, list[Doc]] = defaultdict(list)
        for doc in docs:
            by_month[doc[1][:7]].append(doc)
        for month, found in by_month.items():
            _add(self._month(month), sorted(found, key=lambda doc: (doc[1], doc[0])))

    def finish(self) -> list[str]:
        """Bring the folder to its end; return the months that should be made anew (`remake`)."""
        stale = []
        for month in sorted(self._touched):
            total, live = (
                self._month(month).execute("SELECT count(*), coalesce(sum(live), 0) FROM docs").fetchone()
            )
            self._state[month] = live
            if not live:
                self._drop(month)
            elif total > _SMALL and (total - live) * 5 > total:
                stale.append(month)
        if self._before is not None:
            for month in self._state.keys() - self._touched:
                link_file(month_file(self._before, month), month_file(self._folder, month))
        return stale

    def remake(self, month: str, docs: Iterable[Doc]) -> None:
        """Make a month's file anew from all its articles."""
        self._drop(month)
        self._state[month] = _add(self._month(month), list(docs))

    def close(self) -> int:
        """Write everything out; return how many articles a search can find."""
        while self._open:
            self._close(next(iter(self._open)))
        (self._folder / STATE).write_text(json.dumps(self._state), encoding="utf-8")
        return sum(self._state.values())

    def _month(self, month: str) -> sqlite3.Connection:
        if month in self._open:
            return self._open[month]
        if len(self._open) >= _MOST_OPEN:
            self._close(next(iter(self._open)))
        path = month_file(self._folder, month)
        if month not in self._touched and month in self._state and self._before is not None:
            copy_file(month_file(self._before, month), path, mode=0o644)
        self._touched.add(month)
        self._open[month] = open_month(path)
        return self._open[month]

    def _close(self, month: str) -> None:
        con = self._open.pop(month)
        con.commit()
        con.close()

    def _drop(self, month: str) -> None:
        if month in self._open:
            self._close(month)
        month_file(self._folder, month).unlink()
        del self._state[month]


def load_state(folder: Path) -> dict[str, int]:
    """Return the months of an index, each with how many articles a search can find in it."""
    state: dict[str, int] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    return state


def file_names(state: Mapping[str, int]) -> Iterator[str]:
    """Yield the files that a folder with this `state.json` holds, for readers that cannot list folders."""
    yield STATE
    yield from (month_file(Path(), month).name for month in state)


def open_month(path: Path) -> sqlite3.Connection:
    """Return the writer's connection to a month's file, made where it is missing."""
    con = sqlite3.connect(path)
    fresh = not con.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    con.executescript(_DRAFT)
    if fresh:
        con.executescript(_SCHEMA)
    con.execute(_MEMORY)
    return con


def _add(con: sqlite3.Connection, docs: Sequence[Doc]) -> int:
    numbers = _Numbers(con)
    rows = [numbers.next(published) for _, published, _, _ in docs]
    # Table by table: a statement on `docs` between two rows of `words` would make FTS5 write out each of them.
    con.executemany("INSERT INTO docs VALUES (?, ?, 1)", zip(rows, (doc[0] for doc in docs), strict=True))
    con.executemany(
        "INSERT INTO words (rowid, title, text, title_stems, text_stems) VALUES (?, ?, ?, ?, ?)",
        map(_words, rows, docs),
    )
    return len(docs)


def _wipe(con: sqlite3.Connection, docs: Sequence[Doc]) -> None:
    query = "SELECT row FROM docs WHERE article_id = ? AND live"
    rows = [(row, doc) for doc in docs for (row,) in con.execute(query, (doc[0],))]
    con.executemany(
        "INSERT INTO words (words, rowid, title, text, title_stems, text_stems) VALUES ('delete', ?, ?, ?, ?, ?)",
        (_words(row, doc) for row, doc in rows),
    )


def _words(row: int, doc: Doc) -> tuple[int, str | None, str, str, str]:
    _, _, title, text = doc
    return row, title, text, " ".join(other_stems(title or "")), " ".join(other_stems(text))


class _Numbers:
    """Row numbers that no row has had, growing with the time of publication: the newest hits need no sorting."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self.con = con
        self.last: dict[int, int] = {}

    def next(self, published: str) -> int:
        moment = datetime.fromisoformat(published).replace(tzinfo=UTC)
        first = max(0, int(moment.timestamp() // 60)) * _A_MINUTE
        if first not in self.last:
            found = self.con.execute(
                "SELECT max(row) FROM docs WHERE row >= ? AND row < ?", (first, first + _A_MINUTE)
            ).fetchone()[0]
            self.last[first] = first if found is None else int(found)
        self.last[first] += 1
        return self.last[first]
