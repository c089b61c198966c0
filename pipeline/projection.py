"""From the work file to the rows of a snapshot: read for the changed articles, some thousands at a time.

Both published databases are written from the same rows, one as they are and one masked (pipeline/masked.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.database import fetch
from pipeline.labels import DATA, load_labels
from pipeline.projected import CHILDREN, SCHEMA, projection
from pipeline.registry import official_id

_CHUNK = 25_000  # each chunk looks through all mentions, so few of them
_EVENTS = 100_000
_HERE = Path(__file__).parent
# What decides how a published row looks, beside the rows of the work file.
_CODE = ("mask.py", "masked.py", "names.py", "personal_numbers.py", "prepared.py", "projected.py", "projection.py",
         "registry.py", "roots.toml", "search_index.py", "stems.py", "zone.py")  # fmt: skip
_KNOWN = ("taxonomy/registry.toml", "taxonomy/stop_reasons.toml")


@cache
def layout() -> str:
    """Return the fingerprint of the published tables and of everything that decides what their rows say.

    A snapshot of another layout is nothing to go on from: all of it is written anew.
    """
    found = hashlib.sha256(SCHEMA.read_bytes())
    files = [*sorted((_HERE / "projections").glob("*.sql")), *(_HERE / name for name in _CODE)]
    for file in [*files, *(DATA / name for name in _KNOWN)]:
        found.update(file.read_bytes())
    found.update(repr(load_labels()).encode())
    return found.hexdigest()[:16]


def article_chunks(con: duckdb.DuckDBPyConnection) -> Iterator[dict[str, pa.Table]]:
    """Yield the rows of changed articles that have been read, table by table, oldest articles first.

    The temporary tables `chunk` and `chunk_mentions` hold the articles of the chunk that was yielded last, and what
    any reading of them mentions.
    """
    ids = con.sql(_READ).to_arrow_table()
    for start in range(0, ids.num_rows, _CHUNK):
        _name(con, "chunk", ids.slice(start, _CHUNK))
        con.execute(_MENTIONS)
        _identify_officials(con)
        names = ("articles", *(child.table for child in CHILDREN))
        yield {name: con.sql(projection(name)).to_arrow_table() for name in names}


def event_chunks(con: duckdb.DuckDBPyConnection) -> Iterator[dict[str, pa.Table]]:
    """Yield the rows of the events of `touched_events` that there are, with their members."""
    _name(con, "labels", _labels())
    ids = con.table("touched_events").to_arrow_table()
    for start in range(0, ids.num_rows, _EVENTS):
        _name(con, "chunk", ids.slice(start, _EVENTS))
        events = con.sql(projection("events")).to_arrow_table()
        _name(con, "event_months", events.select(["event_id", "month"]))
        yield {"events": events, "event_members": con.sql(_MEMBERS).to_arrow_table()}


def small_tables(con: duckdb.DuckDBPyConnection, *, fresh: bool) -> dict[str, pa.Table]:
    """Return the rows of the tables that are written whole each time, and with `fresh` those that never change."""
    return {
        "labels": _labels(),
        "reviews": con.sql("SELECT * EXCLUDE (text_hash) FROM reviews").to_arrow_table(),
        "event_merges": con.sql("SELECT * EXCLUDE (revision) FROM event_merges").to_arrow_table(),
        **{
            name: con.table(name).to_arrow_table()
            for name in ("sources", "runs", *(["regions"] if fresh else []))
        },
    }


def _labels() -> pa.Table:
    return pa.Table.from_pylist([asdict(label) for label in load_labels()])


def _name(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Put rows into a temporary table."""
    con.register("rows_given", rows)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM rows_given")  # noqa: S608
    con.unregister("rows_given")


def _identify_officials(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table `official_ids` for the officials of the chunk."""
    rows = fetch(con, _OFFICIALS)
    values = {
        "extraction_id": pa.array([row[0] for row in rows], pa.string()),
        "n": pa.array([row[1] for row in rows], pa.int32()),
        "official_id": pa.array([official_id(*row[2:]) for row in rows], pa.string()),
    }
    _name(con, "official_ids", pa.table(values))


# the rows of an article stand together with those of its month, so that a month is found without looking through all
_READ = """
SELECT a.article_id,
    strftime(coalesce(v.published + to_minutes(coalesce(v.utc_offset, 0)),
        a.first_seen + to_minutes(zone_minutes(s.zone))), '%Y-%m') AS month
FROM articles a SEMI JOIN changed USING (article_id) JOIN article_versions v USING (version_id)
LEFT JOIN sources s ON s.source = a.source
WHERE a.extraction_id IS NOT NULL ORDER BY a.first_seen, a.article_id
"""
# read once for the three that look at them: there are ten for each article
_MENTIONS = """
CREATE OR REPLACE TEMP TABLE chunk_mentions AS
WITH readings AS (
    SELECT e.article_id, chunk.month, e.extraction_id, e.extraction_id = a.extraction_id AS current
    FROM chunk JOIN articles a USING (article_id) JOIN extractions e ON e.article_id = a.article_id
),
found AS MATERIALIZED (
    SELECT * FROM mentions WHERE rowid IN (SELECT m.rowid FROM mentions m SEMI JOIN readings USING (extraction_id))
)
SELECT r.article_id, r.month, r.current, m.* EXCLUDE (extraction_id) FROM readings r JOIN found m USING (extraction_id)
"""
_OFFICIALS = """
WITH readings AS (SELECT a.extraction_id FROM chunk JOIN articles a USING (article_id))
SELECT o.extraction_id, o.n, o.name, o.institution, o.category, e.event_place
FROM officials o JOIN extractions e USING (extraction_id)
WHERE o.rowid IN (SELECT x.rowid FROM officials x SEMI JOIN readings USING (extraction_id))
AND e.rowid IN (SELECT x.rowid FROM extractions x SEMI JOIN readings USING (extraction_id))
"""
_MEMBERS = """
SELECT event_id, article_id, case_id, part, is_primary, score, reasons, month
FROM event_members JOIN event_months USING (event_id)
"""
