"""Offices that a recogniser left in pieces: "Koordinator Divisi Hukum | , Data dan Informasi | Bawaslu X"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.cues import words_of
from nlp.records import Mention
from nlp.roles import Roles
from nlp.text import fold

_STEP = re.compile(r"(?:\s?,\s?(?:(?:dan|serta) )?|\s(?:dan|serta|&)\s|\s)(\w+)")
_SHORT = re.compile(r"\s?\([A-Z][A-Z0-9-]{1,9}\)")
# "Ketua Persatuan Perangkat Desa | (PPDI) Jepara |, Nama"
_TAIL = re.compile(
    r"(\s\([A-Z][A-Za-z-]{1,11}\)(?: [A-Z][\w'\u2019-]+){1,3}),\s(?:(?:H|Hj|Drs|Dra|Ir)\.?\s)*"
)
_BALINESE = re.compile(
    r"(?P<place>(?:[A-Z][\w'\u2019-]+ ){1,3})(?=(?:I|Ni|1) "
    r"(?:Made|Wayan|Nyoman|Ketut|Gede|Gde|Gusti|Dewa|Komang|Kadek|Putu|Nengah|Luh)\b)"
)
_NO_PLACE = frozenset(("jro", "jero", "bapak", "ibu", "pak", "bu"))
_ELECTORAL = ("bawaslu", "kpu")


def join_pieces(roles: Roles, text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions (per, role, org; in text order) with the pieces of one office put together."""
    pieces = [part for mention in mentions for part in _rank_apart(roles, text, mention)]
    joined: list[Mention] = []
    for at, piece in enumerate(pieces):
        office = joined[-1] if joined and joined[-1].label == "role" else None
        if office is not None:
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            whole, rest = _settle(roles, text, office, piece, following)
            joined[-1] = whole
        else:
            rest = piece
        if rest is not None:
            whole_end = _division_end(roles, text, rest) if rest.label == "role" else rest.end
            joined.append(_upto(text, rest, whole_end))
    return joined


def _settle(
    roles: Roles, text: str, office: Mention, piece: Mention, following: Mention | None
) -> tuple[Mention, Mention | None]:
    """Return an office and what is left of the mention behind it, once the office has its own."""
    if piece.start < office.end:  # a division's name grew over it
        if piece.end <= office.end:
            return office, None
        if piece.label == "org":
            return _upto(text, office, piece.end), None
        return office, _from(text, piece, office.end)
    if _belongs(roles, text, office, piece, following):
        return _upto(text, office, piece.end), None
    if piece.label == "per" and (tail := _TAIL.fullmatch(text, office.end, piece.start)):
        return _upto(text, office, tail.end(1)), piece
    if piece.label == "per" and text[office.end : piece.start] == " ":
        border = _name_start(roles, office, piece)
        if border > piece.start:
            rest = _from(text, piece, border) if border < piece.end else None
            return _upto(text, office, border), rest
    return office, piece


def _rank_apart(roles: Roles, text: str, name: Mention) -> list[Mention]:
    """Return a name and the rank that it took along as two mentions: "Babinsa | Serda Rudi"."""
    if name.label != "per":
        return [name]
    words = words_of(fold(name.text))
    last = max((found.last for found in roles.ranks.find(words) if found.first == 0), default=0)
    while last and last < len(words) and words[last].text in roles.korps:
        last += 1
    if not 0 < last < len(words):
        return [name]
    border = name.start + words[last].start
    return [replace(_upto(text, name, border), label="role"), _from(text, name, border)]


def _upto(text: str, mention: Mention, end: int) -> Mention:
    end = mention.start + len(text[mention.start : end].rstrip(" ,"))
    return replace(mention, end=end, text=text[mention.start : end])


def _from(text: str, mention: Mention, start: int) -> Mention:
    start += len(text[start : mention.end]) - len(text[start : mention.end].lstrip(" ,"))
    return replace(mention, start=start, text=text[start : mention.end])


def _names_division(roles: Roles, office: Mention) -> bool:
    words = fold(office.text).split()
    kinds = set(roles.file.reading.divisions) | {"koordiv", "kadiv"}
    return not kinds.isdisjoint(words) and words[-1].strip("(),.") in roles.file.reading.division_names


def _division_end(roles: Roles, text: str, office: Mention) -> int:
    """Return where the name of the division ends in which the office stops: ", Data dan Informasi"."""
    end = office.end
    if not _names_division(roles, office):
        return end
    while step := _STEP.match(text, end):
        word = step.group(1)
        if not word[0].isupper() or fold(word) not in roles.file.reading.division_names:
            break
        end = step.end()
    short = _SHORT.match(text, end)
    return short.end() if short else end


def _belongs(roles: Roles, text: str, office: Mention, org: Mention, name: Mention | None) -> bool:
    """Tell whether an institution right behind an office is the one that it belongs to.

    A division's is Bawaslu or KPU; that of another office has the holder behind it: "Jaksa Kejari X, Nama".
    """
    if org.label != "org" or text[office.end : org.start] != " ":
        return False
    found = next(roles.bodies.find(words_of(fold(org.text))), None)
    if found is None or found.first > 0:
        return False
    if _names_division(roles, office) or office.text.endswith(")"):
        return found.entry.category.split(".")[0] in _ELECTORAL
    held = name is not None and name.label == "per" and text[org.end : name.start] in (" ", ", ")
    return held and next(roles.bodies.find(words_of(fold(office.text))), None) is None


def _name_start(roles: Roles, office: Mention, name: Mention) -> int:
    """Return where the name begins that a rank's corps or a village stands before.

    "Kapten | Arh Rudi Contoh" and "Perbekel | Sidatapa I Ketut Contoh" took a word of the office along.
    """
    words = list(re.finditer(r"\S+", name.text))
    before = words_of(fold(office.text))
    ranked = any(found.last == len(before) for found in roles.ranks.find(before))
    if ranked and fold(words[0].group()) in roles.korps:
        return name.start + words[1].start() if len(words) > 1 else name.end
    place = _BALINESE.match(name.text)
    if place is None or not (_NO_PLACE | roles.titles).isdisjoint(fold(place["place"]).split()):
        return name.start
    return name.start + place.end()
