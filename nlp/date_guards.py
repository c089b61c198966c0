"""Keep numbers, weekdays and months that are no dates from being read as such."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from nlp.date_words import DAY, MONTH, PART
from nlp.patterns import any_of
from nlp.taxonomy import DATA

_REACH = 24  # characters before a date that a guard looks at
_AHEAD_REACH = 110
_STAMP = 48  # a stamp has no sentence before it
_CLOCK = re.compile(r"\s?[,|-]?\s?\d{1,2}[:.]\d\d(?:\s?wi(?:b|ta|t))?\s*")
_LONE_MONTH = re.compile(rf"(?:bulan\s)?(?:{MONTH})$")
_LONE_DAY = re.compile(rf"(?:hari\s)?(?:{DAY})$")
_PART_OF_DAY = re.compile(rf"(?:hari\s)?(?:{DAY})\s{PART}$")
_LOOSE = re.compile(r"(?:kemarin|hari ini|(?:bulan|pekan|minggu) (?:lalu|depan|ini))$")
_REGISTER = re.compile(r"\s?/\s?(?:[ivx]+|[a-z]{2,})\s?/|-an\b|%")
_PERSON = re.compile(r"\s[A-Z][a-z]+")
_NAME_BEFORE = re.compile(r"[A-Z]\w+\s$")


@dataclass(frozen=True, slots=True)
class Guards:
    """The patterns of data/taxonomy/date_words.toml; those named `_before` end where the date begins."""

    number_before: re.Pattern[str]
    number_after: re.Pattern[str]
    weekday_before: re.Pattern[str]
    weekday_after: re.Pattern[str]
    every: re.Pattern[str]
    weekday_dialect: frozenset[str]
    month_before: re.Pattern[str]
    relative_before: re.Pattern[str]
    ahead: re.Pattern[str]
    until: re.Pattern[str]


@lru_cache(maxsize=1)
def load_guards() -> Guards:
    """Return the guards of data/taxonomy/date_words.toml."""
    table = tomllib.loads((DATA / "taxonomy" / "date_words.toml").read_text(encoding="utf-8"))
    words, ahead = table["guards"], table["ahead"]
    return Guards(
        number_before=re.compile(rf"(?:\b(?:{any_of(words['number_before'])})\.?\s?|[a-z]-|[/\d.,])$"),
        number_after=re.compile(rf"\s(?:{any_of(words['number_after'])})\b"),
        weekday_before=re.compile(rf"(?:\b(?:{any_of(words['weekday_before'])})|\d)\s$"),
        weekday_after=re.compile(rf"\s(?:{any_of(words['weekday_after'])})\b|-an\b"),
        every=re.compile(rf"\b(?:{any_of(words['every'])})\s(?:hari\s)?$"),
        weekday_dialect=frozenset(words["weekday_dialect"]),
        month_before=re.compile(rf"\d\s?$|\b(?:{any_of(words['month_before'])})\.?\s$"),
        relative_before=re.compile(rf"\b(?:{any_of(words['relative_before'])})\s$"),
        ahead=re.compile(rf"\b(?:{any_of(ahead['words'])})\b[^.\n]*$"),
        until=re.compile(
            rf"(?:\b(?:{any_of(ahead['until'])})|(?<=[^.?!:\s]\s)(?:{any_of(ahead['until_inside'])}))\s(?:hari\s)?$"
        ),
    )


def is_number(folded: str, start: int, end: int) -> bool:
    """Return whether the words around a date that begins with a digit say that it is none."""
    if not folded[start].isdigit():
        return False
    guards = load_guards()
    return bool(
        guards.number_before.search(folded, max(0, start - _REACH), start)
        or guards.number_after.match(folded, end)
        or _REGISTER.match(folded, end)
    )


def is_time_stamp(folded: str, start: int, end: int) -> bool:
    """Return whether a date stands in a line that stamps the page: "Senin, 12 Maret 2020 | 07:55 WIB"."""
    line_start = folded.rfind("\n", max(0, start - _STAMP), start) + 1
    line_end = folded.find("\n", end, end + _STAMP)
    rest = folded[end : line_end if line_end >= 0 else end + _STAMP]
    return start - line_start < _STAMP and bool(_CLOCK.fullmatch(rest))


def is_used_as_date(text: str, folded: str, start: int, end: int) -> bool:
    """Return whether a lone weekday, month or relative word means a day here."""
    guards = load_guards()
    raw = folded[start:end]
    before = folded[max(0, start - _REACH) : start]
    if _LONE_MONTH.match(raw):
        name = start + (len("bulan ") if raw.startswith("bulan ") else 0)
        spelled = text[name].isupper() and end - name > (3 if folded[name:end] != "mei" else 2)
        return spelled and not _PERSON.match(text, end) and not guards.month_before.search(before)
    if _LONE_DAY.match(raw):
        if guards.weekday_before.search(before) or guards.weekday_after.match(folded, end):
            return False
        person = raw == "ahad" and _NAME_BEFORE.search(text[max(0, start - _REACH) : start])
        return bool(text[start].isupper() or raw.startswith("hari ")) and not (
            person or raw in guards.weekday_dialect
        )
    if _PART_OF_DAY.match(raw) and guards.every.search(before):
        return False
    if _LOOSE.match(raw) and guards.relative_before.search(before):
        return False
    return not (raw.startswith("minggu ") and guards.weekday_before.search(before))


def is_sunday(text: str, start: int) -> bool:
    """Return whether "Minggu" begins with a capital inside a sentence; elsewhere it may mean "week"."""
    return text[start].isupper() and text[max(0, start - 6) : start].rstrip("\"' \u201c\u2018")[-1:] not in (
        "",
        ".",
        "\n",
        "?",
        "!",
    )


def is_announced(folded: str, start: int) -> bool:
    """Return whether the sentence before a date speaks of something to come."""
    guards = load_guards()
    if guards.until.search(folded, max(0, start - _REACH), start):
        return True
    return guards.ahead.search(folded, max(0, start - _AHEAD_REACH), start) is not None
