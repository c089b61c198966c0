"""The taxonomy of violations and of their handling, read from data/taxonomy and checked.

`load_taxonomy` reads taxonomy.toml (types, forms, kinds, cues, modality) and status.toml (sources, stages,
outcomes, tracks, forums, sanctions, register numbers). Analysts edit these files: whatever is wrong in them
is refused with the file, the key and the value.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

ROOT = Path(__file__).resolve().parents[1]
DATA = next(p for p in (ROOT / "wartawas_data", ROOT / "data") if p.is_dir())


class TaxonomyError(ValueError):
    """A file of data/taxonomy says something that can't be used; the message names file, key and value."""


class Row(BaseModel):
    """A table of the data files: unknown keys are errors, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LegalText(Row):
    """A legal reference of a type; `verified` is false until somebody looked its number and content up."""

    text: str
    verified: bool
    verified_part: str | None = None
    source: str | None = None


class DocKind(Row):
    """One of the four kinds of document, with the words that speak for and against it."""

    id: Literal["pelanggaran", "pencegahan", "informasi", "lainnya"]
    gloss: str
    rule: str
    cues: tuple[str, ...]
    anti_cues: tuple[str, ...] = ()
    note: str | None = None


class Category(Row):
    """A level-1 group of types."""

    id: str
    nama: str
    gloss: str
    note: str | None = None


class ViolationType(Row):
    """A level-2 type of violation: its law, its usual actors, its cues and its traps."""

    id: str
    parent: str
    nama: str
    gloss: str
    legal_pemilu: tuple[LegalText, ...]
    legal_pilkada: tuple[LegalText, ...]
    legal_other: tuple[LegalText, ...] = ()
    actors: tuple[str, ...]
    bawaslu_category: tuple[str, ...]
    routing: str | None = None
    cues: tuple[str, ...]
    hard_negatives: tuple[str, ...]
    note: str | None = None


class AsnForm(Row):
    """A form (bentuk) of a civil servant's partisanship, as the joint decree of 2022 lists them."""

    id: str
    nama: str
    skb: str
    cues: tuple[str, ...]


class ElectionWords(Row):
    """Words that say that an article is about an election."""

    words: tuple[str, ...]


class Modality(Row):
    """Words that say whether a sentence asserts an act, forbids it, fears it, denies it or plans it.

    A sentence with a `blocking` phrase and no `decisive` one asserts nothing, whatever else it says.
    """

    asserted: tuple[str, ...]
    alleged: tuple[str, ...]
    prohibited_or_advised: tuple[str, ...]
    hypothetical: tuple[str, ...]
    risk_only: tuple[str, ...]
    negated: tuple[str, ...]
    future: tuple[str, ...]
    reported_past_statistics: tuple[str, ...]
    decisive: tuple[str, ...]
    blocking: tuple[str, ...]
    note: str | None = None


class CaseSource(Row):
    """Where a case comes from (sumber); `nama` is how pages call it where the id would not do."""

    id: str
    nama: str | None = None
    gloss: str
    cues: tuple[str, ...]
    trap: str | None = None


class Stage(Row):
    """A step of handling; `order` grows towards the end, `terminal` closes its track."""

    id: str
    order: int = Field(ge=0, le=99)
    terminal: bool = False
    nama: str
    gloss: str
    decides: tuple[str, ...]
    deadline: str | None = None
    deadline_verified: bool | None = None
    subtypes: tuple[str, ...] = ()
    cues: tuple[str, ...]
    not_cues: tuple[str, ...] = ()
    trap: str | None = None
    note: str | None = None


class Outcome(Row):
    """What came of a case on one track."""

    id: str
    gloss: str
    cues: tuple[str, ...]
    note: str | None = None
    trap: str | None = None


class Track(Row):
    """The box in which a case runs, with the stages it usually takes."""

    id: str
    gloss: str
    path: tuple[str, ...]
    note: str | None = None


class Forum(Row):
    """A body to which a case is forwarded or that decides it."""

    id: str
    gloss: str
    cues: tuple[str, ...]
    sanctions: tuple[str, ...] = ()
    valid_until: str | None = None
    note: str | None = None


class TaxonomyFile(Row):
    """taxonomy.toml as it stands."""

    meta: dict[str, Any]
    election: ElectionWords
    doc_kind: tuple[DocKind, ...]
    modality: Modality
    category: tuple[Category, ...]
    type: tuple[ViolationType, ...]
    asn_form: tuple[AsnForm, ...]


