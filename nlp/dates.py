"""Dates in a text: where they stand, the days they mean, and what happened on them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from nlp.date_forms import Clock, read_explicit
from nlp.date_guards import is_announced, is_number, is_sunday, is_time_stamp, is_used_as_date
from nlp.date_roles import date_role
from nlp.date_values import DateValue
from nlp.date_words import DAY, MONTH, SHORT_DAY
from nlp.election_calendar import Election, choose_election
from nlp.records import Mention
from nlp.relative_dates import read_election_day, read_relative, read_stage, read_week
from nlp.text import fold

__all__ = ["DateValue", "find_dates", "normalise"]

# a date can begin here; everything else is passed over quickly
_TRIGGER = re.compile(
    rf"(?<![\w/])(?:\(?\d{{1,2}}(?=\s?[/.\-]|\s[a-z(]|,\s\d\d?,?\s)|\d{{4}}-\d\d-|{DAY}\b|{SHORT_DAY}|{MONTH}(?!\w)"
    r"|kemarin|besok|lusa|tadi\b|hari\b|pekan\b|minggu\b|bulan\b|awal\b|akhir\b|pertengahan\b|medio\b"
    r"|pagi\b|siang\b|sore\b|petang\b|malam\b|dini hari|tanggal\b|tgl\b|h\s?[-+]\s?\d"
    r"|(?:satu|dua|tiga|empat|lima|enam|tujuh|sepuluh)\s(?:hari|pekan|minggu|bulan)\b"
    r"|se(?:pekan|minggu|bulan)\s(?:yang\s)?(?:lalu|silam)\b)"
)
_PARAGRAPH = 600  # characters of a paragraph before a date that are searched for its opening quote
_SPOKEN_WITHIN = timedelta(days=2)
_VAGUE = re.compile(
    r"(?:beberapa waktu (?:lalu|yang lalu)|baru-baru ini|belum lama ini|dalam waktu dekat|segera)$"
)


def find_dates(text: str, published: datetime | None = None) -> tuple[Mention, ...]:
    """Return the dates of a text in order, as mentions with label `date`.

    Years that the text leaves out are inferred from `published`, as are relative dates; without it they
    have no `iso`. `conflict` is weekday (with the other likely day: `weekday:2024-11-06`), impossible or
    month_first. Law years, register numbers, bare years and "beberapa waktu lalu" are no dates.
    """
    folded = fold(text)
    today = published.date() if published else _latest_day(folded)
    election = choose_election(folded, today)
    found: list[Mention] = []
    spoken = today
    at = 0
    while (trigger := _TRIGGER.search(folded, at)) is not None:
        start = trigger.start()
        anchor = spoken if _quoted_now(folded, start) else today
        clock = Clock(today, anchor, is_announced(folded, start))
        reading = _read(text, folded, start, clock, election)
        if reading is None:
            at = start + 1
            continue
        end, value = reading
        at = max(end, start + 1)
        if is_time_stamp(folded, start, end):
            continue
        role = None if _is_to_come(value, today) else date_role(text, folded, start, end)
        found.append(_mention(text, start, end, value, role))
        spoken = _spoken_on(value, today) or spoken
    return tuple(found)


def normalise(raw: str, anchor: date | None = None, published: datetime | None = None) -> DateValue | None:
    """Return the value of a date that another component found, None where the words are no date.

    `anchor` is the day on which the sentence is spoken (by default that of `published`).
    """
    folded = fold(raw).strip()
    today = published.date() if published else anchor
    if _VAGUE.match(folded):
        return DateValue(None, "unknown", "relative")
    election = choose_election(folded, today)
    for trigger in _TRIGGER.finditer(folded):
        start = trigger.start()
        clock = Clock(today, anchor or today, is_announced(folded, start))
        reading = _reading(folded, start, clock, election)
        if reading is not None and not is_number(folded, start, reading[0]):
            return reading[1]
    return read_stage(folded, election)


def _reading(
    folded: str, start: int, clock: Clock, election: Election | None
) -> tuple[int, DateValue] | None:
    return (
        read_explicit(folded, start, clock)
        or read_relative(folded, start, clock)
        or read_election_day(folded, start, election)
    )


def _read(
    text: str, folded: str, start: int, clock: Clock, election: Election | None
) -> tuple[int, DateValue] | None:
    reading = _reading(folded, start, clock, election)
    week = read_week(folded, start, clock) if folded.startswith("minggu ", start) else None
    told = reading is not None and any(
        c.isdigit() for c in folded[start : reading[0]]
    )  # "Minggu depan (17/11)"
    if week is not None and not told and not is_sunday(text, start):
        reading = week
    if reading is None or is_number(folded, start, reading[0]):
        return None
    return reading if is_used_as_date(text, folded, start, reading[0]) else None


def _mention(text: str, start: int, end: int, value: DateValue, role: str | None) -> Mention:
    conflict = f"{value.conflict}:{value.alt}" if value.conflict and value.alt else value.conflict
    return Mention(
        label="date",
        start=start,
        end=end,
        text=text[start:end],
        iso=value.iso,
        precision=value.precision,
        role=role,
        method=value.method,
        conflict=conflict,
    )


def _is_to_come(value: DateValue, today: date | None) -> bool:
    """Return whether a date lies after the article: nothing happened on it yet."""
    return today is not None and value.iso is not None and value.iso[:10] > today.isoformat()


def _quoted_now(folded: str, start: int) -> bool:
    """Return whether somebody quoted says "sampai hari ini": the day of the statement, not of the article."""
    begin = max(folded.rfind("\n", max(0, start - _PARAGRAPH), start) + 1, start - _PARAGRAPH, 0)
    paragraph = folded[begin:start]
    return paragraph.endswith(("sampai ", "hingga ")) and paragraph.count('"') % 2 == 1


def _spoken_on(value: DateValue, today: date | None) -> date | None:
    """Return an explicit day just before the article: "hari ini" behind it means that day."""
    if today is None or value.iso is None or value.precision != "day" or value.method == "relative":
        return None
    day = date.fromisoformat(value.iso)
    return day if timedelta(0) <= today - day <= _SPOKEN_WITHIN else None


def _latest_day(folded: str) -> date | None:
    """Return the latest full date of a text, which stands in for the article's own where that is unknown."""
    days: list[date] = []
    for trigger in _TRIGGER.finditer(folded):
        reading = read_explicit(folded, trigger.start(), Clock(None, None))
        if reading and reading[1].precision == "day" and reading[1].iso and reading[1].method == "explicit":
            days.append(date.fromisoformat(reading[1].iso))
    return max(days, default=None)
