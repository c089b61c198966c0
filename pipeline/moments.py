"""Read when something was published, as pages and feeds write it: ISO, mail, Indonesian and English forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Jakarta"
_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
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
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?")
_MAIL = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}")
_CLOCK = (
    r"(?:\s?[),|@•·–-]*\s?(?:pukul|jam|at|-)?\s?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?"
    r"\s?(?P<half>am|pm)?\s?(?P<zone>wib|wita|wit|utc|gmt)?\b)?"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:\s|\s?-\s?)(?P<month>[a-z]{3,9})\.?(?:\s|\s?-\s?|, ?)"
    r"(?P<year>20\d{2}|19\d{2})" + _CLOCK,
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>20\d{2}|19\d{2})" + _CLOCK, re.IGNORECASE
)
_NUMERIC = re.compile(
    r"(?<![\d/])(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>20\d{2}|19\d{2})(?![\d/])" + _CLOCK,
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: `minute` when its clock was given, `zoned` when its zone was, `utc` when as UTC."""

    at: datetime
    minute: bool
    zoned: bool
    utc: bool = False

    @property
    def day(self) -> str:
        return self.at.date().isoformat()


def zone_of(name: str | None) -> tzinfo:
    """Return the zone of a source, Western Indonesian time without one."""
    return ZoneInfo(name or DEFAULT_ZONE)


def read_moment(raw: str, zone: tzinfo) -> Moment | None:
    """Return the first moment that `raw` names, on the clock of `zone` where it names none; else None.

    UTC is turned into `zone`; any other zone that the text gives is kept.
    """
    text = raw.strip()[:240]
    iso = _ISO.search(text)
    if iso:
        return _from_iso(iso.group(), zone)
    mail = _MAIL.search(text)
    if mail:
        try:
            return _settle(parsedate_to_datetime(text[mail.start() :]), zone, minute=True)
        except (TypeError, ValueError, IndexError):
            return None
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _NUMERIC):
        for found in pattern.finditer(text):
            moment = _from_match(found, zone)
            if moment:
                return moment
    return None


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
    part = found.groupdict()
    month = int(part["month"]) if part["month"].isdigit() else _MONTHS.get(part["month"][:3].lower(), 0)
    hour, minute = int(part["hour"] or 0), int(part["minute"] or 0)
    if part["half"]:
        hour = hour % 12 + (12 if part["half"].lower() == "pm" else 0)
    named = (part["zone"] or "").lower()
    try:
        value = datetime(int(part["year"]), month, int(part["day"]), hour, minute)
    except ValueError:
        return None
    if named in ("utc", "gmt"):
        return _settle(value.replace(tzinfo=UTC), zone, minute=True)
    own = ZoneInfo(_ZONES[named]) if named else zone
    return Moment(value.replace(tzinfo=own), minute=part["hour"] is not None, zoned=bool(named))


def _settle(value: datetime, zone: tzinfo, *, minute: bool) -> Moment | None:
    value = value.replace(second=0, microsecond=0)
    if value.tzinfo is None:
        return Moment(value.replace(tzinfo=zone), minute, zoned=False)
    offset = value.utcoffset() or timedelta(0)
    try:
        if offset == timedelta(0):
            return Moment(value.astimezone(zone), minute, zoned=True, utc=True)
        same = value.astimezone(zone)
    except OverflowError:
        return None
    if same.utcoffset() == offset:
        return Moment(same, minute, zoned=True)
    return Moment(value.replace(tzinfo=timezone(offset)), minute, zoned=True)
