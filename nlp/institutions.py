"""Institutions in normal form: "Panwaslucam X" is "Panwaslu Kecamatan X"; "Camat X" serves "Kecamatan X"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.cues import Word
from nlp.region_names import kind_of
from nlp.roles import Body, Found, Level, Roles

Naming = Callable[[str], str | None]
_FITS: dict[str, tuple[str, ...]] = {"daerah": ("provinsi", "kabupaten", "kota")}
_BRACKET = re.compile(r"\s*\([^()]{1,40}\)")
_PAPUA = ("91", "92", "93", "94", "95", "96")


@dataclass(frozen=True, slots=True)
class Place:
    """A place name inside a phrase, by offsets in it, with its code where one is certain."""

    start: int
    end: int
    text: str
    code: str | None = None


def capitalised(text: str) -> str:
    """Return the text with its first letter large, and no run of blanks."""
    text = re.sub(r"\s+", " ", text).strip(" ,")
    return text[:1].upper() + text[1:]


def place_title(place: Place, naming: Naming, level: Level | None = None, word: str | None = None) -> str:
    """Return a place with its kind word ("Kabupaten Agam"), or as written where its code is unknown.

    With `level`, a code of another kind is not believed: "Camat Sukabumi" never is of Kota Sukabumi.
    `word` is the kind word of a village where the office tells it (wali nagari: Nagari).
    """
    name = naming(place.code) if place.code else None
    if place.code is None or name is None:
        return _cased(place.text)
    kind = kind_of(place.code)
    if level and kind not in _FITS.get(level, (level,)):
        return _cased(place.text)
    if kind == "desa" and word and word != "Kelurahan":
        return f"{word} {name}"
    name = name.replace("Daerah Khusus Ibukota", "DKI")
    return f"{_kind_word(place, kind)}{name}"


def bare_name(roles: Roles, written: str) -> str:
    """Return a place name without its kind word: "Kec. Adiluwih" → "Adiluwih"."""
    words = written.split()
    levels = roles.file.reading.level_words
    while len(words) > 1 and words[0].lower().rstrip(".") in levels:
        del words[0]
    return _cased(" ".join(words).strip(" ,"))


def body_name(
    roles: Roles,
    text: str,
    span: tuple[int, int],
    found: Found,
    words: Sequence[Word],
    places: Sequence[Place],
    naming: Naming,
) -> tuple[str, Place | None]:
    """Return the normal name of the institution at `span` of `text`, and the place that it is of.

    `found` says which words of the text name its body.
    """
    body: Body = found.entry
    start, end = span
    stop = words[found.last - 1].end
    if bracket := _BRACKET.match(text, stop, end):
        stop = bracket.end()
    place = next((p for p in reversed(places) if stop <= p.start and p.end <= end), None)
    written = text[start : words[found.last - 1].end]
    name = body.normal or (written.title() if written.islower() else written)
    tail = text[stop:end].strip(" ,")
    if body.place is None:
        return capitalised(f"{name} {_tail_as_written(roles, tail)}"), place
    if place is None and not (tail and tail[0].isupper()):
        return capitalised(f"{name} {_placeless(body, tail)}"), None
    between = text[stop : place.start].strip(" ,") if place else ""
    return capitalised(f"{name} {_of_place(roles, body, between, place, tail, naming)}"), place


def _of_place(roles: Roles, body: Body, between: str, place: Place | None, tail: str, naming: Naming) -> str:
    levels = roles.file.reading.level_words
    if body.place in ("kecamatan", "desa"):
        word = "Kecamatan" if body.place == "kecamatan" else "Desa"
        title = place_title(place, naming, body.place) if place else tail
        if place and place.code and kind_of(place.code) == body.place and naming(place.code):
            return title
        kept = [w for w in between.split() if w.lower().rstrip(".") not in levels]
        return " ".join([*kept, word, bare_name(roles, place.text if place else tail)])
    if place is None:
        return tail
    kept = between.split()
    title = place_title(place, naming)
    if kept and place.code and naming(place.code) and kept[-1].lower().rstrip(".") in levels:
        kept.pop()
    return _kept_case(" ".join([*kept, title]))


def _placeless(body: Body, tail: str) -> str:
    if body.place == "kecamatan":
        return "Kecamatan" if body.normal == "Panwaslu" else tail
    return _kept_case(tail)


def _tail_as_written(roles: Roles, tail: str) -> str:
    return " ".join(w.title() if w.lower() in roles.file.reading.level_words else w for w in tail.split())


def _kept_case(text: str) -> str:
    return " ".join(w[:1].upper() + w[1:] if w.islower() and len(w) > 3 else w for w in text.split())


def _cased(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    letters = [c for c in text if c.isalpha()]
    if text.islower():
        return text.upper() if len(text) <= 4 else text.title()
    if len(letters) > 5 and text.isupper():
        return text.title()
    return text[:1].upper() + text[1:]


def _kind_word(place: Place, kind: str) -> str:
    code = place.code or ""
    if kind in ("kabupaten", "kota"):
        return ""  # the register's name begins with it
    if kind == "provinsi":
        return "Provinsi "
    if kind == "kecamatan":
        if code.startswith(_PAPUA):
            return "Distrik "
        if code.startswith("34"):
            return "Kemantren " if code.startswith("34.71") else "Kapanewon "
        return "Kecamatan "
    written = place.text.split()[0]
    if len(place.text.split()) > 1 and written[:1].isupper():
        return f"{written} " if written.lower() in _VILLAGE_WORDS else _village_word(code)
    return _village_word(code)


def _village_word(code: str) -> str:
    if code[9:10] == "1":
        return "Kelurahan "
    return "Kalurahan " if code.startswith("34") else "Desa "


_VILLAGE_WORDS = frozenset(
    "desa kelurahan kalurahan pekon nagari gampong kampung tiyuh lembang negeri ohoi kampong nagori".split()
)
