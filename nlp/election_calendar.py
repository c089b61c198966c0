"""The election calendar: stages by regulation, and the election that a text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from nlp.taxonomy import DATA, Row, TaxonomyError, read_rows
from nlp.text import fold

_NEAR = 400  # days between an article and a vote that it can be about
_GENERAL = re.compile(r"\bpemilu\b(?! kepala)|\bpileg\b|\bpilpres\b")
_LOCAL = re.compile(r"\bpilkada\b|\bpilbup\b|\bpilgub\b|\bpilwal\w+\b|pemilihan serentak")


@dataclass(frozen=True, slots=True)
class ElectionStage:
    """A stage (tahapan) of an election, from `start` to `end`, both inclusive."""

    id: str
    name: str
    start: date
    end: date
    verified: bool


@dataclass(frozen=True, slots=True)
class Election:
    """An election with its voting day, its stages and the regulation that sets them."""

    id: str
    general: bool
    source: str
    vote: date
    words: tuple[str, ...]
    stages: tuple[ElectionStage, ...]

    def stage(self, stage_id: str) -> ElectionStage | None:
        """Return a stage by its id, None where the election has none."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)


class StageRow(Row):
    """A stage as calendar.toml has it."""

    id: str
    name: str
    start: date
    end: date
    verified: bool


class ElectionRow(Row):
    """An election as calendar.toml has it; its id is what findings and filters call it."""

    id: str = Field(pattern=r"^(pemilu|pilkada|psu) 20\d\d$")
    general: bool
    source: str
    vote: date
    words: tuple[str, ...]
    stages: tuple[StageRow, ...]


class CalendarFile(Row):
    """calendar.toml as it stands."""

    election: tuple[ElectionRow, ...]


@lru_cache(maxsize=2)
def load_elections(folder: Path | None = None) -> tuple[Election, ...]:
    """Return the elections of data/taxonomy/calendar.toml, oldest first; raise TaxonomyError where it is wrong."""
    path = (folder or DATA / "taxonomy") / "calendar.toml"
    elections: dict[str, Election] = {}
    for row in read_rows(path, CalendarFile).election:
        stages = tuple(ElectionStage(s.id, s.name, s.start, s.end, s.verified) for s in row.stages)
        words = tuple(map(fold, row.words))
        if row.id in elections:
            raise TaxonomyError(f"{path}: election.id: {row.id!r} is used twice")
        if str(row.vote.year) != row.id.split()[1]:
            raise TaxonomyError(f"{path}: {row.id}.vote: {row.vote} is not in the year of the id")
        elections[row.id] = election = Election(row.id, row.general, row.source, row.vote, words, stages)
        for stage in stages:
            if stage.start > stage.end:
                raise TaxonomyError(f"{path}: {row.id}.{stage.id}: ends on {stage.end}, before {stage.start}")
        if not row.id.startswith("psu") and election.stage("pemungutan") is None:
            raise TaxonomyError(
                f"{path}: {row.id}.stages: none has the id 'pemungutan' (the day of the vote)"
            )
    return tuple(sorted(elections.values(), key=lambda election: election.vote))


def choose_election(folded: str, today: date | None) -> Election | None:
    """Return the election that a text is about: the nearest one of the kind that it speaks of.

    Without `today` only an election that the text names with its year can be told.
    """
    elections = [election for election in load_elections() if election.stage("pemungutan")]
    named = [election for election in elections if any(word in folded for word in election.words)]
    if today is None:
        return named[0] if len(named) == 1 else None
    near = [election for election in elections if abs((election.vote - today).days) <= _NEAR]
    general, local = bool(_GENERAL.search(folded)), bool(_LOCAL.search(folded))
    kind = near if general == local else [election for election in near if election.general is general]
    return min(kind or near, key=lambda election: abs((election.vote - today).days), default=None)
