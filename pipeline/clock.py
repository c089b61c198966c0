"""When the article of a page was published: the best of what the listing, the page and its address state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from pipeline.machine_clock import is_past
from pipeline.moments import Moment, read_moment
from pipeline.page import Page
from pipeline.signline import SignLine, read_signline

_URL_DATE = re.compile(
    r"/(20\d{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?:/(\d{2})(\d{2})\d{2}(?=/))?(?:/|-|$)"
)
_EARLIEST = 1995
_AHEAD = timedelta(hours=2)
"""How much later than its fetch a time may be: the width of Indonesia's zones, for a source in the wrong one."""


@dataclass(frozen=True)
class PageClock:
    """Reads times of one page: on its source's clock, none from the future."""

    page: Page
    zone: tzinfo
    fetched_at: datetime | None
    outlets: frozenset[str] = frozenset()

    def read(self, raw: Any) -> Moment | None:
        moment = read_moment(raw, self.zone) if isinstance(raw, str) else None
        return moment if moment and self._plausible(moment) else None

    def published(self, texts: list[tuple[str, Any]], url: str) -> tuple[str, Moment] | None:
        """Return the first moment that has a clock, if it agrees with the best one's day, else the best one.

        A page that calls its local clock UTC, or a feed that adds its zone twice, is found out by the clock and
        zone shown to readers, or by a time that had not come when the page was fetched.
        """
        moments = [(origin, moment) for origin, raw in texts if (moment := self.read(raw))]
        shown = self._shown()
        moments += shown
        moments += [("url", moment)] if (moment := self.read(_url_date(url))) else []
        if not moments:
            return self._called_utc(texts)
        origin, best = moments[0]
        if not best.minute:
            origin, best = next((m for m in moments if m[1].minute and m[1].day == best.day), (origin, best))
        for _, moment in shown:
            twice = best.minute and best.zoned and best.at - moment.at == moment.at.utcoffset()
            if twice and moment.minute and moment.zoned and not moment.utc:
                return f"{origin}, zone by byline", moment
        return origin, best

    @cached_property
    def signlines(self) -> list[SignLine]:
        """What the lines beside the headline state, in their order; read once."""
        lines = (read_signline(text, self.zone, self.fetched_at, self.outlets) for text in self.page.lines)
        return [line for line in lines if line and self._plausible(line.moment)]

    def _shown(self) -> list[tuple[str, Moment]]:
        """Return the moments that the page shows to readers: beside its headline, after it, before it.

        A time counted from the fetch ("3 jam lalu") gives way to one that is stated and agrees.
        """
        lines = self.signlines
        texts = (*self.page.dates[:8], *self.page.dates_before[:8], self.page.beside_heading)
        stated = [line.moment for line in lines if not line.ago]
        stated += [moment for text in texts if (moment := self.read(text))]
        shown = [("byline", moment) for moment in sorted(stated, key=lambda moment: moment.changed)]
        counted = next((line.moment for line in lines if line.ago), None)
        if counted is None:
            return shown
        width = timedelta(hours=2) if counted.minute else timedelta(days=1)
        close = [pair for pair in shown if pair[1].minute and abs(pair[1].at - counted.at) <= width]
        return [*close, ("byline, from the fetch", counted), *shown]

    def _called_utc(self, texts: list[tuple[str, Any]]) -> tuple[str, Moment] | None:
        """Return the first time called UTC that is in the future unless it is local, read so."""
        for origin, raw in texts:
            moment = read_moment(raw, self.zone) if isinstance(raw, str) else None
            if moment and moment.utc and moment.minute:
                local = Moment(moment.at.astimezone(UTC).replace(tzinfo=self.zone), minute=True, zoned=False)
                if self._plausible(local):
                    return f"{origin}, zone by fetch", local
        return None

    def _plausible(self, moment: Moment) -> bool:
        now = self.fetched_at or datetime.now(UTC)
        now = now if now.tzinfo else now.replace(tzinfo=UTC)
        # a page given by hand is read by a clock that cannot be right too: it knows no future
        clueless = self.fetched_at is None and is_past(now)
        return moment.at.year >= _EARLIEST and (clueless or moment.at <= now + _AHEAD)


def _url_date(url: str) -> str | None:
    """Return the day, with the clock if there is one, of an address: /2024/10/16/, /20241016/101500/."""
    try:
        found = _URL_DATE.search(urlsplit(url).path)
    except ValueError:
        return None
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    clock = f"T{hour}:{minute}" if hour and int(hour) < 24 and int(minute) < 60 else ""
    return f"{year}-{month}-{day}{clock}"
