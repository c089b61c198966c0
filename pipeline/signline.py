"""The lines beside a headline that say when the article appeared and whose it is, whatever they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from pipeline.bylines import clean_author, looks_like_name
from pipeline.moments import CLOCK, WEEKDAY, Moment, find_moment

_AGO = re.compile(
    r"\b(?:(?P<number>\d{1,2}) ?|(?:se|satu |an? |one ))(?P<unit>detik|menit|jam|hari|"
    r"sec(?:ond)?|min(?:ute)?|hour|day)s? "
    r"(?:yang )?(?:lalu|ago)\b|\b(?P<now>baru saja|just now)\b|\b(?P<word>kemarin|hari ini|yesterday|today)\b"
    + CLOCK,
    re.IGNORECASE,
)
_UNITS = {
    **dict.fromkeys(("det", "sec"), timedelta(seconds=1)),
    **dict.fromkeys(("men", "min"), timedelta(minutes=1)),
    **dict.fromkeys(("jam", "hou"), timedelta(hours=1)),
    **dict.fromkeys(("har", "day"), timedelta(days=1)),
}
_MOST_DAYS = 7
_MARK = (
    r"(?:^|[|•·()–—/:-]|\b(?:terbit|tayang|(?:di)?(?:terbit|publikasi|posting|tayang|unggah)kan|posted|published"
    r"|on|pada))"
)
_BEFORE = re.compile(rf"{_MARK}[\s:,]*(?P<day>{WEEKDAY}[\s,./-]*\(?)?$", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"(?:^|[|•·()–—/-]\s*)(?:[A-Z][\w.'’-]*\s+){2,4}$")
_AFTER = re.compile(
    r"\s*(?:$|[|•·()–—/-]|(?:di)?(?:lihat|baca)\b|\d[\d.,]* ?(?:views?|kali|x)\b|"
    r"(?:oleh|by|reporter|penulis|pewarta|editor|laporan)\b)",
    re.IGNORECASE,
)
_VIEWS = re.compile(
    r"(?:di)?(?:lihat|baca|views?|hits?)\W*\d[\d.,]*\s*(?:kali|x\b)?|\d[\d.,]*\s*(?:kali\s*)?(?:di)?"
    r"(?:lihat|baca|views?|kali|komentar|comments?|menit baca|min(?:ute)?s? read)\b",
    re.IGNORECASE,
)
_PIECES = re.compile(r"\s*[|•·–—/,()]\s*|\s-\s")


@dataclass(frozen=True, slots=True)
class SignLine:
    """What one line beside a headline states: when, `ago` where counted from the fetch, and the name beside it."""

    moment: Moment
    ago: bool
    name: str | None


def read_signline(
    line: str, zone: tzinfo, fetched_at: datetime | None, outlets: frozenset[str]
) -> SignLine | None:
    """Return what a line that states a time says; None for one that only mentions a time, as sentences do.

    In `line` a bar parts what stands in elements of its own. Where words run into the time ("menunggu sejak 2 hari
    lalu", "Pilkada 27 November 2024") it is not the article's.
    """
    stated = find_moment(line, zone)
    if stated:
        before = _BEFORE.search(line, 0, stated.start)
        if not before or not _AFTER.match(line, stated.end):
            return None
        start = before.start("day") if before["day"] else stated.start
        return SignLine(stated.moment, False, _name(line[:start], line[stated.end :], outlets))
    for found in _AGO.finditer(line):
        head, tail = line[: found.start()], line[found.end() :]
        if not (_BEFORE.search(head) or _NAME_BEFORE.search(head)) or not _AFTER.match(tail):
            continue
        moment = _counted(found, zone, fetched_at)
        if moment:
            return SignLine(moment, True, _name(head, tail, outlets))
    return None


def _counted(found: re.Match[str], zone: tzinfo, fetched_at: datetime | None) -> Moment | None:
    """Return the moment so long before the fetch; the clock is kept where minutes or hours are counted.

    Sites cut what they count: "1 hari lalu" is from one to two days back, so it is the middle of that. From a fetch
    after midnight, as nightly ones are, one day back would nearly always be a day too late.
    """
    if fetched_at is None:
        return None
    now = (fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)).astimezone(zone)
    now = now.replace(second=0, microsecond=0)
    if found["now"]:
        return Moment(now, minute=True, zoned=False)
    if found["word"]:
        return _on_day(found, now)
    count, unit = int(found["number"] or 1), _UNITS[found["unit"][:3].lower()]
    at = (now - count * unit - unit / 2).replace(second=0)
    if unit < timedelta(days=1):
        return Moment(at, minute=True, zoned=False)
    day = at.replace(hour=0, minute=0)
    # weeks and months are too rough to name a day by
    return Moment(day, minute=False, zoned=False) if count <= _MOST_DAYS else None


def _on_day(found: re.Match[str], now: datetime) -> Moment | None:
    back = timedelta(days=1 if found["word"].lower() in ("kemarin", "yesterday") else 0)
    day = (now - back).replace(hour=0, minute=0)
    if found["hour"] is None:
        return Moment(day, minute=False, zoned=False)
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    if hour > 23 or int(found["minute"]) > 59:
        return None
    stated = find_moment(
        f"{day:%Y-%m-%d} {hour:02}:{found['minute']} {found['zone'] or ''}", now.tzinfo or UTC
    )
    return stated.moment if stated else None


def _name(before: str, after: str, outlets: frozenset[str]) -> str | None:
    """Return the one person that stands beside a time without a label; None where two might be one."""
    pieces = _PIECES.split(_VIEWS.sub("|", f"{before}|{after}"))
    names = [name for piece in pieces if (name := clean_author(piece, outlets)) and looks_like_name(name)]
    return names[0] if len(names) == 1 else None
