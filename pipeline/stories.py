"""The events that a batch of readings may belong to, in memory: found by key, compared, joined or begun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import ids
from pipeline.duplicates import Signature, likeness
from pipeline.labels import stage_orders
from pipeline.story import INFORMATION, JOIN, Facet, Match, blocking_keys, compare, district_keys, person_keys

WINDOW = 400  # days: a verdict may come a year after the first report
_RARE = 5  # a person whom more events name is an official, and finds nothing by being named
_FIRST: tuple[str, ...] = ("laporan pertama",)


@dataclass(frozen=True, slots=True)
class Member:
    """A reading's place in an event: `part` is "utama" where it tells the event, "terkait" in passing."""

    facet: Facet
    part: str
    is_primary: bool
    score: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Story:
    """One event with its readings and keys; what is `fresh` the store does not have yet."""

    id: str
    kind: str
    first_seen: datetime
    last_seen: datetime
    members: list[Member] = field(default_factory=list)
    fresh: list[Member] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    fresh_keys: set[int] = field(default_factory=set)
    changed: bool = False

    @property
    def told(self) -> list[Facet]:
        """Return the readings that tell the event, or all of them where each only touches it."""
        return [m.facet for m in self.members if m.part == "utama"] or [m.facet for m in self.members]

    def place(self) -> str | None:
        """Return the lowest place that most readings name."""
        places = Counter(facet.place for facet in self.told if facet.place)
        return max(places, key=lambda code: (len(code), places[code], code), default=None)

    def date(self) -> str | None:
        """Return the day that most readings give; a month or range only where none gives a day."""
        dates = Counter(facet.date for facet in self.told if facet.date)
        return max(dates, key=lambda iso: (len(iso) == 10, dates[iso], iso), default=None)

    def types(self) -> list[str]:
        """Return every type that a reading gives, the most frequent first."""
        types = Counter(kind for facet in self.told for kind in facet.types)
        return sorted(types, key=lambda kind: (-types[kind], kind))

    def stage(self) -> str | None:
        """Return the furthest stage that a reading states as reached; None where there is no case."""
        orders = stage_orders()
        stages = [m.facet.stage for m in self.members if m.facet.stage]
        return max(stages, key=lambda stage: orders.get(stage, 0), default=None)


class Stories:
    """An index over events by blocking keys; `place` puts a reading where it belongs.

    `counts` says how many events of the store have a key: a person's, or that of a kecamatan and type.
    """

    def __init__(self, counts: Mapping[int, int]) -> None:
        self.by_id: dict[str, Story] = {}
        self._index: dict[int, set[str]] = {}
        self._counts = dict(counts)
        self._signatures: dict[str, Signature] = {}

    def sign(self, article: str, signature: Signature) -> None:
        """Remember the text signature of an article."""
        self._signatures[article] = signature

    def restore(self, story: Story, members: Iterable[Member], *, counted: bool) -> None:
        """Take in the readings of an event that the store holds; with `counted` its keys stand there."""
        for member in members:
            self._add(story, member, counted=counted)

    def place(self, facet: Facet, *, primary: bool, free_id: str | None, seen: datetime) -> Story:
        """Put a reading into the event that it fits best, or begin one (with `free_id` where one is free)."""
        found = self._best(facet)
        if found is None:
            story = self._begin(facet, free_id, seen)
            score, reasons = 0.0, _FIRST
        else:
            story, match = found
            score, reasons = match.points, match.reasons
        if story.kind == INFORMATION and facet.kind != INFORMATION:
            story.kind = facet.kind
        passing = facet.passing or facet.kind != story.kind
        member = Member(facet, "terkait" if passing and found else "utama", primary, round(score, 2), reasons)
        self._add(story, member, counted=False)
        story.fresh.append(member)
        story.changed = True
        story.first_seen = min(story.first_seen, seen)
        story.last_seen = max(story.last_seen, seen)
        return story

    def _begin(self, facet: Facet, free_id: str | None, seen: datetime) -> Story:
        key = free_id or ids.digest("event", facet.article, facet.kind, ",".join(facet.types), facet.place)
        while key in self.by_id:  # two acts of one article may look alike
            key = ids.digest(key, "next")
        story = Story(key, facet.kind, seen, seen)
        self.by_id[key] = story
        return story

    def _best(self, facet: Facet) -> tuple[Story, Match] | None:
        found = {event for key in self.search_keys(facet) for event in self._index.get(key, ())}
        best: tuple[Story, Match] | None = None
        for event in sorted(found):
            story = self.by_id[event]
            if not _may_join(facet, story):
                continue
            match = self._match(facet, story)
            if match.points >= JOIN and (best is None or match.points > best[1].points):
                best = story, match
        return best

    def search_keys(self, facet: Facet) -> set[int]:
        """Return the keys by which events are found for a reading; a person whom few events name is one."""
        rare = {key for key in person_keys(facet).values() if self._counts.get(key, 0) <= _RARE}
        return blocking_keys(facet) | rare

    def _match(self, facet: Facet, story: Story) -> Match:
        """Return the comparison with the reading of the event that fits best."""
        keys = person_keys(facet)
        rarity = {person: 1 / max(1, self._counts.get(key, 0)) for person, key in keys.items()}
        lonely = any(key in story.keys and self._counts.get(key, 0) <= 1 for key in district_keys(facet))
        matches = [
            compare(facet, m.facet, alike=self._likeness(facet, m.facet), rarity=rarity, lonely=lonely)
            for m in story.members
        ]
        return max(matches, key=lambda match: match.points)

    def _likeness(self, a: Facet, b: Facet) -> float:
        first, second = self._signatures.get(a.article), self._signatures.get(b.article)
        return 0.0 if first is None or second is None else likeness(first, second)

    def _add(self, story: Story, member: Member, *, counted: bool) -> None:
        story.members.append(member)
        persons = set(person_keys(member.facet).values())
        new = (blocking_keys(member.facet) | persons) - story.keys
        story.keys |= new
        for key in new:
            self._index.setdefault(key, set()).add(story.id)
        if not counted:
            story.fresh_keys |= new
            for key in (persons | set(district_keys(member.facet))) & new:
                self._counts[key] = self._counts.get(key, 0) + 1


def _may_join(facet: Facet, story: Story) -> bool:
    if abs(facet.day - story.first_seen.toordinal()) > WINDOW:
        return False
    if any(member.facet.article == facet.article for member in story.members):
        return False  # an article tells each of its cases once
    return facet.kind == story.kind or INFORMATION in (facet.kind, story.kind)
