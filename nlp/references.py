"""Who stands together in a list, and whom "camat itu" or "keduanya" points back at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from nlp.accused import DOES, Actor, Cast, Place, joined
from nlp.reading import Reading, Sentence

_AND = frozenset("dan serta maupun bersama beserta berikut dibantu".split())
_FEW = frozenset(
    "seorang satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sejumlah beberapa oknum para "
    "belasan puluhan ratusan sekitar salah sang juga dengan bernama berinisial inisial kedua".split()
)  # may stand between "dan" and who follows
_GAP = 4  # words between two of a list
_OTHERS = frozenset("lain lainnya".split())
_THAT = frozenset("itu tersebut ini".split())
_NOUN = 10  # words of "Kepala SD negeri di Kecamatan Sipirok, Tapanuli Selatan, itu" behind the office
_NOUNS = frozenset("distrik direktur disdukcapil diskominfo disdikbud disperindag".split())  # look like verbs
_AREAS = frozenset("kecamatan desa kelurahan kabupaten kota daerah wilayah distrik tps dapil kampung".split())
_BACK = 4  # sentences between a name and the office that points back at it
_BOTH = re.compile(
    r"[\"\u201c]?(?:(?:(?:sebelumnya|semula|menurut\w*|dalam \w+),? )?"
    r"(?:kedua \w+|ketiga \w+|keempat \w+|mereka|para \w+)"
    r"|(?:\w+,? ){0,3}(?:keduanya|ketiganya|keempatnya|kelimanya))\b",
    re.IGNORECASE,
)  # a sentence that opens so speaks of several who were named before: "Jaksa mendakwa keduanya"

_PRESENTS = re.compile(
    r"[\"\u201c]?(?:(?:adapun|sementara(?: itu)?|menurut \w+),? )?"
    r"(?:ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)(?:nya)?|mereka|ia|dia|para|dua|tiga|empat|lima|enam|"
    r"pelaku|terlapor|teradu|terdakwa|tersangka|yang bersangkutan|nama)\b"
    r"(?: [^\s,]+){0,5}? (?:ialah|adalah|yakni|yaitu|masing-masing|antara lain|berinisial|bernama)\b",
    re.IGNORECASE,
)
_BY_SOME = re.compile(r"\bdi[a-z]{4,} (?:oleh )?(?:dua|tiga|empat|lima|enam|tujuh|sejumlah|beberapa) [a-z]")
# of whom a group that is presented so may be as well: they are none of the accused then
OTHERS = frozenset(
    "saksi pelapor korban pengadu pemohon penggugat majelis hakim jaksa penyidik pemeriksa pengganti dilantik melantik "
    "ahli kuasa pendamping narasumber moderator panelis terpilih baru menggantikan mengalami melapor melaporkan "
    "mengadukan menerima diterima melihat menyaksikan paw".split()
)
_CHARGED = frozenset("diduga didakwa terbukti divonis tersangka terdakwa terlapor teradu pelaku".split())
_REPORTING = frozenset("melaporkan mengadukan melapor".split())
_FROM = frozenset("dari asal warga kades lurah di".split())  # between a name of a list and its place

_Spot = tuple[int, int]  # sentence and first word of a place


@dataclass(frozen=True, slots=True)
class Links:
    """How the actors of a text hang together; a place is known by its sentence and first word.

    `lists` gives the words [left, right) of the list that a place stands in and its number there; `company` the
    persons (by number in the cast) that share a list with it. `meant` gives for each place of an office that
    points back the persons whom it may mean, likeliest first; `several` those of a sentence that "keduanya" follows.
    `numbers` gives the number of a person by his id, `owners` the persons right beside each place of an office.
    `presenting` are the sentences that say who was spoken of before: "Keempatnya ialah A, B, C, dan D".
    """

    lists: dict[_Spot, tuple[int, int, int]] = field(default_factory=dict)
    company: dict[_Spot, frozenset[int]] = field(default_factory=dict)
    meant: dict[_Spot, tuple[int, ...]] = field(default_factory=dict)
    several: dict[int, frozenset[int]] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    owners: dict[_Spot, frozenset[int]] = field(default_factory=dict)
    presenting: set[int] = field(default_factory=set)


@lru_cache(maxsize=4)
def find_links(cast: Cast) -> Links:
    """Return how the actors of a text hang together."""
    links = Links()
    links.numbers.update({id(person): number for number, person in enumerate(cast.persons)})
    links.owners.update(_owners(cast))
    spots = _spots(cast)
    for at, here in spots.items():
        sentence = cast.sentence(at)
        for row in _rows(sentence, here, _placed(cast.reading, at)):
            if len(row) < 2:
                continue
            people = frozenset(number for _, number in row if number is not None)
            for order, (place, number) in enumerate(row):
                spot = (at, place.first)
                links.lists[spot] = (row[0][0].left, row[-1][0].right, order)
                links.company[spot] = people - {number}
    for category, post in cast.posts.items():
        for place in post.places:
            if place.at > 0 and _is_definite(
                cast.reading.sentences[place.at], place, spots.get(place.at, [])
            ):
                links.meant[place.at, place.first] = _named_before(cast, place.at, category, spots)
    for at, sentence in enumerate(cast.reading.sentences):
        if at and _BOTH.match(sentence.text):
            links.several[at] = _listed_before(at, spots)
        before = cast.reading.sentences[at - 1]
        if at and _PRESENTS.match(sentence.text) and not _presents_others(sentence, before):
            links.presenting.add(at)
    return links


def _presents_others(sentence: Sentence, before: Sentence) -> bool:
    """Tell whether a sentence names those who saw, reported or suffered something, or took somebody's office."""
    words, said = ({word.text for word in one.words} for one in (sentence, before))
    charged = bool(_CHARGED & said) and not _REPORTING & said
    return bool(OTHERS & words) or bool(OTHERS & said and not charged) or bool(_BY_SOME.search(before.text))


