"""What a publication must write: the articles and events that are otherwise than in the snapshot it goes on from.

An article is written anew where it changed itself (a new state, reading or page), where it is no more, and where
the names to hide in it are others than before, because of what another article of its event says. An event is
told anew where it changed itself, where one of its articles did, and where it is no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.database import fetch, quoted, scalar
from pipeline.projected import SCHEMA, projection

# Institutions and unknown hands are no persons: parties, firms and media stay legible.
_NO_PERSONS = ["parpol", "perusahaan", "media", "lembaga_survei", "otk", "massa", "kpu", "bawaslu", "pemda"]
_SLICE = 2_000


@dataclass(frozen=True, slots=True)
class Changes:
    """The ids of what is written anew or gone, up to which revision, and where the search index has it.

    `articles` and `events` have one column, the id; `coverage` has the rows of days that are otherwise now, without
    pages where there are none any more; `indexed` gives the month of each changed article's earlier text.
    """

    articles: pa.Table
    events: pa.Table
    coverage: pa.Table
    indexed: dict[str, str]
    upto: int


@contextmanager
def beside(con: duckdb.DuckDBPyConnection, base: Path | None) -> Iterator[None]:
    """Attach the masked database to go on from as `published` while the block runs; without one, an empty one."""
    if base is not None:
        con.execute(f"ATTACH {quoted(base)} AS published (READ_ONLY)")
    else:
        here = scalar(con, "SELECT current_database()")
        con.execute("ATTACH ':memory:' AS published")
        con.execute(f"USE published; {SCHEMA.read_text(encoding='utf-8')}; USE {here}")
    try:
        yield
    finally:
        con.execute("DETACH published")


def find_changes(con: duckdb.DuckDBPyConnection) -> Changes:
    """Return what is otherwise in the work file than in the database `published` beside it.

    It leaves the temporary tables `changed`, `touched_events` and `hidden` (the names to hide in changed articles).
    """
    since = int(scalar(con, "SELECT value FROM published.info WHERE key = 'revision'") or 0)
    upto = int(scalar(con, _NEWEST))
    con.execute(f"SET VARIABLE since = {since}; SET VARIABLE upto = {upto}")
    con.execute(_ASKED)
    con.execute(projection("hidden"), [_NO_PERSONS])
    con.execute(_CHANGED)
    rows: list[tuple[Any, ...]] = fetch(con, _INDEXED)
    coverage = con.sql(_COVERAGE.format(projection("coverage"))).to_arrow_table()
    return Changes(_table(con, "changed"), _table(con, "touched_events"), coverage, dict(rows), upto)


def veiled_texts(con: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Yield the published texts, some thousands at a time, of articles that are gone or hide other names now.

    It follows `find_changes`, while the database to go on from is beside.
    """
    for batch in con.sql(_VEILED).to_arrow_reader(_SLICE):
        yield pa.Table.from_batches([batch])


def _table(con: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    return con.table(name).to_arrow_table()


_NEWEST = "SELECT coalesce(max(last_value), 0) FROM duckdb_sequences() WHERE sequence_name = 'revisions'"
_ASKED = """
CREATE OR REPLACE TEMP TABLE own AS
SELECT article_id FROM articles WHERE revision > getvariable('since')
UNION ALL
SELECT article_id FROM published.articles ANTI JOIN articles USING (article_id);

CREATE OR REPLACE TEMP TABLE touched_events AS
SELECT event_id FROM events WHERE revision > getvariable('since')
UNION
SELECT event_id FROM event_members SEMI JOIN own USING (article_id)
UNION
SELECT event_id FROM published.event_members SEMI JOIN own USING (article_id)
UNION
SELECT event_id FROM published.events ANTI JOIN events USING (event_id);

CREATE OR REPLACE TEMP TABLE asked AS
SELECT article_id FROM own
UNION
SELECT article_id FROM event_members SEMI JOIN touched_events USING (event_id)
UNION
SELECT article_id FROM published.event_members SEMI JOIN touched_events USING (event_id);
"""
_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed AS
SELECT article_id FROM own
UNION
SELECT q.article_id FROM asked q
LEFT JOIN hidden h USING (article_id) LEFT JOIN published.articles p USING (article_id)
WHERE p.mask_key IS DISTINCT FROM coalesce(h.mask_key, '')
"""
_VEILED = """
SELECT p.article_id, p.published, p.first_seen, p.title, p.text FROM published.articles p
WHERE p.rowid IN (
    SELECT p.rowid FROM published.articles p SEMI JOIN changed USING (article_id)
    LEFT JOIN hidden h USING (article_id) LEFT JOIN articles a USING (article_id)
    WHERE a.article_id IS NULL OR p.mask_key <> coalesce(h.mask_key, '')
)
"""
_COVERAGE = """
SELECT source, day, coalesce(n.pages, 0) AS pages, coalesce(n.articles, 0) AS articles,
    coalesce(n.refused, 0) AS refused
FROM ({}) n FULL JOIN published.coverage p USING (source, day)
WHERE n.pages IS DISTINCT FROM p.pages OR n.articles IS DISTINCT FROM p.articles OR n.refused IS DISTINCT FROM p.refused
"""
_INDEXED = """
SELECT article_id, strftime(coalesce(published, first_seen), '%Y-%m') FROM published.articles
SEMI JOIN changed USING (article_id)
"""
