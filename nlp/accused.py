"""Whom a case may accuse: the persons, organisations and unnamed actors of a text, with where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.addressed import is_addressed
from nlp.children import is_child
from nlp.cues import words_of
from nlp.persons import Person, find_persons, join_aliases, join_initials
from nlp.place_names import is_of_place
from nlp.posts import actor_book, posts_in
from nlp.reading import Reading, Sentence
from nlp.records import ALSO_CALLED, Official
from nlp.roles import load_roles
from nlp.text import fold

_ORGANISATION = re.compile(
    r"(partai|pt|cv|perumda|perusda|perusahaan daerah|bumdes|radio|lembaga|pusat kajian|yayasan|akun|koran|portal)\b",
    re.IGNORECASE,
)
_ORGANISATIONS = {
    "partai": "parpol", "pt": "perusahaan", "cv": "perusahaan", "perumda": "nonasn.bumn", "perusda": "nonasn.bumn",
    "perusahaan daerah": "nonasn.bumn", "bumdes": "nonasn.bumn", "radio": "media", "lembaga": "lembaga_survei",
    "pusat kajian": "lembaga_survei", "yayasan": "lsm", "akun": "akun", "koran": "media", "portal": "media",
}  # fmt: skip
_SURVEYS = re.compile(
    r"(?!badan|kementerian|komisi|fakultas|universitas|dinas|balai|harian|brin|brida|kpu|bawaslu|tim).*\b(?:survei|survey|polling|jajak|opini|riset|research|pollster)\b",
    re.IGNORECASE,
)
_BESIDE = 2  # words that may part an office from the name after it
DOES = re.compile(r"(?!menteri|mendagri|mensos|menko|menpan)me(?:ng|ny|m|n|l|r)\w{4,}|di\w{4,}")  # verbs
_ACCOUNT = re.compile(
    r"\b[Aa]kun(?: (?:Facebook|Instagram|TikTok|Twitter|YouTube|WhatsApp|X|FB|IG)| media sosial| bernama| grup)* "
    r"[\"\u201c@]?((?!(?:Facebook|Instagram|TikTok|Twitter|YouTube|WhatsApp|FB|IG)\b)(?:[A-Z]\w+ ?){2,4}(?<! ))"
)
GENERIC = ("warga", "massa", "peserta.relawan")  # what a person may be of whom no office is said
_WITH = frozenset(
    "dan serta bersama beserta dengan kepada".split()
)  # part an office from somebody else's name
_KIN = frozenset(
    "istri isteri suami anak putra putri menantu adik kakak keponakan ipar mertua ibu ayah keluarga kerabat "
    "purnawirawan pensiunan".split()
)  # whoever stands so to an office does not hold it
_ACTING = frozenset("pj penjabat pjs plt pjb plh".split())
_HEADS = frozenset(("pemda.bupati", "pemda.wali_kota", "pemda.gubernur"))
_CIVIL = ("pemda.kepala_dinas", "pemda.camat", "pemda.staf", "asn.pns")  # actors.toml tells them apart
_NUMBERED = frozenset("nomor urut tps rt rw".split())
_SERVANTS = frozenset("sopirnya supirnya pengemudinya ajudannya".split())  # whoever drove somebody else
_CHILDREN = frozenset("pelajar siswa siswi murid bocah balita anak-anak".split())
_OFFSPRING = ("anak",)  # a child, unless that of an office: "anak seorang camat"
SPOKEN = frozenset("kata ujar ucap tutur jelas terang tegas ungkap imbuh tambah papar sebut".split())
_ITEM = re.compile(r"\s*(?:[-\u2022*]|\(?\d{1,2}[.)])\s")  # of a list: no byline
_BYLINE = re.compile(r"\W*(?:oleh|penulis|editor|reporter|pewarta)\s*:\s*", re.IGNORECASE)
_ROMAN = re.compile(r"[IVX]{1,5}")
_PARTY = re.compile(
    r"\b(?:teradu|terlapor|terdakwa|tersangka|pengadu|pelapor|saksi|terkait|pemohon|termohon)\s+"
    r"(?:[IVX]{1,5}(?:, ?|,? dan |,? serta | hingga | sampai ))*$",
    re.IGNORECASE,
)  # before their numbers: "Teradu I, II dan | V"
# Yogyakarta but for its city: a lurah heads a village
_VILLAGE_LURAH = re.compile(r"\b(?:kalurahan|kapanewon|Kalurahan|Kapanewon)\b")
_LURAH_REGENCIES = ("34.01", "34.02", "34.03", "34.04")
_PROVINCE = 2  # characters of its code

_Known = dict[int, list[tuple[str, int, int]]]  # the posts of each sentence, looked up once


@dataclass(frozen=True, slots=True)
class Place:
    """Where an actor is named: sentence (-1 is the title), first word and word after the last.

    `left` and `right` also take in the office that stands beside a name ("Camat X, Budi" or "Budi, camat X,").
    """

    at: int
    first: int
    last: int
    left: int
    right: int


@dataclass(slots=True)
class Actor:
    """A person or organisation (`name`), or all mentions of one category of post (`name` None)."""

    name: str | None
    role: str | None
    category: str | None
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Cast:
    """Everybody whom a text names: persons and organisations, and the posts by category."""

    persons: list[Actor]
    posts: dict[str, Actor]
    reading: Reading

    def sentence(self, at: int) -> Sentence:
        """Return a sentence by its number, the title at -1."""
        return self.reading.title if at < 0 else self.reading.sentences[at]

    def words(self, place: Place) -> list[str]:
        """Return the words of the sentence of a place."""
        return [word.text for word in self.sentence(place.at).words]


def find_cast(reading: Reading, officials: Sequence[Official]) -> Cast:
    """Return the persons and organisations of a text, and where each category of post stands."""
    posts: dict[str, Actor] = {}
    known: _Known = {}
    village = _lurah_heads_village(reading)
    before: list[tuple[str, int, int]] = []
    for at, sentence in [(-1, reading.title), *enumerate(reading.sentences)]:
        found = known[at] = before = posts_in(sentence, before)
        for named, first, last in found:
            heirs = any(0 <= start - last <= 1 for category, start, _ in found if category not in GENERIC)
            word = sentence.words[first].text
            if word in _SERVANTS or word in _CHILDREN or (word in _OFFSPRING and not heirs):
                continue
            category = _held(named, [word.text for word in sentence.words], first, last, village)
            actor = posts.setdefault(category, Actor(None, None, category))
            actor.places.append(Place(at, first, last, first, _whole(reading, at, last)))
            if actor.role is None and at >= 0:
                actor.role = written(reading, actor.places[-1])
    return Cast(
        _persons(reading, officials, known, village=village) + _organisations(reading, known), posts, reading
    )


def _whole(reading: Reading, at: int, last: int) -> int:
    """Return the word after a post with the names that belong to it: "Kepala Desa | Randu Sewu"."""
    sentence = reading.title if at < 0 else reading.sentences[at]
    words = sentence.words
    inside = [m for m in reading.mentions if m.label in ("loc", "org", "role")] if at >= 0 else []
    while last < len(words):
        word = words[last]
        named = any(m.start <= word.start < m.end for m in inside)
        within = named or word.text.isdigit() or word.text in _NUMBERED
        if not within or sentence.between(last - 1, last).strip("( ."):
            break
        last += 1
    return last


def _lurah_heads_village(reading: Reading) -> bool:
    """Tell whether a text is about a place where a lurah heads a village and is no civil servant."""
    codes = [m.code for m in reading.mentions if m.label == "loc" and m.code and len(m.code) > _PROVINCE]
    there = sum(code.startswith(_LURAH_REGENCIES) for code in codes)
    return there * 2 > len(codes) or bool(_VILLAGE_LURAH.search(reading.document.text))


def _held(category: str, words: Sequence[str], first: int, last: int, village: bool) -> str:
    """Return the category of whoever is meant by a post: kin and former holders are citizens, deputies deputies."""
    before = words[max(0, first - 1) : first]
    if _KIN & set(before):
        return "warga"
    if category in _HEADS and _ACTING & {*before, *words[first:last]}:
        return "pemda.pj"
    if category == "pemda.lurah" and village:
        return "desa.kepala"
    return category


def _persons(reading: Reading, officials: Sequence[Official], known: _Known, *, village: bool) -> list[Actor]:
    by_name = {official.name: official for official in officials}
    starts = [sentence.start for sentence in reading.sentences]
    actors: list[Actor] = []
    persons = find_persons(load_roles(), reading.mentions)
    persons = join_initials(reading.document.text, persons)
    for person in join_aliases(load_roles(), reading.document.text, reading.mentions, persons):
        official = next((by_name[name] for name in person.name.split(ALSO_CALLED) if name in by_name), None)
        places = [p for m in person.mentions if (p := _place(reading, starts, m.start, m.end, known))]
        places += _in_title(reading, person)
        other = is_child(reading.document.text, person) or _is_number(reading, person)
        if places and not (other or is_of_place(reading, person) or _writes(reading, person, places)):
            role = official.role if official else None
            category = _held_by(reading, official, places, village=village) if official else None
            actors.append(Actor(person.name, role, category, places))
    return actors


def _is_number(reading: Reading, person: Person) -> bool:
    """Tell whether a name only numbers the parties of a trial: "teradu I"."""
    return bool(_ROMAN.fullmatch(person.name)) and any(
        _PARTY.search(reading.document.text, max(0, mention.start - 60), mention.start)
        for mention in person.mentions
    )


def _writes(reading: Reading, person: Person, places: Sequence[Place]) -> bool:
    """Tell whether a person is of the press: named as a journalist, or alone on a line as bylines stand."""
    for place in places:
        sentence = reading.title if place.at < 0 else reading.sentences[place.at]
        for hit in sentence.hits:
            near = (
                0 <= place.left - hit.last <= 1
                or 0 <= place.first - hit.last <= 1
                or hit.first == place.right
            )
            if hit.label == "pers:sebelum" and (near or place.left <= hit.first < place.right):
                return True
    text = reading.document.text
    for mention in person.mentions:
        start, end = text.rfind("\n", 0, mention.start) + 1, text.find("\n", mention.end)
        line = text[start : mention.start] + text[mention.end : end if end >= 0 else len(text)]
        if not any(char.isalpha() for char in line) and not _ITEM.match(line):
            return True
        if _BYLINE.fullmatch(text, start, mention.start):
            return True
    return False


def _held_by(reading: Reading, official: Official, places: Sequence[Place], *, village: bool) -> str | None:
    for place in places:
        words = (reading.title if place.at < 0 else reading.sentences[place.at]).words
        beside = words[max(0, place.left - 1) : place.left + 1] if place.left < place.first else ()
        if _KIN & {word.text for word in (*beside, *words[place.last : place.last + 1])}:
            return "warga"
    prefix = [official.status_prefix.lower()] if official.status_prefix else []
    role = (official.role or "").lower().split()
    words_ = [*prefix, *role]
    if not official.category:
        return None
    category = _sorted_out(official.category, official.role or "", official.institution or "")
    return _held(category, words_, len(prefix), len(words_), village)


def _sorted_out(category: str, role: str, institution: str) -> str:
    """Return which civil servant an official is by actors.toml, where his office alone gives another one."""
    if category not in _CIVIL:
        return category
    found = actor_book().find(words_of(fold(f"{role} {institution}")))
    hits = [hit for hit in found if hit.first == 0 and hit.label in _CIVIL]
    return max(hits, key=lambda hit: hit.last).label if hits else category


def _place(reading: Reading, starts: Sequence[int], start: int, end: int, known: _Known) -> Place | None:
    at = bisect_right(starts, start) - 1
    if at < 0 or start >= reading.sentences[at].end:
        return None
    words = reading.sentences[at].words
    first = next((i for i, word in enumerate(words) if word.end > start), 0)
    last = max(first + 1, next((i for i, word in enumerate(words) if word.start >= end), len(words)))
    return Place(at, first, last, *_with_office(reading, at, first, last, known[at]))


def _with_office(
    reading: Reading, at: int, first: int, last: int, posts: Sequence[tuple[str, int, int]]
) -> tuple[int, int]:
    """Return the words [left, right) of a name together with the offices right before and right after it."""
    sentence = reading.sentences[at]
    spans = [post[1:] for post in posts]
    for mention in reading.mentions:
        if mention.label == "role" and sentence.start <= mention.start < sentence.end:
            inside = [
                i for i, w in enumerate(sentence.words) if w.start < mention.end and w.end > mention.start
            ]
            if inside:
                spans.append((inside[0], inside[-1] + 1))
    left, right = first, last
    for start, end in sorted(spans, key=lambda span: -span[1]):
        beside = end <= left and left - end <= _BESIDE and start < left and not _verb(sentence, end, left)
        if beside and not is_addressed(sentence, start, left, last):
            left = start
    for start, end in sorted(spans):
        near = start >= right and start - right <= 1 and not _verb(sentence, right, start)
        if SPOKEN & {word.text for word in sentence.words[right:start]} or _quoted(sentence, right, start):
            continue  # '"… adalah FR," kata anggota Bawaslu X': FR is none
        named_as = "selaku" in [word.text for word in sentence.words[right : start + 1]]
        if near and (named_as or _comma(sentence, right, start)):
            right = end
    return left, right


def _verb(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether a verb or "bersama" parts an office from a name: then they are of two."""
    between = [word.text for word in sentence.words[first:last]]
    if between[:1] == ["dengan"] and between[1:2] in (["nama"], ["inisial"]):
        return False
    return any(text in _WITH or DOES.fullmatch(text) for text in between)


