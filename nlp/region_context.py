"""What the places of a text say of each other: its regions, and the levels that its names were told."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.region_cues import Cue
from nlp.region_names import kind_of, name_key, parents

# weights of one place's score; only their order counts. They were set on the corpus outside its test split.
_PRIOR = {"kabupaten": 2.2, "kota": 2.0, "provinsi": 3.5, "kecamatan": 1.0, "desa": 0.0}
_PARENT = {8: 3.0, 5: 2.5, 2: 1.0}
_SAME_NAME = {"provinsi": 3.0, "kabupaten": 3.0, "kota": 1.5, "kecamatan": 1.0, "desa": 4.0}
_PREFERRED = 3.0
_OTHERS_INSIDE = 1.5
_CHAIN = 4.0
_BARE_VILLAGE = 4.0
_BARE_CITY = 0.6
_HOME, _HOME_PROVINCE = 1.0, 0.5
# how much one place weighs beside half certainty: 0.7 places make 0.5
_HALF = 0.7
_CUED = 1.5
_NOTHING = 0.001
_MOST_GAP = 24
# what may stand between a unit and the unit that holds it: "Desa X, Kecamatan Y", "X (Kabupaten Y)", "X di Y"
_LINK = re.compile(r"\s*[,(]?\s*(?:(?:di|wilayah|yang berada di)\s+)?")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place with the units it may mean before its neighbours are asked.

    `key` is its bare name; `own` tells that `cue` is its own level word and not a word before it.
    """

    start: int
    end: int
    key: str
    cue: Cue | None
    own: bool
    codes: tuple[str, ...]


class Context:
    """The regions that a text speaks of, as mass by code, and the level words that its names bear."""

    def __init__(self, folded: str, slots: Sequence[Slot], home: str | None) -> None:
        self.slots = slots
        self.home = home
        self._folded = folded
        self.after = _followers(folded, slots)
        self.unlisted = {slot.key for slot in slots if slot.own and not slot.codes}
        self.mass: dict[str, float] = defaultdict(float)
        self.variants: dict[tuple[str, str], str | None] = {}
        self._by_key: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._told: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for slot in sorted(slots, key=lambda slot: slot.start):
            self._add(slot)
        self._told_codes = {key: {c for _, codes in told for c in codes} for key, told in self._told.items()}

    def _add(self, slot: Slot) -> None:
        codes = slot.codes
        if slot.cue is not None:
            told = tuple(code for code in codes if kind_of(code) in slot.cue.kinds)
            if told:
                self._told[slot.key].append((slot.start, told))
                codes = told
        # a bare "Kebumen" is the regency, not its kecamatan of that name
        seats = () if slot.cue else tuple(c for c in codes if len(c) == 8 and c[:5] in codes)
        upper = [code for code in codes if len(code) <= 8 and code not in seats]
        share = (_CUED if slot.cue is not None else 1.0) / max(1, len(upper))
        for code in upper:
            for part in (code, *parents(code)):
                self._by_key[slot.key][part] += share
                self.mass[part] += share

    def written(self, slot: Slot) -> str:
        """Return a place's folded text without its level word."""
        whole = self._folded[slot.start : slot.end]
        first = 1
        while slot.own and first < len(whole) and name_key(whole[first:]) != slot.key:
            first += 1
        return whole[first:].strip() if slot.own else whole

    def support(self, code: str, key: str) -> float:
        """Return 0 to 1: how much places of other names than `key` lie in, or are, the unit `code`."""
        own = self._by_key.get(key)
        left = self.mass.get(code, 0.0) - (own.get(code, 0.0) if own else 0.0)
        if left > _NOTHING:
            return left / (left + _HALF)
        return 0.5 if code in self._told_codes.get(key, ()) else 0.0

    def is_supported(self, key: str, code: str) -> bool:
        """Return whether the text names a unit that holds `code`."""
        return any(self.support(part, key) > 0 for part in parents(code))

    def allows(self, slot: Slot, position: int, code: str) -> bool:
        """Return whether a unit may be meant at all: a village needs its kecamatan or kabupaten."""
        if len(code) <= 8 or any(self.support(part, slot.key) > 0 for part in parents(code)[:2]):
            return True
        return self.is_chained(position, code) or bool(self.home and code.startswith(self.home[:5]))

    def allows_district(self, slot: Slot, position: int, code: str) -> bool:
        """Return whether the text or the outlet's home gives the regency of a district, or of a village's."""
        if any(self.support(part, slot.key) > 0 for part in parents(code)):
            return True
        return self.is_chained(position, code) or bool(self.home and code.startswith(self.home[:2]))

    def speaks_of_others(self, key: str, codes: Sequence[str]) -> bool:
        """Return whether the text names regencies, none of which holds one of the units `codes`."""
        if any(len(code) <= 5 or self.is_supported(key, code) for code in codes):
            return False
        own = self._by_key.get(key, {})
        return any(
            len(code) == 5 and mass > own.get(code, 0.0) + _NOTHING for code, mass in self.mass.items()
        )

    def is_chained(self, position: int, code: str) -> bool:
        """Return whether the next place, set off by a comma or bracket, holds `code`."""
        following = self.after[position]
        return following is not None and any(code.startswith(f"{up}.") for up in self.slots[following].codes)

    def score(self, position: int, code: str, same_name: Sequence[str], *, city: bool) -> float:
        """Return how well a unit fits the place; `city`: a bare name of this kind means the city."""
        slot, kind = self.slots[position], kind_of(code)
        total = _PRIOR[kind]
        if slot.cue is not None and kind in slot.cue.kinds:
            total += _PREFERRED
        if kind == "desa" and slot.cue is None:
            total -= _BARE_VILLAGE
        if kind == "kota" and city:
            total += _BARE_CITY
        for part in parents(code):
            total += _PARENT[len(part)] * self.support(part, slot.key)
        if len(code) <= 5:
            total += _OTHERS_INSIDE * self.support(code, slot.key)
        if self.is_chained(position, code):
            total += _CHAIN
        if code in same_name:
            total += _SAME_NAME[kind]
        return total + self._home_bonus(code)

    def _home_bonus(self, code: str) -> float:
        if not self.home:
            return 0.0
        if code.startswith(self.home[:5]) or self.home.startswith(code):
            return _HOME
        return _HOME_PROVINCE if code[:2] == self.home[:2] else 0.0

    def same_name(self, slot: Slot) -> tuple[str, ...]:
        """Return the units of the nearest place before (else after) whose cue told the name's level."""
        told = self._told.get(slot.key)
        if not told or slot.cue is not None:
            return ()
        before = bisect_left(told, slot.start, key=lambda pair: pair[0])
        return told[max(0, before - 1)][1]


def _followers(folded: str, slots: Sequence[Slot]) -> list[int | None]:
    """Return for each place the index of the one that directly follows and may hold it."""
    order = sorted(range(len(slots)), key=lambda index: slots[index].start)
    after: list[int | None] = [None] * len(slots)
    for here, following in pairwise(order):
        gap = slots[following].start - slots[here].end
        if gap < _MOST_GAP and _LINK.fullmatch(folded, slots[here].end, slots[following].start):
            after[here] = following
    return after
