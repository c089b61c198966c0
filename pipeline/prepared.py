"""What a snapshot holds ready for its questions: readings by day and area, outlets, why cases were stopped.

It is made anew for the days and events that changed; all of it where the outlets or the homes of sources did.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import duckdb

from pipeline.database import fetch
from pipeline.labels import DATA
from pipeline.projected import projection


def prepare(con: duckdb.DuckDBPyConnection, *, reasons: bool = True) -> None:
    """Write the prepared tables of the attached database `published`, after its articles and events.

    The reasons why cases were stopped need the texts of all their articles: without `reasons` they stay as they are.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE touched_days (day DATE)")
    update_readings(con, before=None)
    if reasons:
        con.execute("CREATE OR REPLACE TEMP TABLE touched_events AS SELECT event_id FROM published.events")
        update_reasons(con)


def update_readings(con: duckdb.DuckDBPyConnection, before: Any) -> None:
    """Count outlets, and write the readings of the days of `touched_days` anew.

    `before` is what `numbering` gave before anything changed: where it is otherwise now, all readings are written.
    """
    con.execute(projection("outlets"))
    if numbering(con) != before:
        con.execute("DELETE FROM published.readings")
        con.execute(_ALL_DAYS)
    con.execute(projection("readings"))


def update_reasons(con: duckdb.DuckDBPyConnection) -> None:
    """Write why the cases among `touched_events` were stopped."""
    con.execute(projection("stop_reasons"))
    for reason, cues in _reasons().items():
        con.execute(_STOPPED_BY, [reason, cues])
    con.execute(_STOPPED_UNSAID)


def numbering(con: duckdb.DuckDBPyConnection) -> Any:
    """Return what every row of `readings` depends on: the numbers of outlets and the homes of sources."""
    outlets = fetch(con, "SELECT n, outlet FROM published.outlets ORDER BY n")
    return outlets, fetch(con, "SELECT source, home FROM published.sources ORDER BY source")


# a pattern that is the same for all rows is compiled once
_STOPPED_BY = """
INSERT INTO published.stop_reasons
SELECT DISTINCT event_id, ? FROM stopped_texts WHERE regexp_matches(text, ?)
"""
_STOPPED_UNSAID = """
INSERT INTO published.stop_reasons
SELECT DISTINCT event_id, 'tidak_disebut' FROM stopped_texts ANTI JOIN published.stop_reasons USING (event_id);
DROP TABLE stopped_texts
"""
_ALL_DAYS = """
INSERT INTO touched_days SELECT DISTINCT day_of(day, first_seen, utc_offset) FROM published.articles
"""


@cache
def _reasons() -> dict[str, str]:
    """Return a regular expression for each reason of data/taxonomy/stop_reasons.toml."""
    file = DATA / "taxonomy" / "stop_reasons.toml"
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["reason"]
    return {entry["id"]: "|".join(f"(?:{cue})" for cue in entry["cues"]) for entry in entries}
