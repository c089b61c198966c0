"""Persons of a text: their names without titles and degrees, short mentions joined with the full name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.cues import words_of
from nlp.records import ALSO_CALLED, Mention
from nlp.roles import Roles
from nlp.text import fold

_MOST_WORDS = 8
_TOKEN = re.compile(r"\S+")
_BALINESE = re.compile(r"^1(?=\s+(?:Made|Wayan|Nyoman|Ketut|Gede|Gde|Gusti|Komang|Kadek|Putu|Nengah)\b)")
# between a name and its degrees, and between two degrees: "S.Pd, SE", "SH., MH", ".SH.MH"
_DEGREE = re.compile(r"\s*[,.]?\s*([A-Za-z][A-Za-z.]{1,12})(?=$|[\s,.;:)\"'”])")


@dataclass(slots=True)
class Person:
    """One person of a text: the full name, and every mention of it in text order."""

    name: str
    start: int
    end: int
    mentions: list[Mention] = field(default_factory=list)


def trim_titles(roles: Roles, name: str) -> tuple[int, int]:
    """Return the offsets of the bare name in `name`: "Drs. H. Budi Contoh, M.Si" → those of "Budi Contoh"."""
    start, end = 0, len(name)
    tokens = list(_TOKEN.finditer(name))
    while len(tokens) > 1 and (_key(tokens[0].group()) in roles.titles or tokens[0].group().islower()):
        del tokens[0]
        start = tokens[0].start()
    first_comma = name.find(",", start)
    if first_comma > 0 and degrees_end(roles, name, first_comma) > first_comma:
        end = first_comma
    while len(tokens) > 1 and _is_degree(roles, tokens[-1].group(), after_comma=False):
        tokens.pop()
        end = min(end, tokens[-1].end())
    return start, start + len(name[start:end].rstrip(" ,.;:"))


def degrees_end(roles: Roles, text: str, at: int) -> int:
    """Return where the degrees end that follow a name ending at `at`; `at` itself where there are none.

    Without a comma a degree needs a dot or capitals only ("Rahmat Contoh SIK"), so that no name is eaten.
    """
    while match := _DEGREE.match(text, at):
        comma = text[at : match.start(1)].strip() != ""
        if not _is_degree(roles, match.group(1), after_comma=comma):
            break
        at = match.end(1)
    if text[at : at + 1] == "." and at > 0 and text[at - 1].isalpha() and text[at + 1 : at + 2] in (",", " "):
        follows = text[at + 1 : at + 3].strip(" ,")
        return at + 1 if text[at + 1 : at + 2] == "," or follows[:1].islower() else at
    return at


def _is_degree(roles: Roles, token: str, *, after_comma: bool) -> bool:
    if _key(token) not in roles.degrees or not token[:1].isupper():
        return False
    bare = token.strip(".,")
    return after_comma or "." in bare or (bare.isupper() and len(bare) > 1)


def _key(token: str) -> str:
    return re.sub(r"[.,\s]", "", token).lower()


def find_persons(roles: Roles, mentions: Iterable[Mention]) -> list[Person]:
    """Return the persons whom `mentions` (label per) name, in order of their first full mention.

    A shorter form joins the person whose name holds its words in order; where several do, the one who
    was named last before it.
    """
    mentions = tuple(mentions)
    places = {fold(m.text) for m in mentions if m.label == "loc" and len(m.text.split()) > 1}
    candidates = sorted(
        (m for m in mentions if m.label == "per" and _may_name(roles, m.text)), key=lambda m: m.start
    )
    begins = [(m, _place_before(m.text, places)) for m in candidates]
    named = [(m, behind, clean_name(roles, m.text[behind:])) for m, behind in begins]
    keyed = [(m, behind, name, _words(name)) for m, behind, name in named]
    everyone = dict.fromkeys(words for *_, words in keyed if words)
    full = [words for words in everyone if not _is_short(words, everyone)]
    persons: dict[tuple[str, ...], Person] = {}
    recent: list[tuple[str, ...]] = []
    for mention, behind, name, words in keyed:
        if not words:
            continue
        owner = words if words in full else _owner(words, full, recent)
        person = persons.setdefault(owner, Person("", -1, -1))
        person.mentions.append(mention)
        if words == owner and not person.name:
            offset, _ = trim_titles(roles, mention.text[behind:])
            person.name, person.start = name, mention.start + behind + offset
            person.end = person.start + len(name)
        recent = [other for other in recent if other != owner] + [owner]
    return sorted(persons.values(), key=lambda person: person.start)


def _place_before(name: str, places: Container[str]) -> int:
    """Return the offset of a person's name behind a place that was read into it, 0 where there is none.

    "Bupati | Muara Raya Budi Contoh" is Budi Contoh where the text elsewhere has the place Muara Raya.
    """
    tokens = list(_TOKEN.finditer(name))
    for at in range(len(tokens) - 1, 1, -1):
        if fold(name[: tokens[at - 1].end()]) in places:
            return tokens[at].start()
    return 0


def _may_name(roles: Roles, written: str) -> bool:
    """Tell whether a recogniser's span can be a person: no institution, no headline in Title Case."""
    words = fold(written).split()
    return 0 < len(words) <= _MOST_WORDS and roles.no_names.isdisjoint(words) and "\n" not in written


