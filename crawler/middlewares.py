"""Downloader middlewares: who may be asked (guard, robots), what went over the wire, the raw body."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.cookies import CookieJar
from scrapy.http.request import NO_CALLBACK
from twisted.web.http import RESPONSES

from crawler.archive import Fetched
from crawler.encoding import BodyError, decode_body
from crawler.failures import HOST_DOWN, NETWORK_ERRORS, STOPPED, Refusal, failure_reason
from crawler.guard import is_public
from crawler.hosts import Host, http_date, retry_after
from crawler.lane import TICK_SECONDS, PageErrand, Phase
from crawler.ledger import REASONS
from crawler.pagelinks import is_whole
from crawler.visits import MAX_REFUSED_TRIES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.lane import Lane
    from crawler.source import Source
    from crawler.spider import NewsSpider

OK, REFUSED = 200, (429, 503)
ROBOTS_TRIES = 3
#: A host that is busy for a moment, as one is that many sites share, gets as many tries as for a page. One that is
#: busy for long (WordPress under maintenance asks for ten minutes) does not: nothing else of it goes on meanwhile.
_OVERLOADED = frozenset({"http_429", "http_503"})
ROBOTS_MAXSIZE = 1 << 20


class _Middleware:
    """Gives the middlewares the crawl and its spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        """Return the middleware for this crawl."""
        return cls(crawler)

    @property
    def spider(self) -> NewsSpider:
        """Return the running spider."""
        return self.crawler.spider  # type: ignore[return-value]

    def goes_on(self, lane: Lane) -> bool:
        """Return whether anything may still be asked for a lane."""
        return self.crawler.crawling and not self.spider.closing and lane.phase is not Phase.ENDING

    def check_lane(self, lane: Lane) -> None:
        """Raise Refusal where nothing may be asked any more."""
        if not self.goes_on(lane):
            raise Refusal(STOPPED)


class GuardMiddleware(_Middleware):
    """Lets nothing out but http(s) to the source's own hosts, and to private addresses only where it may."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._known: dict[tuple[str, str, str], str | None] = {}

    def process_request(self, request: Request) -> None:
        """Raise Refusal with the reason where the request must not go out, as a redirect after the night's end."""
        self.check_lane(request.meta["lane"])
        source: Source = request.meta["lane"].source
        split = urlsplit(request.url)
        key = (source.slug, split.scheme, split.netloc)
        if key not in self._known:
            self._known[key] = _refused(source, request.url)
        reason = self._known[key]
        if reason:
            raise Refusal(reason)


class RobotsMiddleware(_Middleware):
    """Reads robots.txt of each host before anything else there, and obeys it, its crawl delay included."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._reading: dict[str, asyncio.Future[None]] = {}

    def process_request(self, request: Request) -> Awaitable[None] | None:
        """Raise Refusal where robots.txt forbids the page or cannot be had; return a wait where unread."""
        if request.meta.get("robots") or not self.spider.options.obey_robots:
            return None
        host = self.spider.host_of(request)
        if host.robots_read:
            _check(host, request)
            return None
        return self._after_reading(host, request)

    async def _after_reading(self, host: Host, request: Request) -> None:
        under_way = self._reading.get(host.key)
        if under_way is None:
            under_way = self._reading[host.key] = asyncio.ensure_future(self._read(host, request))
        try:
            await asyncio.shield(under_way)
        finally:
            self._reading.pop(host.key, None)
        await self._pause(request.meta["lane"], host.free_at - time.monotonic())
        self.check_lane(request.meta["lane"])
        _check(host, request)

    async def _read(self, host: Host, request: Request) -> None:
        """Read robots.txt: 4xx means that all is allowed; no answer or 5xx that the host is left alone."""
        split = urlsplit(request.url)
        lane = request.meta["lane"]
        url = f"{split.scheme}://{split.netloc}/robots.txt"
        reason, began = "", time.monotonic()
        for number in range(MAX_REFUSED_TRIES):
            if number:
                await self._pause(lane, self.spider.wait_for(host))
            self.check_lane(lane)
            meta = {"robots": True, "lane": lane, "download_maxsize": ROBOTS_MAXSIZE}
            rules, reason = await self._ask(Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True))
            if rules is not None:
                host.set_rules(rules)
                self.spider.set_delay(host)
                return
            if reason == STOPPED:
                raise Refusal(STOPPED)
            patient = reason in _OVERLOADED and time.monotonic() - began < self.spider.options.max_wait_s
            if reason == "private_address" or not (patient or number + 1 < ROBOTS_TRIES):
                break
        problem = "unreachable" if reason in HOST_DOWN else "robots_unavailable"
        lane.stop(f"{problem}: {REASONS.get(reason, reason)}")
        raise Refusal(reason)

    async def _pause(self, lane: Lane, seconds: float) -> None:
        """Wait, but not beyond the end of the lane or of the crawl: a host may ask for many minutes."""
        until = time.monotonic() + seconds
        while self.goes_on(lane) and (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, TICK_SECONDS))

    async def _ask(self, request: Request) -> tuple[str | None, str]:
        """Return the rules, empty where there are none; or None, and the reason why they cannot be had."""
        try:
            response = await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            # an endless redirect says nothing about what is allowed
            reason = failure_reason(error, request.url)
            return ("", "") if reason in ("redirect_loop", "offsite") else (None, reason)
        except NETWORK_ERRORS as error:
            return None, failure_reason(error, request.url)
        if response.status == OK:
            return response.body.decode("utf-8", "replace"), ""
        if response.status < 500 and response.status != 429:
            return "", ""
        return None, f"http_{response.status}"


class CookieMiddleware(_Middleware):
    """Keeps cookies within one chain of redirects, for sites that send everybody past a consent page; only there."""

    def process_request(self, request: Request) -> None:
        """Bring the cookies of the chain along."""
        jar: CookieJar | None = request.meta.get("chain_cookies")
        if jar is not None:
            request.headers.pop(b"Cookie", None)
            jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the cookies of a redirect, where the one that follows it finds them."""
        if 300 <= response.status < 400 and b"Set-Cookie" in response.headers:
            request.meta.setdefault("chain_cookies", CookieJar()).extract_cookies(response, request)
        return response


