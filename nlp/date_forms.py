"""Read explicit dates: weekdays with numbers in brackets, written months, ranges of both.

Every reader takes a match in folded text and returns a value, or None where the words are no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.date_values import DateValue, Day, resolve_day, resolve_month, resolve_range
from nlp.date_words import (
    DAY,
    EARLIER,
    LATER,
    MARKET_DAY,
    MONTH,
    MONTHS,
    ORDINAL,
    PART,
    SHORT_DAY,
    TO,
    WEEKDAYS,
    YEAR,
)
from nlp.patterns import compile_form


@dataclass(frozen=True, slots=True)
class Clock:
    """The days that dates are read against: when the article appeared, and the day its sentence speaks on."""

    today: date | None
    anchor: date | None
    ahead: bool = False  # the words before announce something to come


Reader = Callable[[re.Match[str], Clock], DateValue | None]
Forms = Sequence[tuple[re.Pattern[str], Reader]]


def compile_forms(forms: Iterable[tuple[str, Reader]]) -> Forms:
    """Return forms as patterns, each with what reads a date from it."""
    return tuple((compile_form(form), reader) for form, reader in forms)


def read_form(forms: Forms, folded: str, start: int, clock: Clock) -> tuple[int, DateValue] | None:
    """Return (end, value) of the first form that gives a date at `start`, None where none does."""
    for form, reader in forms:
        match = form.match(folded, start)
        value = reader(match, clock) if match else None
        if match and value is not None:
            return match.end(), value
    return None


_D1, _D2 = r"(?P<d>\d{1,2})", r"(?P<d2>\d{1,2})"
_M1, _M2 = rf"(?P<mon>{MONTH})", rf"(?P<mon2>{MONTH})"
_Y1, _Y2 = rf"(?:\.?\s?[-/]?\s?(?P<y>{YEAR}))?", rf"(?:\.?\s(?P<y2>{YEAR}))?"
_SLASH = r"\s?/\s?"
_DIGITS = r"(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,3})(?:\s?[/.\-]\s?(?P<y>\d{4}|\d{2}))?"
_DIGITS_1 = rf"{_D1}(?:{_SLASH}(?P<m>\d{{1,2}})(?:{_SLASH}(?P<y>\d{{4}}|\d{{2}}))?)?"
_DIGITS_2 = rf"{_D2}{_SLASH}(?P<m2>\d{{1,2}})(?:{_SLASH}(?P<y2>\d{{4}}|\d{{2}}))?"
_WRITTEN = rf"{_D1}\s?[-/]?\s?(?:bulan\s)?{_M1}{_Y1}"
_SAID_WHEN = rf"(?:\s(?:{LATER}|{EARLIER}|pekan depan|pekan lalu))?"
# "besok, hari Kamis malam pekan depan, tanggal"
_HEAD = (
    rf"(?:(?:besok,?\s)?(?:hari\s)?(?P<wd>{DAY}|{SHORT_DAY})\.?(?:\s{MARKET_DAY})?"
    # "Sabtu malam Minggu (9/11)" is the evening of the ninth, a Saturday
    rf"(?:\s(?P<pod>{PART})(?:(?<=malam)\s{DAY})?)?{_SAID_WHEN}"
    r"(?:\s?,)?\s?(?:(?:tanggal|tgl\.?|pada tanggal)\s)?)"
)
_PAIR = rf"(?:(?P<wd1>{DAY})(?:\s?-\s?|\s(?:dan|hingga|sampai|s\.?d\.?|s/d)\s)(?P<wd2>{DAY}),?\s?)"
# a part of the day behind a bracket stays outside of the date ("Rabu (27/11/2024)" malam), "subuh" does not
_TAIL = (
    rf"(?:\s(?:(?:{LATER}|{EARLIER})(?![\w-])"
    r"|(?:pagi|siang|sore|malam|petang) (?:ini|tadi)|subuh))?"
)


def _weekday(match: re.Match[str], name: str = "wd") -> int | None:
    word = match.groupdict().get(name)
    return WEEKDAYS[word] if word else None


def _number(match: re.Match[str], name: str) -> int | None:
    value = match.groupdict().get(name)
    return int(value) if value else None


def _month(word: str) -> int:
    return MONTHS[word.rstrip(".")]


def _direction(match: re.Match[str], clock: Clock) -> int:
    said = f" {match.group()} "
    if re.search(rf"\s{LATER}\W|pekan depan", said):
        return 1
    if re.search(rf"\s{EARLIER}\W|pekan lalu", said):
        return -1
    return 1 if clock.ahead else 0


def _read_numeric(match: re.Match[str], clock: Clock) -> DateValue | None:
    day, month, year = int(match["d"]), int(match["m"]), _number(match, "y")
    weekday = _weekday(match)
    part, direction = match.groupdict().get("pod"), _direction(match, clock)
    if year is None and month > 12:
        return None
    if month > 12 and day <= 12 and month <= 31:  # 09/22/2024: the page's own month-first style
        value = resolve_day(Day(month, day, year, weekday, direction, part), clock.today)
        if value.iso and value.conflict is None:
            return DateValue(value.iso, "day", "explicit", "month_first", part=part)
    return resolve_day(Day(day, month, year, weekday, direction, part), clock.today)


def _read_text(match: re.Match[str], clock: Clock) -> DateValue | None:
    day = int(match["d"])
    if not 1 <= day <= 31:
        return None
    year = _number(match, "y")
    today = clock.today
    shifted = re.search(r"tahun (lalu|depan|ini)$", match.group())
    if shifted and today is not None:
        year = today.year + {"lalu": -1, "depan": 1, "ini": 0}[shifted[1]]
    written = Day(
        day,
        _month(match["mon"]),
        year,
        _weekday(match),
        _direction(match, clock),
        match.groupdict().get("pod"),
    )
    return resolve_day(written, today)


def _read_numeric_range(match: re.Match[str], clock: Clock) -> DateValue | None:
    last_month, year = int(match["m2"]), _number(match, "y2")
    first = Day(
        int(match["d"]), _number(match, "m") or last_month, _number(match, "y"), _weekday(match, "wd1")
    )
    last = Day(int(match["d2"]), last_month, year, _weekday(match, "wd2"), _direction(match, clock))
    return resolve_range(first, last, clock.today)


def _read_text_range(match: re.Match[str], clock: Clock) -> DateValue | None:
    last_month = _month(match["mon2"])
    first_month = _month(match["mon"]) if match.groupdict().get("mon") else last_month
    first = Day(int(match["d"]), first_month, _number(match, "y"), _weekday(match, "wd1"))
    last = Day(
        int(match["d2"]), last_month, _number(match, "y2"), _weekday(match, "wd2"), _direction(match, clock)
    )
    return resolve_range(first, last, clock.today)


def _read_two_days(match: re.Match[str], clock: Clock) -> DateValue | None:
    return _read_text_range(match, clock) if int(match["d2"]) == int(match["d"]) + 1 else None


def _read_three_days(match: re.Match[str], clock: Clock) -> DateValue | None:
    days = [int(match[name]) for name in ("d", "between", "d2")]
    return _read_text_range(match, clock) if days == [*range(days[0], days[0] + 3)] else None


def _read_two_dates(match: re.Match[str], clock: Clock) -> DateValue | None:
    return _read_numeric_range(match, clock) if int(match["d2"]) == int(match["d"]) + 1 else None


def _read_broken_range(match: re.Match[str], clock: Clock) -> DateValue | None:
    # "27 Agustus-29": the month stands with the first day
    month, year = _month(match["mon"]), _number(match, "y")
    if int(match["d2"]) <= int(match["d"]):
        return None
    return resolve_range(Day(int(match["d"]), month, year), Day(int(match["d2"]), month, year), clock.today)


def _read_month(match: re.Match[str], clock: Clock) -> DateValue | None:
    year = _number(match, "y")
    shifted = match.groupdict().get("shift")
    if shifted and clock.today is not None:
        # "November tahun lalu" in May is the November before this year's
        year = clock.today.year + {"lalu": -1, "depan": 1, "ini": 0}[shifted]
    return resolve_month(
        _month(match["mon"]),
        year,
        clock.today,
        direction=_direction(match, clock),
        third=match.groupdict().get("third"),
    )


def _read_month_range(match: re.Match[str], clock: Clock) -> DateValue | None:
    last = resolve_month(
        _month(match["mon2"]), _number(match, "y2"), clock.today, direction=_direction(match, clock)
    )
    if last.iso is None:
        return last
    year = int(last.iso[:4])
    first_month = _month(match["mon"])
    first_year = _number(match, "y") or (year if first_month <= int(last.iso[5:7]) else year - 1)
    end = monthrange(year, int(last.iso[5:7]))[1]
    return DateValue(f"{first_year}-{first_month:02}-01/{last.iso}-{end}", "range", last.method)


def _read_iso(match: re.Match[str], clock: Clock) -> DateValue | None:
    return resolve_day(Day(int(match["d"]), int(match["m"]), int(match["y"])), clock.today)


_FORMS: tuple[tuple[str, Reader], ...] = (
    # Senin-Selasa (14-15/10/2024), Sabtu dan Minggu (12-13/10), Selasa-Rabu (30/9-1/10/2024)
    (rf"{_PAIR}\(\s?{_DIGITS_1}{TO}{_DIGITS_2}\s?\)", _read_numeric_range),
    (rf"{_PAIR}\(?{_D1}(?:\s{_M1}{_Y1})?{TO}{_D2}\s{_M2}{_Y2}\)?", _read_text_range),
    # Selasa dan Rabu (12 dan 13/11/2024): two days in a row
    (rf"{_PAIR}\(\s?{_D1}\sdan\s{_DIGITS_2}\s?\)", _read_two_dates),
    # Kamis (25/07/2024), Jum'at malam (26/7), Rabu ( 16/10/2024) lalu
    (rf"{_HEAD}[(\[]\s?{_DIGITS}\s?[)\]]{_TAIL}", _read_numeric),
    (rf"{_HEAD}\(\s?{_WRITTEN}\s?\){_TAIL}", _read_text),
    # Rabu (27/11/2024 where the bracket was never closed
    (rf"{_HEAD}\({_D1}{_SLASH}(?P<m>\d{{1,2}}){_SLASH}(?P<y>\d{{4}})(?![\d/)])", _read_numeric),
    # 28 November 2023-10 Februari 2024, 25 September hingga 23 November 2024
    (rf"{_D1}\s{_M1}{_Y1}{TO}{_D2}\s{_M2}{_Y2}{_TAIL}", _read_text_range),
    # 23-25 September 2024, 24 s.d. 26 November
    (rf"{_D1}{TO}{_D2}\s{_M2}{_Y2}{_TAIL}", _read_text_range),
    # 23 dan 24 November: two days in a row
    (rf"{_D1}\sdan\s{_D2}\s{_M2}{_Y2}{_TAIL}", _read_two_days),
    # 24, 25, dan 26 November: three days in a row
    (rf"{_D1},\s(?P<between>\d{{1,2}}),?\sdan\s{_D2}\s{_M2}{_Y2}{_TAIL}", _read_three_days),
    # 27 Agustus-29
    (rf"{_D1}\s{_M1}\s?-\s?{_D2}(?![\d./]){_Y1}", _read_broken_range),
    # 27/08/2024 s/d 29/08/2024, 27-29/8/2024
    (rf"{_DIGITS_1}{TO}{_DIGITS_2}(?<=/\d{{4}})", _read_numeric_range),
    # Rabu, 14 Feb 2024, Rabu 11 Oktober 2023, 27 November mendatang, 10 Januari tahun depan
    (rf"{_HEAD}?{_WRITTEN}(?:\stahun (?:lalu|depan|ini)|{_TAIL})", _read_text),
    # Minggu, September 22, 2024 (the page's own month-first style)
    (rf"{_HEAD}{_M1}\s{_D1},\s(?P<y>{YEAR})", _read_text),
    # Kamis 7/12/2023, 28/11/2023, 27.11.2024, 2024-07-25T09:12
    (rf"{_HEAD}{_DIGITS}(?![\d/]){_TAIL}", _read_numeric),
    (rf"\(?{_D1}{_SLASH}(?P<m>\d{{1,3}}){_SLASH}(?P<y>\d{{4}}|\d{{2}})(?![\d/])\)?", _read_numeric),
    (rf"{_D1}(?P<sep>[.\-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>(?:19|20)\d\d)(?![\d/\-]|\.\d)", _read_numeric),
    (r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?:t[\d:+.z-]+)?", _read_iso),
    # awal Oktober, akhir November 2024, pekan pertama November, Juni sampai Agustus lalu
    (rf"(?P<third>awal|pertengahan|medio|akhir)\s(?:bulan\s)?{_M1}{_Y1}{_TAIL}", _read_month),
    (rf"(?:pekan|minggu)\s{ORDINAL}\s(?:bulan\s)?{_M1}{_Y1}", _read_month),
    (rf"{_M1}{_Y1}{TO}{_M2}{_Y2}{_TAIL}", _read_month_range),
    (rf"(?:bulan\s)?{_M1}(?:\stahun (?P<shift>lalu|depan|ini)|{_Y1}{_TAIL})", _read_month),
)
_COMPILED = compile_forms(_FORMS)


def read_explicit(folded: str, start: int, clock: Clock) -> tuple[int, DateValue] | None:
    """Return (end, value) of the explicit date that begins at `start`, None where none does."""
    return read_form(_COMPILED, folded, start, clock)
