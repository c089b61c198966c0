"""Who does what others make them do: posts that a text names only as whom somebody mobilised, and by whom."""

from __future__ import annotations

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
    if category not in cast.posts:
        return False
    inside = [
        place
        for place in cast.posts[category].places
        if not _TEAMS & set(cast.words(place)[max(0, place.first - 2) : place.first])
    ]
    made = [_is_made(cast, place) for place in inside]
    return any(made) and all(
        one or _is_asked(cast.sentence(place.at), place) for one, place in zip(made, inside, strict=True)
    )


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


def _is_made(cast: Cast, place: Place) -> bool:
    """Tell whether a place is one of those mobilised together: "mengarahkan para ketua RT dan ketua RW"."""
    sentence = cast.sentence(place.at)
    if is_mobilised(sentence, place):
        return True
    words, start = cast.words(place), place.first
    if start and words[start - 1] in _HOW_MANY:
        start -= 1
    linked = bool(start) and words[start - 1] in _AND
    before = start - 1 if linked else start
    linked = linked or (bool(start) and sentence.between(start - 1, start).strip() == ",")
    return linked and any(
        one.at == place.at and one.last == before and _is_made(cast, one)
        for post in cast.posts.values()
        for one in post.places
    )


def _is_asked(sentence: Sentence, place: Place) -> bool:
    """Tell whether a post is only called to say what it knows: "Para ketua RT akan dimintai keterangan"."""
    return any(hit.label == _CALLED and 0 <= hit.first - place.right <= 1 for hit in sentence.hits)
