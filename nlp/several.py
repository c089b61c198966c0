"""Texts with several cases: which sentences tell of which case, each cut out as a text of its own.

A model over neighbouring sentences that assert an act says whether the second begins another case ("Perkara kedua
menjerat …"; `nlp.turns`). The text is then cut: what names the accused of one case only, what stands between two
beginnings, and what speaks of all of them ("ketiga laporan itu") is read as if it were a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nlp.accuse import Strangers
from nlp.reading import Reading, Sentence, read_document
from nlp.text import fold
from nlp.turns import UNNAMED, Acts, places_of, stands

MOST = 9  # cases of one text: what seems to tell more is a list of something else
_NUMBERED = re.compile(
    r"\b(?:laporan|kasus|perkara|temuan|aduan) (?:yang )?(pertama|kedua|ketiga|keempat|kelima)\b"
)
_NUMBERS = ("pertama", "kedua", "ketiga", "keempat", "kelima")
_THAT = frozenset("itu tersebut ini".split())
_GOES_ON = frozenset("ia dia mereka beliau keduanya pelapornya".split())


@dataclass
class Portions:
    """The portions of a text with several cases; `starts` are the act sentences with which the cases begin."""

    acts: Acts
    starts: Sequence[int]

    @cached_property
    def spans(self) -> list[range]:
        """Return the stretch of sentences of each case, from where it begins to where the next one does."""
        begins = [self.acts.beginning(at) for at in self.starts]
        ends = [*begins[1:], len(self.acts.reading.sentences)]
        return [range(a, b) for a, b in zip(begins, ends, strict=True)]

    @cached_property
    def sentences(self) -> list[list[int]]:
        """Return the sentences that tell of each case.

        The act with which a case begins is its own, whoever it names. A sentence that names the accused of one case
        only is of that case, wherever it stands, as is one that calls it otherwise ("laporan pertama", "camat itu").
        One before the first case is of all, as is one behind the last that speaks of several.
        """
        found: list[list[int]] = [[] for _ in self.spans]
        before: list[int] = []
        for at in range(len(self.acts.reading.sentences)):
            before = self._owners(at, before)
            for number in before:
                found[number].append(at)
        return found

    def _owners(self, at: int, before: list[int]) -> list[int]:
        """Return the numbers of the cases of which a sentence tells; `before` are those of the sentence before."""
        sentence = self.acts.reading.sentences[at]
        every = list(range(len(self.spans)))
        if at in self.starts:
            return [self.starts.index(at)]
        home = next((number for number in every if at in self.spans[number]), None)
        called = [number for number in every if at in self._naming[number]]
        if home is None:
            return called or every
        behind = at > self._near[-1][-1]
        if called == [home] or (home in called and (at in self._near[home] or not behind)):
            return [home]
        if called:
            return called if behind or len(called) == 1 else []
        if (other := self._called(sentence, at, behind=behind)) is not None:
            return [other]
        if behind and "beda:jumlah" in sentence.cues:
            return every
        return before if at > self.starts[home] and _goes_on(sentence) else [home]

    @cached_property
    def accused(self) -> list[set[str]]:
        """Return the names of those whom each case accuses: in its act's paragraph, else where they stand first."""
        found: list[set[str]] = [set() for _ in self.spans]
        for person in self.acts.accused:
            if not person.name:
                continue
            told = [number for number, near in enumerate(self._near) if stands(person, near)]
            first = [number for number, span in enumerate(self.spans) if stands(person, span)][:1]
            for number in told or first:
                found[number].add(person.name)
        return found

    @cached_property
    def _naming(self) -> list[set[int]]:
        """Return for each case the sentences that name somebody whom it accuses."""
        people = self.acts.cast.persons
        return [
            set().union(*(places_of(person) for person in people if person.name in names))
            for names in self.accused
        ]

    @cached_property
    def _near(self) -> list[list[int]]:
        """Return for each case the sentences in the paragraph of the act with which it begins."""
        paragraphs = self.acts.paragraphs
        return [
            [at for at in span if paragraphs[at] == paragraphs[start]]
            for start, span in zip(self.starts, self.spans, strict=True)
        ]

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Return the case by the number that the text gives it; by their order where it numbers none."""
        told: dict[int, int] = {}
        for case, near in enumerate(self._near):
            for at in near:
                if (number := number_of(self.acts.reading.sentences[at])) is not None:
                    told.setdefault(number, case)
        return told or {case: case for case in range(len(self.spans))}

    def _called(self, sentence: Sentence, at: int, *, behind: bool) -> int | None:
        """Return the case that a sentence calls by its number or its accused's post, None where it calls none."""
        number = number_of(sentence)
        if behind and number is not None:
            return self._numbers.get(number)
        called: set[int] = set()
        for category, post in self.acts.cast.posts.items():
            said = (
                place.at == at
                and place.last < len(sentence.words)
                and sentence.words[place.last].text in _THAT
                for place in post.places
            )
            cases = {number for number, near in enumerate(self._near) if stands(post, near)}
            if len(cases) == 1 and self.acts.is_suspect(category) and any(said):
                called |= cases
        return called.pop() if len(called) == 1 else None

    def strangers(self, number: int) -> Strangers:
        """Return those who are accused in other cases and not in this one, and the posts told of there alone."""
        others = (names for other, names in enumerate(self.accused) if other != number)
        near = [at for other, told in enumerate(self._near) if other != number for at in told]
        posts = {
            category
            for category, post in self.acts.cast.posts.items()
            if stands(post, near) and not stands(post, self.spans[number])
        }
        return Strangers(frozenset(set().union(*others) - self.accused[number]), frozenset(posts))

    def cut(self, number: int) -> tuple[Reading, list[float], list[int]]:
        """Return the sentences of a case as a reading of their own, what they assert, and which may prove it.

        Offsets stay as they are. The title stays where it names the accused of this case, or of none and says that
        there are several.
        """
        reading, kept, span = self.acts.reading, self.sentences[number], self.spans[number]
        text = reading.document.text
        blank = "".join(char if char == "\n" else " " for char in text)
        pieces: list[str] = []
        end = 0
        for one in (reading.sentences[at] for at in kept):
            pieces += [blank[end : one.start], text[one.start : one.end]]
            end = one.end
        borders = [(reading.sentences[at].start, reading.sentences[at].end) for at in kept]
        mentions = tuple(m for m in reading.mentions if any(a <= m.start < b for a, b in borders))
        inside = [at for at in kept if at in span]
        title = reading.document.title if self._is_titled(inside) else None
        document = replace(reading.document, text="".join([*pieces, blank[end:]]), title=title)
        part = read_document(document, mentions)
        known = {reading.sentences[at].start: at for at in kept}
        places = [known.get(sentence.start) for sentence in part.sentences]
        asserted = [0.0 if at is None else self.acts.asserted[at] for at in places]
        return part, asserted, [n for n, at in enumerate(places) if at is not None and at in inside]

    def _is_titled(self, inside: Sequence[int]) -> bool:
        accused = list(self.acts.accused)
        accused += [
            post
            for category, post in self.acts.cast.posts.items()
            if self.acts.suspicion.lone.get(category, 0.0) >= UNNAMED
        ]
        titled = [actor for actor in accused if any(place.at < 0 for place in actor.places)]
        if titled:
            return any(stands(actor, inside) for actor in titled)
        return "beda:jumlah" in self.acts.reading.title.cues


