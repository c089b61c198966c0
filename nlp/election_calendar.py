"""The election calendar: stages by regulation, and the election that a text speaks of."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nlp.region_names import DATA

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


@lru_cache(maxsize=1)
def load_elections() -> tuple[Election, ...]:
    """Return the elections of data/taxonomy/calendar.toml, oldest first."""
    table = tomllib.loads((DATA / "taxonomy" / "calendar.toml").read_text(encoding="utf-8"))
    elections = [
        Election(
            row["id"],
            row["general"],
            row["source"],
            row["vote"],
            tuple(row["words"]),
            tuple(ElectionStage(**stage) for stage in row["stages"]),
        )
        for row in table["election"]
    ]
    return tuple(sorted(elections, key=lambda election: election.vote))


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
