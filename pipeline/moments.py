"""Read when something was published, as pages and feeds write it: ISO, mail, Indonesian and English forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"
_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_INDONESIAN = tuple(timedelta(hours=hours) for hours in (7, 8, 9))
_MONTHS = {
    stem: number
    for number, stems in enumerate(
        (
            "jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu aug ags agt", "sep", "okt oct",
            "nov nop", "des dec",
        ),
        start=1,
    )
    for stem in stems.split()
}  # fmt: skip
_WEEKDAYS = {
    stem: number
    for number, stems in enumerate(
        ("sen mon", "sel tue", "rab wed", "kam thu", "jum fri", "sab sat", "min aha sun")
    )
    for stem in stems.split()
}
WEEKDAY = (
    r"(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b"
)
CLOCK = (
    r"(?:\s?[(),|@•·–/-]*\s?(?:(?:pukul|pkl|jam|at)\b\.?\s?:?|-)?\s?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.]\d{2})?\s?(?P<half>am|pm)?\s?(?P<zone>wib|wita|wit|utc|gmt)?\b"
    r"(?P<offset>(?<=[tc])[+-](?:0?\d|1[0-4])(?::?[0-5]\d)?\b)?)?"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?")
_MAIL = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}")
_YEARS = r"20\d{2}|19\d{2}|['’‘`]\d{2}(?!\d)"
_YEAR = rf"(?P<year>{_YEARS})"
# "2026 M / 27 Jumadil Awal 1448 H"
_HIJRI = (
    r"(?:\s?M(?:asehi)?\b)?"
    r"(?:\s?[/|(-]?\s?\d{1,2} [a-z][a-z'’ -]{3,20} 1[34]\d{2}\s?(?:H(?:ijri\w*)?\b)?\)?)?"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s|\s?-\s?)(?P<month>[a-z]{3,9})\.?(?:\s|\s?-\s?|, ?)"
    + (rf"(?P<year>{_YEARS}|(?<=[a-z]-)\d{{2}}(?!\d))" + _HIJRI + CLOCK),
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? " + _YEAR + CLOCK, re.IGNORECASE
)
_YEAR_FIRST = re.compile(
    r"(?<![\d/.-])(?P<year>20\d{2}|19\d{2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)"
    + CLOCK,
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d/])(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>20\d{2}|19\d{2})(?![\d/])" + CLOCK,
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})(?P<mark>[/-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{2})(?![\d/-])" + CLOCK,
    re.IGNORECASE,
)
_ON_DAY = re.compile(rf"\b(?P<weekday>{WEEKDAY})[\s,.(/-]*$", re.IGNORECASE)
# "14.07 WITA, Jumat 27 November 2026"
_CLOCK_BEFORE = re.compile(
    r"(?:^|[\s|(])(?:(?P<at>pukul|pkl|jam)\b\.?\s?:?\s?)?(?P<hour>\d{1,2})(?:(?P<colon>:)|\.)(?P<minute>\d{2})(?::\d{2})?"
    rf"\s?(?P<zone>wib|wita|wit)?[\s,|/()•·–-]*(?:{WEEKDAY}[\s,./-]*)?$",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
_DIGIT = re.compile(r"\d")
_CHANGED = re.compile(
    r"\b(?:updated?|(?:di)?perbar(?:u|ui|uan|harui)|pembaruan|diubah|revisi|edited|(?:last )?modified|last edit)"
    rf"(?: (?:on|at|pada|terakhir))?[\s:,(|-]*(?:{WEEKDAY}[\s,.-]*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: `minute` when its clock was given, `zoned` when its zone was, `utc` when as UTC.

    `changed` says that the text calls it a change ("Diperbarui: …"), which is no publication.
    """

    at: datetime
    minute: bool
    zoned: bool
    utc: bool = False
    changed: bool = False

    @property
    def day(self) -> str:
        return self.at.date().isoformat()


@dataclass(frozen=True, slots=True)
class Stated:
    """A moment and the part of the text that names it; the weekday before it is outside."""

    moment: Moment
    start: int
    end: int


def zone_of(name: str | None) -> tzinfo:
    """Return the zone of a source, Western Indonesian time without one."""
    return ZoneInfo(name or DEFAULT_ZONE)


def read_moment(raw: str, zone: tzinfo) -> Moment | None:
    """Return the moment that `raw` names, on the clock of `zone` where it names none; else None.

    It is the first one, but for what the text calls a change where it names another one too. The zone of the
    moment is one of Indonesia's: a blog that was left in Pacific time says the instant, not the day on which its
    readers saw the article.
    """
    stated = find_moment(raw.strip()[:240], zone)
    return stated.moment if stated else None


def find_moment(text: str, zone: tzinfo) -> Stated | None:
    """Return what read_moment reads, with its place in the text."""
    later: Stated | None = None
    if not _DIGIT.search(text):
        return None
    for stated in _stated(text, zone):
        if not _CHANGED.search(text, max(0, stated.start - 60), stated.start):
            return stated
        later = later or replace(stated, moment=replace(stated.moment, changed=True))
    return later


