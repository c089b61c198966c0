"""Named persons with their offices: which role phrase belongs to which person, and what each says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nlp.attendance import roles_present
from nlp.capacity import capacities
from nlp.institutions import Place
from nlp.offices import Naming, Office, read_membership, read_office
from nlp.persons import Person, degrees_end, find_persons
from nlp.records import Mention, Official
from nlp.roles import Roles, load_roles
from nlp.text import fold

_TITLE = (
    r"(?:(?:H|Hj|HM|Drs?|Dra|dr|drg|KH|Ir|Prof|Tgk|Tgh|Ust(?:adz)?|Pdt|Gus|Bapak|Ibu|Pak|Bu|Mbah|Advokat|Purn)"
    r"\.?\s*)"
)
_BEFORE = re.compile(
    r"(?:\s(?:sementara|definitif)(?=\s))?[\s,:]*(?:\([^()]{1,30}\)[\s,]*)?"
    r"(?:(?:setempat|itu|tersebut|yakni|yaitu|adalah|ialah|(?:yang )?bernama"
    r"|(?:yang )?berinisial|(?:dengan )?inisial|atas nama|nomor urut \d+)[\s,]+)*"
    rf"\(?{_TITLE}*\)?\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:\(\d{1,2}(?: tahun)?\))?\s*[,(]?\s*(?:(?:selaku|sebagai|yang juga|yang (?:kini )?menjabat"
    r"|menjabat|merangkap|yang merupakan|adalah|seorang|salah satu|yang)\s+)*",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*,?\s*(?:(?:perwakilan|utusan|wakil)\s+)?(?:dari|mewakili)\s+", re.IGNORECASE)
_AND = re.compile(
    rf"\s*(?:\(\d{{1,2}}(?: tahun)?\))?\s*(?:,\s*(?:(?:dan|serta)\s+)?|(?:dan|serta)\s+){_TITLE}*"
)
_BLANKS = re.compile(r"[\s,]*")
# between an office and the rest of its address: "Lurah Roban | , Kecamatan Singkawang Tengah, Kota Singkawang |, Nama"
_ADDRESS = re.compile(r"\s*[,(]\s*(?:di\s+)?|\s+(?:di|yang berada di)\s+")
_REACH = 60  # characters that may stand between a name and its office


@dataclass(slots=True)
class _Link:
    """A role phrase beside a name."""

    role: Mention
    office: Office


def read_officials(
    text: str, mentions: Sequence[Mention], *, naming: Naming = lambda code: None, roles: Roles | None = None
) -> tuple[tuple[Official, ...], tuple[str, ...]]:
    """Return the named persons with an office or institution, and the offices that attended without a name.

    `mentions` carry the labels per, role, org and loc (places inside roles and organisations too, with
    codes); `naming` gives the register's name of a place code. Officials stand in the order of the text.
    """
    book = roles or load_roles()
    persons = find_persons(book, mentions)
    desk = _Desk(text, mentions, book, naming)
    desk.link(persons)
    offices = {id(person): desk.offices_of(person) for person in persons}
    named = [(person, _joined(offices[id(person)])) for person in persons if offices[id(person)]]
    doing = capacities(text, named, book, desk.phrases)
    officials = [
        _official(person, office, what, apart=_rank_apart(office, offices[id(person)]))
        for (person, office), what in zip(named, doing, strict=True)
    ]
    present = roles_present(text, mentions, book, desk.taken, officials)
    return tuple(officials), present


class _Desk:
    """Links the role phrases of one text with its persons; each phrase goes to one person."""

    def __init__(self, text: str, mentions: Sequence[Mention], roles: Roles, naming: Naming) -> None:
        self.text, self.roles, self.naming = text, roles, naming
        ordered = sorted(mentions, key=lambda m: (m.start, -m.end))
        self.places = [m for m in ordered if m.label == "loc"]
        self.orgs = {m.start: m for m in ordered if m.label == "org"}
        self.phrases = [m for m in ordered if m.label == "role"]
        self.people = [m for m in ordered if m.label == "per"]
        self.taken: set[int] = set()
        self.offices = {m.start: self._read(m) for m in self.phrases}
        self.linked: dict[int, list[Office]] = {}
        self.introduced: set[int] = set()

    def link(self, persons: Sequence[Person]) -> None:
        """Give each name the phrases beside it, in text order."""
        self.introduced = {person.mentions[0].start for person in persons}
        for name in self.people:
            self.linked[name.start] = self._around(name)
        self._share(persons)

    def offices_of(self, person: Person) -> list[Office]:
        """Return the offices beside the person's mentions, in text order."""
        return [office for mention in person.mentions for office in self.linked.get(mention.start, ())]

    def _share(self, persons: Sequence[Person]) -> None:
        """Give an office of several holders to all names of its list: "anggota Bawaslu X A, B, dan C"."""
        without = {m.start for person in persons if not self.offices_of(person) for m in person.mentions}
        for one, following in pairwise(self.people):
            listed = _AND.fullmatch(self.text, degrees_end(self.roles, self.text, one.end), following.start)
            if following.start not in without or not listed:
                continue
            shared = [office for office in self.linked[one.start] if self._is_shared(office)]
            if shared and not any(0 <= phrase.start - following.end <= 2 for phrase in self.phrases):
                self.linked[following.start] = shared

    def _is_shared(self, office: Office) -> bool:
        first = fold(office.role or "").split()[:1]
        return bool(office.institution and first) and first[0] in self.roles.file.reading.shared

    def _around(self, name: Mention) -> list[Office]:
        links = self._left(name)
        if all(link.office.role is None or link.office.category is None for link in links):
            links += self._right(name)
        self.taken |= {link.role.start for link in links}
        offices = [link.office for link in links]
        if all(office.institution is None for office in offices) and (member := self._membership(name)):
            offices.append(member)
        return offices

    def _left(self, name: Mention) -> list[_Link]:
        links: list[_Link] = []
        end = name.start
        for phrase in reversed(self.phrases):
            if phrase.end > end or phrase.start in self.taken:
                continue
            gap = self._gap(phrase, end)
            pattern = _BLANKS if links else _BEFORE
            if len(gap) > _REACH or "\n" in gap or not pattern.fullmatch(gap):
                break
            several = (
                links and links[-1].office.role is not None and self.offices[phrase.start].role is not None
            )
            if several and gap.strip():
                break  # "Camat X, Kapolsek Y Nama": only the nearest post is the person's
            if not links and self._speaks_for(phrase, name):
                break
            links.append(_Link(phrase, self.offices[phrase.start]))
            end = phrase.start
        return links

    def _gap(self, phrase: Mention, end: int) -> str:
        """Return what stands between a phrase and a name, without its address and the client in "kuasa hukum A, B"."""
        gap = self.text[self._address_end(phrase.end, end) : end]
        client = next((m for m in self.people if phrase.end <= m.start and m.end < end), None)
        if client and self._speaks_for(phrase, client):
            gap = gap.replace(client.text, "", 1)
        return gap

    def _address_end(self, at: int, end: int) -> int:
        """Return where the places end that follow an office one by one, `at` where none does."""
        party = _FROM.match(self.text, at, end)
        org = self.orgs.get(party.end()) if party else None
        stop = org.end if org and org.end <= end else at  # "anggota DPRD X dari Partai Y, Nama"
        for place in self.places[bisect_left(self.places, stop, key=lambda place: place.start) :]:
            if place.end > end or not _ADDRESS.fullmatch(self.text, stop, place.start):
                break
            stop = place.end
        closed = self.text[stop : stop + 1] == ")"
        return stop + closed if stop > at else at

    def _speaks_for(self, phrase: Mention, name: Mention) -> bool:
        """Tell whether the phrase names somebody else by this person: "kuasa hukum A, B" means B."""
        words = phrase.text.split()
        relative = words[-1].lower() in self.roles.file.reading.relatives
        if not relative and self.offices[phrase.start].category not in ("kuasa_hukum", "peserta.timses"):
            return False
        if self.text[phrase.end : name.start].strip():
            return False
        follower = next((m for m in self.people if m.start >= name.end), None)
        return (
            follower is not None
            and re.fullmatch(rf",\s*{_TITLE}*", self.text[name.end : follower.start]) is not None
        )

    def _right(self, name: Mention) -> list[_Link]:
        at = degrees_end(self.roles, self.text, name.end)
        match = _AFTER.match(self.text, at)
        start = match.end() if match else at
        phrase = next((m for m in self.phrases if at <= m.start <= start), None)
        if phrase is None or "\n" in self.text[name.end : phrase.start] or phrase.start in self.taken:
            return []
        if phrase.start == name.end or not self.text[name.end : phrase.start].strip():
            return []  # "Ketua X Nama Ketua Y": nothing parts the name from the next office
        follower = next((m for m in self.people if m.start >= phrase.end), None)
        if follower and self._belongs_to(phrase, name, follower):
            return []
        return [_Link(phrase, self.offices[phrase.start])]

    def _belongs_to(self, phrase: Mention, name: Mention, follower: Mention) -> bool:
        """Tell whether the phrase is the next name's: no comma parts them, or only that name is new.

        "Menurut Rudi, Ketua KPU X, Budi Contoh, ..." introduces Budi Contoh.
        """
        gap = self.text[phrase.end : follower.start]
        if "\n" in gap or not _BEFORE.fullmatch(gap):
            return False
        new = follower.start in self.introduced and name.start not in self.introduced
        return new or "," not in gap

    def _membership(self, name: Mention) -> Office | None:
        at = degrees_end(self.roles, self.text, name.end)
        match = _FROM.match(self.text, at)
        if match is None or (org := self.orgs.get(match.end())) is None:
            return None
        return read_membership(self.roles, org.text, self._inside(org), self.naming)

    def _read(self, phrase: Mention) -> Office:
        return read_office(self.roles, phrase.text, self._inside(phrase), self.naming)

    def _inside(self, span: Mention) -> list[Place]:
        inside = (m for m in self.places if span.start <= m.start and m.end <= span.end)
        return [Place(m.start - span.start, m.end - span.start, m.text, m.code) for m in inside]


def _joined(offices: Iterable[Office]) -> Office:
    """Return what all mentions say together: the fullest office (the first of equals) with any rank."""
    known = list(offices)
    best = max(known, key=lambda office: office.weight)
    rank = next((office.rank for office in known if office.rank), None)
    ranked = next((office.category for office in known if office.rank), None)
    category = (ranked or best.category) if best.role is None else (best.category or ranked)
    return replace(best, rank=best.rank or rank, category=category)


def _rank_apart(whole: Office, known: Iterable[Office]) -> bool:
    """Tell whether a person with an office is also called by rank alone: "Kapolsek X, AKP Nama"."""
    bare = any(office.rank and not (office.role or office.institution) for office in known)
    return bare and bool(whole.institution or (whole.role and " " in whole.role))


def _official(person: Person, office: Office, capacity: str, *, apart: bool) -> Official:
    return Official(
        name=person.name,
        role=office.role,
        institution=office.institution,
        jurisdiction=office.jurisdiction,
        category=office.category,
        status_prefix=office.status_prefix,
        rank=office.rank,
        capacity=capacity,
        start=person.start,
        end=person.end,
        rank_apart=apart,
        called=office.called,
    )