def _owners(cast: Cast) -> dict[_Spot, frozenset[int]]:
    """Return for each place of an office the persons whose name stands right beside it."""
    named: dict[int, list[tuple[Place, int]]] = {}
    for number, person in enumerate(cast.persons):
        for place in person.places:
            named.setdefault(place.at, []).append((place, number))
    return {
        (place.at, place.first): frozenset(n for one, n in named.get(place.at, ()) if joined(one, place))
        for post in cast.posts.values()
        for place in post.places
    }


def belongs_to_others(cast: Cast, person: Actor, category: str) -> bool:
    """Tell whether a post stands everywhere right beside other persons, in no list that it may head for this one.

    "Camat Ali bersama koordinator relawan Budi": Ali is no volunteer; "relawan Ali dan Budi": both are.
    """
    links = find_links(cast)
    number = links.numbers.get(id(person))
    post = cast.posts.get(category)
    places = [place for place in post.places if place.at >= 0] if post else []
    if number is None or not places:
        return False
    return all(_is_of_others(cast, links, number, place) for place in places)


def _is_of_others(cast: Cast, links: Links, number: int, place: Place) -> bool:
    spot = (place.at, place.first)
    owners = links.owners.get(spot, frozenset())
    others = _OTHERS & set(
        cast.words(place)[place.last : place.last + 2]
    )  # "dan dua relawan lain": he is one too
    if number in owners or links.meant.get(spot) or others:
        return False
    here = [one for one in cast.persons[number].places if one.at == place.at]
    listed = [one for one in here if owners & links.company.get((one.at, one.first), frozenset())]
    if not owners:  # "Ali bersama belasan pemuda"
        return number in links.company.get(spot, frozenset())
    plain = (one.left == one.first and one.right == one.last for one in listed)
    names = [one for owner in owners for one in cast.persons[owner].places if one.at == place.at]
    behind = all(one.last <= place.first for one in names)  # "Ali dan Budi, relawan setempat"
    return not any(place.last <= one.first for one in listed) and not (behind and any(plain))