def clean_name(roles: Roles, written: str) -> str:
    """Return a person's name without titles and degrees, "1 Made" read as "I Made"."""
    start, end = trim_titles(roles, written)
    return _BALINESE.sub("I", re.sub(r"\s+", " ", written[start:end]))


def _words(name: str) -> tuple[str, ...]:
    return tuple(fold(name).replace(".", " ").split())


def _is_short(words: tuple[str, ...], everyone: Iterable[tuple[str, ...]]) -> bool:
    """Tell whether another name of the text holds these words, so that they are only its short form."""
    return any(len(other) > len(words) and holds(other, words) for other in everyone)


def holds(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Tell whether the words or letters of `shorter` stand in `longer` in their order, maybe with others between."""
    rest = iter(longer)
    return all(any(word == other for other in rest) for word in shorter)


def _owner(
    words: tuple[str, ...], full: Sequence[tuple[str, ...]], recent: Sequence[tuple[str, ...]]
) -> tuple[str, ...]:
    fitting = [other for other in full if holds(other, words)]
    named = [other for other in recent if other in fitting]
    return named[-1] if named else fitting[0]


ALIAS = r"\s*,?\s*(?:alias|als\.?)\s+[\"\u201c']?([A-Z][\w'-]*(?:\s+[A-Z][\w'-]*){0,2})"  # behind a name
_ALIAS = re.compile(ALIAS, re.ASCII)
_INITIALS = re.compile(r"\s*\(([A-Z]{2,5})\)")  # behind a name
_BLANKS = re.compile(r"\s+")
_ENDS_ALIAS = ("role", "loc", "org")  # labels of mentions that are no part of it


def join_aliases(
    roles: Roles, text: str, mentions: Iterable[Mention], persons: Sequence[Person]
) -> list[Person]:
    """Return the persons, each named as the text writes it with his alias: "Abdul Contoh alias Leo" is one.

    Whoever is named only by the alias is the first who bears it; another full name that it may shorten stays
    a person of its own.
    """
    tagged = {mention.start: (mention, person) for person in persons for mention in person.mentions}
    borders = [mention.start for mention in mentions if mention.label in _ENDS_ALIAS]
    named = {id(person): person for person in persons}
    bearers: dict[int, int] = {}  # the person to whom a mention right behind "alias" belongs
    for person in persons:
        for mention in person.mentions if id(person) in named else ():
            found = _ALIAS.match(text, mention.end)
            start = found.start(1) if found else -1
            alias, other = tagged.get(start, (None, None))
            if found is None or other is person:
                continue
            end = alias.end if alias else start + _alias_length(roles, found[1], start, borders)
            if end == start:
                continue
            bearers[start] = id(person)
            more = [alias] if alias else []
            whole = alias is not None and other is not None and clean_name(roles, alias.text) == other.name
            if whole and named.get(id(other)) is other:
                more = named.pop(id(other)).mentions
            so_far = named[id(person)]
            ordered = sorted({*so_far.mentions, *more}, key=lambda m: m.start)
            name = f"{person.name}{ALSO_CALLED}{_BLANKS.sub(' ', text[start:end])}"
            named[id(person)] = (
                Person(name, person.start, end, ordered)
                if so_far is person
                else replace(so_far, mentions=ordered)
            )
    return [_without_aliases(person, at, bearers) for at, person in named.items()]


def _without_aliases(person: Person, at: int, bearers: Mapping[int, int]) -> Person:
    """Return a person without the mentions that are the alias of somebody else."""
    own = [mention for mention in person.mentions if bearers.get(mention.start, at) == at]
    return replace(person, mentions=own)


def _alias_length(roles: Roles, written: str, start: int, borders: Iterable[int]) -> int:
    """Return how many characters of the words behind "alias" are a name: it ends where an office or a place begins."""
    words = words_of(fold(written))
    offices = (found.first for table in (roles.posts, roles.bodies) for found in table.find(words))
    stops = [words[first].start for first in offices]
    stops += [word.start for word in words if word.text in roles.no_names]
    stops += [border - start for border in borders if start <= border < start + len(written)]
    return len(written[: min(stops, default=len(written))].rstrip())


def join_initials(text: str, persons: Sequence[Person]) -> list[Person]:
    """Return the persons, those named by initials joined with the name that the text gives them for.

    "Budi Contoh (BC)" is one with every later "BC". Initials that stand behind two names join nobody.
    """
    bearers: dict[str, list[Person]] = {}
    for person in persons:
        after = (_INITIALS.match(text, mention.end) for mention in person.mentions)
        for initials in {found[1] for found in after if found and _spells(found[1], person.name)}:
            bearers.setdefault(initials, []).append(person)
    known = {name: found[0] for name, found in bearers.items() if len(found) == 1 and found[0].name != name}
    more: dict[int, list[Mention]] = {}
    for person in persons:
        if person.name in known:
            more.setdefault(id(known[person.name]), []).extend(person.mentions)
    return [
        replace(person, mentions=sorted({*person.mentions, *more.get(id(person), ())}, key=lambda m: m.start))
        for person in persons
        if person.name not in known
    ]


def _spells(initials: str, name: str) -> bool:
    """Tell whether letters stand in a name in this order, the first one where a word begins: "KS" of "Kasmuri"."""
    begins = any(word.startswith(initials[0].lower()) for word in fold(name).split())
    return begins and holds(fold(name), initials.lower())
