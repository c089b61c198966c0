"""Who was acquitted and who was convicted, by the sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.accused import Actor, Cast
from nlp.cues import Hit
from nlp.reading import Reading, Sentence, is_done

_FREED = ("vonis:dibebaskan", "vonis:membebaskan")
_PUNISHED = ("vonis:dihukum", "vonis:menghukum")
_BEFORE = ("vonis:dibebaskan", "vonis:dihukum")  # the person stands before these words
_AFTER = 6  # words that may part a verb from its object
_LISTED = frozenset(("dan", "serta", "maupun"))


def read_verdicts(reading: Reading, cast: Cast) -> tuple[set[str], set[str]]:
    """Return the names of those acquitted and of those convicted; who is both was convicted on another track.

    A sentence that tells of other cases counts for neither, a conviction that is denied or planned for nobody.
    """
    freed: set[str] = set()
    punished: set[str] = set()
    for at, sentence in [(-1, reading.title), *enumerate(reading.sentences)]:
        hits = [hit for hit in sentence.hits if hit.label.startswith("vonis:")]
        if not hits or "lawan:lain" in sentence.cues:
            continue
        freeing = [hit for hit in hits if hit.label in _FREED]
        here = {name for hit in freeing for name in _persons_of(sentence, at, hit, cast)}
        freed |= here
        for hit in hits:
            inside = any(other.first <= hit.first < other.last for other in freeing)
            if hit.label in _PUNISHED and not inside and is_done(sentence, hit):
                punished |= {name for name in _persons_of(sentence, at, hit, cast) if name not in here}
    return freed, punished


def spare_acquitted(
    accused: Sequence[Actor], outcome: dict[str, str], freed: set[str], punished: set[str]
) -> tuple[list[Actor], dict[str, str]]:
    """Return accused and outcome without contradiction: nobody acquitted stands in a case that was proven.

    Where all who are accused were acquitted, the case was not proven.
    """
    if "terbukti" not in outcome.values():
        return list(accused), outcome
    innocent = freed - punished
    left = [actor for actor in accused if actor.name not in innocent]
    if left or not accused or punished:
        return left, outcome
    open_ = {track: "tidak_terbukti" if found == "terbukti" else found for track, found in outcome.items()}
    return list(accused), open_


def _persons_of(sentence: Sentence, at: int, hit: Hit, cast: Cast) -> list[str]:
    """Return the names of the persons whom a verdict concerns: the nearest on its side, and those listed with him."""
    places = sorted(
        (place.first, place.last, actor.name or "")
        for actor in cast.persons
        for place in actor.places
        if place.at == at
    )
    if hit.label in _BEFORE:
        found = [place for place in places if place[1] <= hit.first]
        chain = found[::-1]
    else:
        chain = [place for place in places if place[0] > hit.first]
        if chain and chain[0][0] - hit.last > _AFTER:
            chain = []
    names: list[str] = []
    last: tuple[int, int, str] | None = None
    for place in chain:
        if last and not _listed(sentence, min(last, place), max(last, place)):
            break
        names.append(place[2])
        last = place
    return names


def _listed(sentence: Sentence, one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    between = [word.text for word in sentence.words[one[1] : other[0]]]
    return not between or (len(between) <= 2 and bool(_LISTED & set(between)))