def _quoted(sentence: Sentence, right: int, start: int) -> bool:
    return any(mark in sentence.between(right - 1, start) for mark in '"\u201c\u201d')


def _comma(sentence: Sentence, right: int, start: int) -> bool:
    between = sentence.between(right - 1, start)
    return "," in between or "(" in between


def _in_title(reading: Reading, person: Person) -> list[Place]:
    name = person.name.lower().split()
    words = reading.title.words
    return [Place(-1, i, i + 1, i, i + 1) for i, word in enumerate(words) if name and word.text == name[0]]


def _organisations(reading: Reading, known: _Known) -> list[Actor]:
    starts = [sentence.start for sentence in reading.sentences]
    actors: dict[str, Actor] = {}
    for mention in reading.mentions:
        match = _ORGANISATION.match(mention.text)
        if mention.label != "org" or not (match or _SURVEYS.match(mention.text)):
            continue
        place = _place(reading, starts, mention.start, mention.end, known)
        if place:
            category = _ORGANISATIONS[match.group(1).lower()] if match else "lembaga_survei"
            actors.setdefault(mention.text, Actor(mention.text, mention.text, category)).places.append(place)
    for match in _ACCOUNT.finditer(reading.document.text):
        place = _place(reading, starts, match.start(1), match.end(1), known)
        if place:
            actors.setdefault(match.group(1), Actor(match.group(1), "akun", "akun")).places.append(place)
    return list(actors.values())