class ArchiveMiddleware(_Middleware):
    """Keeps the body as it was sent for the archive, and hands on the decoded one."""

    def process_request(self, request: Request) -> None:
        """Ask for the encodings that the archive reads without further libraries."""
        request.headers.setdefault(b"Accept-Encoding", b"gzip, deflate")

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response decoded within limits. Raises Refusal with the reason where it is broken."""
        errand = request.meta.get("errand")
        if isinstance(errand, PageErrand) and response.status in (200, 304):
            request.meta["fetched"] = as_fetched(response)
        encoding = b",".join(response.headers.getlist(b"Content-Encoding")).decode("latin-1")
        try:
            body = decode_body(response.body, encoding, limit=self.spider.maxsize(request))
        except BodyError as error:
            raise Refusal(error.reason) from None
        if "dataloss" in response.flags and not is_whole(body):
            raise Refusal("truncated")
        return response if body is response.body else response.replace(body=body)


class TrafficMiddleware(_Middleware):
    """Counts what went over the wire, and pauses hosts that say that they are overloaded."""

    def process_request(self, request: Request) -> None:
        """Put the request into its host's slot."""
        request.meta["download_slot"] = self.spider.host_of(request).key

    def process_response(self, request: Request, response: Response) -> Response:
        """Count the answer; 429 and 503 pause the host, as long as it says where it does."""
        status = response.status
        host = self.spider.host_of(request)
        exact = status in (304, 429)
        self.spider.count(request, str(status) if exact else f"{status // 100}xx", len(response.body))
        self.spider.hear_clock(request, (response.headers.get(b"Date") or b"").decode("latin-1"))
        self.spider.network.hear(request.meta["lane"])
        if status in REFUSED:
            host.refusals += 1
            told = [(response.headers.get(name) or b"").decode("latin-1") for name in ("Retry-After", "Date")]
            self.spider.back_off(request, host, retry_after(told[0], http_date(told[1])))
        elif status < 500:
            host.refusals = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a request that got no answer; refusals of ours never went out."""
        if not isinstance(exception, IgnoreRequest):
            self.spider.count(request, failure_reason(exception, request.url), 0)


def as_fetched(response: Response) -> Fetched:
    """Return the response as the archive stores it."""
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in (values or [])
    ]
    reason = RESPONSES.get(response.status, b"").decode("ascii")
    now = datetime.now(UTC)
    return Fetched(response.url, response.status, reason, tuple(headers), response.body, now)


def _check(host: Host, request: Request) -> None:
    if not host.allows(request.url):
        raise Refusal("robots")


def _refused(source: Source, url: str) -> str | None:
    split = urlsplit(url)
    if split.scheme not in ("http", "https") or not source.owns(url):
        return "offsite"
    private = not source.allow_private and _is_private_literal(split.hostname or "")
    return "private_address" if private else None


def _is_private_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not is_public(host)
