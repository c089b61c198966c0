"""Turn what a date says into calendar days: missing years, weekday checks, ranges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# a date without a year lies from 330 days before the article to 200 after it
_BACK, _AHEAD = 330, 200
# a past event can't be this many days ahead of the article that reports it
_PAST = 30
# a printed date this far ahead or back can't be the past event that a sentence reports
_TOO_OLD = 400
_YEARS = range(1945, 2036)
_YEARS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class DateValue:
    """What a date expression means.

    `iso` is a day, a month `2024-11` or a range of days joined by `/`, None where it can't be said.
    `precision` is day, month, range or unknown; `method` explicit, year_inferred, weekday_fixed, relative
    or calendar; `conflict` weekday, impossible or month_first, with the other likely day in `alt`; `part`
    is the part of the day as written.
    """

    iso: str | None
    precision: str
    method: str
    conflict: str | None = None
    alt: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written: any of its parts may be missing; `direction` is -1 past, 1 future, 0 unsaid."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None
    direction: int = 0
    part: str | None = None


def valid(year: int, month: int, day: int) -> date | None:
    """Return the day, None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(year: int | None) -> int | None:
    """Return a year with its century: 24 is 2024."""
    return year if year is None or year >= 100 else 2000 + year


def resolve_day(written: Day, today: date | None) -> DateValue:
    """Return the value of a day, with its year inferred from `today` and its weekday checked."""
    if written.year is None:
        return _infer_year(written, today)
    year = full_year(written.year) or 0
    known = year in _YEARS and (today is None or year <= today.year + _YEARS_AHEAD)
    found = valid(year, written.month, written.day) if known else None
    if found is None:
        return _repair(written, today)
    if written.weekday is None or found.weekday() == written.weekday:
        return DateValue(found.isoformat(), "day", "explicit", part=written.part)
    return _weekday_conflict(written, found, today)


def _infer_year(written: Day, today: date | None) -> DateValue:
    if today is None:
        return DateValue(None, "unknown", "year_inferred", part=written.part)
    days = [
        found
        for year in (today.year, today.year - 1, today.year + 1)
        if (found := valid(year, written.month, written.day)) is not None
    ]
    if not days:
        return DateValue(None, "unknown", "year_inferred", "impossible", part=written.part)
    near = [day for day in days if -_BACK <= (day - today).days <= _AHEAD]
    if written.weekday is not None:
        fitting = [day for day in near or days if day.weekday() == written.weekday]
        if not fitting:
            guess = min(near or days, key=lambda day: abs((day - today).days))
            return _weekday_conflict(written, guess, today, method="year_inferred")
        near = fitting
    chosen = min(near or days, key=lambda day: _distance(day, today, written.direction))
    return DateValue(chosen.isoformat(), "day", "year_inferred", part=written.part)


def _distance(day: date, today: date, direction: int) -> int:
    gap = (day - today).days
    if direction > 0:
        return gap if gap >= 0 else 1000 - gap
    if direction < 0:
        return -gap if gap <= 0 else 1000 + gap
    # news looks back more than ahead: a coming day must be twice as near as a past one
    return 2 * gap if gap > 0 else -gap


def _weekday_conflict(
    written: Day, printed: date, today: date | None, *, method: str = "explicit"
) -> DateValue:
    """Keep the printed day unless it is impossible for a report of `today`; show the other candidate."""
    alt = _nearest_fit(written, printed, today)
    shown = alt.isoformat() if alt else None
    gap = (printed - today).days if today else 0
    unlikely = gap < -_TOO_OLD or (gap > _PAST and written.direction <= 0)
    if shown and unlikely:
        return DateValue(shown, "day", "weekday_fixed", "weekday", printed.isoformat(), written.part)
    return DateValue(printed.isoformat(), "day", method, "weekday", shown, written.part)


def _nearest_fit(written: Day, printed: date, today: date | None) -> date | None:
    swapped = valid(printed.year, printed.day, printed.month) if printed.day <= 12 else None
    tries = [
        printed - timedelta(days=1),
        printed + timedelta(days=1),
        swapped,
        valid(printed.year - 1, printed.month, printed.day),
        valid(printed.year + 1, printed.month, printed.day),
    ]
    fitting = [day for day in tries if day is not None and day.weekday() == written.weekday]
    if today is None:
        return fitting[0] if fitting else None
    return next((day for day in fitting if today - timedelta(days=7) <= day <= today), None)


def _repair(written: Day, today: date | None) -> DateValue:
    """Return no day for an impossible string, with the one repair that weekday and article agree on."""
    tries: list[date | None] = []
    year = full_year(written.year) or 0
    if written.month > 12:
        tries += [valid(year, int(month), written.day) for month in _one_dropped(str(written.month))]
    else:
        for better in (year - 10, year - 1000):
            tries.append(valid(better, written.month, written.day) if better > 0 else None)
    agreed = {
        day
        for day in tries
        if day is not None
        and today is not None
        and written.weekday == day.weekday()
        and abs((day - today).days) <= 3
    }
    alt = agreed.pop().isoformat() if len(agreed) == 1 else None
    return DateValue(None, "unknown", "explicit", "impossible", alt, written.part)


def _one_dropped(digits: str) -> set[str]:
    return {digits[:at] + digits[at + 1 :] for at in range(len(digits))} - {"", "0", "00"}


def resolve_range(first: Day, last: Day, today: date | None) -> DateValue:
    """Return the range of two days; the first takes its year from the last, or the year before it."""
    end = resolve_day(last, today)
    if end.iso is None:
        return DateValue(None, "unknown", end.method, end.conflict)
    stop = date.fromisoformat(end.iso)
    months = [(year, first.month) for year in ([first.year] if first.year else [stop.year, stop.year - 1])]
    if (
        first.month == last.month and first.day > last.day
    ):  # "30-2 Oktober": the first day is of the month before
        months = [shift_month(stop, -1)]
    for year, month in months:
        start = valid(full_year(year) or 0, month, first.day)
        if start is not None and start <= stop:
            wrong = first.weekday is not None and start.weekday() != first.weekday
            conflict = end.conflict or ("weekday" if wrong else None)
            return DateValue(f"{start.isoformat()}/{stop.isoformat()}", "range", end.method, conflict)
    return DateValue(None, "unknown", end.method, "impossible")


def resolve_month(
    month: int, year: int | None, today: date | None, *, direction: int = 0, third: str | None = None
) -> DateValue:
    """Return a month; awal, pertengahan or akhir stay in `part`, since papers use them loosely."""
    method = "explicit"
    if year is None:
        method = "year_inferred"
        if today is None:
            return DateValue(None, "unknown", method)
        year = _month_year(month, today, direction)
    return DateValue(f"{year}-{month:02}", "month", method, part=third)


def _month_year(month: int, today: date, direction: int) -> int:
    gap = month - today.month  # months ahead within the same year
    if direction > 0:
        return today.year if gap >= 0 else today.year + 1
    if direction < 0:
        return today.year if gap <= 0 else today.year - 1
    if gap > 6:
        return today.year - 1
    return today.year + 1 if gap < -9 else today.year


def week_of(day: date, shift: int = 0) -> DateValue:
    """Return the ISO week (Monday to Sunday) `shift` weeks from that of `day`."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
    return DateValue(f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}", "range", "relative")


def shift_month(day: date, months: int) -> tuple[int, int]:
    """Return (year, month) that lies `months` from the month of `day`."""
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1
