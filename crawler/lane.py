"""One source's way through a crawl: discovery, then its pages, then done, within its budgets.

A lane hands out errands one by one; it holds no more of the queue in memory than a small batch.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from crawler.frontier import AHEAD_OF_ALL, LAST_ID, Rank, Target
from crawler.hosts import Hosts
from crawler.ledger import Ledger
from crawler.options import CrawlOptions, Progress
from crawler.records import Step
from crawler.source import Source

BATCH = 50
TICK_SECONDS = 0.25
MAX_LISTINGS = 2000
#: Network failures in a row after which a source is given up for this run: more than two pages that hang bring about.
MAX_FAILURES = 7
#: Refusals (401, 403, challenge pages) in a row after which a source counts as closed to us.
MAX_BLOCKS = 5
#: A new night looks this far behind the start of the last complete one.
OVERLAP = timedelta(days=2)


class Phase(StrEnum):
    """Where a lane is."""

    DISCOVERY = "discovery"
    PAGES = "pages"
    ENDING = "ending"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ListingErrand:
    """A discovery page to fetch."""

    lane: Lane
    step: Step
    tries: int = 0
    kind: ClassVar = "listing"

    @property
    def url(self) -> str:
        """Return the address to ask."""
        return self.step.url


@dataclass(frozen=True, slots=True)
class PageErrand:
    """A page of the ledger to fetch."""

    lane: Lane
    target: Target
    tries: int = 0
    kind: ClassVar = "page"

    @property
    def url(self) -> str:
        """Return the address to ask: that which shows the whole article, where the source has one."""
        whole = self.lane.source.layout.one_page
        if not whole or whole in self.target.url:
            return self.target.url
        return f"{self.target.url}{'&' if '?' in self.target.url else '?'}{whole}"


Errand = ListingErrand | PageErrand


@dataclass(slots=True)
class Counts:
    """What the progress display shows of a lane."""

    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    waiting: int = 0


@dataclass(eq=False, slots=True)
class Lane:
    """The state of one source in the running crawl; `reader` is a connection that only reads."""

    source: Source
    options: CrawlOptions
    reader: Ledger
    hosts: Hosts
    phase: Phase = Phase.DISCOVERY
    problem: str | None = None
    out: int = 0  # errands handed out and not yet done
    pending: int = 0  # changes handed in and not yet answered
    pages: int = 0  # pages asked in this run
    pages_before: int = 0
    spent_bytes: int = 0
    heard: bool = False  # a host of it answered in this run
    failures: int = 0
    down_since: float | None = None  # the first of these failures, on the monotonic clock
    silent_since: float | None = None  # the first failure after its last answer
    blocks: int = 0
    listings: int = 0
    cut: bool = False  # more discovery pages than a run asks: what it found is not all
    caught_up: bool = False
    since: datetime | None = None
    transient: bool = False  # a discovery page failed in a way that may heal
    answered: int = 0
    last_problem: str | None = None  # of a discovery page
    changes_known: bool = False  # REST named every change since the last night
    counts: Counts = field(default_factory=Counts)
    ready: deque[Errand] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)
    known: int = 0  # id up to which pages were known before a back-fill, which asks what it finds first
    _before: Rank = AHEAD_OF_ALL
    _up_to: int = LAST_ID
    _after: int = 0
    _new_done: bool = False

    @property
    def slug(self) -> str:
        """Return the source's slug."""
        return self.source.slug

    @property
    def delay(self) -> float:
        """Return the seconds between two requests to the source."""
        stated = self.options.delay_s
        return self.source.politeness.delay_s if stated is None else stated

    @property
    def backfill(self) -> bool:
        """Return whether the run asks for a span of the past."""
        return self.options.since is not None or self.options.until is not None

    def take(self) -> Errand | None:
        """Return the next errand that may go out now; None: nothing may, for now or for good."""
        width = self.options.concurrency if self.options.concurrency == 1 else self.options.concurrency + 4
        if self.phase in (Phase.ENDING, Phase.DONE) or self.out >= width:
            return None
        if not self.ready and self.phase is Phase.PAGES:
            self._refill()
        if not self.ready:
            return None
        errand = self.ready[0]
        if self.hosts.of(errand.url, self.delay).free_at > time.monotonic():
            return None
        self.ready.popleft()
        self.out += 1
        if isinstance(errand, PageErrand):
            self.pages += 1
        return errand

    def add_steps(self, steps: tuple[Step, ...] | list[Step]) -> None:
        """Queue discovery pages that were not asked in this run, up to the bound against traps, which shows."""
        for step in steps:
            if step.url not in self.seen:
                if self.listings >= MAX_LISTINGS:
                    self.cut = True
                    self.problem = self.problem or f"too_many_listings: {MAX_LISTINGS} were asked"
                    break
                self.seen.add(step.url)
                self.listings += 1
                self.ready.append(ListingErrand(self, step))

    def put_back(self, errand: Errand) -> None:
        """Queue an errand before everything else, unless the lane was stopped meanwhile."""
        if self.phase in (Phase.DISCOVERY, Phase.PAGES):
            self.ready.appendleft(errand)

    def idle(self) -> bool:
        """Return whether nothing is under way and nothing can be taken: the phase is over."""
        if self.out or self.pending:
            return False
        if self.phase is Phase.PAGES and not self.ready:
            self._refill()
        return not self.ready or self.phase is Phase.ENDING

    def held_up(self) -> float:
        """Return the seconds for which the host of the next errand wants to be left alone."""
        if not self.ready:
            return 0.0
        return self.hosts.of(self.ready[0].url, self.delay).free_at - time.monotonic()

    def stop(self, problem: str | None) -> None:
        """Ask nothing more of the source in this run; what waits keeps waiting in the ledger."""
        if self.phase is not Phase.DONE:
            self.phase = Phase.ENDING
            self.problem = self.problem or problem
            self.ready.clear()

    def progress(self) -> Progress:
        """Return how far the lane is."""
        c = self.counts
        phase = str(self.phase)
        return Progress(
            self.slug,
            phase,
            c.discovered,
            c.fetched,
            c.unchanged,
            c.skipped,
            c.failed,
            c.waiting,
            self.problem,
        )

    def _refill(self) -> None:
        room = self._room()
        if room <= 0:
            return
        targets = self._new_targets(min(BATCH, room))
        if self._new_done:
            now = datetime.now(UTC)
            targets = self.reader.pages.due_targets(self.slug, now, self._after, min(BATCH, room))
            if targets:
                self._after = targets[-1].id
        self.ready.extend(PageErrand(self, target) for target in targets)

    def _new_targets(self, limit: int) -> list[Target]:
        """Return the next pages that were never asked; none where they are through."""
        targets: list[Target] = []
        while not self._new_done and not targets:
            span = {"over": self.known, "up_to": self._up_to}
            targets = self.reader.pages.new_targets(self.slug, self._before, limit, **span)
            if targets:
                self._before = targets[-1].rank
            else:
                self._new_done = not self.known
                self._before, self._up_to, self.known = AHEAD_OF_ALL, self.known, 0
        return targets

    def _room(self) -> int:
        """Return how many more pages the night's budgets and the run's limit let us ask."""
        if self.spent_bytes >= self.source.politeness.bytes_per_night:
            return 0
        room = self.source.politeness.pages_per_night - self.pages_before - self.pages
        if self.options.limit is not None:
            room = min(room, self.options.limit - self.pages)
        return room


def night_of(at: datetime, source: Source) -> str:
    """Return the date of the evening on which the night began, in the source's zone: noon divides nights."""
    local = at.astimezone(ZoneInfo(source.zone)) - timedelta(hours=12)
    return local.date().isoformat()
