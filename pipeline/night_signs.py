"""Signs of life in a night's log: once a minute how far the long stages are, and how long they will take."""

from __future__ import annotations

import time

from crawler.run import Progress
from pipeline.logs import Log
from pipeline.process import Reading

SIGN_S = 60.0


class CrawlSigns:
    """Tells the log once a minute how far the crawl is, and how long it will take at this speed."""

    def __init__(self, log: Log) -> None:
        self._log, self._began, self._told = log, time.monotonic(), time.monotonic()
        self._seen: dict[str, Progress] = {}

    def __call__(self, progress: Progress) -> None:
        self._seen[progress.source] = progress
        now = time.monotonic()
        if now - self._told < SIGN_S:
            return
        self._told = now
        fetched = sum(p.fetched for p in self._seen.values())
        waiting = sum(p.waiting for p in self._seen.values())
        left = round(waiting * (now - self._began) / fetched / 60) if fetched else None
        self._log.info("crawl goes on", fetched=fetched, waiting=waiting, minutes_left=left)


class ReadingSigns:
    """Logs each page read, and once a minute the speed, with how long tonight's pages will take."""

    def __init__(self, log: Log, fetched: int) -> None:
        self._log, self._fetched = log, fetched
        self._began = self._told = time.monotonic()
        self._done = 0

    def __call__(self, reading: Reading) -> None:
        capture = reading.job.captures[0]
        where = {"source": capture.source, "url": capture.article_url}
        if reading.refusal:
            self._log.debug("page refused", reason=reading.refusal.reason, **where)
        elif reading.extraction:
            self._log.debug("article read", kind=reading.extraction.kind, **where)
        self._done += 1
        now = time.monotonic()
        if now - self._told >= SIGN_S:
            self._told, speed = now, self._done / (now - self._began)
            left = round(max(0, self._fetched - self._done) / speed / 60)
            self._log.info("reading goes on", read=self._done, a_second=round(speed, 1), minutes_left=left)
