"""What an official does in the article: speaks, attends, decides, reports, is accused or is only named."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.cues import Word, words_of
from nlp.offices import Office
from nlp.persons import Person, degrees_end
from nlp.records import ALSO_CALLED, Case, Mention, Official
from nlp.roles import Roles
from nlp.text import fold, sentences

_NEAR = 4  # words between a name and a word about it
_SUBJECT = 2  # words between a name and the verb of which it is the subject
_BY_CATEGORY = {"kuasa_hukum": "kuasa_hukum"}
_LIST_REACH = 160  # characters between two names of one list
_LISTED = re.compile(
    r"[\s,;/()]*(?:(?:dan|serta|beserta|bersama|selaku|sebagai)\b[\s,]*)?(?:(?:H|Hj|Drs|Dra|Ir)\.?\s*)*"
)
_LEADING = re.compile(r"[\s,]*(?:(?:H|Hj|Drs|Dra|dr|Ir|KH|Tgk)\.?\s*)*")
_QUOTE = re.compile('["\u201c\u201d]')
_VERB = re.compile(r"(?:me[a-z]{4,}|di[a-z]{4,})")
_SPEECH = ("speech", "speaking")
_PRESENT = ("attending", "attended")
_NOT = frozenset(("tidak", "tak", "belum", "jika", "bila", "apabila"))


def capacities(
    text: str,
    officials: Sequence[tuple[Person, Office]],
    roles: Roles,
    phrases: Sequence[Mention] = (),
) -> list[str]:
    """Return one capacity of roles.toml for each official, from the words around the mentions.

    `phrases` are the offices of the text in order: they tell who stands in one list.
    """
    if not officials:
        return []
    spans = sentences(text)
    starts = [start for start, _ in spans]
    words = [words_of(fold(text[start:end])) for start, end in spans]
    cues: dict[int, list[tuple[str, int, int]]] = {}
    acts: dict[int, list[str]] = {}  # by the start of the mention
    spots = sorted((m for person, _ in officials for m in person.mentions), key=lambda m: m.start)
    for mention in spots:
        at = bisect_right(starts, mention.start) - 1
        if at not in cues:
            cues[at] = [
                (_voice(hit.label, words[at][hit.first]), hit.first, hit.last)
                for hit in roles.capacity.find(words[at])
                if not (hit.label in _PRESENT and _is_denied(words[at], hit.first))
            ]
        offset = starts[at]
        name = _word_range(words[at], mention.start - offset, mention.end - offset)
        begin = _office_start(text, mention.start, phrases)
        office, _ = _word_range(words[at], max(0, begin - offset), mention.end - offset)
        acts[mention.start] = _acts(name, office, cues[at])
        quoted = _QUOTE.search(text, offset, mention.start) is not None
        if not quoted and _in_attendance(roles, words[at], name[0], cues[at]):
            acts[mention.start].append("attended")
    for one, following in _neighbours(text, spots, roles, phrases):
        if "attending" in acts[following.start]:  # "Camat A, Kapolsek B, dan Danramil C hadir"
            acts[one.start].append("attending")
    return [
        _BY_CATEGORY.get(office.category or "")
        or _decide([act for m in person.mentions for act in acts[m.start]])
        for person, office in officials
    ]


def _voice(label: str, word: Word) -> str:
    """Return "speaking" for an active verb of speech: its speaker stands before it, "menyebut X" is not X's."""
    active = label == "speech" and word.text.startswith("me") and word.text != "menurut"
    return "speaking" if active else label


def _is_denied(words: Sequence[Word], first: int) -> bool:
    return any(word.text in _NOT for word in words[max(0, first - 2) : first])


def _in_attendance(
    roles: Roles, words: Sequence[Word], first: int, cues: Sequence[tuple[str, int, int]]
) -> bool:
    """Tell whether a name stands in a list that "hadir" or "dihadiri" opens: no other verb stands before it."""
    last = max((end for _, _, end in cues if end <= first), default=None)
    if last is None or not any(end == last and label == "attended" for label, _, end in cues):
        return False
    within = roles.file.attendance["within"]
    return not any(_VERB.fullmatch(word.text) and word.text not in within for word in words[last:first])


def _neighbours(
    text: str, spots: Sequence[Mention], roles: Roles, phrases: Sequence[Mention]
) -> Iterator[tuple[Mention, Mention]]:
    """Yield two names of one list, the last pair first: only an office and a conjunction stand between them."""
    begins = [phrase.start for phrase in phrases]
    for one, following in reversed(list(pairwise(spots))):
        stop = degrees_end(roles, text, one.end)
        if following.start - one.end > _LIST_REACH or "\n" in text[one.end : following.start]:
            continue
        gap: list[str] = []
        for phrase in phrases[bisect_left(begins, stop) : bisect_left(begins, following.start)]:
            if stop <= phrase.start and phrase.end <= following.start:
                gap.append(text[stop : phrase.start])
                stop = phrase.end
        gap.append(text[stop : following.start])
        if "." not in gap[0] and all(_LISTED.fullmatch(part) for part in gap):
            yield one, following


def settled(officials: Iterable[Official], kind: str, cases: Sequence[Case]) -> tuple[Official, ...]:
    """Return the officials with what the judgement adds: who is accused, and who spoke at an event.

    A speaker of a prevention event is its narasumber; elsewhere he speaks to the press.
    """
    named = [t.name.casefold() for case in cases for t in case.terlapor if t.name]
    accused = {part for name in named for part in (name, *name.split(ALSO_CALLED))}
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


def _office_start(text: str, at: int, phrases: Sequence[Mention]) -> int:
    """Return where the offices begin that lead to a name: "ujar | Kordiv Hukum Bawaslu X, AKP Nama"."""
    for phrase in reversed(phrases[: bisect_left(phrases, at, key=lambda phrase: phrase.start)]):
        if not _LEADING.fullmatch(text, phrase.end, at):
            break
        at = phrase.start
    return at


def _acts(name: tuple[int, int], office: int, cues: Sequence[tuple[str, int, int]]) -> list[str]:
    """Return the cues that speak of the name: nouns right before it, verbs of its own behind it.

    `office` is the word at which the offices begin that lead to the name.
    """
    first, last = name
    acts: list[str] = []
    quoted = any(label in _SPEECH and 0 <= first - end <= 2 * _NEAR for label, _, end in cues)
    for label, begin, end in cues:
        left, right = first - end, begin - last
        lead = office - end if office >= end else left  # a long office puts nobody further from his verb
        before, after = 0 <= lead <= _NEAR, 0 <= right <= _NEAR
        said = any(other in _SPEECH and last <= at < begin for other, at, _ in cues)
        told = 0 <= right <= _SUBJECT and not (quoted or said)  # "X dilaporkan"; not "menurut X, diduga ..."
        fits = {
            "accused": left == 0,  # "terdakwa X"; not "... terdakwa," kata X
            "reporter": lead == 0,
            "decider": left == 0,
            "saksi": lead == 0,
            "pengambil_keputusan": after,  # "hakim X memvonis"; not "hakim memvonis X"
            "accusation": told,
            "reporting": told,
            "attending": after and not said,
            "attended": 0 <= left <= _NEAR or after,  # of a list: see _in_attendance
            "speech": before or 0 <= right <= 4 * _NEAR,
            "speaking": 0 <= right <= 4 * _NEAR,
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
        ("speaking", "pembicara_pers"),
        ("attended", "hadir"),
    ):
        if label in acts:
            return capacity
    return "disebut"
