"""Whom a case accuses: candidates among the persons and the unnamed actors of a text, and their features."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.cues import Word
from nlp.linear import word_features
from nlp.persons import Person, find_persons
from nlp.reading import Reading, Sentence
from nlp.records import Official
from nlp.roles import Body, load_roles

_ALLEGES = frozenset(
    "diduga dugaan dilaporkan dituding dituduh disebut terbukti didakwa kedapatan kepergok dipergoki tertangkap "
    "diadukan disangka dinyatakan diketahui terekam terlihat ditetapkan divonis ditangkap diamankan didalilkan "
    "dihukum dipanggil diperiksa mengaku membantah disanksi diberhentikan dicopot dilapor".split()
)
_TITLES = frozenset(
    "terlapor terdakwa tersangka teradu terpidana pelaku oknum berinisial inisial terduga diduga pengirimnya "
    "terlapornya pelakunya".split()
)
_OTHERS = frozenset(
    "pelapor melaporkan melapor mengadukan pengadu korban saksi kata ujar ucap tutur jelas terang tegas ungkap "
    "imbuh papar menurut mengatakan menjelaskan menyatakan menyebut menambahkan memutuskan membacakan hakim jaksa "
    "memvonis kepada untuk pemilih mendukung memilih memenangkan salah".split()
)
_SPEECH = frozenset(
    "kata ujar ucap tutur jelas terang tegas ungkap imbuh sambung lanjut tandas papar sebut tambah pungkas beber "
    "katanya ujarnya ucapnya tuturnya jelasnya tegasnya menurut mengatakan menjelaskan menyampaikan menuturkan "
    "menegaskan menerangkan mengungkapkan menambahkan memaparkan membenarkan".split()
)
_ORGANISATION = re.compile(r"(partai|pt|cv|perumda|perusda|bumdes|radio|lembaga|pusat kajian|yayasan)\b", re.IGNORECASE)


@dataclass(slots=True)
class Actor:
    """A person, organisation or unnamed actor that a case may accuse.

    `places` are (sentence, word) of its mentions, sentence -1 being the title; `category` is the best guess.
    """

    name: str | None
    role: str | None
    category: str | None
    places: list[tuple[int, int]] = field(default_factory=list)
    count: int | None = 1


def find_actors(reading: Reading, officials: Sequence[Official]) -> list[Actor]:
    """Return named persons, accused-looking organisations and unnamed actors (one for each category)."""
    persons = _persons(reading, officials)
    covered = {place for actor in persons for place in actor.places}
    return persons + _organisations(reading) + _unnamed(reading, covered)


def _persons(reading: Reading, officials: Sequence[Official]) -> list[Actor]:
    by_name = {official.name: official for official in officials}
    starts = [sentence.start for sentence in reading.sentences]
    actors: list[Actor] = []
    for person in find_persons(load_roles(), reading.mentions):
        official = by_name.get(person.name)
        places = [place for mention in person.mentions if (place := _place(reading, starts, mention.start))]
        places += _in_title(reading, person)
        if not places:
            continue
        category = official.category if official else None
        role = official.role if official else None
        actors.append(Actor(person.name, role, category or _near_category(reading, places), places))
    return actors


def _place(reading: Reading, starts: Sequence[int], offset: int) -> tuple[int, int] | None:
    at = bisect_right(starts, offset) - 1
    if at < 0 or offset >= reading.sentences[at].end:
        return None
    words = reading.sentences[at].words
    return at, next((i for i, word in enumerate(words) if word.end > offset), 0)


def _in_title(reading: Reading, person: Person) -> list[tuple[int, int]]:
    name = person.name.lower().split()
    if not name:
        return []
    return [(-1, i) for i, word in enumerate(reading.title.words) if word.text == name[0]]


def _near_category(reading: Reading, places: Iterable[tuple[int, int]]) -> str | None:
    """Return the category of the post that stands nearest to a mention in its sentence."""
    best: tuple[int, str] | None = None
    for at, word in places:
        if at < 0:
            continue
        for category, first, last in posts_in(reading.sentences[at]):
            gap = min(abs(first - word), abs(word - last + 1))
            if gap <= 8 and (best is None or gap < best[0]):
                best = gap, category
    return best[1] if best else None


def posts_in(sentence: Sentence) -> list[tuple[str, int, int]]:
    """Return (category, first word, word after the last) of the posts and bodies named, the longest first taken."""
    roles = load_roles()
    found = [(f.last - f.first, 1, f.first, f.last, f.entry.category) for f in roles.posts.find(sentence.words)]
    for f in roles.bodies.find(sentence.words):
        body: Body = f.entry
        found.append((f.last - f.first, 0, f.first, f.last, body.category))
    taken: set[int] = set()
    posts: list[tuple[str, int, int]] = []
    for _, _, first, last, category in sorted(found, key=lambda x: (-x[0], -x[1], x[2])):
        if not taken & set(range(first, last)):
            taken |= set(range(first, last))
            posts.append((category, first, last))
    return sorted(posts, key=lambda post: post[1])


def _organisations(reading: Reading) -> list[Actor]:
    starts = [sentence.start for sentence in reading.sentences]
    actors: dict[str, Actor] = {}
    for mention in reading.mentions:
        if mention.label != "org" or not (match := _ORGANISATION.match(mention.text)):
            continue
        place = _place(reading, starts, mention.start)
        if place is None:
            continue
        category = _ORGANISATION_CATEGORY[match.group(1).lower()]
        actors.setdefault(mention.text, Actor(mention.text, mention.text, category)).places.append(place)
    return list(actors.values())


_ORGANISATION_CATEGORY = {
    "partai": "parpol", "pt": "perusahaan", "cv": "perusahaan", "perumda": "nonasn.bumn", "perusda": "nonasn.bumn",
    "bumdes": "nonasn.bumn", "radio": "media", "lembaga": "lembaga_survei", "pusat kajian": "lembaga_survei",
    "yayasan": "lsm",
}  # fmt: skip


def _unnamed(reading: Reading, covered: set[tuple[int, int]]) -> list[Actor]:
    groups: defaultdict[str, Actor] = defaultdict(lambda: Actor(None, None, None))
    for at, sentence in [(-1, reading.title), *enumerate(reading.sentences)]:
        for category, first, last in posts_in(sentence):
            actor = groups[category]
            actor.category = category
            actor.places.append((at, first))
            if actor.role is None and at >= 0:
                actor.role = " ".join(word.text for word in sentence.words[first:last])
    return list(groups.values())


def actor_features(reading: Reading, actor: Actor, asserted: Sequence[float], chosen: set[int]) -> dict[str, float]:
    """Return the features of an actor: where it stands to what is asserted, and which words surround it."""
    inside = [place for place in actor.places if place[0] in chosen]
    features: dict[str, float] = {
        "a:named": float(actor.name is not None),
        f"a:category {actor.category}": 1.0,
        "a:in evidence": float(bool(inside)),
        "a:evidence n": min(3, len(inside)) / 3,
        "a:in title": float(any(at < 0 for at, _ in actor.places)),
        "a:in lead": float(any(0 <= at < 2 for at, _ in actor.places)),
        "a:mentions": min(8, len(actor.places)) / 4,
        "a:best": max((asserted[at] for at, _ in actor.places if at >= 0), default=0.0),
        "a:sum": min(3.0, sum(asserted[at] for at, _ in actor.places if at >= 0)),
        "a:initials": float(bool(actor.name and re.fullmatch(r"[A-Z]{1,4}", actor.name))),
    }
    parent = (actor.category or "").split(".")[0]
    features[f"a:parent {parent}"] = 1.0
    features[f"a:category {actor.category}+evidence"] = float(bool(inside))
    for place in actor.places:
        _surroundings(reading, place, "e" if place[0] in chosen else "o", features)
    for place in inside[:1]:
        features[f"a:position {min(3, place[1] // 4)}"] = 1.0
        words = reading.sentences[place[0]].words
        features.update(_context(words, place[1]))
    return features


def _surroundings(reading: Reading, place: tuple[int, int], where: str, features: dict[str, float]) -> None:
    at, word = place
    words = (reading.title if at < 0 else reading.sentences[at]).words
    before = [w.text for w in words[max(0, word - 5) : word]]
    after = [w.text for w in words[word + 1 : word + 9]]
    for name, marks, texts in (
        ("titles before", _TITLES, before[-3:]),
        ("alleges after", _ALLEGES, after),
        ("alleges before", _ALLEGES, before),
        ("others before", _OTHERS, before[-3:]),
        ("speech before", _SPEECH, before[-4:]),
        ("speech after", _SPEECH, after[:5]),
    ):
        if marks & set(texts):
            features[f"a:{where} {name}"] = features.get(f"a:{where} {name}", 0.0) + 1


def _context(words: Sequence[Word], at: int) -> dict[str, float]:
    features: dict[str, float] = {}
    for name, texts in (
        ("b", [w.text for w in words[max(0, at - 3) : at]]),
        ("f", [w.text for w in words[at + 1 : at + 6]]),
    ):
        for key, n in word_features(texts, longest=1).items():
            features[f"w:{name}:{key[2:]}"] = n
    return features
