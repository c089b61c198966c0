"""The chrome rules of `chrome.toml`: which elements and lines of a page are no part of its article."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

MAX_LINE = 600
"""Characters of a line up to which rules read it: longer lines are prose."""

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'", "´": "'", "\xa0": " "})
_STARTS = "-–—•*►▶➡👉→»> ✅📌🔴"
_OPENING_QUOTES = tuple("\"“”'‘’")
_ENDS = " .:;,!?…|»>→"
_NOT_LETTER = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\s*[:;=>»|/–—-]+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_FULL_STOP = re.compile(r"\w\w\w\.[\"'”’)\]]*$|[\"”]$")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_SMALL = frozenset(
    "dan di ke dari yang untuk pada dengan atau oleh dalam bagi soal kepada the of and in to via para".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of extracted text: p, head, item or row; `linked` when the whole of it was a link."""

    text: str
    kind: str = "p"
    linked: bool = False


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
    not_places: frozenset[str]
    levels: frozenset[str]
    towns: frozenset[str]
    spam: frozenset[str]
    placeholders: tuple[str, ...]


@lru_cache(maxsize=1)
def load_chrome() -> Chrome:
    """Return the rules of the shipped chrome.toml, compiled once a process."""
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_name("chrome.toml").read_text(encoding="utf-8"))
    verbs = "|".join(data["speech"]["verbs"].split())
    return Chrome(
        elements=tuple(
            ElementRule(row["kind"], re.compile(row["pattern"]), row["max_chars"]) for row in data["element"]
        ),
        lines=tuple(Rule(**{**row, "match": re.compile(row["match"])}) for row in data["line"]),
        any_line=re.compile("|".join(f"(?:{row['match']})" for row in data["line"])),
        speech=re.compile(rf"[,\"'!?]\s*(?:{verbs})(?:nya)?\b"),
        not_places=frozenset(data["dateline"]["not_places"].split()),
        levels=frozenset(data["dateline"]["levels"].split()),
        towns=frozenset(squash(town) for town in data["dateline"]["towns"]),
        spam=frozenset(data["spun"]["spam"].split()),
        placeholders=tuple(data["spun"]["placeholders"]),
    )


def fold(text: str) -> str:
    """Return `text` in lower case with straight quotes, character for character as long as it was."""
    folded = text.translate(_QUOTES)
    lower = folded.lower()
    if len(lower) == len(folded):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)


def squash(text: str) -> str:
    """Return only the letters and digits of `text`, folded: what two spellings of one title share."""
    return _NOT_LETTER.sub("", text.lower())


def ends_sentence(text: str) -> bool:
    """Tell whether `text` ends as a sentence does, closing quotes and brackets aside."""
    return bool(_SENTENCE_END.search(text)) or text.endswith(("”", '"'))


def is_prose(line: Line) -> bool:
    """Tell whether a line reads as a paragraph rather than as a label, a name or a headline."""
    words = line.text.count(" ") + 1
    return words >= 14 or (words >= 5 and ends_sentence(line.text) and line.kind != "head")


def is_headline(text: str) -> bool:
    """Tell whether `text` is written as Indonesian headlines are: short, no full stop, words in capitals."""
    words = [word for word in _WORD.findall(text) if word not in _SMALL]
    if not 3 <= len(words) <= 25 or _FULL_STOP.search(text):
        return False
    return sum(word[0].isupper() for word in words) >= 0.6 * len(words)


def is_suspect(line: Line, chrome: Chrome) -> bool:
    """Tell, cheaply, whether any line rule might take `line`: most lines are prose and need no second look."""
    if len(line.text) > MAX_LINE or line.text[:1] in _OPENING_QUOTES:
        return False
    return chrome.any_line.match(fold(line.text).lstrip(_STARTS)) is not None


def match_line(line: Line, zone: str, links: frozenset[str], *, chrome: Chrome) -> tuple[Rule, str] | None:
    """Return the first rule that takes a suspect line, with the text after its label; None leaves it in.

    `zone` is where the line stands: head, body or tail; `links` are the squashed texts of the page's links.
    """
    folded = fold(line.text).lstrip(_STARTS)
    text = line.text[len(line.text) - len(folded) :]
    speaks = bool(chrome.speech.search(folded))
    for rule in chrome.lines:
        if rule.zone and rule.zone != ("edge" if rule.zone == "edge" and zone != "body" else zone):
            continue
        bare = folded.rstrip(_ENDS)
        found = rule.match.fullmatch(bare) if rule.rest == "nothing" else rule.match.match(folded)
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
        return _SEPARATOR.sub("", self.tail, count=1).strip()

    @property
    def words(self) -> int:
        return self.line.text.count(" ") + 1


def _nothing(rest: _Rest) -> bool:
    return not any(c.isalnum() for c in rest.tail)


def _anything(_rest: _Rest) -> bool:
    return True


def _slogan(rest: _Rest) -> bool:
    return rest.words <= 45 and not rest.speaks


def _caption(rest: _Rest) -> bool:
    return rest.words <= 60 and not (rest.speaks and not rest.separated)


def _list(rest: _Rest) -> bool:
    return rest.separated and rest.words <= 50 and not rest.speaks and not _FULL_STOP.search(rest.tail)


def _headline(rest: _Rest) -> bool:
    value = rest.value
    if not any(c.isalnum() for c in value) or rest.line.linked or squash(value) in rest.links:
        return True
    if _FULL_STOP.search(value) or (rest.speaks and not value[:1].isupper()):
        return False
    return (rest.separated and rest.words <= 40) or (is_headline(value) and not rest.speaks)


def _names(rest: _Rest) -> bool:
    value = rest.value
    if not any(c.isalnum() for c in value):
        return rest.separated or rest.words <= 3
    if rest.speaks:
        return False
    tokens = [token for token in re.split(r"[\s,/&|;()]+", value) if token]
    plain = [token for token in tokens if token not in ("dan", "dari", "oleh", "-", "–")]
    capital = all(
        not token[0].isalpha() or token[0].isupper() or "@" in token or ":" in token for token in plain
    )
    if not rest.separated:
        return capital and len(plain) <= 4 and rest.zone != "body" and not _FULL_STOP.search(value)
    return len(plain) <= 2 or (capital and len(plain) <= 16)


_RESTS: dict[str, Callable[[_Rest], bool]] = {
    "nothing": _nothing,
    "anything": _anything,
    "slogan": _slogan,
    "caption": _caption,
    "list": _list,
    "headline": _headline,
    "names": _names,
}
