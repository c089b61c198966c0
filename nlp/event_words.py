"""The word lists of data/taxonomy/event_words.toml, which tell an event's date and place from the others."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from nlp.roles import DATA

_NEEDED = {
    "place": {
        "origin",
        "people",
        "recipient",
        "some",
        "residence",
        "venue",
        "speech",
        "forum",
        "held",
        "elsewhere",
    },
    "host": {"supervisor", "district_supervisor", "district", "village", "court"},
    "date": {"ahead", "bound", "alleged"},
    "stage": {"time", "name", "beside", "runs", "turns", "enters"},
}


class EventWordsError(ValueError):
    """event_words.toml lacks a list or holds something that is none; the message names file and key."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """Word lists by name: around a place, in the office that holds a place, around a date, of a stage's bounds."""

    place: Mapping[str, frozenset[str]]
    host: Mapping[str, frozenset[str]]
    date: Mapping[str, frozenset[str]]
    stage: Mapping[str, frozenset[str]]


@lru_cache(maxsize=1)
def load_event_words() -> EventWords:
    """Return the word lists, read once a process. Raises EventWordsError."""
    file = DATA / "taxonomy" / "event_words.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    lists: dict[str, dict[str, frozenset[str]]] = {}
    for part, names in _NEEDED.items():
        for name in names:
            words = table.get(part, {}).get(name)
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise EventWordsError(f"{file}: {part}.{name}: not a list of words (value {words!r})")
        lists[part] = {name: frozenset(table[part][name]) for name in names}
    return EventWords(lists["place"], lists["host"], lists["date"], lists["stage"])
