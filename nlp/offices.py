"""A role phrase taken apart: "Plt Camat Serang" → prefix, role, institution, jurisdiction, category."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nlp.cues import Word, words_of
from nlp.institutions import Place, bare_name, body_name, capitalised, place_title
from nlp.roles import Body, Found, Role, Roles, StatusPrefix, Unit
from nlp.text import fold

Naming = Callable[[str], str | None]
_FORMER = ("mantan", "nonaktif")
_SHORTEST_BODY = 3  # letters: "KAN", not "RT"
_ABBREVIATED = ("kab", "kec", "kel", "prov")
_LONGEST_SHORT = 4  # "Pjs."; longer is an acting office spelled out: "Penjabat", "Pelaksana Tugas"


@dataclass(frozen=True, slots=True)
class Office:
    """What a role phrase says about its holder; None where it is silent.

    The institution is in normal form ("Bawaslu Provinsi Jawa Barat"), the jurisdiction as written ("Jabar").
    `called` is the post in the article's words where the normal forms have others: "Ketua Panwascam".
    """

    role: str | None = None
    institution: str | None = None
    jurisdiction: str | None = None
    category: str | None = None
    status_prefix: str | None = None
    rank: str | None = None
    called: str | None = None

    @property
    def weight(self) -> int:
        """Return how much the phrase says: a post counts more than its place, a rank alone least."""
        return (
            4 * bool(self.role) + 2 * bool(self.institution) + bool(self.jurisdiction) + bool(self.category)
        )


@dataclass(slots=True)
class _Phrase:
    """A phrase under reading: `at` is the first word not yet understood, `end` the end of the last."""

    text: str
    words: list[Word]
    places: Sequence[Place]
    at: int = 0
    end: int = 0

    def rest(self) -> str:
        """Return what is still to be read."""
        return self.text[self.words[self.at].start : self.end] if self.at < len(self.words) else ""


def read_office(roles: Roles, text: str, places: Sequence[Place] = (), naming: Naming = str) -> Office:
    """Return what a role phrase says; `places` are the place names inside, with offsets in `text`.

    `naming` gives the register's name of a place code. An unknown phrase becomes a role without a category.
    """
    words = [stem(word) for word in words_of(fold(text))]
    phrase = _Phrase(text, words, places, 0, len(text.rstrip(" ,.;:")))
    prefix = _take_prefix(roles, phrase)
    acting = text[: words[phrase.at].start].strip() if prefix and phrase.at < len(words) else ""
    rank, rank_category = _take_rank(roles, phrase)
    if phrase.at >= len(words):
        return Office(category=rank_category, status_prefix=prefix, rank=rank)
    office = _read_post(roles, phrase, naming)
    category = _category(roles, phrase, prefix) or rank_category
    spelled = prefix in roles.file.reading.acting and len(acting) > _LONGEST_SHORT and office.role
    called = f"{acting} {office.called or office.role}" if spelled else office.called
    calm = _calm(office.role) if text.isupper() else office.role
    return replace(office, role=calm, category=category, status_prefix=prefix, rank=rank, called=called)


def _calm(role: str | None) -> str | None:
    """Return a role of a headline in capitals with its longer words in small letters: "KETUA" → "Ketua"."""
    return " ".join(w.title() if len(w) > _LONGEST_SHORT else w for w in role.split()) if role else role


def read_membership(roles: Roles, text: str, places: Sequence[Place] = (), naming: Naming = str) -> Office:
    """Return the institution that a person is said to come from, with the category of its plain members."""
    words = words_of(fold(text))
    found = next(iter(roles.bodies.find(words)), None)
    if found is None:
        return Office(institution=capitalised(text), jurisdiction=places[-1].text if places else None)
    name, place = body_name(roles, text, (words[found.first].start, len(text)), found, words, places, naming)
    body: Body = found.entry
    lead = capitalised(text[: words[found.first].start])
    return Office(
        institution=f"{lead} {name}".strip(),
        jurisdiction=place.text if place else None,
        category=body.person or body.category,
    )


def stem(word: Word) -> Word:
    """Return the word without "-nya": "kuasa hukumnya" is a kuasa hukum."""
    return replace(word, text=word.text[:-3]) if word.text.endswith("nya") and len(word.text) > 6 else word


def _take_prefix(roles: Roles, phrase: _Phrase) -> str | None:
    words, hedges = phrase.words, roles.file.reading.hedges
    while phrase.at < len(words) - 1 and words[phrase.at].text in hedges:
        phrase.at += 1
    canonical: str | None = None
    for found in roles.prefixes.find(words):
        entry: StatusPrefix = found.entry
        if found.first == phrase.at and entry.canonical in (*roles.file.reading.acting, *_FORMER):
            canonical, phrase.at = canonical or entry.canonical, found.last
    if canonical is None and words[phrase.at :]:
        misspelled = words[phrase.at].text in roles.file.reading.misspelled_acting
        if misspelled and _head_of_region(roles, words, phrase.at + 1):
            canonical, phrase.at = "Pj", phrase.at + 1
    if canonical is None and any(w.text in ("nonaktif", "demisioner") for w in words[phrase.at :]):
        canonical = "nonaktif"
    return canonical


def _take_rank(roles: Roles, phrase: _Phrase) -> tuple[str | None, str | None]:
    """Read a rank at the head or the tail of the phrase, with the corps behind it."""
    for found in roles.ranks.find(phrase.words):
        last = found.last
        while last < len(phrase.words) and phrase.words[last].text in roles.korps:
            last += 1
        head, tail = found.first == phrase.at, last == len(phrase.words)
        if not (head or tail) or found.first < phrase.at:
            continue
        written = phrase.text[phrase.words[found.first].start : phrase.words[last - 1].end]
        if head:
            phrase.at = last
        else:
            phrase.end = phrase.words[found.first].start
            del phrase.words[found.first :]
        return found.entry.printed or _rank_case(written), found.entry.category
    return None, None


def _rank_case(written: str) -> str:
    if written.islower():
        return written.upper() if written in ("akp", "akbp") else written.title()
    return written


def _read_post(roles: Roles, phrase: _Phrase, naming: Naming) -> Office:
    body = _body(roles, phrase)
    unit = next((f for f in roles.units.find(phrase.words) if f.first == phrase.at), None)
    candidate = (_own(roles, phrase) or "").startswith("peserta.")
    # the "Dinas" of a "Kelian Banjar Dinas" is no office
    village = unit and unit.entry.level == "desa" and body and unit.last >= body.last
    if body and not candidate and not village:
        return _post_of_body(roles, phrase, body, naming)
    if unit and not candidate:
        return _post_of_unit(roles, phrase, unit, naming)
    place = _last_place(phrase)
    if place and not _own(roles, phrase) and (level := _level_before(roles, phrase, place)):
        role = phrase.text[phrase.words[phrase.at].start : level.start]
        area = f"{level.text.title()} {place.text}"
        return Office(role=capitalised(role), institution=area, jurisdiction=place.text)
    if head := _head_of_short(roles, phrase):
        at = phrase.words[phrase.at + 1].start
        led = phrase.text[at : phrase.end]
        return Office(role=capitalised(head), institution=led, jurisdiction=place.text if place else None)
    role = _without(phrase, place) if place else phrase.rest()
    return Office(role=capitalised(role), jurisdiction=place.text if place else None)


def _head_of_short(roles: Roles, phrase: _Phrase) -> str | None:
    """Return the post of somebody who leads what only an abbreviation names: "Ketua | PKDP Lubuk Basung"."""
    words = phrase.words[phrase.at : phrase.at + 2]
    if len(words) < 2 or words[0].text not in (*roles.file.reading.bare, *roles.file.reading.shared):
        return None
    short = phrase.text[words[1].start : words[1].end]
    leads = short.isalpha() and short.isupper() and len(short) >= _SHORTEST_BODY
    return phrase.text[words[0].start : words[0].end] if leads else None


def _level_before(roles: Roles, phrase: _Phrase, place: Place) -> Word | None:
    """Return the word that makes a place behind a post its institution: "Kaur Keuangan | Desa | X".

    It may belong to the post ("Pengawas Kelurahan X") or to a school ("SLB Negeri X").
    """
    before = [word for word in phrase.words if word.end <= place.start]
    if len(before) - phrase.at < 2 or place.end < phrase.end:
        return None
    level, last = before[-1], len(before)
    if level.text not in roles.file.reading.level_words or level.text in _ABBREVIATED:
        return None
    own = any(found.first >= phrase.at and found.last == last for found in roles.posts.find(before))
    school = level.text == "negeri" and not place.code
    return None if own or school or before[-2].text in ("wali", "di", "dari", "pengawas") else level


def _post_of_body(roles: Roles, phrase: _Phrase, found: Found, naming: Naming) -> Office:
    start, end = phrase.words[found.first].start, phrase.end
    role = phrase.text[phrase.words[phrase.at].start : start].strip(" ,(")
    behind = phrase.words[found.last :]
    division = next((w.start for w in behind if w.text in roles.file.reading.divisions), None)
    if division is not None:
        role, end = f"{role} {phrase.text[division:end]}".strip(), division
    name, place = body_name(roles, phrase.text, (start, end), found, phrase.words, phrase.places, naming)
    if not role:  # "PKD Bojong", "Pengawas TPS 07": the body's name is the post
        role = phrase.text[start : place.start if place else end].strip(" ,")
        name = name if place else ""
    role = re.sub(r"(?:\s+(?:dari|di|pada|salah satu|sebuah|suatu))+$", "", role)
    short = _short_name(phrase, found)
    return Office(
        role=capitalised(role),
        called=capitalised(f"{role} {short}") if short else None,
        institution=name or None,
        jurisdiction=place.text if place else None,
    )


def _short_name(phrase: _Phrase, found: Found) -> str | None:
    """Return the body's short name as written where its normal form has none of it: "Panwascam"."""
    body: Body = found.entry
    written = phrase.words[found.first]
    normal = fold(body.normal or "").split()
    if not body.normal or found.last - found.first > 1 or written.text in normal or phrase.at == found.first:
        return None
    return phrase.text[written.start : written.end]