class StatusFile(Row):
    """status.toml as it stands."""

    meta: dict[str, Any]
    sumber: tuple[CaseSource, ...]
    stage: tuple[Stage, ...]
    outcome: tuple[Outcome, ...]
    track: tuple[Track, ...]
    forum: tuple[Forum, ...]
    sanksi: dict[str, tuple[str, ...]]
    regnum: dict[str, Any]


class Taxonomy(BaseModel):
    """Both files in one, with lookups by id."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    file: TaxonomyFile
    status: StatusFile
    types: dict[str, ViolationType]
    forms: dict[str, AsnForm]
    kinds: dict[str, DocKind]
    stages: dict[str, Stage]
    sources: dict[str, CaseSource]
    outcomes: dict[str, Outcome]
    tracks: dict[str, Track]
    forums: dict[str, Forum]
    register_numbers: dict[str, re.Pattern[str]]

    @property
    def unknown_stage(self) -> str:
        """Return the stage of a case whose article names none."""
        return str(self.status.meta["unknown"])


@lru_cache(maxsize=4)
def load_taxonomy(folder: Path | None = None) -> Taxonomy:
    """Return the taxonomy of `folder` (default: the one shipped); raise TaxonomyError where it is wrong."""
    folder = folder or DATA / "taxonomy"
    file = read_rows(folder / "taxonomy.toml", TaxonomyFile)
    status = read_rows(folder / "status.toml", StatusFile)
    name = folder / "taxonomy.toml"
    categories = _by_id(name, "category", file.category)
    types = _by_id(name, "type", file.type)
    for row in file.type:
        if row.parent not in categories or row.id.split(".")[0] != row.parent:
            raise TaxonomyError(f"{name}: type.{row.id}.parent: {row.parent!r} is no category of this id")
        _known(name, f"type.{row.id}.bawaslu_category", row.bawaslu_category, {t.id for t in status.track})
    name = folder / "status.toml"
    stages = _by_id(name, "stage", status.stage)
    for track in status.track:
        _known(name, f"track.{track.id}.path", track.path, set(stages))
    if "unknown" not in status.meta:
        raise TaxonomyError(f"{name}: meta.unknown: missing; it names the stage of a case without one")
    return Taxonomy(
        file=file,
        status=status,
        types=types,
        forms=_by_id(folder / "taxonomy.toml", "asn_form", file.asn_form),
        kinds=_by_id(folder / "taxonomy.toml", "doc_kind", file.doc_kind),
        stages=stages,
        sources=_by_id(name, "sumber", status.sumber),
        outcomes=_by_id(name, "outcome", status.outcome),
        tracks=_by_id(name, "track", status.track),
        forums=_by_id(name, "forum", status.forum),
        register_numbers=_register_numbers(name, status.regnum),
    )


FileModel = TypeVar("FileModel", bound=BaseModel)
RowModel = TypeVar("RowModel", bound=Any)


def read_rows(path: Path, model: type[FileModel]) -> FileModel:
    """Return a TOML file as `model`; raise TaxonomyError with file, key and value where it does not fit."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise TaxonomyError(f"{path}: can't be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path}: no valid TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise TaxonomyError(f"{path}: {key}: {str(first['input'])[:80]!r} ({first['msg']})") from error


def _by_id(path: Path, section: str, rows: tuple[RowModel, ...]) -> dict[str, RowModel]:
    found: dict[str, RowModel] = {}
    for row in rows:
        if row.id in found:
            raise TaxonomyError(f"{path}: {section}.id: {row.id!r} is used twice")
        found[row.id] = row
    return found


def _known(path: Path, key: str, values: tuple[str, ...], known: set[str]) -> None:
    for value in values:
        if value not in known:
            raise TaxonomyError(f"{path}: {key}: {value!r} is unknown (known: {', '.join(sorted(known))})")


def _register_numbers(path: Path, table: dict[str, Any]) -> dict[str, re.Pattern[str]]:
    patterns: dict[str, re.Pattern[str]] = {}
    for key, value in table.items():
        if key.startswith("tests_") or not isinstance(value, str):
            continue
        try:
            patterns[key] = re.compile(value)
        except re.error as error:
            raise TaxonomyError(f"{path}: regnum.{key}: {value!r} is no pattern ({error})") from error
    for key, pattern in patterns.items():
        for sample in table.get(f"tests_{key}", ()):
            if not pattern.fullmatch(sample):
                raise TaxonomyError(f"{path}: regnum.tests_{key}: {sample!r} does not match regnum.{key}")
    return patterns
