"""The pages of the ledger: what was found, what is due, and the one state in which each page is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from crawler.ledgertext import hints_json, json_hints, text_utc, utc_text
from crawler.records import Entry, Hints, State

#: Archived pages are asked again this long after their first fetch; a night may begin a little early.
REVISITS = tuple(timedelta(days=days) - timedelta(hours=2) for days in (1, 7, 30))
#: A page that failed is asked again after these waits, then never.
RETRIES = tuple(timedelta(hours=hours) for hours in (6, 20, 44, 92))
#: A page that was never there is looked for once more after this time, on the next night.
SECOND_LOOK = timedelta(hours=20)
_SAME_INSTANT = timedelta(seconds=60)
_CHUNK = 400
_SECOND = timedelta(seconds=1)

#: Where a page stands among those that wait: of when its news is, and its id. The greatest is asked first.
Rank = tuple[str, int]
AHEAD_OF_ALL: Rank = ("9", 0)
LAST_ID = 1 << 62


@dataclass(frozen=True, slots=True)
class Target:
    """A page that is due: its address, and what is known of it from earlier visits."""

    id: int
    source: str
    article_url: str
    part: int
    url: str
    state: str
    hints: Hints | None = None
    etag: str | None = None
    modified: str | None = None
    attempts: int = 0
    first_fetched: datetime | None = None
    capture: int | None = None
    sha256: str | None = None
    news_at: str = ""
    printed: str | None = None

    @property
    def rank(self) -> Rank:
        """Return where the page stands among those that wait."""
        return self.news_at, self.id


@dataclass(frozen=True, slots=True)
class Found:
    """What a listing brought: pages not known before, and known pages that the site says have changed.

    `recent` counts those that another listing of the same run has brought: they are news all the same.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    recent: int = 0