def _post_of_unit(roles: Roles, phrase: _Phrase, found: Found, naming: Naming) -> Office:
    unit: Unit = found.entry
    stop = phrase.words[found.last - 1].end
    role = phrase.text[phrase.words[phrase.at].start : stop]
    behind = re.sub(r"^\s*\([^)]*\)", "", phrase.text[stop : phrase.end])
    if not (behind := behind.strip(" ,")) or behind.lower() == "nonaktif":
        return Office(role=capitalised(role))
    if not set(fold(behind).split()).isdisjoint(
        roles.file.reading.divisions
    ):  # "Staf Ahli Bupati Bidang Hukum"
        return Office(role=capitalised(phrase.rest()))
    place = next((p for p in reversed(phrase.places) if p.start >= stop), None)
    title = place and place_title(place, naming, unit.level, unit.word)
    if unit.area:
        bare = bare_name(roles, place.text if place else behind)
        area = title if title and " " in title else f"{unit.word} {bare}".strip()
        return Office(role=capitalised(role), institution=area, jurisdiction=place.text if place else behind)
    return Office(
        role=capitalised(role),
        institution=f"{unit.word} {capitalised(behind)}",
        jurisdiction=place.text if place else None,
    )


def _body(roles: Roles, phrase: _Phrase) -> Found | None:
    return next((f for f in roles.bodies.find(phrase.words) if f.first >= phrase.at), None)


