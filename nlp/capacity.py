"""What an official does in the article: speaks, attends, decides, reports, is accused or is only named."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.cues import Phrasebook, Word, words_of
from nlp.offices import Office
from nlp.persons import Person
from nlp.records import Case, Official
from nlp.roles import Roles
from nlp.text import fold, sentences

_NEAR = 4  # words between a name and the verb of which it is the subject
_BY_CATEGORY = {"kuasa_hukum": "kuasa_hukum"}


def capacities(text: str, officials: Sequence[tuple[Person, Office]], roles: Roles) -> list[str]:
    """Return one capacity of roles.toml for each official, from the words around the mentions."""
    if not officials:
        return []
    book = Phrasebook(roles.file.capacity)
    spans = sentences(text)
    starts = [start for start, _ in spans]
    words = [words_of(fold(text[start:end])) for start, end in spans]
    cues: dict[int, list[tuple[str, int, int]]] = {}
    found: list[str] = []
    for person, office in officials:
        seen: list[str] = []
        for mention in person.mentions:
            at = bisect_right(starts, mention.start) - 1
            if at not in cues:
                cues[at] = [(hit.label, hit.first, hit.last) for hit in book.find(words[at])]
            offset = starts[at]
            name = _word_range(words[at], mention.start - offset, mention.end - offset)
            seen += _acts(name, cues[at])
        found.append(_BY_CATEGORY.get(office.category or "") or _decide(seen))
    return found


def settled(officials: Iterable[Official], kind: str, cases: Sequence[Case]) -> tuple[Official, ...]:
    """Return the officials with what the judgement adds: who is accused, and who spoke at an event.

    A speaker of a prevention event is its narasumber; elsewhere he speaks to the press.
    """
    accused = {t.name.casefold() for case in cases for t in case.terlapor if t.name}
    settled: list[Official] = []
    for official in officials:
        capacity = official.capacity
        if official.name.casefold() in accused:
            capacity = "terlapor"
        elif capacity == "pembicara_pers" and kind == "pencegahan":
            capacity = "narasumber"
        settled.append(replace(official, capacity=capacity))
    return tuple(settled)


def _word_range(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    first = next((i for i, word in enumerate(words) if word.end > start), len(words))
    last = next((i for i, word in enumerate(words) if word.start >= end), len(words))
    return first, last


def _acts(name: tuple[int, int], cues: Sequence[tuple[str, int, int]]) -> list[str]:
    """Return the cues that speak of the name: nouns right before it, verbs of which it is the subject after it."""
    first, last = name
    acts: list[str] = []
    quoted = any(label == "speech" and 0 <= first - end <= 2 * _NEAR for label, _, end in cues)
    for label, begin, end in cues:
        left, right = first - end, begin - last
        before, after = 0 <= left <= _NEAR, 0 <= right <= _NEAR
        fits = {
            "accused": 0 <= left <= 1,  # "terdakwa X"; not "kata X, terdakwa ..."
            "accusation": 0 <= right <= 2 and not quoted,  # "X dilaporkan"; not "menurut X, diduga ..."
            "pelapor": 0 <= left <= 1 or (after and not quoted),
            "attending": after,
            "saksi": 0 <= left <= 1,
            "speech": before or 0 <= right <= 4 * _NEAR,
        }.get(label, before or after)
        if fits:
            acts.append(label)
    return acts


def _decide(acts: Sequence[str]) -> str:
    for label, capacity in (
        ("saksi", "saksi"),
        ("pelapor", "pelapor"),
        ("accused", "terlapor"),
        ("accusation", "terlapor"),
        ("pengambil_keputusan", "pengambil_keputusan"),
        ("attending", "hadir"),
        ("narasumber", "narasumber"),
        ("speech", "pembicara_pers"),
        ("attended", "hadir"),
    ):
        if label in acts:
            return capacity
    return "disebut"
