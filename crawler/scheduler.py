"""Scrapy's scheduler over the ledger: lanes take turns, and nothing is queued but what can go out now."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spider import NewsSpider


class LaneScheduler(BaseScheduler):
    """Asks the spider's lanes for requests. The spider closes the crawl, so it never looks finished."""

    def __init__(self, spider: NewsSpider) -> None:
        self._spider = spider
        self._given: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LaneScheduler:
        """Return the scheduler of the crawl's spider."""
        return cls(crawler.spider)  # type: ignore[arg-type]

    def has_pending_requests(self) -> bool:
        """Return True: lanes may wait for a host while nothing can go out."""
        return True

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that belongs to an errand under way: a redirect, or one that a wake-up brought."""
        self._given.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return the next request that may go out now."""
        if self._given:
            return self._given.popleft()
        return self._spider.next_request()
