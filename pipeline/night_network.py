"""A night whose network is not there yet, as after a power cut that took the router too, waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from crawler.run import CrawlReport
from pipeline.logs import Log

PAUSES_S = (120.0, 300.0, 600.0, 1200.0, 2400.0)


def crawl_until_answered(
    crawl_once: Callable[[], CrawlReport], ends_at: datetime | None, log: Log
) -> CrawlReport:
    """Return the report of the crawl in which a host was reached, or else of the last one before `ends_at`.

    Where there is no such end somebody sits before the machine, and is told at once. Hosts that refuse, or ask to be
    left alone, were reached: to begin anew would ask them again sooner than they want.
    """
    for pause in PAUSES_S:
        report = crawl_once()
        in_time = ends_at and datetime.now(UTC) + timedelta(seconds=pause) < ends_at
        if not (in_time and report.nothing_reached):
            return report
        log.warning("no source answers: waiting for the network", crawl_run=report.run, minutes=pause / 60)
        time.sleep(pause)
    return crawl_once()
