"""Names of places that a recogniser read as persons': "Kades Rawa Bening, Budi", "Ani, anggota BPD Rawa Bening"."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.persons import Person
from nlp.reading import Reading

_KIND = re.compile(
    r"\b(?:Desa|Kelurahan|Kecamatan|Distrik|Kabupaten|Kota|Dusun|Kampung|Pekon|Nagari|Gampong|Tiyuh)\s+$"
)  # before a place's name
# right before a name that is a place's: "Kabupaten X", but "Wali Kota X" and "Kepala Distrik X" hold an office
_AREA = re.compile(r"(?<!Kepala )(?<!Sekretaris )\b(?:Kabupaten|Kecamatan|Kelurahan|(?<!Wali )Kota)\s+$")
_HEAD = (
    r"\b(?i:kepala (?:desa|dusun|jorong|kampung|pekon|nagari|lingkungan|lorong|distrik)|kades|kadus|lurah|camat|"
    r"(?:keuchik|geuchik)(?: gampong)?|wali nagari|pambakal|peratin|perbekel|hukum tua)\s+"
)
_AREA_HEAD = re.compile(rf"{_HEAD}$")  # before "Rawa Bening, Budi,": the first name is the place's
_OF_AREA = re.compile(
    rf"{_HEAD}(?:[A-Z][\w'-]+ ){{0,2}}$"
)  # before "Bening, Kecamatan X", the end of its name
_WITHIN = re.compile(r",? (?:Kecamatan|Kec\.|Distrik|Kapanewon|Kemantren)\b")
# behind a person and before the name of his area: ", anggota BPD", ", Kepala Desa"
_POST_BEHIND = re.compile(
    rf", (?:mantan )?(?:{_HEAD}|(?i:ketua|wakil ketua|sekretaris|bendahara|anggota|staf)\s+"
    r"(?:BPD|PPS|PPK|Panwascam|Panwaslucam|PKD)\s+)$"
)
_NO_OFFICE = (
    r"(?!(?i:kades|kadus|sekdes|lurah|camat|sekcam|kepala|ketua|sekretaris|bendahara|wakil|anggota|bupati|wali|"
    r"perangkat|kaur|kasi|staf|guru|caleg|calon|pj|plt)\b)"
)
_NAME = rf"{_NO_OFFICE}[A-Z][\w'-]+(?: {_NO_OFFICE}[A-Z][\w'-]+){{0,2}}"
_ROW = re.compile(
    rf"{_HEAD}({_NAME}(?:, {_NAME})+,? (?:dan|serta) {_NAME})"
)  # "Kades Rawa, Toro, dan Bening"
_REACH = 60  # characters before a name in which its office stands


def is_of_place(reading: Reading, person: Person) -> bool:
    """Tell whether a name is a place's, or its end: "Jaya" of "Tanjung Beringin Jaya", "Kades Rawa Bening, Budi,"."""
    text = reading.document.text
    named = {mention.start for mention in reading.mentions if mention.label == "per"}
    if all(
        _AREA.search(text, max(0, mention.start - 14), mention.start)
        or (
            _AREA_HEAD.search(text, max(0, mention.start - 24), mention.start)
            and text.startswith(", ", mention.end)
            and mention.end + len(", ") in named
        )
        for mention in person.mentions
    ):
        return True
    if _ends_place(reading, person):
        return True
    headed = all(
        _OF_AREA.search(text, max(0, mention.start - _REACH), mention.start) for mention in person.mentions
    )
    if headed and any(_WITHIN.match(text, mention.end) for mention in person.mentions):
        return True
    return _is_of_post(reading, person) or _is_in_row(text, named, person)


def _ends_place(reading: Reading, person: Person) -> bool:
    text = reading.document.text
    places = [mention for mention in reading.mentions if mention.label == "loc"]
    ends = f" {person.name}"
    return any(place.text.endswith(ends) for place in places) and all(
        _KIND.search(text, max(0, mention.start - 12), mention.start)
        or any(place.end + 1 == mention.start for place in places)
        for mention in person.mentions
    )


def _is_of_post(reading: Reading, person: Person) -> bool:
    """Tell whether a name stands behind the office of a person named before it: "Ani, anggota BPD Rawa Bening"."""
    text = reading.document.text
    ends = {mention.end for mention in reading.mentions if mention.label == "per"}
    found = (
        _POST_BEHIND.search(text, max(0, mention.start - _REACH), mention.start)
        for mention in person.mentions
    )
    return all(post is not None and post.start() in ends for post in found)


def _is_in_row(text: str, named: set[int], person: Person) -> bool:
    """Tell whether a name stands in a list of areas whose heads are meant: "Kades Rawa Bening, Toro, dan Randu"."""
    rows = [(first, last) for first, last in _rows(text) if first not in named]
    return bool(rows) and all(
        any(first < mention.start < last for first, last in rows) for mention in person.mentions
    )


@lru_cache(maxsize=1)  # asked once for each person of a text
def _rows(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(row.span(1) for row in _ROW.finditer(text))
