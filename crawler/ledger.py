"""The crawl ledger (SQLite, WAL): every page in one state, the manifest of captures, runs and their sums.

Reasons that stand beside `skipped` and `failed` are listed in REASONS. Several processes may read while one
crawl writes; the lock of `exclusive` keeps a second crawl out.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler.archive import Archive, Place, warc_name
from crawler.canonical import canonical_url
from crawler.frontier import Frontier
from crawler.ledgertext import hints_json, json_hints, text_utc, utc_text
from crawler.records import Capture, Hints
from crawler.tally import Tally

SCHEMA_VERSION = 2
_SCHEMA = Path(__file__).with_name("ledger.sql")
_MIGRATIONS = {1: Path(__file__).with_name("ledger_2.sql")}

#: What stands beside skipped and failed, and what it means.
REASONS = {
    "robots": "robots.txt forbids the page",
    "offsite": "the page leads to a host that is not the source's",
    "private_address": "the host's address is private, loopback or link-local",
    "alias": "another address of an article that stands under its own",
    "listing": "the page leads to the front page or a listing: the article is not there",
    "protected": "the page asks for a password",
    "not_html": "the page is no HTML",
    "too_many_parts": "further page of an article beyond the limit",
    "too_large": "the page is larger than the limit, packed or unpacked",
    "truncated": "the answer ended early, several times",
    "bad_encoding": "the content encoding is broken, or none that is read here",
    "redirect_loop": "more redirects than the limit",
    "blocked": "a challenge or block page instead of the article",
    "dns": "the host's name does not resolve",
    "refused": "the host refuses connections",
    "timeout": "the host does not answer in time",
    "reset": "the connection broke, several times",
    "tls": "no secure connection could be made",
    "empty": "the answer had no body",
    "http_nnn": "this HTTP status instead of the page; a server error several times",
    "error": "the answer could not be used; the log says why",
    "erased": "erased on request: it is not fetched again",
}

#: Why a source was left before its pages were through; the detail follows after a colon.
PROBLEMS = {
    "unreachable": "its host cannot be reached",
    "robots_unavailable": "its robots.txt cannot be had, so nothing may be asked",
    "discovery_failed": "none of its discovery pages could be read",
    "too_many_listings": "it has more discovery pages than a run asks; ask for less of the past at once",
    "host_overloaded": "its host keeps answering 429 or 503, or asks for too long a wait",
    "blocked": "its host keeps refusing us, or shows a challenge page",
    "window_closed": "the night's window ended before its pages were through",
    "parent_gone": "the process that had started the crawl ended",
}


_WAIT_S = 30.0  # for another process's commit


def write_ahead(con: sqlite3.Connection, wait_s: float = 10.0) -> None:
    """Let a file keep a write-ahead log, so that readers and a writer do not wait for one another.

    SQLite does not wait for others before it changes a file's way of writing, whatever the connection's timeout: of
    two processes that open a new file at once, one would be told that the file is locked. Raises
    sqlite3.OperationalError where it still is after `wait_s` seconds.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            con.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


class LedgerError(RuntimeError):
    """The ledger cannot be used; the message says which file, why, and what to do."""


