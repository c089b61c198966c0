"""The election calendar: stages (tahapan) by regulation, from data/taxonomy/calendar.toml; never from an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from nlp.election_calendar import Election, ElectionStage
from nlp.election_calendar import load_elections as load_calendar


@cache
def load_elections() -> dict[str, Election]:
    """Return the elections of data/taxonomy/calendar.toml by id, oldest first, stages by their first day."""
    return {
        election.id: replace(election, stages=tuple(sorted(election.stages, key=lambda stage: stage.start)))
        for election in load_calendar()
    }


def voted_on_one_day() -> dict[str, Election]:
    """Return the elections with one voting day for all, by id: repeated votes of many places have none."""
    return {name: election for name, election in load_elections().items() if election.stage("pemungutan")}


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
