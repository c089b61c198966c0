"""Full-text search in a snapshot: SQLite FTS5 over the masked titles and texts, kept beside the database.

The index stores no text of its own: a hit gives an article id, and the database gives the article. It has a file
for each month of publication, and a row's number grows with the time of publication, so that the newest hits are
found without looking further. Words are compared by their stems, which stand in columns of their own where they
differ from the word; phrases and prefixes are compared as printed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from pipeline.database import StoreError
from pipeline.stems import stems

_MAX_QUERY = 500
_TERM = re.compile(r'"[^"]*"|[^\s"]+')


class SearchError(StoreError):
    """Nothing can be searched for; the message says why."""


def search_articles(
    folder: Path, words: str, *, limit: int = 50, ranked: bool = False, among: Iterable[str] | None = None
) -> list[str]:
    """Return the ids of articles that hold every word: the newest first, or with `ranked` the best.

    With `among` only these articles count. A word also finds its other forms; a phrase stands in quotes, `*` ends a
    prefix. Nothing else that is typed means anything. How well a word fits is weighed within a month. Raises
    SearchError for a query without any word, and for an index that is missing or old.
    """
    query = " AND ".join(_terms(words))
    if not query:
        raise SearchError("tidak ada yang dicari: berikan sedikitnya satu kata")
    if not folder.is_dir():
        raise SearchError(f"{folder}: cannot be searched (there is none); run `wartawas publish` again")
    sql = (_FOUND if among is None else _FOUND_AMONG).format(_SCORE if ranked else _MINUTE)
    values = {"query": query, "limit": limit, "among": json.dumps(list(among or ()))}
    newest = sorted(folder.glob("*.sqlite"), reverse=True)
    if not ranked:
        return _newest(_hits(newest, f"{sql} ORDER BY words.rowid DESC", values), limit)
    best = sorted(
        _hits(newest, f"{sql} ORDER BY 2, words.rowid DESC LIMIT :limit", values), key=lambda hit: hit[1]
    )
    return [key for key, _ in best[:limit]]


_SCORE = "bm25(words, 4.0, 1.0, 4.0, 1.0)"
_MINUTE = "words.rowid >> 20"
_FOUND = """
SELECT docs.article_id, {} FROM words CROSS JOIN docs ON docs.row = words.rowid
WHERE words MATCH :query AND docs.live
"""
# The articles are looked up first and met on the way through the hits: the index cannot be asked for each of them.
_FOUND_AMONG = """
WITH chosen AS MATERIALIZED (
    SELECT docs.row AS row, docs.article_id AS key
    FROM json_each(:among) j CROSS JOIN docs ON docs.article_id = j.value
    WHERE docs.live
)
SELECT chosen.key, {} FROM words CROSS JOIN chosen ON chosen.row = words.rowid WHERE words MATCH :query
"""


def _newest(hits: Iterator[tuple[str, float]], limit: int) -> list[str]:
    """Return the first hits; articles of one minute by their ids, since their rows stand as they came."""
    found: list[tuple[float, str]] = []
    for key, minute in hits:
        if len(found) >= limit and -minute != found[-1][0]:
            break
        found.append((-minute, key))
    return [key for _, key in sorted(found)[:limit]]


def _hits(months: list[Path], sql: str, values: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    for file in months:
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as con:
                yield from con.execute(sql, values)
        except sqlite3.Error as error:
            raise SearchError(f"{file}: cannot be searched ({error}); run `wartawas publish` again") from None


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
        elif phrase or " " in bare:  # "anak-anak", "7/2017"
            yield f'({{title text}} : "{bare}")'
        else:
            yield from (f'"{stem}"' for stem in stems(bare))
