"""Names that papers spell otherwise than the register: "Fajar Bulan" for Pajar Bulan."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.region_names import RegionNames, name_key
from nlp.text import fold

_LEAST = 6  # shorter names differ by a letter too easily
_NUMERAL = re.compile(r"[\s-](\d{1,3}|[ivxl]{1,5})$")
_SOUNDS = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("f", "p"),
    ("v", "p"),
    ("y", "i"),
    ("kh", "k"),
    ("ou", "u"),
)


def find_variant(names: RegionNames, written: str, kind: str, mass: Mapping[str, float]) -> str | None:
    """Return the only unit of `kind` in the regions of `mass` that sounds like a name or is one letter off.

    `written` is the folded name. A numeral at its end is exact: "Urfas I" is no misprint of Urfas II.

    Villages are sought in the kecamatan that the text names before its kabupaten.
    """
    key, numeral = name_key(written), _numeral(written)
    if len(key) < _LEAST:
        return None
    sizes = (8, 5) if kind == "desa" else (5,)
    for size in sizes:
        found = {
            code
            for parent in mass
            if len(parent) == size
            for code in names.inside(parent, kind)
            if _alike(key, name_key(names.official[code])) and _numeral(names.official[code]) == numeral
        }
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _numeral(name: str) -> str | None:
    found = _NUMERAL.search(fold(name))
    return found.group(1) if found else None


def _alike(one: str, other: str) -> bool:
    return _sound(one) == _sound(other) or _one_edit(one, other)


def _sound(key: str) -> str:
    for written, spoken in _SOUNDS:
        key = key.replace(written, spoken)
    return "".join(letter for at, letter in enumerate(key) if at == 0 or letter != key[at - 1])


def _one_edit(one: str, other: str) -> bool:
    """Return whether one letter inside the name was changed, left out or put in; the first must agree."""
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1] or min(len(one), len(other)) < _LEAST:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    if len(one) == len(other):
        return one[at + 1 :] == other[at + 1 :]
    short, long = sorted((one, other), key=len)
    return short[at:] == long[at + 1 :]
