"""Titles, bodies, ranks and honorifics of data/taxonomy/roles.toml: checked, and compiled to find them.

`load_roles` reads the file once; whatever is wrong in it is refused with the file, the key and the value.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from nlp.cues import Phrasebook, Word

ROOT = Path(__file__).resolve().parents[1]
DATA = next(p for p in (ROOT / "wartawas_data", ROOT / "data") if p.is_dir())
Level = Literal["provinsi", "kabupaten", "kota", "daerah", "kecamatan", "desa"]


# institutions whose short names are nobody's: "Bawaslu", "Polres", "Kejari"
_NO_NAMES = ("bawaslu", "kpu", "polri", "gakkumdu", "pemda", "kejaksaan", "dkpp")


class RolesError(ValueError):
    """roles.toml says something that can't be used; the message names file, key and value."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Meta(_Row):
    """What an official's record holds, and the values of `capacity`."""

    version: str
    fields: tuple[str, ...]
    capacity_values: tuple[str, ...]
    rule_official: str
    rule_capacity: str
    rule_merge: str


class Category(_Row):
    """A class of persons or institutions."""

    id: str
    gloss: str


class Body(_Row):
    """An institution by the forms of its name, and how its people are classed.

    `category` is that of the institution and, where the others are silent, of its people; `normal` replaces
    the written name; `place` says what stands behind it in normal form: the unit as the register calls it
    ("Bawaslu Kabupaten X"), always a kecamatan, always a desa, or (None) the place as written ("Polres X").
    """

    canonical: str
    category: str
    forms: tuple[str, ...]
    levels: dict[str, tuple[str, ...]] = {}
    person: str | None = None
    secretariat: str | None = None
    national: str | None = None
    normal: str | None = None
    place: Literal["unit", "kecamatan", "desa"] | None = None
    metonym: bool = False
    note: str | None = None


class Role(_Row):
    """A post by the forms of its name."""

    canonical: str
    category: str
    forms: tuple[str, ...]
    note: str | None = None


class StatusPrefix(_Row):
    """A word that limits an office: acting, former, would-be."""

    canonical: str
    gloss: str
    forms: tuple[str, ...]
    effect: str | None = None
    note: str | None = None


class Unit(_Row):
    """Offices that name their area: "Camat X" belongs to "Kecamatan X", "Kapolsek X" to "Polsek X"."""

    word: str
    level: Level
    area: bool = False
    forms: tuple[str, ...]


class Reading(_Row):
    """Words that decide how a role phrase is read."""

    own: tuple[str, ...]
    head_of_region: tuple[str, ...]
    acting: tuple[str, ...]
    misspelled_acting: tuple[str, ...]
    secretariat: tuple[str, ...]
    chiefs: tuple[str, ...]
    bare: tuple[str, ...]
    shared: tuple[str, ...]
    hedges: tuple[str, ...]
    relatives: tuple[str, ...]
    level_words: tuple[str, ...]
    divisions: tuple[str, ...]
    division_names: tuple[str, ...]
    collective: tuple[str, ...]


class Ranks(_Row):
    """Ranks of police and army by group, and the category of a person who has a rank but no post."""

    polri: dict[str, tuple[str, ...]]
    tni: dict[str, tuple[str, ...]]
    long: dict[str, str]
    category_if_no_post: dict[str, dict[str, str]]
    rules: dict[str, Any]


class VillageHead(_Row):
    """What a village head is called in a region; `unit` begins with the village's word."""

    term: str
    variants: tuple[str, ...]
    unit: str
    region: str
    verified: bool


class Strip(_Row):
    """What is taken off a name: titles before it, degrees after it."""

    before: dict[str, Any]
    after: dict[str, Any]


class RolesFile(_Row):
    """The whole of roles.toml."""

    meta: Meta
    category: tuple[Category, ...]
    body: tuple[Body, ...]
    role: tuple[Role, ...]
    status_prefix: tuple[StatusPrefix, ...]
    reading: Reading
    unit: tuple[Unit, ...]
    ranks: Ranks
    village_head: tuple[VillageHead, ...]
    strip: Strip
    capacity: dict[str, tuple[str, ...]]
    attendance: dict[str, tuple[str, ...]]
    name_traps: dict[str, Any]
    pattern: tuple[dict[str, str], ...]
    ambiguity: tuple[dict[str, Any], ...]

    @model_validator(mode="after")
    def _known_categories(self) -> RolesFile:
        known = {row.id for row in self.category}
        used = [(f"body {b.canonical}", c) for b in self.body for c in _categories_of(b)]
        used += [(f"role {r.canonical}", r.category) for r in self.role]
        used += [("reading.own", c) for c in self.reading.own]
        used += [("ranks", c) for groups in self.ranks.category_if_no_post.values() for c in groups.values()]
        for where, value in used:
            if value not in known:
                raise ValueError(f"{where}: unknown category {value!r}")
        return self

    @model_validator(mode="after")
    def _forms_once(self) -> RolesFile:
        for rows in (self.body, self.role):
            owner: dict[str, str] = {}
            for row in rows:
                for form in row.forms:
                    if owner.setdefault(form, row.canonical) != row.canonical:
                        raise ValueError(f"form {form!r} stands under {owner[form]!r} and {row.canonical!r}")
        return self


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of roles.toml that words [first, last) of a phrase name."""

    entry: Any
    first: int
    last: int


class _Table:
    """Entries by phrase, found longest first."""

    def __init__(self, entries: Iterable[tuple[Any, Iterable[str]]]) -> None:
        pairs = list(entries)
        self._entries = [entry for entry, _ in pairs]
        self._book = Phrasebook({str(i): forms for i, (_, forms) in enumerate(pairs)})

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Yield the entries in the words, by first word, the longest phrase first."""
        hits = sorted(self._book.find(words), key=lambda hit: (hit.first, -hit.last))
        for hit in hits:
            yield Found(self._entries[int(hit.label)], hit.first, hit.last)