def _spots(cast: Cast) -> dict[int, list[tuple[Place, int | None]]]:
    """Return by sentence the places of persons (with their number) and of posts beside no name, in order."""
    found: dict[int, list[tuple[Place, int | None]]] = {}
    for number, person in enumerate(cast.persons):
        for place in person.places:
            found.setdefault(place.at, []).append((place, number))
    for post in cast.posts.values():
        for place in post.places:
            names = found.get(place.at, [])
            if not any(n is not None and p.left <= place.first < p.right for p, n in names):
                found.setdefault(place.at, []).append((place, None))
    for here in found.values():
        here.sort(key=lambda one: (one[0].left, -one[0].right))
    return found


def _placed(reading: Reading, at: int) -> frozenset[int]:
    """Return the words of a sentence, by number, that belong to the name of a place."""
    if at < 0:
        return frozenset()
    words = reading.sentences[at].words
    places = [
        m
        for m in reading.mentions
        if m.label == "loc" and words and words[0].start <= m.start < words[-1].end
    ]
    return frozenset(n for n, word in enumerate(words) if any(m.start <= word.start < m.end for m in places))


def _rows(
    sentence: Sentence, here: Sequence[tuple[Place, int | None]], placed: frozenset[int]
) -> Iterator[list[tuple[Place, int | None]]]:
    """Yield the places of a sentence as runs that "dan", "bersama" or a comma between two names joins."""
    row: list[tuple[Place, int | None]] = []
    for one in here:
        if row and one[0].left < row[-1][0].right:
            if row[-1][1] is None and one[1] is not None:  # an office that reaches into the name's own
                row[-1] = one
            continue
        if row and not _are_listed(sentence, row[-1], one, placed):
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _are_listed(
    sentence: Sentence, one: tuple[Place, int | None], other: tuple[Place, int | None], placed: frozenset[int]
) -> bool:
    numbers = range(one[0].right, other[0].left)
    between = [sentence.words[n].text for n in numbers if n not in placed]
    if len(between) < len(numbers):  # "A dari Desa X, B dari Desa Y"
        between = [word for word in between if word not in _FROM]
    if not between:
        gap = sentence.between(one[0].right - 1, other[0].left)
        return one[1] is not None and other[1] is not None and "," in gap
    joins = any(word in _AND for word in between)
    return (
        joins
        and len(between) <= _GAP
        and all(word in _AND or word in _FEW or word.isdigit() for word in between)
    )


def _is_definite(sentence: Sentence, place: Place, here: Sequence[tuple[Place, int | None]]) -> bool:
    """Tell whether an office without a name is one that was spoken of before: "Camat Sukajaya itu"."""
    if any(number is not None and p.left <= place.first < p.right for p, number in here):
        return False
    before = ""
    for word in sentence.words[place.last : place.right + _NOUN]:
        if word.text in _THAT:
            return before not in _AREAS
        if DOES.fullmatch(word.text) and word.text not in _NOUNS:
            return False
        before = word.text
    return False


def _named_before(
    cast: Cast, at: int, category: str, spots: dict[int, list[tuple[Place, int | None]]]
) -> tuple[int, ...]:
    """Return the persons of the nearest sentence before who may hold an office: none other is said of them."""
    for back in range(at - 1, max(-1, at - 1 - _BACK), -1):
        fitting = [
            number
            for _, number in spots.get(back, [])
            if number is not None and _may_hold(cast.persons[number], category)
        ]
        if fitting:
            return tuple(dict.fromkeys(fitting))
    return ()


def _may_hold(person: Actor, category: str) -> bool:
    return person.category in (None, category) and person.role != person.name


def _listed_before(at: int, spots: dict[int, list[tuple[Place, int | None]]]) -> frozenset[int]:
    """Return the persons of the nearest of two sentences before that names several."""
    for back in (at - 1, at - 2):
        people = frozenset(number for _, number in spots.get(back, []) if number is not None)
        if len(people) > 1:
            return people
    return frozenset()