class Ledger:
    """One connection to the ledger at `path`, which is created where it does not exist.

    `pages` holds the states, `tally` the sums; writing happens inside `transaction`. Use it as a context
    manager and in one thread. Raises LedgerError where the file is no ledger or a newer one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # the connection is handed to the recorder's thread, never shared
        try:
            self._con = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise LedgerError(f"{path}: {error}; this account may lack the right to it") from None
        self._con.row_factory = sqlite3.Row
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._con.close()
            raise LedgerError(f"{path}: not usable as a crawl ledger ({error})") from None
        self.pages = Frontier(self._con)
        self.tally = Tally(self._con)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._con.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the statements inside one change: all of them stand after it, or none."""
        self._con.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._con.execute("ROLLBACK")
            raise
        self._con.execute("COMMIT")

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the right to crawl with this ledger. Raises LedgerError where another process has it."""
        with self.path.with_name(self.path.name + ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise LedgerError(f"{self.path}: another crawl is running; wait until it has ended") from None
            yield

    def captures(self, after: int = 0, source: str | None = None) -> Iterator[Capture]:
        """Yield the manifest's rows with an id above `after`, in the order of their ids."""
        where = "AND source = ?" if source else ""
        while True:
            values: tuple[object, ...] = (after, source) if source else (after,)
            rows = self._con.execute(
                f"SELECT * FROM captures WHERE id > ? {where} ORDER BY id LIMIT 500",  # noqa: S608 -- fixed text
                values,
            ).fetchall()
            if not rows:
                return
            yield from map(_capture, rows)
            after = rows[-1]["id"]

    def crawled_days(self, first: datetime, end: datetime) -> int:
        """Return on how many days (UTC) from `first` until before `end` pages were archived."""
        sql = "SELECT count(DISTINCT substr(fetched_at, 1, 10)) FROM captures WHERE fetched_at >= ? AND fetched_at < ?"
        return int(self._con.execute(sql, (first.isoformat(), end.isoformat())).fetchone()[0])

    def article_captures(self, article_url: str) -> list[Capture]:
        """Return every capture of an article's pages, oldest first."""
        rows = self._con.execute("SELECT * FROM captures WHERE article_url = ? ORDER BY id", [article_url])
        return [_capture(row) for row in rows]

    def article_urls(self, address: str) -> set[str]:
        """Return the articles that an address means: as it stands, in its canonical form, or as it was asked.

        The canonical form itself is among them, known or not.
        """
        rows = self._con.execute(
            "SELECT article_url FROM captures WHERE article_url IN (?1, ?2) OR url = ?1"
            " UNION SELECT article_url FROM pages WHERE article_url IN (?1, ?2) OR url = ?1",
            (address, canonical_url(address)),
        )
        return {canonical_url(address), *(row[0] for row in rows)}

    def is_erased(self, address: str) -> bool:
        """Return whether an article that an address means was erased on request."""
        row = self._con.execute(
            "SELECT 1 FROM pages WHERE reason = 'erased' AND (article_url IN (?1, ?2) OR url = ?1) LIMIT 1",
            (address, canonical_url(address)),
        ).fetchone()
        return row is not None

    def capture(self, number: int) -> Capture | None:
        """Return the capture with this id."""
        row = self._con.execute("SELECT * FROM captures WHERE id = ?", (number,)).fetchone()
        return _capture(row) if row else None

    def find_capture(self, url: str, sha256: str) -> Capture | None:
        """Return the first capture of `url` that holds this body."""
        row = self._con.execute(
            "SELECT * FROM captures WHERE url = ? AND sha256 = ? ORDER BY id LIMIT 1", (url, sha256)
        ).fetchone()
        return _capture(row) if row else None

    def add_capture(self, values: Capture, place: Place) -> int:
        """Enter a capture at `place` into the manifest and return its id (that of `values` is not used)."""
        row = (
            values.source,
            values.run,
            values.url,
            values.article_url,
            values.part,
            values.kind,
            values.status,
            values.content_type,
            utc_text(values.fetched_at),
            values.sha256,
            place.warc,
            place.offset,
            place.length,
            hints_json(values.hints),
        )
        cursor = self._con.execute(
            "INSERT INTO captures (source, run, url, article_url, part, kind, status, content_type,"
            " fetched_at, sha256, warc, offset, length, hints)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return int(cursor.lastrowid or 0)

    def set_body(self, capture: Capture, sha256: str) -> None:
        """Enter that a record has another body now; revisits that refer to it have that body too."""
        self._con.execute("UPDATE captures SET sha256 = ? WHERE id = ?", (sha256, capture.id))
        self._con.execute(
            "UPDATE captures SET sha256 = ? WHERE kind = 'revisit' AND article_url = ? AND sha256 = ?",
            (sha256, capture.article_url, capture.sha256),
        )

    def set_hints(self, capture: Capture, hints: Hints | None) -> None:
        """Replace what discovery said of a capture's page, in the manifest and in the page's state."""
        text = hints_json(hints)
        self._con.execute("UPDATE captures SET hints = ? WHERE id = ?", (text, capture.id))
        self._con.execute(
            "UPDATE pages SET hints = ? WHERE article_url = ? AND part = ? AND hints IS NOT NULL",
            (text, capture.article_url, capture.part),
        )

    def erase_article(self, article_url: str, source: str | None = None) -> None:
        """Let an article's pages be skipped for ever; its captures stay, without what discovery said.

        With the `source` that prints it, an article of which the ledger knows no page is skipped too once it is
        found.
        """
        known = self._con.execute(
            "UPDATE pages SET state = 'skipped', reason = 'erased', hints = NULL, due_at = NULL, etag = NULL,"
            " modified = NULL, printed = NULL WHERE article_url = ?",
            (article_url,),
        )
        self._con.execute("UPDATE captures SET hints = NULL WHERE article_url = ?", (article_url,))
        if source is not None and not known.rowcount:
            self._con.execute(
                "INSERT INTO pages (source, article_url, url, state, reason, found_at, found_run, news_at)"
                " VALUES (?1, ?2, ?2, 'skipped', 'erased', ?3, 'erase', ?3)",
                (source, article_url, utc_text(datetime.now(UTC))),
            )
            self.tally.add_outcome("erase", source, "discovered", "erased")

    def compact(self) -> None:
        """Write the file anew, so that nothing that was changed or removed lingers in it."""
        self._con.execute("VACUUM")
        self._con.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def archive_end(self, warc: str) -> int:
        """Return up to which byte the manifest acknowledges one WARC file."""
        row = self._con.execute(
            "SELECT max(offset + length) FROM captures WHERE warc = ?", (warc,)
        ).fetchone()
        return int(row[0] or 0)

    def audit(self) -> list[str]:
        """Return what contradicts itself in the ledger, a line each; an empty list is good."""
        try:
            damage = [row[0] for row in self._con.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
            return [f"{self.path}: {line}" for line in damage] or self._contradictions()
        except sqlite3.DatabaseError as error:
            return [f"{self.path}: damaged ({error}); restore it from a backup"]

    def _contradictions(self) -> list[str]:
        checks = {
            "pages of no capture are archived": (
                "SELECT count(*) FROM pages WHERE state = 'archived'"
                " AND capture NOT IN (SELECT id FROM captures)"
            ),
            "captures overlap in their file": (
                "SELECT count(*) FROM (SELECT offset, lag(offset + length) OVER"
                " (PARTITION BY warc ORDER BY offset) AS before FROM captures) WHERE offset < before"
            ),
            "pages were found but neither wait, stand nor have a reason": (
                "SELECT count(*) FROM pages WHERE state IN ('skipped', 'failed') AND reason IS NULL"
            ),
            "pages were found and not counted, or counted and not found": (
                "SELECT abs((SELECT count(*) FROM pages) - (SELECT coalesce(sum(n), 0) FROM outcomes"
                " WHERE outcome = 'discovered'))"
            ),
            "captures belong to no page": (
                "SELECT count(*) FROM captures c WHERE kind <> 'resource' AND NOT EXISTS"
                " (SELECT 1 FROM pages p WHERE p.article_url = c.article_url AND p.part = c.part)"
            ),
        }
        found = []
        for text, query in checks.items():
            count = self._con.execute(query).fetchone()[0]
            if count:
                found.append(f"{self.path}: {count} {text}")
        return found

    def _prepare(self) -> None:
        write_ahead(self._con, _WAIT_S)
        self._con.execute("PRAGMA synchronous = FULL")
        self._con.execute("PRAGMA foreign_keys = ON")
        version = self._con.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            self._con.close()
            raise LedgerError(f"{self.path}: written by a newer Wartawas (ledger {version}); update Wartawas")
        while version < SCHEMA_VERSION:
            script = _MIGRATIONS.get(version, _SCHEMA).read_text(encoding="utf-8")
            before = version
            try:
                self._con.executescript(f"BEGIN IMMEDIATE;\n{script}\nCOMMIT;")
            except sqlite3.OperationalError:
                self._con.rollback()
                # another process may have done the same since the version was read
                if self._con.execute("PRAGMA user_version").fetchone()[0] == before:
                    raise
            version = self._con.execute("PRAGMA user_version").fetchone()[0]


def store_file(
    ledger: Ledger,
    archive_root: Path,
    *,
    source: str,
    url: str,
    body: bytes,
    content_type: str,
    run: str,
) -> Capture:
    """Return the capture of a file that was given by hand, archived as a WARC resource.

    The same bytes under the same URL are stored once. Raises ArchiveError and LedgerError.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    known = ledger.find_capture(url, sha256)
    if known:
        return known
    now = datetime.now(UTC).replace(microsecond=0)
    name = f"{run}-files"
    with ledger.transaction():
        writer = Archive(archive_root).open(source, name, ledger.archive_end(warc_name(source, name)))
        place = writer.write_resource(url, body, content_type, now)
        writer.close()
        values = Capture(0, source, run, url, url, 1, "resource", 200, content_type, now, sha256, "", 0, 0)
        number = ledger.add_capture(values, place)
    return replace(values, id=number, warc=place.warc, offset=place.offset, length=place.length)


def _capture(row: sqlite3.Row) -> Capture:
    values: dict[str, Any] = dict(row)
    values["fetched_at"] = text_utc(row["fetched_at"])
    values["hints"] = json_hints(row["hints"])
    return Capture(**values)
