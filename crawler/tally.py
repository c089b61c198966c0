"""The ledger's sums: runs, outcomes, requests, and the state of each discovery page."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.ledgertext import utc_text
from crawler.records import Step

#: Addresses with a date in them are asked on one night only.
_FORGET = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ListingState:
    """What earlier runs left of a discovery page."""

    etag: str | None
    modified: str | None
    follow: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ListingVisit:
    """What one visit of a discovery page gave; `problem` is None where it could be read."""

    step: Step
    status: int | None
    etag: str | None = None
    modified: str | None = None
    follow: tuple[Step, ...] = ()
    entries: int = 0
    newest: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """How many pages of a source were ever found, and how many are in each state now."""

    discovered: int = 0
    archived: int = 0
    skipped: int = 0
    failed: int = 0
    gone: int = 0
    waiting: int = 0

    @property
    def accounted(self) -> int:
        """Return how many pages are in some state."""
        return self.archived + self.skipped + self.failed + self.gone + self.waiting


class Tally:
    """The tables of sums, over the ledger's connection; its writers run inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._con = connection

    def start_run(self, run: str, now: datetime, options: Mapping[str, object]) -> None:
        """Enter a run; runs that never ended are marked as lost."""
        self._con.execute(
            "UPDATE runs SET status = 'lost', ended_at = ? WHERE status = 'running'", (utc_text(now),)
        )
        self._con.execute(
            "INSERT INTO runs (id, started_at, status, options) VALUES (?, ?, 'running', ?)",
            (run, utc_text(now), json.dumps(options, default=str)),
        )

    def end_run(self, run: str, now: datetime, status: str, detail: str | None = None) -> None:
        """Close a run as finished, stopped or failed."""
        self._con.execute(
            "UPDATE runs SET ended_at = ?, status = ?, detail = ? WHERE id = ?",
            (utc_text(now), status, detail, run),
        )

    def start_source(self, run: str, source: str, night: str) -> None:
        """Enter that the run deals with `source`."""
        self._con.execute(
            "INSERT OR IGNORE INTO run_sources (run, source, night) VALUES (?, ?, ?)", (run, source, night)
        )

    def end_source(self, run: str, source: str, now: datetime, problem: str | None) -> None:
        """Enter how the run left `source`."""
        self._con.execute(
            "UPDATE run_sources SET ended_at = ?, problem = ? WHERE run = ? AND source = ?",
            (utc_text(now), problem, run, source),
        )

    def end_discovery(self, run: str, source: str, now: datetime) -> None:
        """Enter that the discovery of `source` was read to its end, and forget what it no longer asks."""
        old = (source, utc_text(now - _FORGET))
        self._con.execute("DELETE FROM listings WHERE source = ? AND checked_at < ?", old)
        self._con.execute("UPDATE run_sources SET complete = 1 WHERE run = ? AND source = ?", (run, source))

    def last_complete(self, source: str) -> datetime | None:
        """Return when the newest run began whose discovery of `source` was read to its end."""
        row = self._con.execute(
            "SELECT max(r.started_at) FROM run_sources s JOIN runs r ON r.id = s.run"
            " WHERE s.source = ? AND s.complete",
            (source,),
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    def caught_up(self, source: str) -> bool:
        """Return whether the newest run that dealt with `source` read its discovery to the end."""
        row = self._con.execute(
            "SELECT s.complete FROM run_sources s JOIN runs r ON r.id = s.run WHERE s.source = ?"
            " ORDER BY r.started_at DESC, r.rowid DESC LIMIT 1",
            (source,),
        ).fetchone()
        return bool(row and row[0])

    def add_outcome(self, run: str, source: str, outcome: str, reason: str = "", n: int = 1) -> None:
        """Count what became of pages."""
        if n:
            self._con.execute(
                "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
                (run, source, outcome, reason, n),
            )

    def add_requests(self, run: str, rows: Mapping[tuple[str, str, str, str], tuple[int, int]]) -> None:
        """Count requests and bytes by (source, host, kind, result)."""
        self._con.executemany(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " requests = requests + excluded.requests, bytes = bytes + excluded.bytes",
            [(run, *key, *counts) for key, counts in rows.items()],
        )

    def spent(self, source: str, night: str) -> tuple[int, int]:
        """Return the pages asked and bytes taken from `source` on a night, over all its runs."""
        row = self._con.execute(
            "SELECT coalesce(sum(q.requests) FILTER (WHERE q.kind = 'page'), 0), coalesce(sum(q.bytes), 0)"
            " FROM requests q JOIN run_sources s ON s.run = q.run AND s.source = q.source"
            " WHERE q.source = ? AND s.night = ?",
            (source, night),
        ).fetchone()
        return int(row[0]), int(row[1])

    def listing(self, source: str, url: str) -> ListingState | None:
        """Return what earlier runs left of the discovery page `url`."""
        row = self._con.execute(
            "SELECT etag, modified, follow FROM listings WHERE source = ? AND url = ? AND problem IS NULL",
            (source, url),
        ).fetchone()
        if row is None:
            return None
        follow = tuple(Step(**step) for step in json.loads(row["follow"] or "[]"))
        return ListingState(row["etag"], row["modified"], follow)

    def listing_failures(self, source: str, url: str) -> int:
        """Return how often in a row the discovery page `url` could not be read."""
        query = "SELECT failures FROM listings WHERE source = ? AND url = ?"
        row = self._con.execute(query, (source, url)).fetchone()
        return int(row[0]) if row else 0

    def add_listing(self, run: str, source: str, visit: ListingVisit, now: datetime) -> None:
        """Enter one visit of a discovery page; one that failed keeps what was known."""
        at, step = utc_text(now), visit.step
        self._con.execute(
            "INSERT INTO listings (source, url, kind, checked_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, kind = excluded.kind",
            (source, step.url, step.kind, at),
        )
        if visit.problem is not None:
            self._con.execute(
                "UPDATE listings SET status = ?, problem = ?, failures = failures + 1"
                " WHERE source = ? AND url = ?",
                (visit.status, visit.problem, source, step.url),
            )
            return
        self._con.execute(
            "UPDATE run_sources SET answered = answered + 1 WHERE run = ? AND source = ?", (run, source)
        )
        self._con.execute(
            "UPDATE listings SET read_at = ?, status = ?, problem = NULL, failures = 0"
            " WHERE source = ? AND url = ?",
            (at, visit.status, source, step.url),
        )
        if visit.status != 304:
            follow = json.dumps([asdict(further) for further in visit.follow])
            self._con.execute(
                "UPDATE listings SET etag = ?, modified = ?, follow = ?, entries = ?,"
                " newest = max(coalesce(newest, ''), coalesce(?, '')) WHERE source = ? AND url = ?",
                (visit.etag, visit.modified, follow, visit.entries, visit.newest, source, step.url),
            )

    def run(self, run: str) -> str | None:
        """Return the status of a run; None: there is no such run."""
        row = self._con.execute("SELECT status FROM runs WHERE id = ?", (run,)).fetchone()
        return str(row[0]) if row else None

    def source_reports(self, run: str) -> dict[str, dict[str, Any]]:
        """Return the figures of a run by source, under the names of crawler.options.SourceReport."""
        rows = self._con.execute(
            "SELECT source, problem, answered, (SELECT coalesce(sum(requests), 0) FROM requests q"
            " WHERE q.run = s.run AND q.source = s.source) AS requests FROM run_sources s WHERE run = ?",
            (run,),
        )
        found: dict[str, dict[str, Any]] = {}
        for row in rows:
            values = {"skipped": {}, "failed": {}, **dict(row)}
            found[values.pop("source")] = values
        for row in self._con.execute("SELECT * FROM outcomes WHERE run = ?", (run,)):
            values = found[row["source"]]
            if row["outcome"] in ("skipped", "failed"):
                values[row["outcome"]][row["reason"]] = row["n"]
            else:
                values[row["outcome"]] = values.get(row["outcome"], 0) + row["n"]
        return found

    def sums(self) -> dict[str, Sums]:
        """Return what was found of each source over all runs, beside what is in each state."""
        found: dict[str, dict[str, int]] = {}
        for source, n in self._con.execute(
            "SELECT source, sum(n) FROM outcomes WHERE outcome = 'discovered' GROUP BY source"
        ):
            found.setdefault(source, {})["discovered"] = n
        for source, state, n in self._con.execute(
            "SELECT source, CASE WHEN state IN ('discovered', 'queued') THEN 'waiting' ELSE state END AS now,"
            " count(*) FROM pages GROUP BY source, now"
        ):
            found.setdefault(source, {})[state] = n
        return {source: Sums(**counts) for source, counts in sorted(found.items())}

    def sources(self) -> set[str]:
        """Return every source that was ever crawled, whether a file still names it or not."""
        return {slug for (slug,) in self._con.execute("SELECT DISTINCT source FROM run_sources")}

    def nights(self, source: str, limit: int) -> list[sqlite3.Row]:
        """Return the newest nights of `source`: night, discovered, asked, failed, blocked, complete, problem.

        Runs that asked for a span of the past do not count. The problem is that of the night's last run.
        """
        rows = self._con.execute(
            "SELECT s.night, max(s.complete) AS complete, max(r.started_at) AS last, s.problem,"
            " coalesce(sum(o.discovered), 0) AS discovered, coalesce(sum(o.asked), 0) AS asked,"
            " coalesce(sum(o.failed), 0) AS failed, coalesce(sum(o.blocked), 0) AS blocked"
            " FROM run_sources s JOIN runs r ON r.id = s.run LEFT JOIN ("
            "  SELECT run, source, sum(n) FILTER (WHERE outcome = 'discovered') AS discovered,"
            "   sum(n) FILTER (WHERE outcome <> 'discovered' AND reason <> 'listed') AS asked,"
            "   sum(n) FILTER (WHERE outcome = 'failed') AS failed,"
            "   sum(n) FILTER (WHERE reason IN ('blocked', 'http_401', 'http_403')) AS blocked"
            "  FROM outcomes GROUP BY run, source) o ON o.run = s.run AND o.source = s.source"
            " WHERE s.source = ? AND coalesce(r.options ->> 'since', r.options ->> 'until') IS NULL"
            " GROUP BY s.night ORDER BY s.night DESC LIMIT ?",
            (source, limit),
        )
        return rows.fetchall()

    def listing_faults(self, source: str, after: int) -> tuple[int, int, int]:
        """Return how many discovery pages of the last run are dead, list nothing any more, and are alive.

        Only pages that once could be read count as dead, after so many failures in a row.
        """
        row = self._con.execute(
            "SELECT count(*) FILTER (WHERE failures >= ? AND read_at IS NOT NULL AND status IS NOT 200),"
            " count(*) FILTER (WHERE problem IS NOT NULL AND read_at IS NOT NULL AND status = 200),"
            " count(*) FILTER (WHERE problem IS NULL)"
            " FROM listings WHERE source = ? AND checked_at >= (SELECT max(r.started_at)"
            "  FROM runs r JOIN run_sources s ON s.run = r.id WHERE s.source = ?)",
            (after, source, source),
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])