def beginnings(acts: Acts, chances: Mapping[int, float], limit: float) -> list[int]:
    """Return the act sentences with which the cases of a text begin: the first act, and those likely of another case.

    So does one whose paragraph opens with the next number ("Laporan kedua …" behind "Laporan pertama …"). A lead that
    sums up the acts told after it begins none. Where there seem to be more than MOST, there is one.
    """
    numbers = {at: number_of(acts.reading.sentences[acts.beginning(at)]) for at in acts.places}
    starts = [
        at
        for at in acts.places
        if at == acts.places[0] or chances.get(at, 0.0) >= limit or _is_next(at, numbers)
    ]
    if len(starts) > 1 and _sums_up(acts, starts[1:]):
        starts = [acts.places[1], *(at for at in starts[1:] if at != acts.places[1])]
    return starts if len(starts) <= MOST else acts.places[:1]


def number_of(sentence: Sentence) -> int | None:
    """Return the number that a sentence gives the case of which it tells ("laporan kedua": 1), None without one."""
    match = _NUMBERED.search(fold(sentence.text))
    return _NUMBERS.index(match.group(1)) if match else None


def _is_next(at: int, numbers: Mapping[int, int | None]) -> bool:
    number = numbers[at]
    before = [told for other, told in numbers.items() if other < at and told is not None]
    return number is not None and number not in before and number - 1 in before


def _sums_up(acts: Acts, later: Sequence[int]) -> bool:
    """Tell whether the first act's sentence names those whom two later ones accuse apart."""
    spots = [places_of(person) for person in acts.accused]
    lead = [places for places in spots if acts.places[0] in places]
    others = [at for at in acts.places[1:] if acts.paragraphs[at] != acts.paragraphs[acts.places[0]]]
    again = [frozenset(n for n, places in enumerate(lead) if at in places) for at in others]
    apart = any(one and other and one.isdisjoint(other) for one in again for other in again)
    return apart and any(one and at in later for one, at in zip(again, others, strict=True))


def _goes_on(sentence: Sentence) -> bool:
    return bool(sentence.words) and sentence.words[0].text in _GOES_ON
