"""Read dates that stand against a day: kemarin, Senin lalu, pekan depan, bulan ini, H-7."""

from __future__ import annotations

import re
from datetime import date, timedelta

from nlp.date_forms import Clock, Reader, compile_forms, read_form
from nlp.date_values import DateValue, resolve_month, shift_month, valid, week_of
from nlp.date_words import COUNT, DAY, MONTH, NUMBERS, PART, TO, WEEKDAYS
from nlp.election_calendar import Election
from nlp.patterns import compile_form

_END = r"(?![\w-])"
_SHIFT = {
    "lalu": -1, "kemarin": -1, "ini": 0, "depan": 1, "mendatang": 1, "nanti": 1, "besok": 1, "lusa": 1,
}  # fmt: skip


def _day(day: date, part: str | None = None) -> DateValue:
    return DateValue(day.isoformat(), "day", "relative", part=part)


def _anchor(clock: Clock) -> date | None:
    return clock.anchor or clock.today


def _count(word: str) -> int:
    return NUMBERS.get(word) or int(word)


def _last_weekday(anchor: date, weekday: int, *, same: bool) -> date:
    back = (anchor.weekday() - weekday) % 7
    return anchor - timedelta(days=back if back or same else 7)


def _next_weekday(anchor: date, weekday: int, *, same: bool = False) -> date:
    ahead = (weekday - anchor.weekday()) % 7
    return anchor + timedelta(days=ahead if ahead or same else 7)


def _read_days(match: re.Match[str], clock: Clock) -> DateValue | None:
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    said = match.group()
    part = re.search(PART, said)
    for words, shift in (
        ("kemarin lusa", -2), ("semalam", -1), ("tadi malam", -1), ("malam tadi", -1), ("kemarin", -1),
        ("besok lusa", 2), ("lusa", 2), ("besok", 1),
    ):  # fmt: skip
        if words in said:
            return _day(anchor + timedelta(days=shift), part.group() if part else None)
    return _day(anchor, part.group() if part else None)


def _read_counted(match: re.Match[str], clock: Clock) -> DateValue | None:
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    count, unit = _count(match["n"] or "se"), match["unit"]
    sign = 1 if match["way"] == "mendatang" else -1
    if unit == "hari":
        return _day(anchor + timedelta(days=sign * count))
    if unit in ("pekan", "minggu"):
        return week_of(anchor, sign * count)
    year, month = shift_month(anchor, sign * count)
    return DateValue(f"{year}-{month:02}", "month", "relative")


def _read_weekday(match: re.Match[str], clock: Clock) -> DateValue | None:
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    weekday, part = WEEKDAYS[match["wd"]], match.groupdict().get("pod")
    way, week = match.groupdict().get("way") or match.groupdict().get("besok"), match.groupdict().get("week")
    if week:
        monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=_SHIFT[week])
        return _day(monday + timedelta(days=weekday), part)
    if way in ("besok", "lusa", "depan", "mendatang", "nanti"):
        return _day(_next_weekday(anchor, weekday), part)
    if way == "ini":
        return _day(_next_weekday(anchor, weekday, same=True), part)
    if way in ("lalu", "kemarin"):
        return _day(_last_weekday(anchor, weekday, same=False), part)
    if clock.ahead and way != "tadi":
        return _day(_next_weekday(anchor, weekday, same=True), part)
    return _day(_last_weekday(anchor, weekday, same=True), part)


def _read_eve(match: re.Match[str], clock: Clock) -> DateValue | None:
    # "malam Minggu" is the evening of Saturday
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    weekday = (WEEKDAYS[match["wd"]] - 1) % 7
    ahead = match["way"] in ("nanti", "depan", "mendatang", "besok", "ini") or (
        clock.ahead and match["way"] is None
    )
    day = _next_weekday(anchor, weekday, same=True) if ahead else _last_weekday(anchor, weekday, same=True)
    return _day(day, "malam")


def _read_week(match: re.Match[str], clock: Clock) -> DateValue | None:
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    shift = _SHIFT[match.groupdict().get("way") or "ini"]
    if not match["end"]:
        return week_of(anchor, shift)
    saturday = anchor - timedelta(days=anchor.weekday() - 5) + timedelta(weeks=shift)
    return DateValue(
        f"{saturday.isoformat()}/{(saturday + timedelta(days=1)).isoformat()}", "range", "relative"
    )


def _read_month(match: re.Match[str], clock: Clock) -> DateValue | None:
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    year, month = shift_month(anchor, _SHIFT[match["way"] or "ini"])
    value = resolve_month(month, year, anchor, third=match["third"])
    return DateValue(value.iso, value.precision, "relative")


def _read_year_edge(match: re.Match[str], clock: Clock) -> DateValue | None:
    anchor = _anchor(clock)
    if anchor is None:
        return DateValue(None, "unknown", "relative")
    year = anchor.year + _SHIFT[match["way"]]
    return DateValue(f"{year}-{ {'awal': '01', 'akhir': '12'}[match['third']] }", "month", "relative")


