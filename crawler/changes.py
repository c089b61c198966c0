"""What the crawl writes: each function returns one change for the recorder, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.archive import Fetched
from crawler.frontier import Found, Target
from crawler.recorder import Change, Desk
from crawler.records import Capture, Entry, State
from crawler.tally import ListingVisit

#: What a page was passed over for may change: it is looked at again after so long.
RECHECKS = {"robots": timedelta(days=30)}
#: A sitemap that states no times may list anything; so what it lists is taken to be as old as this.
_UNDATED_SITEMAP = timedelta(days=365)
#: Of other listings the first page shows what is new, each further one what came before, of a day or so.
_UNDATED_PAGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PageVisit:
    """A page as it was fetched: which article it turned out to show, and its further parts."""

    target: Target
    fetched: Fetched
    article_url: str
    sha256: str
    content_type: str
    etag: str | None
    modified: str | None
    parts: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a visit (fetched, changed, unchanged, alias), and the parts that were new."""

    outcome: str
    parts: tuple[Target, ...] = ()


def record_page(visit: PageVisit) -> Change:
    """Archive a page that answered with a body, under the article that it shows; gives Recorded."""

    def change(desk: Desk) -> Recorded:
        pages, tally = desk.ledger.pages, desk.ledger.tally
        target, now = visit.target, visit.fetched.at
        alias = visit.article_url != target.article_url
        if alias:
            pages.set_skipped(target, "alias")
            tally.add_outcome(desk.run, target.source, "skipped", "alias")
        shown = pages.find(visit.article_url, target.part)
        if shown and shown.capture and (alias or target.capture is None):
            return Recorded("alias")  # it was archived by another address, perhaps a moment ago
        if shown and alias and pages.is_erased(shown):
            return Recorded("alias")
        if shown is None:
            shown = pages.add_article(target, visit.article_url, desk.run, now)
            tally.add_outcome(desk.run, target.source, "discovered", "alias")
        found = [pages.add_part(shown, part, url, desk.run, now) for part, url in visit.parts]
        parts = tuple(part for part in found if part)
        tally.add_outcome(desk.run, target.source, "discovered", "part", n=len(parts))
        outcome = _store(desk, shown, visit)
        tally.add_outcome(desk.run, target.source, outcome)
        return Recorded(outcome, parts)

    return change


def record_unchanged(target: Target, fetched: Fetched) -> Change:
    """Record that a page is what it was at its newest capture (304)."""

    def change(desk: Desk) -> Recorded:
        _store_revisit(desk, target, fetched, "", etag=target.etag, modified=target.modified)
        desk.ledger.tally.add_outcome(desk.run, target.source, "unchanged")
        return Recorded("unchanged")

    return change


def record_skipped(target: Target, reason: str, now: datetime) -> Change:
    """Pass a page over for `reason`; one that was archived earlier stays so and is asked later."""
    due = now + RECHECKS[reason] if reason in RECHECKS else None

    def change(desk: Desk) -> None:
        if target.state == State.ARCHIVED:
            desk.ledger.pages.set_failed(target, reason, now)
        else:
            desk.ledger.pages.set_skipped(target, reason, due)
        desk.ledger.tally.add_outcome(desk.run, target.source, "skipped", reason)

    return change


def record_failed(target: Target, reason: str, now: datetime) -> Change:
    """Count a failed visit."""

    def change(desk: Desk) -> None:
        desk.ledger.pages.set_failed(target, reason, now)
        desk.ledger.tally.add_outcome(desk.run, target.source, "failed", reason)

    return change


def record_gone(target: Target, now: datetime) -> Change:
    """Mark a page as removed by its site."""

    def change(desk: Desk) -> None:
        desk.ledger.pages.set_gone(target, now)
        desk.ledger.tally.add_outcome(desk.run, target.source, "gone")

    return change


def record_address(target: Target) -> Change:
    """Let a page be asked at the target's address, which is another one of it, from now on."""
    return lambda desk: desk.ledger.pages.set_address(target)


def record_listing(source: str, visit: ListingVisit, entries: Sequence[Entry], now: datetime) -> Change:
    """Enter what a discovery page listed. The change gives Found."""
    age = _UNDATED_SITEMAP if visit.step.kind == "sitemap" else visit.step.depth * _UNDATED_PAGE

    def change(desk: Desk) -> Found:
        found = desk.ledger.pages.add_entries(source, desk.run, entries, now, undated=now - age)
        desk.ledger.tally.add_listing(desk.run, source, visit, now)
        desk.ledger.tally.add_outcome(desk.run, source, "discovered", n=found.new)
        desk.ledger.tally.add_outcome(desk.run, source, "unchanged", "listed", n=found.unchanged)
        return found

    return change


def record_discovered(source: str, *, complete: bool, changes_known: bool, now: datetime) -> Change:
    """End a source's discovery: what was discovered is queued. The change gives the number that wait."""

    def change(desk: Desk) -> int:
        if complete:
            desk.ledger.tally.end_discovery(desk.run, source, now)
        if changes_known:
            proved = desk.ledger.pages.pass_over_due(source, "wp_rest", now)
            desk.ledger.tally.add_outcome(desk.run, source, "unchanged", "listed", n=proved)
        return desk.ledger.pages.queue(source)

    return change


def _store(desk: Desk, target: Target, visit: PageVisit) -> str:
    fetched = visit.fetched
    if target.sha256 == visit.sha256:
        _store_revisit(desk, target, fetched, visit.content_type, etag=visit.etag, modified=visit.modified)
        return "unchanged"
    place = desk.writer(target.source).write_response(fetched)
    values = Capture(
        id=0,
        source=target.source,
        run=desk.run,
        url=fetched.url,
        article_url=target.article_url,
        part=target.part,
        kind="response",
        status=fetched.status,
        content_type=visit.content_type,
        fetched_at=fetched.at,
        sha256=visit.sha256,
        warc="",
        offset=0,
        length=0,
        hints=target.hints,
    )
    number = desk.ledger.add_capture(values, place)
    desk.ledger.pages.set_archived(target, number, fetched.at, etag=visit.etag, modified=visit.modified)
    return "changed" if target.capture else "fetched"


def _store_revisit(
    desk: Desk, target: Target, fetched: Fetched, content_type: str, *, etag: str | None, modified: str | None
) -> None:
    original = desk.ledger.capture(target.capture or 0)
    if original is None:
        raise AssertionError(f"page {target.id} was unchanged against no capture")
    place = desk.writer(target.source).write_revisit(fetched, original)
    values = replace(
        original,
        run=desk.run,
        url=fetched.url,
        kind="revisit",
        status=fetched.status,
        content_type=content_type or original.content_type,
        fetched_at=fetched.at,
        hints=target.hints,
    )
    desk.ledger.add_capture(values, place)
    desk.ledger.pages.set_archived(target, original.id, fetched.at, etag=etag, modified=modified)
