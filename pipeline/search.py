"""The full-text index of a snapshot: SQLite FTS5 over the masked titles and texts, kept beside the database.

The index stores no text of its own: a hit gives an article id, and the database gives the article. A changed
article gets a new row and its old row is marked dead, since such an index cannot forget a text that it no
longer has; an index with too many dead rows is made anew. A row's number grows with the time of publication,
so that the newest hits are found without sorting all of them. Words are compared by their stems, which stand in
columns of their own; phrases and prefixes are compared as printed.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pipeline.chunks import chunks
from pipeline.database import StoreError
from pipeline.stems import stems

_LAYOUT = "2"
_SCHEMA = """
CREATE TABLE docs (row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, live INTEGER NOT NULL);
CREATE INDEX docs_by_article ON docs (article_id);
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, title_stems, text_stems, content='', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO info VALUES ('layout', '2');
"""
_MAX_QUERY = 500
_TERM = re.compile(r'"[^"]*"|[^\s"]+')
_BATCH = 2_000
_A_MINUTE = 1 << 20  # row numbers for the articles of one minute

Doc = tuple[str, str | None, str | None, str]


class SearchError(StoreError):
    """Nothing can be searched for; the message says why."""


def open_index(path: Path) -> sqlite3.Connection:
    """Return the writer's connection to an index, made where it is missing."""
    con = sqlite3.connect(path)
    con.execute("PRAGMA journal_mode = DELETE")
    if not con.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        con.executescript(_SCHEMA)
    return con


def index_revision(con: sqlite3.Connection) -> int:
    """Return up to which revision of the store the index has come."""
    row = con.execute("SELECT value FROM info WHERE key = 'revision'").fetchone()
    return int(row[0]) if row else 0


def must_be_remade(con: sqlite3.Connection) -> bool:
    """Return whether the index has another layout, or belongs by more than a fifth to texts no longer current."""
    layout = con.execute("SELECT value FROM info WHERE key = 'layout'").fetchone()
    if layout != (_LAYOUT,):
        return True
    total, live = con.execute("SELECT count(*), coalesce(sum(live), 0) FROM docs").fetchone()
    return bool(total > 1000 and (total - live) * 5 > total)


def index_documents(con: sqlite3.Connection, docs: Iterable[Doc]) -> int:
    """Add (article id, time of publication, title, text) rows, each in place of the article's earlier one.

    An article comes once; rows that come in the order of their times are added fastest. Returns how many.
    """
    added = 0
    numbers = _Numbers(con)
    for batch in chunks(docs, _BATCH):
        rows = [numbers.next(published) for _, published, _, _ in batch]
        # Table by table: a statement on `docs` between two rows of `words` would make FTS5 write out each of them.
        con.executemany("UPDATE docs SET live = 0 WHERE article_id = ?", [(doc[0],) for doc in batch])
        con.executemany(
            "INSERT INTO docs VALUES (?, ?, 1)", zip(rows, (doc[0] for doc in batch), strict=True)
        )
        con.executemany(
            "INSERT INTO words (rowid, title, text, title_stems, text_stems) VALUES (?, ?, ?, ?, ?)",
            (
                (row, title, text, " ".join(stems(title or "")), " ".join(stems(text)))
                for row, (_, _, title, text) in zip(rows, batch, strict=True)
            ),
        )
        added += len(batch)
    return added


class _Numbers:
    """Row numbers that no row has had, growing with the time of publication (ISO 8601, UTC)."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self.con = con
        self.last: dict[int, int] = {}

    def next(self, published: str | None) -> int:
        moment = datetime.fromisoformat(published or "1970-01-01").replace(tzinfo=UTC)
        first = max(0, int(moment.timestamp() // 60)) * _A_MINUTE
        if first not in self.last:
            found = self.con.execute(
                "SELECT max(row) FROM docs WHERE row >= ? AND row < ?", (first, first + _A_MINUTE)
            ).fetchone()[0]
            self.last[first] = first if found is None else int(found)
        self.last[first] += 1
        return self.last[first]


def live_documents(con: sqlite3.Connection) -> int:
    """Return how many articles a search can find."""
    return int(con.execute("SELECT coalesce(sum(live), 0) FROM docs").fetchone()[0])


def keep_documents(con: sqlite3.Connection, keys: set[str]) -> None:
    """Let no search find an article any more that is not among `keys`."""
    live = con.execute("SELECT row, article_id FROM docs WHERE live").fetchall()
    con.executemany(
        "UPDATE docs SET live = 0 WHERE row = ?", [(row,) for row, key in live if key not in keys]
    )


def set_revision(con: sqlite3.Connection, revision: int) -> None:
    """Record up to which revision of the store the index has come."""
    con.execute("INSERT OR REPLACE INTO info VALUES ('revision', ?)", (str(revision),))


def search_articles(path: Path, words: str, *, limit: int = 50, ranked: bool = False) -> list[str]:
    """Return the ids of articles that hold every word: the newest first, or with `ranked` the best.

    A word also finds its other forms; a phrase stands in quotes, `*` ends a prefix. Nothing else that is typed
    means anything. Raises SearchError for a query without any word, and for an index that is missing or old.
    """
    query = " AND ".join(_terms(words))
    if not query:
        raise SearchError("tidak ada yang dicari: berikan sedikitnya satu kata")
    order = "bm25(words, 4.0, 1.0, 4.0, 1.0)" if ranked else "words.rowid DESC"
    sql = (
        "SELECT docs.article_id FROM words CROSS JOIN docs ON docs.row = words.rowid"  # noqa: S608
        f" WHERE words MATCH ? AND docs.live ORDER BY {order} LIMIT ?"
    )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as con:
            return [key for (key,) in con.execute(sql, (query, limit))]
    except sqlite3.Error as error:
        raise SearchError(f"{path}: cannot be searched ({error}); run `wartawas publish` again") from None


def search_terms(words: str) -> list[tuple[str, bool, bool]]:
    """Return what was asked for as (words, whether a phrase, whether a prefix), in order."""
    found = []
    for term in _TERM.findall(words[:_MAX_QUERY].encode("utf-8", "ignore").decode()):
        bare = " ".join(re.sub(r"[^\w\s]|_", " ", term).split())
        if bare:
            found.append((bare, term.startswith('"'), term.endswith("*")))
    return found


def _terms(words: str) -> Iterator[str]:
    """Yield the parts of an FTS5 query, in which everything that was typed stands in quotes."""
    for bare, phrase, prefix in search_terms(words):
        if prefix:
            yield f'({{title text}} : "{bare}" *)'
        elif phrase:
            yield f'({{title text}} : "{bare}")'
        else:
            yield f'({{title_stems text_stems}} : "{" ".join(stems(bare))}")'