def written(reading: Reading, place: Place) -> str:
    """Return what stands at a place of the text, without the names that belong to it."""
    words = reading.sentences[place.at].words
    return reading.document.text[words[place.first].start : words[place.last - 1].end]


def role_as(person: Actor, post: Actor, reading: Reading) -> str | None:
    """Return what a text calls the person accused as a holder of `post`.

    "Warga", "pemilih" or "sopir" may be anybody: such a word counts only right beside his name.
    """
    if post.category != GENERIC[0]:
        return post.role
    beside = (
        other
        for one in person.places
        for other in post.places
        if one.at == other.at >= 0 and one.left <= other.first and other.last <= one.right
    )
    return next((written(reading, other) for other in beside), None)


def gap_between(one: Place, other: Place) -> int | None:
    """Return how many words part two places of a sentence (negative: `other` stands first), None across sentences."""
    if one.at != other.at:
        return None
    return other.first - one.last if other.first >= one.last else -(one.first - other.last) - 1


def joined(person: Place, post: Place) -> bool:
    """Tell whether a post stands right beside a person's name."""
    return person.at == post.at and person.left <= post.first and post.last <= person.right


def nearest(places: Iterable[Place], others: Iterable[Place]) -> int | None:
    """Return the smallest gap between two sets of places, None where they share no sentence."""
    gaps = [gap for one in places for other in others if (gap := gap_between(one, other)) is not None]
    return min(gaps, key=abs, default=None)


def candidates_of(person: Actor, cast: Cast) -> list[str]:
    """Return as what a person may be accused: his office, the posts of the text, a citizen."""
    own = [person.category] if person.category else []
    return list(dict.fromkeys([*own, *cast.posts, *GENERIC[:1]]))
