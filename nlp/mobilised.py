"""Who does what others make them do: posts that a text names only as whom somebody mobilised, and by whom."""

from __future__ import annotations

from functools import lru_cache

from nlp.accused import Cast, Place
from nlp.reading import Sentence

_USED, _MADE = "samping:pengerahan", "samping:dikerahkan"  # before the post, behind it
_CALLED = "samping:dipanggil"
_REACH = 2  # words between that and the post: "mengarahkan semua ketua RT"
_HOW_MANY = frozenset("para semua seluruh segenap sejumlah beberapa belasan puluhan ratusan".split())
_AND = frozenset("dan serta maupun hingga sampai".split())
_TEAMS = frozenset("tim hukum kuasa saksi relawan pendukung kubu posko".split())  # of somebody, not he


def used_by(cast: Cast, category: str) -> str | None:
    """Return who is said to have mobilised a post that stands only as the object of that: "pengerahan X oleh Y"."""
    if not is_used(cast, category):
        return None
    for place in cast.posts[category].places:
        for other, actor in cast.posts.items():
            for one in actor.places:
                behind = one.at == place.at and place.right <= one.first
                if (
                    other != category
                    and behind
                    and "oleh" in cast.words(one)[max(0, one.first - 2) : one.first]
                ):
                    return other
    return None


def is_used(cast: Cast, category: str) -> bool:
    """Tell whether a post stands in a text only as whom somebody else mobilised, or who is asked about it."""
    return category in _used(cast)


@lru_cache(maxsize=4)
def _used(cast: Cast) -> frozenset[str]:
    made = _made(cast)
    return frozenset(
        category
        for category, post in cast.posts.items()
        if (inside := [place for place in post.places if not is_teams(cast, place)])
        and any((place.at, place.first) in made for place in inside)
        and all(
            (place.at, place.first) in made or _is_asked(cast.sentence(place.at), place) for place in inside
        )
    )


def is_teams(cast: Cast, place: Place) -> bool:
    """Tell whether a post names whose team, lawyer or supporters are meant, not its holder."""
    return bool(_TEAMS & set(cast.words(place)[max(0, place.first - 2) : place.first]))


def _made(cast: Cast) -> set[tuple[int, int]]:
    """Return sentence and first word of the places mobilised together: "mengarahkan para ketua RT dan ketua RW"."""
    made: set[tuple[int, int]] = set()
    ends: set[tuple[int, int]] = set()
    places = (place for post in cast.posts.values() for place in post.places)
    for place in sorted(places, key=lambda place: (place.at, place.first)):
        before = _end_before(cast, place)
        if is_mobilised(cast.sentence(place.at), place) or (
            before is not None and (place.at, before) in ends
        ):
            made.add((place.at, place.first))
            ends.add((place.at, place.last))
    return made


def _end_before(cast: Cast, place: Place) -> int | None:
    """Return where a post would end that stands before this one in a list; None where no list goes on here."""
    words, start = cast.words(place), place.first
    if start and words[start - 1] in _HOW_MANY:
        start -= 1
    if start and words[start - 1] in _AND:
        return start - 1
    listed = bool(start) and cast.sentence(place.at).between(start - 1, start).strip() == ","
    return start if listed else None


def is_mobilised(sentence: Sentence, place: Place) -> bool:
    """Tell whether somebody is the object of a mobilisation: "mengerahkan kepala desa", "kepala desa diarahkan"."""
    for hit in sentence.hits:
        between = [word.text for word in sentence.words[hit.last : place.first]]
        near = len(between) <= 1 or (len(between) <= _REACH and _HOW_MANY & set(between))
        if hit.label == _USED and hit.last <= place.first and near:
            return True
        if hit.label == _MADE and 0 <= hit.first - place.right <= 1:
            return True
    return False


def _is_asked(sentence: Sentence, place: Place) -> bool:
    """Tell whether a post is only called to say what it knows: "Para ketua RT akan dimintai keterangan"."""
    return any(hit.label == _CALLED and 0 <= hit.first - place.right <= 1 for hit in sentence.hits)
