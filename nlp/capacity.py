"""What an official does in the article: speaks, attends, decides, reports, is accused or is only named."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.cues import Word, words_of
from nlp.offices import Office
from nlp.persons import Person
from nlp.records import Case, Official
from nlp.roles import Roles
from nlp.text import fold, sentences

_NEAR = 4  # words between a name and a word about it
_SUBJECT = 2  # words between a name and the verb of which it is the subject
_BY_CATEGORY = {"kuasa_hukum": "kuasa_hukum"}


def capacities(text: str, officials: Sequence[tuple[Person, Office]], roles: Roles) -> list[str]:
    """Return one capacity of roles.toml for each official, from the words around the mentions."""
    if not officials:
        return []
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
                cues[at] = [(hit.label, hit.first, hit.last) for hit in roles.capacity.find(words[at])]
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
    """Return the cues that speak of the name: nouns right before it, verbs of its own behind it."""
    first, last = name
    acts: list[str] = []
    quoted = any(label == "speech" and 0 <= first - end <= 2 * _NEAR for label, _, end in cues)
    for label, begin, end in cues:
        left, right = first - end, begin - last
        before, after = 0 <= left <= _NEAR, 0 <= right <= _NEAR
        said = any(other == "speech" and last <= at < begin for other, at, _ in cues)
        told = 0 <= right <= _SUBJECT and not (quoted or said)  # "X dilaporkan"; not "menurut X, diduga ..."
        fits = {
            "accused": left == 0,  # "terdakwa X"; not "... terdakwa," kata X
            "reporter": left == 0,
            "decider": left == 0,
            "saksi": left == 0,
            "accusation": told,
            "reporting": told,
            "attending": after and not said,
            "speech": before or 0 <= right <= 4 * _NEAR,
        }.get(label, before or after)
        if fits:
            acts.append(label)
    return acts


def _decide(acts: Sequence[str]) -> str:
    for label, capacity in (
        ("saksi", "saksi"),
        ("reporter", "pelapor"),
        ("reporting", "pelapor"),
        ("accused", "terlapor"),
        ("accusation", "terlapor"),
        ("decider", "pengambil_keputusan"),
        ("pengambil_keputusan", "pengambil_keputusan"),
        ("attending", "hadir"),
        ("narasumber", "narasumber"),
        ("speech", "pembicara_pers"),
        ("attended", "hadir"),
    ):
        if label in acts:
            return capacity
    return "disebut"
