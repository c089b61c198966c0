"""One of a snapshot's two databases while it is brought up to date: what changed is taken out and written anew.

It is open in a database instance of its own, so that both are written at the same time, each by its own thread.
The file is a draft: whatever goes wrong, it is thrown away with the folder that it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.changes import Changes
from pipeline.database import fetch, quoted, scalar
from pipeline.prepared import numbering, update_readings, update_reasons
from pipeline.projected import CHILDREN, SCHEMA, projection

# ruff: noqa: S608 – tables and columns are those of this module
_BY_ARTICLE = ("articles", *(child.table for child in CHILDREN))
_OFFICIALS = 200_000  # that are told together
_BY_EVENT = ("events", "event_members")
_LIMITS = "SET memory_limit = '256MB'; SET temp_directory = {}; SET preserve_insertion_order = true"
# Rows that were taken out leave gaps, which DuckDB would close at a commit, whatever that costs: half a minute for a
# night. Groups of rows that are wholly gone are freed all the same; the others are closed by a rebuild.
_NO_VACUUM = "SET max_vacuum_tasks = 0"
_NO_EXTENSIONS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


@dataclass(slots=True)
class Published:
    """A published database that is being written; `months` are those of articles and events that changed."""

    con: duckdb.DuckDBPyConnection
    months: dict[str, set[str]] = field(default_factory=lambda: {"articles": set(), "events": set()})
    before: Any = None

    def close(self) -> None:
        """Close the file."""
        self.con.close()

    def begin(self, changes: Changes) -> None:
        """Take out every row of the changed articles and events, and write what changed in the coverage."""
        con = self.con
        self._name("changed", changes.articles)
        self._name("touched_events", changes.events)
        self._name("covered", changes.coverage)
        con.execute("BEGIN")
        self.before = numbering(con)
        con.execute(_TOUCHED_TABLES)
        self._touch()
        self._take_out(_BY_ARTICLE, "article_id", "changed")
        self._take_out(_BY_EVENT, "event_id", "touched_events")
        con.execute(_COVERAGE)

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Write rows."""
        for table, rows in tables.items():
            # a registered view would hold its rows until the transaction ends, and this one lasts to the end
            self.con.from_arrow(rows).insert_into(f"published.{table}")

    def finish(self, small: Mapping[str, pa.Table], info: Mapping[str, str]) -> None:
        """Write the tables that are written whole, and what follows from all others."""
        con = self.con
        for table in small:
            con.execute(f"DELETE FROM published.{table}")
        self.add(small)
        self._touch()
        self._tell_officials()
        update_readings(con, self.before)
        update_reasons(con)
        con.execute("DELETE FROM published.info")
        con.executemany("INSERT INTO published.info VALUES (?, ?)", list(info.items()))
        con.execute("COMMIT")
        con.execute("CHECKPOINT published")

    def _name(self, name: str, rows: pa.Table) -> None:
        self.con.register("rows_given", rows)
        self.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM rows_given")
        self.con.unregister("rows_given")

    def _touch(self) -> None:
        """Note the months, officials and days of what changes, as it stands now."""
        for table, query in _MONTHS.items():
            self.months[table].update(month for (month,) in fetch(self.con, query))
        self.con.execute(_TOUCHED.format(self._listed("articles")))

    def _take_out(self, tables: Sequence[str], key: str, ids: str) -> None:
        listed = self._listed(tables[0])
        for table in tables:
            self.con.execute(
                f"DELETE FROM published.{table} WHERE month IN ({listed}) AND {key} IN (SELECT {key} FROM {ids})"
            )

    def _tell_officials(self) -> None:
        """Write the registry's rows of the officials that were touched; what it gathers of each stays in memory."""
        con = self.con
        con.execute(
            "DELETE FROM published.registry WHERE official_id IN (SELECT official_id FROM touched_officials)"
        )
        slices = int(scalar(con, "SELECT count(*) FROM touched_officials")) // _OFFICIALS + 1
        for n in range(slices):
            con.execute(
                "CREATE OR REPLACE TEMP TABLE told_officials AS"
                f" SELECT official_id FROM touched_officials WHERE hash(official_id) % {slices} = {n}"
            )
            con.execute(projection("registry"))

    def _listed(self, table: str) -> str:
        return ", ".join(map(quoted, sorted(self.months[table]))) or "NULL"


def open_published(path: Path) -> Published:
    """Return the published database at `path`, made with its tables where there is none."""
    con = duckdb.connect(config=dict(_NO_EXTENSIONS))
    con.execute(_LIMITS.format(quoted(path.with_name(f".{path.name}.spill"))))
    con.execute(_NO_VACUUM)
    fresh = not path.exists()
    con.execute(f"ATTACH {quoted(path)} AS published; USE published")
    if fresh:
        con.execute(SCHEMA.read_text(encoding="utf-8"))
    return Published(con)


# filled before anything is taken out and after all was added; other months need not be looked through
_TOUCHED_TABLES = (
    "CREATE TEMP TABLE touched_officials (official_id VARCHAR); CREATE TEMP TABLE touched_days (day DATE)"
)
_TOUCHED = """
INSERT INTO touched_officials
SELECT official_id FROM published.officials SEMI JOIN changed USING (article_id)
WHERE month IN ({0}) AND official_id IS NOT NULL
EXCEPT SELECT official_id FROM touched_officials;

INSERT INTO touched_days
SELECT day_of(day, first_seen, utc_offset) FROM published.articles SEMI JOIN changed USING (article_id)
WHERE month IN ({0})
EXCEPT SELECT day FROM touched_days;
"""
_COVERAGE = """
DELETE FROM published.coverage USING covered c WHERE coverage.source = c.source AND coverage.day = c.day;
INSERT INTO published.coverage SELECT * FROM covered WHERE pages > 0 ORDER BY source, day
"""
_MONTHS = {
    "articles": "SELECT DISTINCT month FROM published.articles SEMI JOIN changed USING (article_id)",
    "events": "SELECT DISTINCT month FROM published.events SEMI JOIN touched_events USING (event_id)",
}
