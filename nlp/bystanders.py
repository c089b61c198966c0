"""Who stands beside the accused and is not accused: accusers, witnesses, victims and those who were cleared."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.accused import Actor, Cast, Place
from nlp.cues import Hit
from nlp.reading import Sentence

_BEHIND = {
    "samping:korban": 1,
    "samping:penuding": 1,
    "samping:pelapor": 3,
}  # words that may part them from the name
_CLEARED = "samping:bersih"
_FROM, _CALLED = "samping:dari", "samping:saksi"  # before the name
_REACH = 4  # words between "tuduhan itu dilontarkan" and the name: "oleh seorang warga bernama"
_AT_WHOM = frozenset(
    "menuduh menuding terhadap atas menyebut bahwa tentang soal mengenai kepada ke karena".split()
)  # behind it stands whom the report is about
_BACK = frozenset("balik kembali".split())  # who accuses in turn is accused himself
_COUNSEL = frozenset("kuasa pengacara penasihat penasehat advokat pembela".split())  # clears whom he defends
_KIN = frozenset(
    "istri isteri suami anak putra putri menantu adik kakak keponakan ipar mertua".split()
)  # of whoever holds the office behind it


def without_bystanders(cast: Cast, accused: Sequence[Actor]) -> list[Actor]:
    """Return the accused without those whom the words beside their names make accusers, witnesses or victims.

    Who was cleared, or is named as somebody's kin, leaves only a case against others: alone, he is whom it is about.
    """
    left = [
        actor for actor in accused if not (actor.name and any(_is_beside(cast, one) for one in actor.places))
    ]
    others = [actor for actor in left if not (_is_cleared(cast, actor) or _is_kin(cast, actor))]
    return others or left


def _is_beside(cast: Cast, place: Place) -> bool:
    sentence = _sentence(cast, place)
    return any(_makes(sentence, place, hit) for hit in sentence.hits if hit.label.startswith("samping:"))


def _makes(sentence: Sentence, place: Place, hit: Hit) -> bool:
    if hit.label in _BEHIND:
        after = {word.text for word in sentence.words[hit.last : hit.last + 2]}
        near = 0 <= hit.first - place.right <= _BEHIND[hit.label]
        return near and not _BACK & after and "," not in _between(sentence, place.right, hit.first)
    if hit.label == _FROM:
        between = {word.text for word in sentence.words[hit.last : place.first]}
        return 0 <= place.first - hit.last <= _REACH and not _AT_WHOM & between
    if hit.label != _CALLED or hit.last not in (place.left, place.first):
        return False
    name = place.first if hit.last == place.first else place.left
    apart = "," in _between(sentence, hit.last - 1, name)
    return not apart or "," in _between(sentence, place.right - 1, place.right)


def _is_cleared(cast: Cast, actor: Actor) -> bool:
    for place in actor.places if actor.name else ():
        sentence = _sentence(cast, place)
        near = any(hit.label == _CLEARED and 0 <= hit.first - place.right <= 1 for hit in sentence.hits)
        if near and not _COUNSEL & {word.text for word in sentence.words}:
            return True
    return False


def _is_kin(cast: Cast, actor: Actor) -> bool:
    """Tell whether an actor is named for his kin: "AN, anak calon anggota DPRD Hasan"; not "istri kades, Nur"."""
    for place in actor.places if actor.name else ():
        sentence = _sentence(cast, place)
        for at in range(max(0, place.left - 1), place.first - 1):
            if sentence.words[at].text in _KIN and "," not in _between(sentence, at, place.first):
                return True
    return False


def _sentence(cast: Cast, place: Place) -> Sentence:
    return cast.reading.title if place.at < 0 else cast.reading.sentences[place.at]


def _between(sentence: Sentence, one: int, other: int) -> str:
    """Return what stands from one word's end to another's start, nothing where there is no such stretch."""
    if not one < other < len(sentence.words):
        return ""
    return sentence.text[
        sentence.words[one].end - sentence.start : sentence.words[other].start - sentence.start
    ]
