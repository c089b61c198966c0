"""The one spider: it runs a lane for each source in one Scrapy crawl, and closes it when all are done."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import Request, signals
from scrapy.exceptions import NotSupported
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import visits
from crawler.changes import record_discovered
from crawler.clocks import Clocks
from crawler.discovery import first_steps
from crawler.encoding import MAX_BODY
from crawler.failures import failure_reason
from crawler.hosts import MAX_REFUSALS, Host, Hosts
from crawler.lane import OVERLAP, TICK_SECONDS, Errand, Lane, ListingErrand, PageErrand, Phase, night_of
from crawler.ledger import Ledger
from crawler.network import Network
from crawler.options import CrawlOptions, Progress
from crawler.recorder import Change, Recorder
from crawler.source import Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_LISTING = 5 * MAX_BODY
FLUSH_SECONDS = 1.0
_log = logging.getLogger(__name__)


class NewsSpider(scrapy.Spider):
    """Feeds Scrapy from the lanes and hands what comes back to crawler.visits.

    `recorder` writes; `reader` is the ledger as this thread reads it; `report` gets Progress as it changes.
    """

    name = "wartawas"

    def __init__(
        self,
        *,
        sources: Iterable[Source],
        options: CrawlOptions,
        run: str,
        reader: Ledger,
        recorder: Recorder,
        report: Callable[[Progress], None],
    ) -> None:
        super().__init__()
        self.options = options
        self.run = run
        self.recorder = recorder
        self.hosts = Hosts()
        self.reader = reader
        self._report = report
        self._shown: dict[str, Progress] = {}
        self._counted: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        self._flushed = time.monotonic()
        self.closing = False  # nothing more is asked
        self._parent = os.getppid()
        self._stop_at = options.ends_at - timedelta(seconds=options.timeout_s) if options.ends_at else None
        self.lanes = [Lane(source, options, reader, self.hosts) for source in sources]
        self._turns = deque(self.lanes)
        self.network = Network(self.lanes, options)
        self._clocks = Clocks(len(self.lanes))
        self.problem: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        """Return the spider, connected to the crawl's signals."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_error, signal=signals.spider_error)
        crawler.signals.connect(spider.on_answer, signal=signals.response_downloaded)
        return spider

    async def start(self) -> Any:
        """Open every lane and start the clock; the requests come through the scheduler."""
        for lane in self.lanes:
            self._open(lane)
        self._clock = asyncio.ensure_future(self._tick())
        self._clock.add_done_callback(self._clock_ended)
        nothing: tuple[Request, ...] = ()
        for request in nothing:  # Scrapy wants a generator
            yield request

    def next_request(self) -> Request | None:
        """Return the next request that may go out now, lane by lane in turn."""
        if self.recorder.full or self.closing:
            return None
        for _ in range(len(self._turns)):
            lane = self._turns[0]
            self._turns.rotate(-1)
            while errand := lane.take():
                request = self._request(errand)
                if request:
                    return request
        return None

    def submit(
        self, lane: Lane, change: Change, answer: Callable[[Any], None] | None = None, *, size: int = 0
    ) -> None:
        """Hand a change of `lane` to the recorder; a lane does not end before its changes are answered."""
        if answer is None:
            self.recorder.submit(change, size=size)
            return
        lane.pending += 1

        def answered(result: object) -> None:
            lane.pending -= 1
            answer(result)
            self.advance(lane)
            self._wake()

        self.recorder.submit(change, answered, size=size, urgent=lane.phase is Phase.DISCOVERY)

    def on_listing(self, response: Response) -> None:
        """Take a discovery page."""
        errand: ListingErrand = response.meta["errand"]
        visits.take_listing(self, errand, response)
        self._done(errand.lane)

    def on_page(self, response: Response) -> None:
        """Take an article's page."""
        errand: PageErrand = response.meta["errand"]
        visits.take_page(self, errand, response)
        self._done(errand.lane)

    def on_failure(self, failure: Failure) -> None:
        """Take a request that gave no usable answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.meta["errand"]
        reason = failure_reason(failure.value, request.url)
        if reason == "error":
            _log.warning("%s: %r", request.url, failure.value)
        visits.take_failure(self, errand, reason)
        self._done(errand.lane)

    def on_error(self, failure: Failure, response: Response) -> None:
        """Count an answer that our own code could not deal with, so that its lane goes on."""
        errand: Errand = response.meta["errand"]
        visits.take_failure(self, errand, "error")
        self._done(errand.lane)

    def on_answer(self, request: Request) -> None:
        """Let the host's delay count from its answer.

        Counted from when we sent a request, a busy machine or network may bring two of them closer together
        than the host asked.
        """
        slot = self.crawler.engine.downloader.slots.get(request.meta["download_slot"])
        if slot and slot.delay:
            slot.lastseen = time.monotonic()
            if self.options.concurrency == 1:  # what waits in the lane, not in the slot, ends with the lane
                self.hosts.known[request.meta["download_slot"]].pause(slot.delay - TICK_SECONDS)

    def host_of(self, request: Request) -> Host:
        """Return the host that a request goes to."""
        host = self.hosts.of(request.url, request.meta["lane"].delay)
        self._set_slot(host)
        return host

    def set_delay(self, host: Host) -> None:
        """Bring the host's delay, as robots.txt may have set it, to Scrapy's slot."""
        slot = self.crawler.engine.downloader.slots.get(host.key)
        if slot:
            slot.delay = host.delay
        self._set_slot(host)

    def back_off(self, request: Request, host: Host, asked: float | None) -> None:
        """Leave an overloaded host alone for a while, or for the whole run where that while is too long.

        Many a busy host asks for no time at all (`Retry-After: 0`), so it gets our own back-off at least.
        """
        lane: Lane = request.meta["lane"]
        longest = self.options.max_wait_s
        wait = max(asked or 0.0, min(longest, self.options.backoff_s * 2 ** (host.refusals - 1)))
        if wait > longest:
            lane.stop(f"host_overloaded: asks to wait {wait:.0f} s")
        elif host.refusals > MAX_REFUSALS:
            lane.stop(f"host_overloaded: {host.refusals} refusals in a row")
        host.pause(wait)
        if wait <= longest:  # an address that redirects there would lead to it again, at once
            self.hosts.of(request.meta.get("redirect_urls", [request.url])[0], lane.delay).pause(wait)

    def wait_for(self, host: Host) -> float:
        """Return the seconds until the host may be asked again, at least the back-off."""
        return max(self.options.backoff_s, min(host.free_at - time.monotonic(), self.options.max_wait_s))

    def maxsize(self, request: Request) -> int:
        """Return how many bytes the answer may have, packed and unpacked."""
        errand: Errand | None = request.meta.get("errand")
        return MAX_LISTING if isinstance(errand, ListingErrand) else MAX_BODY

    def count(self, request: Request, result: str, size: int) -> None:
        """Count a request that went out."""
        lane: Lane = request.meta["lane"]
        errand: Errand | None = request.meta.get("errand")
        key = (
            lane.slug,
            self.hosts.of(request.url, lane.delay).key,
            errand.kind if errand else "robots",
            result,
        )
        requests, sizes = self._counted.get(key, (0, 0))
        self._counted[key] = (requests + 1, sizes + size)
        lane.spent_bytes += size

    def advance(self, lane: Lane) -> None:
        """Bring a lane into its next phase where the present one is over."""
        if lane.phase is Phase.DONE or not lane.idle():
            return
        if lane.phase is Phase.DISCOVERY:
            self._end_discovery(lane)
        else:
            self._end(lane)

    def stop(self, problem: str | None) -> None:
        """End all lanes; what is under way is still taken."""
        for lane in self.lanes:
            lane.stop(problem)
            self.advance(lane)

    def fail(self, error: Exception) -> None:
        """End the crawl at once because nothing can be recorded any more."""
        _log.error("nothing more can be recorded: %s", error)
        self._close("failed")

    def hear_clock(self, request: Request, date: str) -> None:
        """End the crawl at once where the sites say that the clock of this machine is wrong."""
        told = self._clocks.hear(request.meta["lane"].slug, date, datetime.now(UTC))
        if told and not self.problem:
            self.problem = told
            _log.error("%s", told)
            self._close("failed")

    def flush(self) -> None:
        """Hand the request counts to the recorder."""
        rows, self._counted = self._counted, {}
        if rows:
            self.recorder.submit(lambda desk: desk.ledger.tally.add_requests(self.run, rows))

    def _open(self, lane: Lane) -> None:
        now = datetime.now(UTC)
        tally = self.reader.tally
        night = night_of(now, lane.source)
        lane.pages_before, lane.spent_bytes = tally.spent(lane.slug, night)
        last = tally.last_complete(lane.slug)
        lane.caught_up = tally.caught_up(lane.slug)
        lane.known = self.reader.pages.last_id() if lane.backfill else 0
        lane.since = self.options.since if lane.backfill else (last - OVERLAP if last else None)
        self.recorder.submit(lambda desk: desk.ledger.tally.start_source(self.run, lane.slug, night))
        lane.add_steps(first_steps(lane.source, since=lane.since, until=self.options.until))

    def _request(self, errand: Errand) -> Request | None:
        listing = isinstance(errand, ListingErrand)
        try:
            return Request(
                errand.url,
                callback=self.on_listing if listing else self.on_page,
                errback=self.on_failure,
                headers=visits.conditional_headers(self.reader, errand),
                meta={
                    "errand": errand,
                    "lane": errand.lane,
                    "download_maxsize": MAX_LISTING if listing else MAX_BODY,
                    # the last try takes what comes: ArchiveMiddleware looks whether it is whole all the same
                    "download_fail_on_dataloss": errand.tries + 1 < visits.MAX_TRIES,
                },
                dont_filter=True,
            )
        except (ValueError, NotSupported):
            visits.take_failure(self, errand, "error")
            self._done(errand.lane)
            return None

    def _set_slot(self, host: Host) -> None:
        self.crawler.engine.downloader.per_slot_settings[host.key] = {
            "delay": host.delay,
            "concurrency": self.options.concurrency,
            "jitter": 0.0,
        }

    def _done(self, lane: Lane) -> None:
        lane.out -= 1
        self.advance(lane)

    def _end_discovery(self, lane: Lane) -> None:
        complete = lane.answered > 0 and not (lane.transient or lane.backfill or lane.cut)
        change = record_discovered(
            lane.slug, complete=complete, changes_known=complete and lane.changes_known, now=datetime.now(UTC)
        )

        if not lane.answered and not lane.problem:
            lane.problem = f"discovery_failed: {lane.last_problem or 'no discovery page'}"

        def answer(waiting: int) -> None:
            lane.counts.waiting = waiting
            if lane.phase is Phase.DISCOVERY:
                lane.phase = Phase.PAGES

        self.submit(lane, change, answer)

    def _end(self, lane: Lane) -> None:
        lane.phase = Phase.DONE
        self._turns.remove(lane)
        self.flush()
        now = datetime.now(UTC)
        self.recorder.submit(
            lambda desk: desk.ledger.tally.end_source(self.run, lane.slug, now, lane.problem)
        )
        self.recorder.close_file(lane.slug)
        if not self._turns:
            self._close("finished")

    def _close(self, reason: str) -> None:
        if not self.closing:
            self.closing = True
            self._close_task = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    def _wake(self) -> None:
        """Let Scrapy ask again: it does so by itself only when a request ends."""
        if self.closing:
            return
        request = self.next_request()
        if request:
            self.crawler.engine.crawl(request)

    async def _tick(self) -> None:
        while not self.closing:
            await asyncio.sleep(TICK_SECONDS)
            if os.getppid() != self._parent:
                self.stop("parent_gone")
            if self._stop_at and datetime.now(UTC) >= self._stop_at:
                self.stop("window_closed")
            for lane in list(self._turns):
                self._leave_overloaded(lane)
                self.advance(lane)
            self._wake()
            self._show()
            if time.monotonic() - self._flushed > FLUSH_SECONDS:
                self._flushed = time.monotonic()
                self.flush()
        self._show()

    def _leave_overloaded(self, lane: Lane) -> None:
        """End a lane whose host asked another lane for too long a wait: sources may share a host."""
        wait = lane.held_up()
        if wait > self.options.max_wait_s:
            lane.stop(f"host_overloaded: asks to wait {wait:.0f} s")

    def _clock_ended(self, clock: asyncio.Task[None]) -> None:
        if not clock.cancelled() and clock.exception():
            _log.error("the crawl's clock stopped", exc_info=clock.exception())
            self._close("failed")

    def _show(self) -> None:
        for lane in self.lanes:
            progress = lane.progress()
            if self._shown.get(lane.slug) != progress:
                self._shown[lane.slug] = progress
                self._report(progress)
