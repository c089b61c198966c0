"""Times as feeds, sitemaps and addresses state them, and the window of a crawl."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from crawler.discovery.shapes import MONTHS, ZONES

_YEARS = range(1995, 2101)
_DAY = timedelta(days=1) - timedelta(seconds=1)
_DATE_ONLY = re.compile(r"\d{4}-?\d{2}-?\d{2}$")
_MONTH_ONLY = re.compile(r"(\d{4})-(\d{2})$")
_WORDED = re.compile(
    r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?[ -](\d{4})(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
    r"\s*([+-]\d{2}:?\d{2}|[A-Za-z]{1,4})?"
)
_IN_PATH = re.compile(r"/((?:19|20)\d\d)/(\d\d)(?:/(\d\d))?(?=/)")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was, as exactly as it was stated: from `start` to `end`, both aware.

    `iso` is the statement in ISO 8601, without a zone where it had none.
    """

    start: datetime
    end: datetime
    iso: str


@dataclass(frozen=True, slots=True)
class Window:
    """The span whose articles are asked for; None leaves a side open. Both are aware.

    Without `until`, `since` is the last night: it ends paging but drops no article, for what a listing says
    of older ones is free, may be news after a broken night, and proves that they have not changed.
    """

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, published: Moment | None, changed: Moment | None = None) -> bool:
        """Return whether an article may have been published in the window; one without any time may.

        Without a publication the last change stands for it.
        """
        known = published or changed
        if self.until is None or known is None:
            return True
        return known.start <= self.until and (self.since is None or known.end >= self.since)

    def ends_before(self, moment: Moment | None) -> bool:
        """Return whether a listing that goes back in time has reached the window's beginning."""
        return bool(self.since and moment and moment.end < self.since)


def aware(moment: datetime | None) -> datetime | None:
    """Return `moment` with a zone: UTC where it had none."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def parse_time(text: str | None, zone: str) -> Moment | None:
    """Return the time that ISO 8601, RFC 822 or Indonesian words state; `zone` fills in for theirs."""
    text = (text or "").strip()[:60]
    if not text:
        return None
    try:
        return _iso(text, ZoneInfo(zone)) or _worded(text, ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None


def path_time(path: str, zone: str) -> Moment | None:
    """Return the day or month that a dated path (/2024/07/25/slug) states."""
    found = _IN_PATH.search(path)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        start = datetime(year or 0, month or 0, day or 1, tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
    return Moment(start, start + _DAY if day else _month_end(start), start.date().isoformat())


def _iso(text: str, zone: tzinfo) -> Moment | None:
    if not text[:4].isdigit():
        return None
    if month := _MONTH_ONLY.match(text):
        start = datetime(int(month[1]), int(month[2]), 1, tzinfo=zone)
        return _moment(start, _month_end(start), text)
    given = datetime.fromisoformat(text)
    local = given.replace(tzinfo=zone) if given.tzinfo is None else given
    if _DATE_ONLY.match(text):
        return _moment(local, local + _DAY, given.date().isoformat())
    return _moment(local, local, given.isoformat())


def _worded(text: str, zone: tzinfo) -> Moment | None:
    found = _WORDED.search(text)
    if not found or found[2].lower() not in MONTHS:
        return None
    day, year, month = int(found[1]), int(found[3]), MONTHS[found[2].lower()]
    if found[4] is None:
        start = datetime(year, month, day, tzinfo=zone)
        return _moment(start, start + _DAY, start.date().isoformat())
    given = datetime(
        year, month, day, int(found[4]), int(found[5]), int(found[6] or 0), tzinfo=_offset(found[7])
    )
    local = given.replace(tzinfo=zone) if given.tzinfo is None else given
    return _moment(local, local, given.isoformat())


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] in "+-":
        digits = text[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    minutes_known = ZONES.get(text.lower())
    return None if minutes_known is None else timezone(timedelta(minutes=minutes_known))


def _moment(start: datetime, end: datetime, iso: str) -> Moment | None:
    return Moment(start, end, iso) if start.year in _YEARS else None


def _month_end(start: datetime) -> datetime:
    return (start + timedelta(days=32)).replace(day=1) - timedelta(seconds=1)