class Frontier:
    """The table of pages, over the ledger's connection; its writers run inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._con = connection

    def add_entries(
        self,
        source: str,
        run: str,
        entries: Sequence[Entry],
        now: datetime,
        *,
        undated: datetime | None = None,
    ) -> Found:
        """Enter what discovery found and return what of it is news.

        An archived page whose stated change is newer than the one known becomes due; one whose revisit is
        due and whose stated change is the one known counts as seen. Entries without a time count as of `undated`
        (default: `now`), the first listed as the newest, as it does of those of one time.
        """
        new = changed = unchanged = recent = 0
        guess = undated or now
        news = {e.url: utc_text(min(e.at or guess - n * _SECOND, now)) for n, e in enumerate(entries)}
        ordered = entries[::-1]  # of those of one time, what is entered last is asked first
        for start in range(0, len(ordered), _CHUNK):
            chunk = {entry.url: entry for entry in ordered[start : start + _CHUNK]}
            known = self._known(chunk)
            fresh = [entry for url, entry in chunk.items() if url not in known]
            self._insert(source, run, fresh, now, news)
            new += len(fresh)
            for url, row in known.items():
                self._raise(row, news[url])
                verdict = self._compare(row, chunk[url], now)
                changed += verdict == "changed"
                unchanged += verdict == "unchanged"
                recent += row["found_run"] == run
        return Found(new, changed, unchanged, recent)

    def add_part(self, target: Target, part: int, url: str, run: str, now: datetime) -> Target | None:
        """Enter a further page of an article; return it where it was not known before."""
        # its rank lies before what is still to be asked: the run that found it asks it at once, and not once more
        made = Target(0, target.source, target.article_url, part, url, State.QUEUED, target.hints)
        made = replace(made, news_at=target.news_at)
        number = self._add(made, run, now)
        return replace(made, id=number) if number else None

    def queue(self, source: str) -> int:
        """Turn what was discovered of `source` into what is queued; return how many pages wait."""
        self._con.execute(
            "UPDATE pages SET state = 'queued' WHERE source = ? AND state = 'discovered'", (source,)
        )
        return self.waiting(source)

    def waiting(self, source: str) -> int:
        """Return how many pages of `source` have not been asked yet."""
        query = "SELECT count(*) FROM pages WHERE source = ? AND state IN ('discovered', 'queued')"
        return int(self._con.execute(query, (source,)).fetchone()[0])

    def new_targets(
        self, source: str, before: Rank, limit: int, *, over: int = 0, up_to: int = LAST_ID
    ) -> list[Target]:
        """Return waiting pages of a lower rank than `before`, newest first: news goes before arrears.

        Only those with an id over `over` and up to `up_to` are looked at.
        """
        rows = self._con.execute(
            f"{_TARGET} WHERE p.source = ? AND p.state IN ('discovered', 'queued')"
            " AND (p.news_at, p.id) < (?, ?) AND p.id > ? AND p.id <= ?"
            " ORDER BY p.news_at DESC, p.id DESC LIMIT ?",
            (source, *before, over, up_to, limit),
        )
        return [_target(row) for row in rows]

    def last_id(self) -> int:
        """Return the id of the page that was entered last, 0 where there is none."""
        return int(self._con.execute("SELECT coalesce(max(id), 0) FROM pages").fetchone()[0])

    def due_targets(self, source: str, now: datetime, after: int, limit: int) -> list[Target]:
        """Return pages to be asked again at `now`, with an id above `after`."""
        rows = self._con.execute(
            f"{_TARGET} WHERE p.source = ? AND p.due_at <= ? AND p.id > ?"
            " AND p.state NOT IN ('discovered', 'queued') ORDER BY p.id LIMIT ?",
            (source, utc_text(now), after, limit),
        )
        return [_target(row) for row in rows]

    def find(self, article_url: str, part: int) -> Target | None:
        """Return what is known of a page."""
        row = self._con.execute(f"{_TARGET} WHERE p.article_url = ? AND p.part = ?", (article_url, part))
        found = row.fetchone()
        return _target(found) if found else None

    def is_erased(self, target: Target) -> bool:
        """Return whether a page was erased on request."""
        row = self._con.execute("SELECT reason = 'erased' FROM pages WHERE id = ?", (target.id,)).fetchone()
        return bool(row and row[0])

    def add_article(self, target: Target, article_url: str, run: str, now: datetime) -> Target:
        """Enter the article that `target` turned out to show, which was not known before, and return it."""
        moved = Target(0, target.source, article_url, target.part, target.url, State.QUEUED, target.hints)
        moved = replace(moved, news_at=target.news_at)
        return replace(moved, id=self._add(moved, run, now))

    def pass_over_due(self, source: str, origin: str, now: datetime) -> int:
        """Count due pages that `origin` lists as seen, because it named every change; return how many."""
        return self._pass_over("source = ? AND hints ->> 'origin' = ?", (source, origin), now)

    def set_archived(
        self, target: Target, capture: int, now: datetime, *, etag: str | None, modified: str | None
    ) -> None:
        """Mark the page as archived with its newest capture, due again at its next revisit."""
        first = target.first_fetched or now
        due = next_revisit(first, now)
        self._con.execute(
            "UPDATE pages SET state = 'archived', reason = NULL, capture = ?, fetched_at = ?,"
            " first_fetched = ?, etag = ?, modified = ?, attempts = 0, due_at = ? WHERE id = ?",
            (
                capture,
                utc_text(now),
                utc_text(first),
                etag,
                modified,
                utc_text(due) if due else None,
                target.id,
            ),
        )

    def set_skipped(self, target: Target, reason: str, due: datetime | None = None) -> None:
        """Mark the page as passed over for `reason`, for good or until `due`."""
        self._con.execute(
            "UPDATE pages SET state = 'skipped', reason = ?, due_at = ? WHERE id = ?",
            (reason, utc_text(due) if due else None, target.id),
        )

    def set_failed(self, target: Target, reason: str, now: datetime) -> None:
        """Count a failure: a page that was archived stays so, any other is failed; both are asked again."""
        attempts = target.attempts + 1
        due = utc_text(now + RETRIES[attempts - 1]) if attempts <= len(RETRIES) else None
        if target.state == State.ARCHIVED:
            if due is None and target.first_fetched:
                later = next_revisit(target.first_fetched, now)
                due, attempts = (utc_text(later) if later else None), 0
            self._con.execute(
                "UPDATE pages SET attempts = ?, due_at = ? WHERE id = ?", (attempts, due, target.id)
            )
        else:
            self._con.execute(
                "UPDATE pages SET state = 'failed', reason = ?, attempts = ?, due_at = ? WHERE id = ?",
                (reason, attempts, due, target.id),
            )

    def set_address(self, target: Target) -> None:
        """Let the page be asked at the target's address from now on."""
        self._con.execute("UPDATE pages SET url = ?, printed = NULL WHERE id = ?", (target.url, target.id))

    def set_gone(self, target: Target, now: datetime) -> None:
        """Mark the page as removed by its site; what was archived of it stays.

        One that we never had is asked once more: a site may answer so to every page while it is repaired.
        """
        again = target.capture is None and target.state != State.GONE
        self._con.execute(
            "UPDATE pages SET state = 'gone', reason = NULL, fetched_at = ?, due_at = ? WHERE id = ?",
            (utc_text(now), utc_text(now + SECOND_LOOK) if again else None, target.id),
        )

    def counts(self, source: str | None = None) -> dict[str, dict[str, int]]:
        """Return how many pages are in each state, by reason ('' where the state has none)."""
        where = "WHERE source = ?" if source else ""
        rows = self._con.execute(
            f"SELECT state, coalesce(reason, '') AS reason, count(*) AS n FROM pages {where} GROUP BY 1, 2",  # noqa: S608
            (source,) if source else (),
        )
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row["state"], {})[row["reason"]] = row["n"]
        return found

    def _add(self, made: Target, run: str, now: datetime) -> int:
        """Enter a page as queued and return its id; 0 where it was known."""
        cursor = self._con.execute(
            "INSERT INTO pages (source, article_url, part, url, state, hints, found_at, found_run, news_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                made.source,
                made.article_url,
                made.part,
                made.url,
                made.state,
                hints_json(made.hints),
                utc_text(now),
                run,
                made.news_at or utc_text(now),
            ),
        )
        return int(cursor.lastrowid or 0) if cursor.rowcount else 0

    def _known(self, urls: Iterable[str]) -> dict[str, sqlite3.Row]:
        wanted = json.dumps(list(urls))
        rows = self._con.execute(
            "SELECT id, article_url, state, reason, hints, lastmod, fetched_at, first_fetched, due_at,"
            " found_run, news_at FROM pages WHERE part = 1 AND article_url IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        return {row["article_url"]: row for row in rows}

    def _insert(
        self, source: str, run: str, entries: Sequence[Entry], now: datetime, news: Mapping[str, str]
    ) -> None:
        at = utc_text(now)
        self._con.executemany(
            "INSERT INTO pages (source, found_at, found_run, state, article_url, url, printed, hints, lastmod,"
            " news_at) VALUES (?, ?, ?, 'discovered', ?, ?, ?, ?, ?, ?)",
            [
                (
                    source,
                    at,
                    run,
                    e.url,
                    e.address or e.url,
                    e.printed,
                    hints_json(e.hints),
                    _optional(e.lastmod),
                    news[e.url],
                )
                for e in entries
            ],
        )

    def _raise(self, row: sqlite3.Row, news_at: str) -> None:
        """Let a page that waits be asked earlier where another listing shows that it is newer."""
        if row["state"] in (State.DISCOVERED, State.QUEUED) and news_at > row["news_at"]:
            self._con.execute("UPDATE pages SET news_at = ? WHERE id = ?", (news_at, row["id"]))

    def _compare(self, row: sqlite3.Row, entry: Entry, now: datetime) -> str | None:
        """Bring a known page up to what the site says of it now; return changed, unchanged or None."""
        if row["reason"] == "erased":  # what the site says of it must not be kept again
            return None
        hints = merge_hints(json_hints(row["hints"]), entry.hints)
        if hints_json(hints) != row["hints"]:
            self._con.execute("UPDATE pages SET hints = ? WHERE id = ?", (hints_json(hints), row["id"]))
        if entry.lastmod is None:
            return None
        stated, fetched = text_utc(row["lastmod"]), text_utc(row["fetched_at"])
        # feeds and sitemaps round the same time differently; before any is known, the copy that is held counts
        limit = stated + _SAME_INSTANT if stated else fetched and fetched - timedelta(seconds=1)
        newer = limit is not None and entry.lastmod > limit
        if row["lastmod"] is None or newer:
            self._con.execute(
                "UPDATE pages SET lastmod = ? WHERE id = ?", (utc_text(entry.lastmod), row["id"])
            )
        if newer and row["state"] in (State.ARCHIVED, State.GONE):
            self._con.execute(
                "UPDATE pages SET due_at = ? WHERE id = ? OR (article_url = ? AND state = 'archived')",
                (utc_text(now), row["id"], row["article_url"]),
            )
            return "changed"
        due = text_utc(row["due_at"])
        if newer or row["state"] != State.ARCHIVED or due is None or due > now or row["lastmod"] is None:
            return None
        return "unchanged" if self._pass_over("article_url = ?", (row["article_url"],), now) else None

    def _pass_over(self, which: str, values: tuple[str, ...], now: datetime) -> int:
        """Put scheduled revisits that are due off to the next one, for archived pages `which`; count them.

        A page that is due for another reason stays due: its change was stated, perhaps a moment ago by
        another listing of the same run, or its last visit failed.
        """
        rows = self._con.execute(
            f"SELECT id, first_fetched, due_at FROM pages WHERE {which} AND due_at <= ?"  # noqa: S608 -- fixed text
            " AND state = 'archived'",
            (*values, utc_text(now)),
        ).fetchall()
        later = []
        for number, first_text, due_text in rows:
            first, due = datetime.fromisoformat(first_text), datetime.fromisoformat(due_text)
            if due - first in REVISITS:
                later.append((_optional(next_revisit(first, now)), number))
        self._con.executemany("UPDATE pages SET due_at = ? WHERE id = ?", later)
        return len(later)


_TARGET = (
    "SELECT p.id, p.source, p.article_url, p.part, p.url, p.state, p.hints, p.etag, p.modified, p.attempts,"
    " p.first_fetched, p.capture, c.sha256, p.news_at, p.printed FROM pages p LEFT JOIN captures c ON c.id = p.capture"
)


def next_revisit(first: datetime, now: datetime) -> datetime | None:
    """Return when a page first fetched at `first` is due again after `now`; None: no more."""
    return next((first + wait for wait in REVISITS if first + wait > now), None)


def merge_hints(old: Hints | None, new: Hints) -> Hints:
    """Return the hints of a page with what `new` adds; only the same origin takes back what it said."""
    if old is None:
        return new
    merged = asdict(old) | {key: value for key, value in asdict(new).items() if getattr(old, key) is None}
    for name in ("title", "author", "modified"):
        value = getattr(new, name)
        if value and (name == "modified" or new.origin == old.origin):
            merged[name] = value
    return Hints(**merged)


def _target(row: sqlite3.Row) -> Target:
    values = dict(row)
    values["hints"] = json_hints(row["hints"])
    values["first_fetched"] = text_utc(row["first_fetched"])
    return Target(**values)


def _optional(at: datetime | None) -> str | None:
    return utc_text(at) if at else None
