"""Where a text goes over to another case: its sentences that assert acts, and what parts each from the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nlp.accuse import Suspicion
from nlp.accused import Actor, Cast
from nlp.reading import Reading, Sentence
from nlp.text import fold

SEEN = 0.2  # from which probability on somebody is accused of something
UNNAMED = 0.15  # the same of an office without a name
_ACTS = 0.3  # from which probability on a sentence asserts an act that may be a case of its own
_TOLD = 0.05  # the same of one with an act that acts.toml weighs as told
_TELLING = 2  # its weight there
_OPENING = 2  # words of a sentence before which a turn must begin
_LEAD = 3  # sentences in which a text says how many cases it tells
_DISTRICT = 8  # characters of a kecamatan's code
_REGENCY = 5
_ITEM = re.compile(r"\s*(?:\d{1,2}[.)]|[a-e][.)]|[-*\u2022\u25cf\u25aa])(?:\s|$)")
_BACK = frozenset("tersebut itu ia dia mereka keduanya ketiganya terlapor pelaku".split())
_SAME = frozenset("tersebut itu sama".split())
_PAIRS = (
    ("turn", "new"), ("turn", "apart"), ("turn", "accused"), ("apart", "persons apart"), ("apart", "acts apart"),
    ("persons apart", "acts apart"), ("posts apart", "apart"), ("several", "accused"), ("several", "persons apart"),
    ("several", "apart"), ("title several", "accused"), ("new", "apart"), ("new", "acts apart"),
    ("new place", "accused"), ("separate", "accused"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """The sentences [start, end) around one asserted act, and the likeliest accused person and post there."""

    start: int
    end: int
    act: int
    person: Actor | None
    chance: float
    posts: frozenset[str]
    post: float


@dataclass
class Acts:
    """The sentences of a text that assert acts, with what a decision needs on which of them belong together."""

    reading: Reading
    asserted: Sequence[float]
    cast: Cast
    suspicion: Suspicion

    @cached_property
    def paragraphs(self) -> list[int]:
        """Return the number of the paragraph of each sentence."""
        text = self.reading.document.text
        numbers: list[int] = []
        end = 0
        for sentence in self.reading.sentences:
            number = numbers[-1] if numbers else 0
            numbers.append(number + ("\n" in text[end : sentence.start] and bool(numbers)))
            end = sentence.end
        return numbers

    @cached_property
    def places(self) -> list[int]:
        """Return which sentences assert an act."""
        return [
            at
            for at, sentence in enumerate(self.reading.sentences)
            if self.asserted[at] >= _ACTS
            or (max(sentence.acts.values(), default=0) >= _TELLING and self.asserted[at] >= _TOLD)
        ]

    @cached_property
    def accused(self) -> list[Actor]:
        """Return the persons who are likely accused of something."""
        people = zip(self.cast.persons, self.suspicion.persons, strict=True)
        return [person for person, chance in people if chance >= SEEN]

    def is_suspect(self, category: str) -> bool:
        """Tell whether somebody of a post is likely accused of something, by name or without."""
        named = any(person.category == category for person in self.accused)
        return named or self.suspicion.lone.get(category, 0.0) >= UNNAMED

    def turns(self) -> list[tuple[int, dict[str, float]]]:
        """Return each act's sentence but the first, with what speaks for its being of another case."""
        return [
            (after, self._features(before, after))
            for before, after in zip(self.places, self.places[1:], strict=False)
        ]

    def beginning(self, at: int) -> int:
        """Return where what is told of an act begins: with its paragraph, or in it where it goes over to the act."""
        before = max((other for other in self.places if other < at), default=-1)
        if before >= 0 and self.paragraphs[before] == self.paragraphs[at]:
            return next((n for n in range(before + 1, at) if turns_over(self.reading.sentences[n])), at)
        while at and self.paragraphs[at - 1] == self.paragraphs[at]:
            at -= 1
        return at

    def _features(self, before: int, after: int) -> dict[str, float]:
        sentences = self.reading.sentences
        start = self.beginning(after)
        following = next((at for at in self.places if at > after), len(sentences))
        end = self.beginning(following) if following < len(sentences) else following
        one = self._block(self.beginning(before), start, before)
        two = self._block(start, end, after)
        features = self._layout(one, two) | self._persons(one, two) | self._matter(one, two)
        features |= {f"{a} & {b}": features[a] * features[b] for a, b in _PAIRS}
        return {f"m:{name}": float(value) for name, value in features.items() if value}

    def _block(self, start: int, end: int, act: int) -> Block:
        inside = range(start, end)
        chance, person = self._likeliest([at for at in inside if self.paragraphs[at] == self.paragraphs[act]])
        if chance < SEEN:
            chance, person = self._likeliest(inside)
        posts = {
            name: self.suspicion.lone[name] for name, post in self.cast.posts.items() if stands(post, inside)
        }
        likely = {name for name, likelihood in posts.items() if likelihood >= UNNAMED}
        own = {person.category} if person and person.category and chance else set()
        return Block(
            start, end, act, person, chance, frozenset(likely | own), max(posts.values(), default=0.0)
        )

    def _likeliest(self, inside: Sequence[int]) -> tuple[float, Actor | None]:
        """Return whom the sentences name who is likeliest accused of something, and how likely."""
        people = zip(self.suspicion.persons, self.cast.persons, strict=True)
        here = [(chance, person) for chance, person in people if stands(person, inside)]
        return max(here, key=lambda pair: pair[0], default=(0.0, None))

    def _layout(self, one: Block, two: Block) -> dict[str, float]:
        """Return how the two stand in the text, and what its words say of there being several cases."""
        sentences, title = self.reading.sentences, self.reading.title
        apart = self.paragraphs[two.act] - self.paragraphs[one.act]
        turn = any(turns_over(sentences[at]) for at in {two.start, two.act})
        opening = {word.text for word in sentences[two.act].words[:4]}
        return {
            "same paragraph": not apart,
            "paragraphs": min(4, apart) / 4,
            "sentences": min(8, two.act - one.act) / 8,
            "length": min(6, two.end - two.start) / 6,
            "turn": turn,
            "turn inside": any(turns_over(sentences[at]) for at in range(two.start, two.act + 1)),
            "title several": "beda:jumlah" in title.cues,
            "several": any("beda:jumlah" in one.cues for one in (title, *sentences[:_LEAD])),
            "separate": any("beda:terpisah" in sentence.cues for sentence in sentences),
            "back": not _BACK.isdisjoint(opening),
            "same": not _SAME.isdisjoint(word.text for word in sentences[two.act].words),
            "asserted before": self.asserted[one.act],
            "asserted": self.asserted[two.act],
            "asserted least": min(self.asserted[one.act], self.asserted[two.act]),
        }

    def _persons(self, one: Block, two: Block) -> dict[str, float]:
        """Return whether other people are accused in the second block than in the first."""
        first, second = (places_of(block.person) if block.chance >= SEEN else set() for block in (one, two))
        named = bool(first and second) and one.person is not two.person
        return {
            "chance before": one.chance,
            "chance": two.chance,
            "post before": one.post,
            "post": two.post,
            "same person": one.person is not None and one.person is two.person,
            "before goes on": any(at >= two.start for at in first),
            "before here": two.act in first,
            "known": any(at < two.start for at in second),
            "new": bool(second) and not any(at < two.start for at in second),
            "both named": named,
            "persons apart": named and max(first) < min(second),
            "accused": max(one.chance, one.post) >= SEEN and max(two.chance, two.post) >= SEEN,
            "posts apart": bool(one.posts and two.posts) and one.posts.isdisjoint(two.posts),
            "posts same": not one.posts.isdisjoint(two.posts),
            "named": bool(self.reading.sentences[two.act].labels["per"]) or two.act in second,
        }

    def _matter(self, one: Block, two: Block) -> dict[str, float]:
        """Return whether places, days and acts of the second block are others than those of the first."""
        before, here = (self._codes(block.start, block.end, _DISTRICT) for block in (one, two))
        regencies = [{c[:_REGENCY] for c in self._codes(b.start, b.end, _REGENCY)} for b in (one, two)]
        days = [self._days(self.reading.sentences[block.act]) for block in (one, two)]
        acts = [set(self.reading.sentences[block.act].acts) for block in (one, two)]
        told = [
            {name for sentence in self.reading.sentences[block.start : block.end] for name in sentence.acts}
            for block in (one, two)
        ]
        known = self._codes(0, two.start, _DISTRICT)
        return {
            "apart": bool(before and here) and not _meet(before, here),
            "place shared": _meet(before, here),
            "new place": bool(here) and not _meet(known, here),
            "regencies apart": all(regencies) and regencies[0].isdisjoint(regencies[1]),
            "days apart": all(days) and days[0].isdisjoint(days[1]),
            "acts apart": all(acts) and acts[0].isdisjoint(acts[1]),
            "acts same": not acts[0].isdisjoint(acts[1]),
            "acts both": all(acts),
            "told apart": all(told) and told[0].isdisjoint(told[1]),
        }

    def _codes(self, start: int, end: int, least: int) -> set[str]:
        if start >= end:
            return set()
        first, last = self.reading.sentences[start].start, self.reading.sentences[end - 1].end
        mentions = (m for m in self.reading.mentions if m.label == "loc" and first <= m.start < last)
        return {m.code for m in mentions if m.code and len(m.code) >= least}

    def _days(self, sentence: Sentence) -> set[str]:
        dates = (m for m in self.reading.mentions if m.label == "date" and m.iso)
        return {m.iso for m in dates if m.iso and sentence.start <= m.start < sentence.end}


def turns_over(sentence: Sentence) -> bool:
    """Tell whether a sentence opens as one that goes over to something else, or as an item of a list."""
    return bool(_ITEM.match(fold(sentence.text))) or any(
        hit.label == "beda:giliran" and hit.first < _OPENING for hit in sentence.hits
    )


def places_of(actor: Actor | None) -> set[int]:
    """Return the sentences in which somebody stands, the title left out; none for nobody."""
    return {place.at for place in actor.places if place.at >= 0} if actor else set()


def stands(actor: Actor, inside: Sequence[int]) -> bool:
    """Tell whether somebody stands in one of the sentences `inside`."""
    return any(place.at in inside for place in actor.places)


def _meet(one: set[str], other: set[str]) -> bool:
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)
