"""The chrome rules of `chrome.toml`: which elements and lines of a page are no part of its article."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.wording import Line, ends_flatly, fold, is_headline, squash

MAX_LINE = 600
"""Characters of a line up to which rules read it: longer lines are prose."""

_STARTS = "=-–—•*►▶➡👉→»> ✅📌🔴"
_OPENING_QUOTES = tuple("\"“”'‘’")
_ENDS = " .:;,!?…|»>→*-–)]"
_BRACKET = r"(?:[(\[{]\s?)?"
_SEPARATOR = re.compile(r"\s*[:;=>»|/–—-]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One [[line]] of chrome.toml."""

    kind: str
    match: re.Pattern[str]
    rest: str
    zone: str | None = None
    opens: bool = False
    ends: bool = False
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class ElementRule:
    """One [[element]] of chrome.toml."""

    kind: str
    pattern: re.Pattern[str]
    max_chars: int


@dataclass(frozen=True, slots=True)
class Chrome:
    """All rules, compiled; `any_line` matches where at least one line rule may."""

    elements: tuple[ElementRule, ...]
    lines: tuple[Rule, ...]
    any_line: re.Pattern[str]
    speech: re.Pattern[str]
    call: re.Pattern[str]
    not_places: frozenset[str]
    levels: frozenset[str]
    towns: frozenset[str]
    spam: frozenset[str]
    any_spam: re.Pattern[str]
    placeholders: tuple[str, ...]


@lru_cache(maxsize=1)
def load_table() -> dict[str, Any]:
    """Return the shipped chrome.toml as it stands."""
    return tomllib.loads(Path(__file__).with_name("chrome.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load_chrome() -> Chrome:
    """Return the rules of the shipped chrome.toml, compiled once a process."""
    data = load_table()
    verbs = "|".join(data["speech"]["verbs"].split())
    return Chrome(
        elements=tuple(
            ElementRule(row["kind"], re.compile(row["pattern"]), row["max_chars"]) for row in data["element"]
        ),
        lines=tuple(
            Rule(**{**row, "match": re.compile(_BRACKET + f"(?:{row['match']})")}) for row in data["line"]
        ),
        any_line=re.compile(_BRACKET + "(?:" + "|".join(f"(?:{row['match']})" for row in data["line"]) + ")"),
        speech=re.compile(rf"[,\"'!?]\s*(?:{verbs})(?:nya)?\b"),
        call=re.compile(rf"(?:{data['call']['openings'].replace(chr(10), '')})\b"),
        not_places=frozenset(data["dateline"]["not_places"].split()),
        levels=frozenset(data["dateline"]["levels"].split()),
        towns=frozenset(squash(town) for town in data["dateline"]["towns"]),
        spam=frozenset(data["spun"]["spam"].split()),
        any_spam=re.compile(r"\b(?:slot|togel|judi|casino|sbobet)\b"),
        placeholders=tuple(data["spun"]["placeholders"]),
    )


def is_suspect(line: Line, chrome: Chrome) -> bool:
    """Tell, cheaply, whether any line rule might take `line`: most lines are prose."""
    if len(line.text) > MAX_LINE or line.text[:1] in _OPENING_QUOTES:
        return False
    return bool(chrome.any_line.match(fold(line.text).lstrip(_STARTS)))


def match_line(line: Line, zone: str, links: frozenset[str], *, chrome: Chrome) -> tuple[Rule, str] | None:
    """Return the first rule that takes a suspect line, with the text after its label; None leaves it in.

    `zone` is where the line stands: head, body or tail; `links` are the squashed texts of the page's links.
    """
    folded = fold(line.text).lstrip(_STARTS)
    text = line.text[len(line.text) - len(folded) :]
    speaks = bool(chrome.speech.search(folded))
    bare = folded.rstrip(_ENDS)
    for rule in chrome.lines:
        if rule.zone and rule.zone != ("edge" if rule.zone == "edge" and zone != "body" else zone):
            continue
        whole = rule.rest == "nothing"
        found = (
            rule.match.fullmatch(folded) or rule.match.fullmatch(bare) if whole else rule.match.match(folded)
        )
        if found is None:
            continue
        tail = text[found.end() :]
        if _RESTS[rule.rest](_Rest(tail, folded[: found.end()], line, zone, links, speaks)):
            return rule, tail
    return None


@dataclass(frozen=True, slots=True)
class _Rest:
    """What follows a rule's match, and what is known of the line that it stands in."""

    tail: str
    label: str
    line: Line
    zone: str
    links: frozenset[str]
    speaks: bool

    @property
    def separated(self) -> bool:
        return bool(_SEPARATOR.match(self.tail)) or self.label.endswith((":", "=", "/", "»"))

    @property
    def value(self) -> str:
        return _SEPARATOR.sub("", self.tail, count=1).strip(" )]}")

    @property
    def words(self) -> int:
        return self.line.text.count(" ") + 1


def _nothing(rest: _Rest) -> bool:
    return not any(c.isalnum() for c in rest.tail)


def _anything(rest: _Rest) -> bool:
    return rest.words <= 60


def _slogan(rest: _Rest) -> bool:
    return rest.words <= 45 and not rest.speaks


def _caption(rest: _Rest) -> bool:
    return rest.words <= 60 and not (rest.speaks and not rest.separated)


def _list(rest: _Rest) -> bool:
    return rest.separated and rest.words <= 50 and not rest.speaks and not ends_flatly(rest.tail)


def _labels(rest: _Rest) -> bool:
    """Tell whether names of topics follow: few words, most of them in capitals or parted by commas."""
    words = rest.value.replace("#", " ").split()
    capital = sum(word[0].isupper() for word in words)
    return bool(words) and len(words) <= 20 and capital * 2 >= len(words) and not ends_flatly(rest.value)


def _headline(rest: _Rest) -> bool:
    value = rest.value
    if not any(c.isalnum() for c in value) or rest.line.linked or squash(value) in rest.links:
        return True
    if ends_flatly(value) or (rest.speaks and not value[:1].isupper()):
        return False
    return (rest.separated and rest.words <= 40) or (is_headline(value) and not rest.speaks)


def _names(rest: _Rest) -> bool:
    value = rest.value
    if not any(c.isalnum() for c in value):
        return rest.separated or rest.words <= 3
    if rest.speaks:
        return False
    tokens = [token for token in re.split(r"[\s,/&|;()]+", value) if token]
    plain = [token for token in tokens if token not in ("dan", "dari", "oleh", "by", "-", "–")]
    capital = all(
        not token[0].isalpha() or token[0].isupper() or "@" in token or ":" in token for token in plain
    )
    if not rest.separated:
        return capital and len(plain) <= 4 and rest.zone != "body" and not ends_flatly(value)
    return len(plain) <= 2 or (capital and len(plain) <= 16)


_RESTS: dict[str, Callable[[_Rest], bool]] = {
    "nothing": _nothing,
    "anything": _anything,
    "slogan": _slogan,
    "caption": _caption,
    "list": _list,
    "labels": _labels,
    "headline": _headline,
    "names": _names,
}
