"""Which types of violation a sentence describes, by the word groups of data/taxonomy/acts.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from nlp.taxonomy import DATA, Row, TaxonomyError, load_taxonomy, read_rows


class ActRule(Row):
    """An act of type `jenis` is told where all groups of `semua` and none of `tanpa` stand in a sentence."""

    jenis: str
    semua: tuple[str, ...] = Field(min_length=1)
    tanpa: tuple[str, ...] = ()
    bobot: int = Field(ge=1, le=3)


class ActsFile(Row):
    """acts.toml as it stands."""

    perlu: dict[str, tuple[str, ...]]
    oleh: dict[str, tuple[str, ...]]
    kata: dict[str, tuple[str, ...]]
    bentuk: dict[str, tuple[str, ...]]
    tindak: tuple[ActRule, ...]


class Acts:
    """The act rules, with the word groups that they are made of."""

    def __init__(self, file: ActsFile) -> None:
        self.groups = file.kata
        self.forms = file.bentuk
        self._needed = {kind: frozenset(groups) for kind, groups in file.perlu.items()}
        self._subjects = file.oleh
        self._rules = [
            (rule.jenis, frozenset(rule.semua), frozenset(rule.tanpa), rule.bobot) for rule in file.tindak
        ]

    def weights(self, groups: Iterable[str]) -> dict[str, int]:
        """Return the weight (1 to 3) of each type that a sentence with these word groups describes."""
        present = frozenset(groups)
        found: dict[str, int] = {}
        for kind, needed, barred, weight in self._rules:
            if needed <= present and weight > found.get(kind, 0) and not barred & present:
                found[kind] = weight
        return found

    def allow(self, kind: str, groups: Iterable[str]) -> bool:
        """Tell whether a case with these word groups may be of a type: some types must be said in words."""
        return kind not in self._needed or not self._needed[kind].isdisjoint(groups)

    def fit(self, kinds: Sequence[str], categories: Iterable[str]) -> tuple[str, ...]:
        """Return the types without those that are chosen by who acted, where nobody accused is of that office.

        All of them where nobody's office is known, or none would be left.
        """
        known = tuple(categories)
        left = tuple(
            kind
            for kind in kinds
            if kind not in self._subjects or any(one.startswith(self._subjects[kind]) for one in known)
        )
        return left if known and left else tuple(kinds)


@lru_cache(maxsize=2)
def load_acts(folder: Path | None = None) -> Acts:
    """Return the act rules of `folder` (default: those shipped); raise TaxonomyError where they are wrong."""
    path = (folder or DATA / "taxonomy") / "acts.toml"
    file = read_rows(path, ActsFile)
    types, forms = load_taxonomy(folder).types, load_taxonomy(folder).forms
    for form in file.bentuk:
        if form not in forms:
            raise TaxonomyError(f"{path}: bentuk: {form!r} is no form of taxonomy.toml")
    for kind, groups in file.perlu.items():
        if kind not in types or not set(groups) <= file.kata.keys():
            raise TaxonomyError(
                f"{path}: perlu.{kind}: no type of taxonomy.toml, or a group that is not in [kata]"
            )
    for kind in file.oleh:
        if kind not in types:
            raise TaxonomyError(f"{path}: oleh.{kind}: no type of taxonomy.toml")
    for rule in file.tindak:
        if rule.jenis not in types:
            raise TaxonomyError(f"{path}: tindak.jenis: {rule.jenis!r} is no type of taxonomy.toml")
        for group in (*rule.semua, *rule.tanpa):
            if group not in file.kata:
                raise TaxonomyError(f"{path}: tindak.{rule.jenis}: {group!r} is no group of [kata]")
    return Acts(file)
