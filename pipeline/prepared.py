"""What a snapshot holds ready for its questions: readings by day and area, outlets, why cases were stopped."""

from __future__ import annotations

import tomllib
from functools import cache

import duckdb

from pipeline.labels import DATA
from pipeline.projected import projection


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Write the prepared tables of the attached database `published`, after its articles and events."""
    con.execute(projection("prepared"))
    reasons = con.execute("SELECT $r", {"r": [{"id": key, "cues": cues} for key, cues in _reasons().items()]})
    con.execute("SET VARIABLE stop_reasons = $r", {"r": reasons.fetchall()[0][0]})
    con.execute(projection("stop_reasons"))


@cache
def _reasons() -> dict[str, str]:
    """Return a regular expression for each reason of data/taxonomy/stop_reasons.toml."""
    file = DATA / "taxonomy" / "stop_reasons.toml"
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["reason"]
    return {entry["id"]: "|".join(f"(?:{cue})" for cue in entry["cues"]) for entry in entries}
