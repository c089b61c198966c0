"""What is known of each host during a crawl: its robots rules, its delay, and when it may be asked again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from protego import Protego

ROBOTS_NAME = "Wartawas"
#: A host that refuses this often in a row (429, 503) is left alone for the rest of the run.
MAX_REFUSALS = 6
_MAX_CRAWL_DELAY = 120.0


@dataclass(slots=True)
class Host:
    """One host; `free_at` is on the monotonic clock."""

    key: str
    delay: float
    rules: Protego | None = None
    robots_read: bool = False
    free_at: float = 0.0
    refusals: int = 0

    def pause(self, seconds: float) -> None:
        """Leave the host alone for so long, counted from now."""
        self.free_at = max(self.free_at, time.monotonic() + seconds)

    def set_rules(self, text: str) -> None:
        """Take over robots.txt, its crawl delay included where that is the longer one."""
        self.rules = Protego.parse(text)
        self.robots_read = True
        stated = self.rules.crawl_delay(ROBOTS_NAME)
        if stated:
            self.delay = max(self.delay, min(float(stated), _MAX_CRAWL_DELAY))

    def allows(self, url: str) -> bool:
        """Return whether robots.txt lets us read `url`."""
        return self.rules is None or bool(self.rules.can_fetch(url, ROBOTS_NAME))


@dataclass(slots=True)
class Hosts:
    """All hosts of a crawl by their key; a host that two sources share is one."""

    known: dict[str, Host] = field(default_factory=dict)

    def of(self, url: str, delay: float) -> Host:
        """Return the host of `url`, which is asked at least `delay` seconds apart."""
        key = host_key(url)
        host = self.known.get(key)
        if host is None:
            host = self.known[key] = Host(key, delay)
        host.delay = max(host.delay, delay)
        return host


def host_key(url: str) -> str:
    """Return what counts as one host: the name without www, with its port where that is an unusual one."""
    split = urlsplit(url)
    name = (split.hostname or "").removeprefix("www.")
    return name if split.port in (None, 80, 443) else f"{name}:{split.port}"


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, in either form; None: nothing usable.

    A date counts from `now`: that of the answer's `Date`, so that a clock that is wrong here changes nothing.
    """
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    at = http_date(text)
    if at is None:
        return None
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())


def http_date(value: str) -> datetime | None:
    """Return the moment that a header states; None: nothing usable."""
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
