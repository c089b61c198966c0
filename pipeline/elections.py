"""The election calendar: stages (tahapan) by regulation, from data/taxonomy/calendar.toml; never from an article."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline.labels import DATA


@dataclass(frozen=True, slots=True)
class ElectionStage:
    """A stage of an election; both days belong to it. `verified`: seen on pages that cite the regulation."""

    id: str
    name: str
    start: date
    end: date
    verified: bool


@dataclass(frozen=True, slots=True)
class Election:
    """An election: whether a national one, its day of voting, the regulation, its stages by first day."""

    id: str
    general: bool
    vote: date
    source: str
    stages: tuple[ElectionStage, ...]


@cache
def load_elections() -> dict[str, Election]:
    """Return the elections of data/taxonomy/calendar.toml by id, oldest first."""
    table = tomllib.loads((DATA / "taxonomy" / "calendar.toml").read_text(encoding="utf-8"))
    elections = [
        Election(
            entry["id"],
            entry["general"],
            entry["vote"],
            entry["source"],
            tuple(
                sorted((ElectionStage(**stage) for stage in entry["stages"]), key=lambda stage: stage.start)
            ),
        )
        for entry in table["election"]
    ]
    return {election.id: election for election in sorted(elections, key=lambda election: election.vote)}


def find_stage(text: str) -> ElectionStage | None:
    """Return the stage that "kampanye pilkada 2024" names (its id, then the election's), None for no such."""
    name, _, election = text.strip().partition(" ")
    found = load_elections().get(election)
    return next((stage for stage in found.stages if stage.id == name), None) if found else None


def stages_between(first: date, last: date) -> list[tuple[Election, ElectionStage]]:
    """Return the stages of which any day lies between these days, with their elections."""
    return [
        (election, stage)
        for election in load_elections().values()
        for stage in election.stages
        if stage.start <= last and stage.end >= first
    ]
