"""What is forgotten by itself when its time has come: archived pages, and names of persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.erasure import TOMBSTONE, TOMBSTONE_SHA256
from crawler.ledger import Ledger
from crawler.records import Capture
from pipeline.audit import add_erasure, list_erasures
from pipeline.chunks import chunks
from pipeline.erase import rewrite_pages
from pipeline.label_reviews import forget_labels, without_names
from pipeline.reviews import TextRef, forget_decisions
from pipeline.sample import saved_pages
from pipeline.settings import Settings
from pipeline.shelf import list_snapshots
from pipeline.store import Store, open_store
from pipeline.store_erase import pages_of, rename_pages, states_of
from pipeline.store_names import articles_with_names, mask_names

_BATCH = 500
_CLOCK = timedelta(days=30)  # before a night, in which pages were archived on so many days at least
_CLOCK_DAYS = 3
_AHEAD = timedelta(days=1)
_WHO = "retensi"


class ClockError(RuntimeError):
    """The clock may have run ahead: nothing was forgotten; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many archived pages were emptied, up to which capture by their age, and in how many articles names
    were masked.
    """

    pages: int
    names: int
    last: int = 0


def forget_old(settings: Settings, now: datetime) -> Forgotten | None:
    """Forget what is older than the settings keep; None where they keep everything.

    Pages become tombstones: what was read from them stays, with the checksum of a page that is no more. Where
    names are forgotten, so are the pages that hold them. Raises ArchiveError and StoreError.
    """
    keep = settings.retention
    if not (keep.pages_days or keep.names_years) or not settings.store.is_file():
        return None
    pages = names = 0
    last = max((row.figures.get("last", 0) for row in list_erasures(settings.erasures)), default=0)
    with Ledger(settings.ledger) as ledger, open_store(settings.store) as store:
        if keep.names_years:
            limit = now.astimezone(UTC) - timedelta(days=round(365.25 * keep.names_years))
            for batch in chunks(articles_with_names(store, limit), _BATCH):
                numbers = sorted(pages_of(store, batch))
                pages += _empty(settings, ledger, store, [c for n in numbers if (c := ledger.capture(n))])
                _forget_reviewed(settings, store, batch)  # first: masked texts have other hashes
                names += mask_names(store, batch)
        if keep.pages_days:
            limit = now.astimezone(UTC) - timedelta(days=keep.pages_days)
            for captures in chunks(_older(ledger, limit, now, last), _BATCH):
                pages += _empty(settings, ledger, store, list(captures))
                last = captures[-1].id
    pages += _remove_saved(settings, now)
    done = Forgotten(pages, names, last)
    for kind, count in (("pages", pages), ("names", names)):
        if count:
            why = f"retention.{'pages_days' if kind == 'pages' else 'names_years'}"
            add_erasure(settings.erasures, kind, None, reason=why, who=_WHO, figures=asdict(done))
    return done


def _remove_saved(settings: Settings, now: datetime) -> int:
    """Remove the pages saved beside the sources that are older than pages, or than names, are kept."""
    keep, removed = settings.retention, 0
    names_days = round(365.25 * keep.names_years)
    for page in saved_pages(settings.own_sources):
        told = page.fields.get("published") or page.saved
        ages = ((page.saved, keep.pages_days), (told, names_days))
        if any(days and day[:10] < f"{now.date() - timedelta(days=days)}" for day, days in ages):
            page.remove()
            removed += 1
    return removed


def check_clock(settings: Settings, now: datetime) -> None:
    """Raise ClockError where the archive does not bear out that it is `now`, before anything is forgotten for ever.

    A clock that ran ahead makes everything old at once: then the weeks before "now" hold no pages.
    """
    keep = settings.retention
    if not (keep.pages_days or keep.names_years) or not settings.ledger.is_file():
        return
    since = now.astimezone(UTC) - _CLOCK
    with Ledger(settings.ledger) as ledger:
        oldest = next(ledger.captures(), None)
        if oldest is None or oldest.fetched_at >= since:
            return
        days = ledger.crawled_days(since, now.astimezone(UTC))
    if days < _CLOCK_DAYS:
        raise ClockError(
            f"nothing was forgotten: pages were archived on only {days} of the {_CLOCK.days} days before "
            f"{now:%Y-%m-%d}; check the clock (`timedatectl`). After a long pause, retention waits until "
            f"{_CLOCK_DAYS} days have pages"
        )


def clean_snapshots(settings: Settings) -> int | None:
    """Return how many snapshots were published since names were last forgotten; None where they never were.

    Those before still hold these names.
    """
    moments = [row.at for row in list_erasures(settings.erasures) if row.kind == "names"]
    if not moments:
        return None
    forgotten = datetime.fromisoformat(max(moments))
    published = (str(snapshot.manifest["published"]) for snapshot in list_snapshots(settings.snapshots))
    return sum(datetime.fromisoformat(text) > forgotten for text in published)


def _forget_reviewed(settings: Settings, store: Store, articles: Sequence[str]) -> None:
    """Mask the names in what reviewers said of these articles."""
    states = states_of(store, articles)
    urls = {state.ref.url for state in states} - {None}
    refs = {state.ref for state in states}

    def hide(ref: TextRef, text: str) -> str:
        return without_names(text) if ref.url in urls or ref in refs else text

    forget_labels(settings.reviews, hide)
    forget_decisions(settings.reviews, hide)


def _older(ledger: Ledger, limit: datetime, now: datetime, after: int) -> Iterator[Capture]:
    """Yield the captures after one that were fetched before `limit`; ids follow the time of fetching.

    Those of a night whose clock ran ahead are as old as the ones around them.
    """
    ahead: list[Capture] = []
    for capture in ledger.captures(after):
        if capture.fetched_at > now + _AHEAD:
            ahead.append(capture)
        elif capture.fetched_at >= limit:
            return
        else:
            yield from ahead
            ahead.clear()
            yield capture


def _empty(settings: Settings, ledger: Ledger, store: Store, captures: list[Capture]) -> int:
    """Empty archived pages and let the store follow; return how many were not empty before."""
    full = {c.id: c for c in captures if c.sha256 != TOMBSTONE_SHA256 and c.kind != "revisit"}
    # a run that was killed may have emptied pages that the store still knows by what they were
    changed = [(c, replace(c, sha256=TOMBSTONE_SHA256)) for c in full.values()]
    rename_pages(store, changed)
    rewrite_pages(settings.archive, ledger, full.values(), lambda _: (TOMBSTONE,))
    with ledger.transaction():
        for capture in full.values():
            ledger.set_hints(capture, None)
    return len(full)
