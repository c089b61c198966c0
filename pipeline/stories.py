"""The events that a batch of readings may belong to, in memory: found by key, compared, joined or begun.

A reading that fits two events may show that they are one; they become one where no reading of the one speaks
against a reading of the other. What reviewers decided stands above all points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import product

from pipeline import ids
from pipeline.decisions import NO_BONDS, Bonds
from pipeline.duplicates import Signature, likeness
from pipeline.labels import stage_orders
from pipeline.story import (
    CASE,
    INFORMATION,
    JOIN,
    Facet,
    Match,
    blocking_keys,
    compare,
    copy_key,
    district_keys,
    person_keys,
    vetoed,
    week_keys,
)

WINDOW = 400  # days: a verdict may come a year after the first report
BRIDGE = 4.5  # points with a second event from which a reading may show that both are one
_AGAINST = 0.0  # below it a reading of the one event speaks against a reading of the other
_COMPARED = 12  # readings of each event that are compared before two become one
_RARE = 5  # a person whom more events name is an official, and finds nothing by being named
_FIRST: tuple[str, ...] = ("laporan pertama",)
_ASKED = "digabung oleh peninjau"


@dataclass(frozen=True, slots=True)
class Merge:
    """That the event `gone` became part of `kept`, shown by a reading of `article`, with the reasons."""

    gone: str
    kept: str
    article: str
    points: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A reading that is compared with many: the weight of each person, and the keys that no other event has."""

    facet: Facet
    rarity: Mapping[str, float]
    districts: frozenset[int]


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

    def told_by(self, articles: Collection[str]) -> bool:
        """Tell whether one of these articles has a reading in the event."""
        return bool(articles) and any(member.facet.article in articles for member in self.members)

    def saw(self, first: datetime, last: datetime) -> None:
        """Widen the time over which the event was reported."""
        self.changed = True
        self.first_seen, self.last_seen = min(self.first_seen, first), max(self.last_seen, last)

    def settle_kind(self) -> None:
        """Be no case or prevention event any more where no reading that is left says so."""
        kinds = {member.facet.kind for member in self.members}
        if self.kind not in kinds:
            self.kind = min(kinds - {INFORMATION}, default=INFORMATION)

    def take(self, gone: Story) -> None:
        """Take over the readings and keys of an event that became part of this one."""
        self.members += gone.members
        self.fresh += gone.members
        self.fresh_keys |= gone.keys - self.keys
        self.keys |= gone.keys
        self.saw(gone.first_seen, gone.last_seen)

    def place(self) -> str | None:
        """Return the lowest place that most readings name."""
        places = Counter(facet.place for facet in self.told if facet.place)
        return max(places, key=lambda code: (len(code), places[code], code), default=None)

    def date(self) -> str | None:
        """Return the day that most readings give, the earliest of those given as often.

        A month or range is told only where none gives a day. A case did not happen after it was first reported;
        what is announced may come later.
        """
        dates = Counter(facet.date for facet in self.told if facet.date)
        if self.kind == CASE:
            first = date.fromordinal(min(member.facet.day for member in self.members)).isoformat()
            dates = Counter({iso: n for iso, n in dates.items() if iso <= first})
        return min(dates, key=lambda iso: (len(iso) != 10, -dates[iso], iso), default=None)

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
    """An index over events by blocking keys; `place_article` puts the readings of an article where they belong.

    `counts` says how many events of the store have a key: a person's, or that of a kecamatan and type. `sought` are
    the keys by which events of the store are found for the readings `facets`, which will be placed (see `_seek`).
    `merges` tells which events became one.
    """

    def __init__(self, facets: Iterable[Facet], counts: Mapping[int, int], bonds: Bonds = NO_BONDS) -> None:
        self.by_id: dict[str, Story] = {}
        self.merges: list[Merge] = []
        self._bonds = bonds
        self._index: dict[int, set[str]] = {}
        self._counts = dict(counts)
        self._signatures: dict[str, Signature] = {}
        self.sought = {sought for facet in facets for sought in self._seek(facet)}
        self._found_by = {key for key, *_ in self.sought}

    def settled_merges(self) -> list[Merge]:
        """Return which events became one, each pointing to the event that holds its readings now."""
        kept = {merge.gone: merge.kept for merge in self.merges}

        def last(event: str) -> str:
            return last(kept[event]) if event in kept else event

        return [
            replace(merge, kept=last(merge.kept)) for merge in self.merges if merge.gone not in self.by_id
        ]

    def sign(self, article: str, signature: Signature) -> None:
        """Remember the text signature of an article."""
        self._signatures[article] = signature

    def restore(self, story: Story, members: Iterable[Member], keys: Collection[int]) -> None:
        """Take in the readings of an event that the store holds, with its keys; where these are gone, make them."""
        if not keys:
            for member in members:
                self._add(story, member)
            return
        story.members += members
        story.keys.update(keys)
        for key in self._found_by.intersection(keys):
            self._index.setdefault(key, set()).add(story.id)

    def place_article(
        self, facets: Sequence[Facet], *, free: MutableMapping[tuple[str, str], str], seen: datetime
    ) -> None:
        """Put each reading of an article, its main one first, into the event that it fits best, or begin one.

        `free` holds ids of events that have no article left, by article and kind; one that is used is taken
        out. A join that reviewers asked for counts for the reading that fits best.
        """
        asked = self._asked(facets)
        for n, facet in enumerate(facets):
            free_id = free.pop((facet.article, facet.kind), None)
            self._place(facet, asked.get(n), primary=n == 0, free_id=free_id, seen=seen)

    def _place(
        self, facet: Facet, asked: str | None, *, primary: bool, free_id: str | None, seen: datetime
    ) -> None:
        fitting = [] if asked else self._fitting(facet)
        if asked:
            story = self.by_id[asked]
            match = Match(0.0, (_ASKED,))
        elif fitting:
            story, match = fitting[0]
        else:
            story, match = self._begin(facet, free_id, seen), Match(0.0, _FIRST)
        if story.kind == INFORMATION and facet.kind != INFORMATION:
            story.kind = facet.kind
        passing = not asked and (facet.passing or facet.kind != story.kind)
        part = "terkait" if passing and fitting else "utama"
        member = Member(facet, part, primary, round(match.points, 2), match.reasons)
        self._add(story, member)
        story.fresh.append(member)
        story.saw(seen, seen)
        for other, bridge in fitting[1:]:
            if bridge.points >= BRIDGE and not passing:
                story = self._unite(story, other, facet, bridge)

    def _asked(self, facets: Sequence[Facet]) -> dict[int, str]:
        """Return the event that reviewers want the article in, by the number of the reading that fits it best."""
        partners = self._bonds.together.get(facets[0].article) if facets else None
        if not partners:
            return {}
        wanted = [
            s for s in self.by_id.values() if s.told_by(partners) and not s.told_by({facets[0].article})
        ]
        pairs = [
            (self._match(weighed, story.members, story).points, -n, story.id)
            for n, weighed in enumerate(map(self._weigh, facets))
            for story in wanted
            if _go_together(weighed.facet.kind, story.kind)
        ]
        return {-n: story for _, n, story in [max(pairs)]} if pairs else {}

    def _begin(self, facet: Facet, free_id: str | None, seen: datetime) -> Story:
        key = free_id if free_id and free_id not in self.by_id else natural_id(facet)
        while key in self.by_id:  # two acts of one article may look alike
            key = ids.digest(key, "next")
        story = Story(key, facet.kind, seen, seen)
        self.by_id[key] = story
        return story

    def _fitting(self, facet: Facet) -> list[tuple[Story, Match]]:
        """Return the events that the reading may belong to, the one that it fits best first."""
        found = sorted({event for key in self._search_keys(facet) for event in self._index.get(key, ())})
        near = (self.by_id[event] for event in found)
        weighed = self._weigh(facet)
        scored = [
            (story, self._match(weighed, members, story))
            for story in near
            if self._may_join(facet, story)
            and (members := [member for member in story.members if not vetoed(facet, member.facet)])
        ]
        return sorted(
            (pair for pair in scored if pair[1].points >= JOIN),
            key=lambda pair: (-pair[1].points, pair[0].id),
        )

    def _seek(self, facet: Facet) -> Iterator[tuple[int, str, str]]:
        """Yield the keys to seek events by, each with the kind and, where it must not be elsewhere, the place.

        Readings of two places that share nothing but the week or the text have no chance, unless one names the
        kecamatan of the other: in a week they share the key of its name then, and a text that names several is sought
        by its copies everywhere. Thousands of texts are copies of one form.
        """
        common = set(week_keys(facet))
        if not {code[:8] for code in facet.places} - {(facet.place or "")[:8]}:
            common.add(copy_key(facet))
        for key in self._search_keys(facet):
            yield key, facet.kind, (facet.place or "")[:8] if key in common else ""

    def _search_keys(self, facet: Facet) -> set[int]:
        """Return the keys by which events are found for a reading; a person whom few events name is one."""
        rare = {key for key in person_keys(facet).values() if self._counts.get(key, 0) <= _RARE}
        return blocking_keys(facet) | rare

    def _weigh(self, facet: Facet) -> _Weighed:
        """Return a reading with how rare its persons and its places are, to compare it with many others."""
        keys = person_keys(facet)
        rarity = {person: 1 / max(1, self._counts.get(key, 0)) for person, key in keys.items()}
        rare = frozenset(key for key in district_keys(facet) if self._counts.get(key, 0) <= 1)
        return _Weighed(facet, rarity, rare)

    def _match(self, weighed: _Weighed, members: Iterable[Member], story: Story) -> Match:
        """Return the comparison with the one of these readings of the event that fits best."""
        return max((self._compare(weighed, m.facet, story) for m in members), key=lambda match: match.points)

    def _compare(self, weighed: _Weighed, other: Facet, story: Story) -> Match:
        return compare(
            weighed.facet, other, alike=self._likeness(weighed.facet, other), rarity=weighed.rarity,
            lonely=not weighed.districts.isdisjoint(story.keys),
        )  # fmt: skip

    def _likeness(self, a: Facet, b: Facet) -> float:
        first, second = self._signatures.get(a.article), self._signatures.get(b.article)
        return 0.0 if first is None or second is None else likeness(first, second)

    def _may_join(self, facet: Facet, story: Story) -> bool:
        if abs(facet.day - story.first_seen.toordinal()) > WINDOW:
            return False
        if story.told_by({facet.article}):
            return False  # an article tells each of its cases once
        if story.told_by(self._bonds.apart.get(facet.article, ())):
            return False
        if INFORMATION in (facet.kind, story.kind) and self._is_rejected(facet, story):
            return False  # no points tell more than the reviewer who said that it tells no case
        return _go_together(facet.kind, story.kind)

    def _is_rejected(self, facet: Facet, story: Story) -> bool:
        """Tell whether a reading that a reviewer left without a case would get one by joining, or become one."""
        began = story.kind == INFORMATION and any(member.facet.rejected for member in story.members)
        return began or (facet.kind == INFORMATION and facet.rejected)

    def _unite(self, one: Story, other: Story, facet: Facet, bridge: Match) -> Story:
        """Make two events one where nothing speaks against it, and return the event that holds `facet`.

        The event that was seen first keeps its id.
        """
        if one.id == other.id or not self._are_one(one, other, facet):
            return one
        kept, gone = sorted((one, other), key=lambda story: (story.first_seen, story.id))
        reasons = ("menyatukan dua kejadian", *bridge.reasons)
        self.merges.append(Merge(gone.id, kept.id, facet.article, round(bridge.points, 2), reasons))
        del self.by_id[gone.id]
        for key in gone.keys:
            self._index.get(key, set()).discard(gone.id)
            if key in kept.keys and key in self._counts:
                self._counts[key] -= 1
        for key in gone.keys - kept.keys:
            self._index.setdefault(key, set()).add(kept.id)
        kept.take(gone)
        return kept

    def _are_one(self, one: Story, other: Story, facet: Facet) -> bool:
        articles = {m.facet.article for m in one.members}
        apart = {article for key in articles for article in self._bonds.apart.get(key, ())}
        if one.kind != other.kind or other.told_by(articles) or other.told_by(apart):
            return False
        pairs = product(map(self._weigh, one.told[:_COMPARED]), other.told[:_COMPARED])
        return all(
            self._compare(a, b, other).points >= _AGAINST
            for a, b in pairs
            if facet.article not in (a.facet.article, b.article)
        )

    def _add(self, story: Story, member: Member) -> None:
        story.members.append(member)
        persons = set(person_keys(member.facet).values())
        new = (blocking_keys(member.facet) | persons) - story.keys
        story.keys |= new
        for key in new:
            self._index.setdefault(key, set()).add(story.id)
        story.fresh_keys |= new
        for key in (persons | set(district_keys(member.facet))) & new:
            self._counts[key] = self._counts.get(key, 0) + 1


def _go_together(one: str, other: str) -> bool:
    """Tell whether readings of these kinds may tell one event: a case and a prevention event never do."""
    return one == other or INFORMATION in (one, other)


def natural_id(facet: Facet) -> str:
    """Return the id of an event that begins with this reading: of its article and the act."""
    return ids.digest("event", facet.article, facet.kind, ",".join(facet.types), facet.place)
