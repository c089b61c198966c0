"""Records of what a text says: the contract between reading and storing.

Offsets count characters (Python `str`) of the text that was read. Ids are those of data/taxonomy/*.toml,
place codes those of Kemendagri (Kepmendagri 300.2.2-2138/2025). None means that the text does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

#: Between the names of one person who is written with an alias, in `Terlapor.name`.
ALSO_CALLED = " alias "


@dataclass(frozen=True, slots=True)
class Document:
    """A clean text to read; `published` carries its zone, `home` is the outlet's home region code."""

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    published: datetime | None = None
    outlet: str | None = None
    home: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the text that asserts what a case says."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, role, organisation, place, date or law reference as written, with its value.

    `codes` holds every place code that remains possible (one entry where it is certain); `code` is the
    first of them. `iso` is a day, a month `2024-11` or a range `2024-09-25/2024-11-23`. `role` tells a
    date's part (event, statement, stage, published), `function` a place's (event, institution, origin,
    dateline, comparison), `method` how the value was found, `conflict` why it is in doubt.
    """

    label: str  # per | role | org | loc | date | law
    start: int
    end: int
    text: str
    code: str | None = None
    codes: tuple[str, ...] = ()
    iso: str | None = None
    precision: str | None = None
    role: str | None = None
    function: str | None = None
    method: str | None = None
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Official:
    """A named person with an office; `start` and `end` are those of the first full mention of the name.

    `rank_apart` tells that the rank stands on its own beside the name ("Kapolsek X, AKP Nama"); `called` is the
    post in the article's words where role, prefix and institution say it in others ("Ketua Panwascam").
    """

    name: str
    role: str | None
    institution: str | None
    jurisdiction: str | None
    category: str | None
    status_prefix: str | None
    rank: str | None
    capacity: str
    start: int
    end: int
    rank_apart: bool = False
    called: str | None = None

    def designations(self) -> Iterator[dict[str, Any]]:
        """Yield what the text calls the person: the office, and a rank that stands apart from it.

        Here `role` is in the article's own words.
        """
        whole = asdict(self) | {"role": self.called or self.role}
        del whole["rank_apart"], whole["called"]
        yield whole
        if self.rank_apart:
            yield whole | dict.fromkeys(("role", "institution", "jurisdiction", "status_prefix"))


@dataclass(frozen=True, slots=True)
class Terlapor:
    """Whom a case accuses: a name, initials or None; the role as written; `n` persons (None: several)."""

    name: str | None
    role: str | None
    category: str | None
    n: int | None = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One alleged or decided act: one record per (terlapor, act, place)."""

    id: str
    types: tuple[str, ...]
    bentuk: tuple[str, ...]
    terlapor: tuple[Terlapor, ...]
    korban: str | None
    reporter: str | None
    place: str | None
    event_date: str | None
    source: str | None
    stage: str
    next_announced: str | None
    outcome: dict[str, str]
    forum: tuple[str, ...]
    reg_no: str | None
    sanction: str | None
    denial: bool
    legal_refs: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class EventRef:
    """When and where the act or the prevention event took place."""

    date: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure that the text gives: a claim to be stored with its speaker, never a case."""

    value: float
    unit: str
    measure: str | None
    area: str | None
    as_of: str | None
    approx: bool
    speaker: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LegalRef:
    """A law reference as written and in normal form, with a conflict where the year is misprinted."""

    start: int
    end: int
    text: str
    normal: str | None
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that was read from one document; `why` names the cues behind `kind`."""

    id: str
    kind: str
    confidence: float
    flags: tuple[str, ...]
    election: str | None
    types: tuple[str, ...]
    bentuk: tuple[str, ...]
    event: EventRef
    cases: tuple[Case, ...]
    officials: tuple[Official, ...]
    roles_present: tuple[str, ...]
    mentions: tuple[Mention, ...]
    stats: tuple[Stat, ...]
    legal_refs: tuple[LegalRef, ...]
    model_version: str
    why: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object that `wartawas extract --json` prints; officials are one record a designation."""
        officials = [record for official in self.officials for record in official.designations()]
        return asdict(self) | {"officials": officials}