class Roles:
    """roles.toml, compiled: tables of bodies, posts, units, prefixes and ranks to look up in words."""

    def __init__(self, file: RolesFile) -> None:
        self.file = file
        self.categories = {row.id: row.gloss for row in file.category}
        self.bodies = _Table((body, body.forms) for body in file.body)
        heads = [Role(canonical=h.term, category="desa.kepala", forms=_terms(h)) for h in file.village_head]
        taken = {form for role in file.role for form in role.forms}
        own = [(r, [f for f in r.forms if f not in taken]) for r in heads]
        self.posts = _Table([(role, role.forms) for role in file.role] + [(r, f) for r, f in own if f])
        self.units = _Table([(unit, unit.forms) for unit in _all_units(file)])
        self.prefixes = _Table((prefix, prefix.forms) for prefix in file.status_prefix)
        self.ranks = _Table(_rank_entries(file.ranks))
        self.secretariat = _Table([("secretariat", file.reading.secretariat)])
        self.head_of_region = _Table([("head", file.reading.head_of_region)])
        self.capacity = Phrasebook(file.capacity)
        self.openers = Phrasebook({"open": file.attendance["openers"]})
        self.korps = frozenset(word for form in file.ranks.tni["korps_suffix"] for word in form.split())
        self.titles = frozenset(
            _key(title)
            for kind in ("academic", "religious", "polite", "office_words")
            for title in file.strip.before[kind]
        )
        self.no_names = frozenset(
            form
            for body in file.body
            for form in body.forms
            if " " not in form and len(form) > 2 and body.category.startswith(_NO_NAMES)
        )
        self.degrees = frozenset(_key(degree) for degree in file.strip.after["degrees"])


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank's printed form (None: as written) and the category of a holder without a post."""

    printed: str | None
    category: str


@lru_cache(maxsize=4)
def load_roles(path: Path | None = None) -> Roles:
    """Return data/taxonomy/roles.toml (or `path`) compiled. Raises RolesError."""
    file = path or DATA / "taxonomy" / "roles.toml"
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RolesError(f"{file}: not readable as TOML ({error})") from None
    try:
        return Roles(RolesFile(**rows))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "file"
        shown = f" (value {str(first.get('input'))[:80]!r})" if first["loc"] else ""
        raise RolesError(f"{file}: {key}: {first['msg']}{shown}") from None


def _key(title: str) -> str:
    return re.sub(r"[.\s]", "", title).lower()


def _terms(head: VillageHead) -> tuple[str, ...]:
    # "pekon" also stands for its head in headlines, but inside a phrase it is the village
    return (head.term, *(v for v in head.variants if v != head.unit.split()[0]))


def _all_units(file: RolesFile) -> Iterator[Unit]:
    yield from file.unit
    taken = {form for unit in file.unit for form in unit.forms}
    for head in file.village_head:
        word = re.split(r"[ /(=]", head.unit)[0].title()
        forms = tuple(form for form in _terms(head) if form not in taken)
        yield Unit(word=word, level="desa", area=True, forms=forms)


def _categories_of(body: Body) -> list[str]:
    return [c for c in (body.category, body.person, body.secretariat, body.national) if c]


def _rank_entries(ranks: Ranks) -> Iterator[tuple[Rank, tuple[str, ...]]]:
    categories = ranks.category_if_no_post
    groups = {form: categories[force][group] for force, rows in (("polri", ranks.polri), ("tni", ranks.tni))
              for group, forms in rows.items() if group in categories[force] for form in forms}  # fmt: skip
    for form, category in groups.items():
        yield Rank(None, category), (form,)
    for form, printed in ranks.long.items():
        yield Rank(printed, groups[printed.lower()]), (form,)
