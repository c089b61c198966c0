"""The clocks of the sites: where they agree that it is days later than here, this machine's clock is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.hosts import http_date

_LATER = timedelta(days=1)
"""More than a server is off that calls its local time GMT."""
_SITES = 3


class Clocks:
    """What the header `Date` of each source says, against the clock of this machine."""

    def __init__(self, sources: int) -> None:
        self._needed = min(_SITES, sources)
        self._later: dict[str, timedelta] = {}

    def hear(self, source: str, date: str, now: datetime) -> str | None:
        """Take what an answer says; return what is wrong with this machine's clock, if most sources agree on it."""
        told = http_date(date)
        if told is None:
            return None
        self._later[source] = told - now
        later = sorted(late for late in self._later.values() if late > _LATER)
        if len(later) < self._needed or 2 * len(later) <= len(self._later):
            return None
        days = later[len(later) // 2].days
        return (
            f"the clock of this machine shows {now:%Y-%m-%d %H:%M} UTC, {days} days before that of {len(later)} of "
            f"{len(self._later)} sources, so every date would be wrong; set it, by NTP at best, and start again"
        )
