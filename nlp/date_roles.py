"""Tell the day of an act from the day of a statement and from the day of a procedural step."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nlp.patterns import any_of
from nlp.taxonomy import DATA

_BEFORE, _AFTER = 260, 140
_ROLES = ("statement", "stage", "event", "background")
_VERB = r"(?:di|me|ber|ter)[a-z]{4,}"
_QUOTES = " \"'\u201c\u2018"
_STOP = re.compile(r"\n|[.!?][\"']?\s(?=\S)")


@dataclass(frozen=True, slots=True)
class RoleCues:
    """One pattern over cue words and verbs, the role of each word, and the words of two special rules."""

    pattern: re.Pattern[str]
    roles: dict[str, str]
    carried: frozenset[str]
    papers: re.Pattern[str]
    no_verb: frozenset[str]


@lru_cache(maxsize=1)
def load_role_cues() -> RoleCues:
    """Return the cue words of data/taxonomy/date_words.toml."""
    table = tomllib.loads((DATA / "taxonomy" / "date_words.toml").read_text(encoding="utf-8"))["roles"]
    roles = {word: role for role in _ROLES for word in table[role]}
    words = any_of([*roles, *table["carried"]])
    return RoleCues(
        pattern=re.compile(rf"(?<![\w-])(?:(?:{words})(?!\w)|{_VERB})"),
        roles=roles,
        carried=frozenset(table["carried"]),
        papers=re.compile(rf"\b(?:{'|'.join(table['papers'])})(?:nya)?\b"),
        no_verb=frozenset(table["no_verb"]),
    )


def date_role(text: str, folded: str, start: int, end: int) -> str | None:
    """Return event, statement or stage for the date at `start`, None where its sentence does not tell.

    The nearest verb or cue before the date decides, within its sentence: "ujar X, Senin (21/10/2024)". `folded` is
    the folded `text`.
    """
    begin = max(0, start - _BEFORE)
    begin += max((stop.end() for stop in _STOP.finditer(folded[begin:start])), default=0)
    role = _first(reversed(_words(text, folded, begin, start)), folded[begin:start])
    if role is None:
        stop = _STOP.search(folded[end : end + _AFTER])
        until = end + (stop.start() if stop else _AFTER)
        role = _first(_words(text, folded, end, until), folded[end:until])
    return None if role == "background" else role


def _words(text: str, folded: str, begin: int, end: int) -> list[str]:
    """Return the cue words and verbs of a clause; "Mesuji" and "Ternate" inside it are names, no verbs."""
    cues = load_role_cues()
    found: list[str] = []
    for match in cues.pattern.finditer(folded[begin:end]):
        word, written = match.group(), text[begin + match.start() : begin + match.end()]
        named = written.istitle() and text[begin : begin + match.start()].strip(_QUOTES)
        if not named or word in cues.roles or word in cues.carried:
            found.append(word)
    return found


def _first(words: Iterable[str], clause: str) -> str | None:
    """Return the role of the first word that has one."""
    cues = load_role_cues()
    for word in words:
        if word in cues.roles:
            return cues.roles[word]
        if word in cues.carried:
            return "stage" if cues.papers.search(clause) else "event"
        if word not in cues.no_verb:
            return "event"
    return None