def _stated(text: str, zone: tzinfo) -> Iterator[Stated]:
    if _EPOCH.fullmatch(text):
        moment = _settle(datetime.fromtimestamp(int(text[:10]), UTC), zone, minute=True)
        if moment:
            # seconds since 1970 are an instant: no site writes its local clock so
            yield Stated(replace(moment, utc=False), 0, len(text))
    for iso in _ISO.finditer(text):
        worded = _YEAR_FIRST.match(text, iso.start())
        found = [(_from_iso(iso.group(), zone), iso.end())]
        if worded and worded["hour"]:
            # "2026-11-18 19.20 WIB": what ISO has no form for
            found = sorted([(_from_match(worded, zone), worded.end()), *found], key=lambda pair: -pair[1])
        moment, end = found[0]
        if moment:
            yield Stated(moment, iso.start(), end)
    mail = _MAIL.search(text)
    if mail:
        try:
            moment = _settle(parsedate_to_datetime(text[mail.start() :]), zone, minute=True)
        except (TypeError, ValueError, IndexError):
            moment = None
        if moment:
            yield Stated(moment, mail.start(), mail.end())
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _NUMERIC, _SHORT_YEAR):
        for match in pattern.finditer(text):
            moment = _from_match(match, zone)
            if moment:
                yield Stated(moment, match.start(), match.end())


def _from_iso(text: str, zone: tzinfo) -> Moment | None:
    try:
        value = datetime.fromisoformat(text.replace(" +", "+").replace(" Z", "Z"))
    except ValueError:
        try:
            value = datetime.fromisoformat(
                re.sub(r"\.\d+|\s", lambda m: "T" if m.group() == " " else "", text)
            )
        except ValueError:
            return None
    return _settle(value, zone, minute=len(text) > 10)


def _from_match(found: re.Match[str], zone: tzinfo) -> Moment | None:
    day = _day_of(found)
    if day is None:
        return None
    part = found.groupdict()
    if part["hour"] is None:
        before = _CLOCK_BEFORE.search(found.string, max(0, found.start() - 40), found.start())
        if before and (before["at"] or before["colon"] or before["zone"]):
            part |= before.groupdict()
    hour, minute = int(part["hour"] or 0), int(part["minute"] or 0)
    if part["half"]:
        hour = hour % 12 + (12 if part["half"].lower() == "pm" else 0)
    named = (part["zone"] or "").lower()
    timed = part["hour"] is not None and hour < 24 and minute < 60
    value = datetime(day.year, day.month, day.day, hour if timed else 0, minute if timed else 0)
    if named in ("utc", "gmt"):
        return _settle(value.replace(tzinfo=_zone_beside(part["offset"])), zone, minute=timed)
    own = ZoneInfo(_ZONES[named]) if named else zone
    return Moment(value.replace(tzinfo=own), minute=timed, zoned=bool(named))


def _zone_beside(offset: str | None) -> tzinfo:
    """Return the zone of "GMT+0700", as scripts print it, or of "GMT" alone."""
    found = _OFFSET.fullmatch(offset or "")
    if not found:
        return UTC
    ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(ahead if found["sign"] == "+" else -ahead)


def _day_of(found: re.Match[str]) -> date | None:
    """Return the day of a match: day before month, unless only the other order agrees with the weekday."""
    month, day = found["month"], int(found["day"])
    if not month.isdigit():
        return _date(int(found["year"].lstrip("'’‘`")), _MONTHS.get(month[:3].lower(), 0), day)
    year = int(found["year"])
    orders = [(int(month), day)] if found.re is _YEAR_FIRST else [(int(month), day), (day, int(month))]
    days = [possible for order in orders if (possible := _date(year, *order))]
    before = _ON_DAY.search(found.string, max(0, found.start() - 20), found.start())
    weekday = _WEEKDAYS[before["weekday"][:3].lower()] if before else None
    agreed = next((possible for possible in days if possible.weekday() == weekday), None)
    if found.re is _SHORT_YEAR:
        # "4/11/26" may be anything: a weekday, a clock or nothing else beside it makes it a date
        if weekday is None and found["hour"] is None and found.group() != found.string:
            return None
        return agreed if weekday is not None else next(iter(days), None)
    return agreed or next(iter(days), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _settle(value: datetime, zone: tzinfo, *, minute: bool) -> Moment | None:
    value = value.replace(second=0, microsecond=0)
    if value.tzinfo is None:
        return Moment(value.replace(tzinfo=zone), minute, zoned=False)
    offset = value.utcoffset() or timedelta(0)
    try:
        here = value.astimezone(zone)
    except OverflowError:
        return None
    if offset in _INDONESIAN and here.utcoffset() != offset:
        here = value.replace(tzinfo=timezone(offset))
    return Moment(here, minute, zoned=True, utc=offset == timedelta(0))
