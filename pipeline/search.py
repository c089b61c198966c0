"""The full-text index of a snapshot: SQLite FTS5 over the masked titles and texts, kept beside the database.

The index stores no text of its own: a hit gives an article id, and the database gives the article. A changed
article gets a new row and its old row is marked dead, since such an index cannot forget a text that it no
longer has; an index with too many dead rows is made anew.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pipeline.database import StoreError

_SCHEMA = """
CREATE TABLE docs (row INTEGER PRIMARY KEY, article_id TEXT NOT NULL, published TEXT, live INTEGER NOT NULL);
CREATE INDEX docs_by_article ON docs (article_id);
CREATE VIRTUAL TABLE words USING fts5 (title, text, content='', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE info (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_MAX_QUERY = 500
_TERM = re.compile(r'"[^"]*"|[^\s"]+')

Doc = tuple[str, str | None, str | None, str]


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


def too_many_dead(con: sqlite3.Connection) -> bool:
    """Return whether more than a fifth of the index belongs to texts that are no longer current."""
    total, live = con.execute("SELECT count(*), coalesce(sum(live), 0) FROM docs").fetchone()
    return bool(total > 1000 and (total - live) * 5 > total)


def index_documents(con: sqlite3.Connection, docs: Iterable[Doc]) -> int:
    """Add (article id, published, title, text) rows, each in place of the article's earlier one."""
    last = int(con.execute("SELECT coalesce(max(row), 0) FROM docs").fetchone()[0])
    added = 0
    for added, (key, published, title, text) in enumerate(docs, 1):
        row = last + added
        con.execute("UPDATE docs SET live = 0 WHERE article_id = ?", (key,))
        con.execute("INSERT INTO docs VALUES (?, ?, ?, 1)", (row, key, published))
        con.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (row, title, text))
    return added


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
    """Return the ids of articles that hold every word (a phrase stands in quotes, `*` ends a prefix).

    The newest come first, or with `ranked` the best. Raises StoreError for a query without any word.
    """
    query = _fts_query(words)
    order = "bm25(words, 4.0, 1.0)" if ranked else "docs.published DESC, docs.row DESC"
    sql = (
        "SELECT docs.article_id FROM words JOIN docs ON docs.row = words.rowid"  # noqa: S608
        f" WHERE words MATCH ? AND docs.live ORDER BY {order} LIMIT ?"
    )
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as con:
        return [key for (key,) in con.execute(sql, (query, limit))]


def _fts_query(words: str) -> str:
    """Return an FTS5 query in which nothing that was typed acts as an operator, quotes and a last * aside."""
    parts = []
    for term in _TERM.findall(words[:_MAX_QUERY]):
        bare = re.sub(r"[^\w\s]", " ", term).strip()
        if bare:
            parts.append(f'"{bare}"' + ("*" if term.endswith("*") else ""))
    if not parts:
        raise StoreError("nothing to search for: give at least one word")
    return " ".join(parts)