def _read_number(match: re.Match[str], clock: Clock) -> DateValue | None:
    # "tanggal 21": the nearest such day around the anchor
    anchor = _anchor(clock)
    day = int(match["d"])
    if anchor is None or not 1 <= day <= 31:
        return None
    way = match["way"]
    months = [shift_month(anchor, shift) for shift in (0, -1, 1)]
    days = [found for year, month in months if (found := valid(year, month, day))]
    if match["wd"]:
        days = [found for found in days if found.weekday() == WEEKDAYS[match["wd"]]] or days
    if way in ("mendatang", "nanti", "depan", "besok"):
        days = [found for found in days if found >= anchor] or days
    elif way in ("lalu", "kemarin"):
        days = [found for found in days if found <= anchor] or days
    best = min(
        days, key=lambda found: (found > anchor and not clock.ahead, abs((found - anchor).days)), default=None
    )
    return _day(best) if best else None


_ON_DAY = rf"(?:hari\s)?(?P<wd>{DAY})"
_IN_PART = rf"(?:\s(?P<pod>{PART}))?"
_ANY_WAY = "lalu|kemarin|depan|mendatang|besok|lusa|nanti|ini"
_WEEK_FORM = rf"(?P<end>akhir\s)?(?:pekan|minggu)\s(?P<way>lalu|kemarin|ini|depan|mendatang|nanti){_END}"
_WEEK = compile_form(_WEEK_FORM)
# a day's number that no month follows, and no further number
_ALONE = rf"(?P<d>\d{{1,2}})(?![\d/.-]\d|{TO}|\s?-?\s?(?:bulan\s)?{MONTH}|\sdan\s\d{{1,2}}\s{MONTH})"
_FORMS: tuple[tuple[str, Reader], ...] = (
    (rf"(?:{_ON_DAY}\s?,?\s)?(?:tanggal|tgl\.?)\s{_ALONE}(?:\s(?P<way>{_ANY_WAY}))?{_END}", _read_number),
    (rf"(?P<besok>besok),?\s{_ON_DAY}{_END}", _read_weekday),
    (rf"{_ON_DAY}{_IN_PART}\s(?:pekan|minggu)\s(?P<week>lalu|ini|depan|mendatang){_END}", _read_weekday),
    (rf"{_ON_DAY}{_IN_PART}\s(?:{PART}\s)?(?P<way>{_ANY_WAY}|tadi){_END}", _read_weekday),
    # "Sabtu malam Minggu" is one evening, as "Sabtu malam" is
    (rf"{_ON_DAY}\s(?P<pod>malam)\s{DAY}{_END}(?!\s?,?\s?\(?\d)", _read_weekday),
    (rf"{_ON_DAY}\s(?P<pod>{PART}){_END}", _read_weekday),
    (rf"malam\s(?P<wd>{DAY})(?:\s(?P<way>{_ANY_WAY}))?{_END}", _read_eve),
    (rf"{_ON_DAY}{_END}", _read_weekday),
    (rf"(?:hari ini(?: juga)?|{PART} (?:ini|tadi)|tadi {PART}|semalam){_END}", _read_days),
    (rf"(?:kemarin lusa|kemarin {PART}|{PART} kemarin|kemarin){_END}", _read_days),
    (rf"(?:besok lusa|besok {PART}|besok|lusa){_END}", _read_days),
    (
        rf"(?:(?P<n>{COUNT})\s|se)(?P<unit>hari|pekan|minggu|bulan)\s(?:yang\s)?(?P<way>lalu|silam|mendatang){_END}",
        _read_counted,
    ),
    (_WEEK_FORM, _read_week),
    (rf"(?:(?P<third>awal|pertengahan|akhir)\s)?bulan\s(?P<way>{_ANY_WAY}){_END}", _read_month),
    (rf"(?P<third>awal|akhir)\stahun\s(?P<way>lalu|ini|depan){_END}", _read_year_edge),
)
_COMPILED = compile_forms(_FORMS)
_STAGE = re.compile(r"(?:pada )?(?:(?:masa|minggu|hari) tenang|hari (?:pencoblosan|pemungutan suara|h\b))")
_H_DAY = re.compile(r"h\s?(?P<sign>[-+])\s?(?P<n>\d{1,2})(?!\d)|hari h(?!\w)")


def read_relative(folded: str, start: int, clock: Clock) -> tuple[int, DateValue] | None:
    """Return (end, value) of the relative date that begins at `start`, None where none does."""
    return read_form(_COMPILED, folded, start, clock)


def read_week(folded: str, start: int, clock: Clock) -> tuple[int, DateValue] | None:
    """Return (end, value) of "minggu lalu" at `start`, where "minggu" is a week and no Sunday."""
    match = _WEEK.match(folded, start)
    value = _read_week(match, clock) if match else None
    return (match.end(), value) if match and value else None


def read_election_day(folded: str, start: int, election: Election | None) -> tuple[int, DateValue] | None:
    """Return (end, value) of "H-7", "H+3" or "hari H" at `start`, counted from the election's voting day."""
    match = _H_DAY.match(folded, start)
    if match is None or election is None:
        return None
    shift = int(match["n"]) * (1 if match["sign"] == "+" else -1) if match["n"] else 0
    return match.end(), DateValue((election.vote + timedelta(days=shift)).isoformat(), "day", "calendar")


def read_stage(folded: str, election: Election | None) -> DateValue | None:
    """Return the days of "masa tenang" or "hari pencoblosan" by the calendar of the election."""
    match = _STAGE.match(folded)
    if match is None or election is None:
        return None
    stage = election.stage("masa_tenang" if "tenang" in match.group() else "pemungutan")
    if stage is None:
        return None
    if stage.start == stage.end:
        return DateValue(stage.start.isoformat(), "day", "calendar")
    return DateValue(f"{stage.start.isoformat()}/{stage.end.isoformat()}", "range", "calendar")
