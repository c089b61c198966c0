"""Trying one way of discovery on the live site: what it lists, how new that is, how often news comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.discovery import first_steps, parse
from crawler.discovery.entries import unique
from crawler.discovery.times import parse_time
from crawler.records import Entry, Step
from crawler.source import Discovery, Source
from crawler.visitor import VisitError, Visitor

MAX_HOPS = 4
_FULL_DAYS = 14
_FEW = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """What one way of discovery gave; `problem` says why it gave nothing."""

    method: str
    url: str
    entries: tuple[Entry, ...] = ()
    newest: datetime | None = None
    problem: str | None = None

    @property
    def works(self) -> bool:
        """Return whether the way lists articles."""
        return bool(self.entries)


def try_way(source: Source, way: Discovery, visitor: Visitor) -> Trial:
    """Return what `way` lists on its first pages, an index's newest part included."""
    single = source.model_copy(update={"discovery": (way,)})
    todo: list[Step] = first_steps(single)[:1]
    trial = Trial(way.method, source.resolve(way.url))
    for _ in range(MAX_HOPS):
        # a front page may show so few articles that they do not tell what all addresses share
        enough = _FEW if way.method == "section" and way.url == "/" else 1
        if not todo or len(trial.entries) >= enough:
            break
        step = todo.pop(0)
        try:
            visit = visitor.get(step.url)
        except VisitError as error:
            trial = replace(trial, problem=str(error))
            continue
        if visit.status != 200:
            trial = replace(trial, problem=f"HTTP {visit.status}")
            continue
        listing = parse(step, visit.body, visit.url, single)
        trial = replace(trial, entries=unique([*trial.entries, *listing.entries]), problem=listing.problem)
        # an index names its newest part last (WordPress) or first (most others)
        follow = list(listing.follow)
        todo = list(dict.fromkeys([*follow[-1:], *follow[:1], *todo]))
    if trial.entries:
        return replace(trial, newest=newest_time(trial.entries, source), problem=None)
    return replace(trial, problem=trial.problem or "it lists no article")


def newest_time(entries: tuple[Entry, ...], source: Source) -> datetime | None:
    """Return the latest time that any of the entries states."""
    return max((moment for entry in entries if (moment := entry_time(entry, source))), default=None)


def entry_time(entry: Entry, source: Source) -> datetime | None:
    """Return when the entry says that it was published, or else changed."""
    stated = parse_time(entry.hints.published, source.zone)
    return stated.start if stated else entry.lastmod


def daily_rate(trials: list[Trial], source: Source, now: datetime) -> float | None:
    """Return how many articles a day the times of the fullest listing show; None: it states none."""
    best: list[datetime] = []
    for trial in trials:
        times = [moment for entry in trial.entries if (moment := entry_time(entry, source)) and moment <= now]
        # one time for everything is that of the file
        best = max(best, times if len(set(times)) > 1 or len(times) < _FEW else [], key=len)
    recent = [moment for moment in best if now - moment <= timedelta(days=_FULL_DAYS)]
    if not recent:
        return 0.0 if best else None
    # a short feed reaches back less than two weeks: its own span counts
    span = _FULL_DAYS if len(recent) < len(best) else max((now - min(recent)) / timedelta(days=1), 1.0)
    return len(recent) / span
