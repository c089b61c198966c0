"""Whether the files of data/taxonomy hold together of which readings know nothing: questions and the desk use them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, field_validator

from nlp.roles import load_roles
from nlp.taxonomy import DATA, Row, TaxonomyError, load_taxonomy, read_rows


class DeadlineRow(Row):
    """How long a step may take, at which stages, in which kind of election."""

    general: bool
    stages: tuple[str, ...]
    step: str
    days: int = Field(ge=1)
    workdays: bool
    verified: bool


class DeadlinesFile(Row):
    """deadlines.toml as it stands."""

    deadline: tuple[DeadlineRow, ...]


class IndexRow(Row):
    """A published index: scores with their limits, or classes, by province."""

    id: str
    name: str
    high: float | None = None
    middle: float | None = None
    scores: dict[str, float] = Field(default_factory=dict)
    classes: dict[str, str] = Field(default_factory=dict)


class IndexFile(Row):
    """ikp.toml as it stands."""

    index: tuple[IndexRow, ...]


class ReasonRow(Row):
    """Why a case was stopped, with the patterns that say so."""

    id: str
    nama: str
    cues: tuple[str, ...]

    @field_validator("cues")
    @classmethod
    def check_patterns(cls, cues: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no regular expression."""
        for cue in cues:
            try:
                re.compile(cue)
            except re.error as error:
                raise ValueError(f"{cue!r} is no regular expression: {error}") from None
        return cues


class ReasonsFile(Row):
    """stop_reasons.toml as it stands."""

    reason: tuple[ReasonRow, ...]


class OfficesFile(Row):
    """office_names.toml as it stands."""

    office: dict[str, str]


class TileRow(Row):
    """Where a province stands on the map of the desk."""

    province: str
    column: int
    row: int


class TilesFile(Row):
    """tiles.toml as it stands."""

    tile: tuple[TileRow, ...]


class RegistryFile(Row):
    """registry.toml as it stands."""

    given: tuple[tuple[str, ...], ...]
    wide: tuple[str, ...]
    few: tuple[str, ...]


def check_names(folder: Path | None = None) -> None:
    """Raise TaxonomyError where such a file of data/taxonomy (or `folder`) has a faulty key, or an unknown id."""
    folder = folder or DATA / "taxonomy"
    for name, model in (("ikp", IndexFile), ("stop_reasons", ReasonsFile), ("tiles", TilesFile)):
        read_rows(folder / f"{name}.toml", model)
    categories = set(load_roles(folder / "roles.toml").categories)
    taxonomy = load_taxonomy(folder)
    deadlines = read_rows(folder / "deadlines.toml", DeadlinesFile).deadline
    stages = {stage for row in deadlines for stage in row.stages}
    _known(
        folder / "deadlines.toml", stages, {*taxonomy.stages, taxonomy.unknown_stage}, "stage of status.toml"
    )
    few = read_rows(folder / "registry.toml", RegistryFile).few
    _known(folder / "registry.toml", few, categories, "category of roles.toml")
    actors = {actor for kind in taxonomy.types.values() for actor in kind.actors}
    _known(folder / "taxonomy.toml", actors, categories, "category of roles.toml (actors of a type)")
    offices = read_rows(folder / "office_names.toml", OfficesFile).office
    _known(folder / "office_names.toml", offices, categories, "category of roles.toml")
    for category in sorted(categories - offices.keys()):
        raise TaxonomyError(
            f"{folder / 'office_names.toml'}: office: has no name for {category!r} of roles.toml"
        )


def _known(path: Path, ids: Iterable[str], known: set[str], what: str) -> None:
    for one in sorted(set(ids) - known):
        raise TaxonomyError(f"{path}: {one!r} is no {what}")