def _last_place(phrase: _Phrase) -> Place | None:
    return phrase.places[-1] if phrase.places else None


def _without(phrase: _Phrase, place: Place) -> str:
    """Return the rest of the phrase without a place and the words that bind it."""
    start = phrase.words[phrase.at].start
    left = re.sub(r"\s+(?:di|dari|pada|untuk)?\s*$", "", phrase.text[start : max(start, place.start)])
    return re.sub(r"\s+", " ", f"{left} {phrase.text[place.end : phrase.end]}").strip(" ,")


def _head_of_region(roles: Roles, words: list[Word], at: int) -> bool:
    return any(found.first == at for found in roles.head_of_region.find(words))


def _own(roles: Roles, phrase: _Phrase) -> str | None:
    own = roles.file.reading.own
    posts = [f for f in roles.posts.find(phrase.words) if f.first >= phrase.at and f.entry.category in own]
    return posts[0].entry.category if posts else None


def _category(roles: Roles, phrase: _Phrase, prefix: str | None) -> str | None:
    words, at = phrase.words, phrase.at
    reading = roles.file.reading
    if words[at].text in reading.relatives or prefix == "mantan":
        return "warga"
    if own := _own(roles, phrase):
        return own
    if prefix in reading.acting and _head_of_region(roles, words, at):
        return "pemda.pj"
    posts = [f for f in roles.posts.find(words) if f.first >= at]
    head = next((f for f in posts if f.first == at), None)
    if body := _body(roles, phrase):
        return _category_in_body(roles, phrase, body, head)
    if head is None:
        head = max(posts, key=lambda f: f.last - f.first, default=None)
    return _category_of_post(head.entry, phrase) if head else None


def _category_in_body(roles: Roles, phrase: _Phrase, found: Found, head: Found | None) -> str:
    body: Body = found.entry
    if found.first == phrase.at and body.person and body.person != body.category and head is None:
        return body.category  # the institution itself: "KPU Kabupaten X"
    behind = {w.text for w in phrase.words[found.last :]}
    if body.national and behind & {"ri", "republik", "pusat"}:
        return body.national
    if body.secretariat and any(f.first == phrase.at for f in roles.secretariat.find(phrase.words)):
        return body.secretariat
    if head and (head.last >= found.last or body.category == "parpol"):
        return str(head.entry.category)
    if body.person == "pemda.staf":
        return body.category if phrase.words[phrase.at].text in roles.file.reading.chiefs else body.person
    return body.person or body.category


def _category_of_post(post: Role, phrase: _Phrase) -> str:
    # a Lurah serves a kelurahan (xx.xx.xx.1xxx) as a civil servant; of a desa he is the elected head
    code = next((p.code for p in phrase.places if p.code and len(p.code) > 9), None)
    if post.category == "pemda.lurah" and code and code[9] == "2":
        return "desa.kepala"
    return post.category
