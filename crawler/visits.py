"""What becomes of each answer: a discovery page, an article's page, or a failure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler.canonical import part_of
from crawler.changes import (
    PageVisit,
    Recorded,
    record_address,
    record_failed,
    record_gone,
    record_listing,
    record_page,
    record_skipped,
    record_unchanged,
)
from crawler.discovery import parse
from crawler.discovery.shapes import is_listing
from crawler.failures import HOST_DOWN, PASSING, STOPPED
from crawler.frontier import Found
from crawler.lane import MAX_BLOCKS, MAX_FAILURES, Errand, ListingErrand, PageErrand, Phase
from crawler.ledger import REASONS, Ledger
from crawler.pagelinks import (
    amp_of_shell,
    article_identity,
    further_parts,
    is_block_page,
    moved_to,
    page_problem,
)
from crawler.records import Listing, State, Step
from crawler.source import Source
from crawler.tally import ListingVisit

if TYPE_CHECKING:
    from crawler.spider import NewsSpider

OK, NOT_MODIFIED = 200, 304
GONE = frozenset({404, 410})
FORBIDDEN = frozenset({401, 403})
MAX_TRIES = 3
MAX_REFUSED_TRIES = 6
#: Back-offs between two rounds of tries while the network of this machine is gone.
LOST_PAUSE = 8
#: Nights in a row on which a refused page of a listing keeps its discovery from being complete.
MAX_CUT_NIGHTS = 3
#: Kinds whose further pages hold older articles; those of other kinds (sitemaps) must be looked into each.
PAGED = frozenset({"feed", "wp_rest", "blogger", "section"})


def conditional_headers(ledger: Ledger, errand: Errand) -> dict[str, str]:
    """Return the headers that let a server answer 304 to what we have already."""
    etag: str | None
    if isinstance(errand, ListingErrand):
        known = None if errand.lane.backfill else ledger.tally.listing(errand.lane.slug, errand.url)
        etag, modified = (known.etag, known.modified) if known else (None, None)
    else:
        etag, modified = errand.target.etag, errand.target.modified
        if errand.target.capture is None:
            etag = modified = None
    found = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in found.items() if value}


def take_listing(spider: NewsSpider, errand: ListingErrand, response: Response) -> None:
    """Enter what a discovery page lists and go on to the pages that it names."""
    lane, step = errand.lane, errand.step
    if response.status == NOT_MODIFIED:
        known = spider.reader.tally.listing(lane.slug, step.url)
        follow = known.follow if known and (step.kind not in PAGED or not lane.caught_up) else ()
        _enter_listing(spider, errand, ListingVisit(step, NOT_MODIFIED), Listing((), follow))
        return
    if response.status in GONE and step.depth:
        _enter_listing(spider, errand, ListingVisit(step, response.status), Listing(()))
        return
    if response.status != OK:
        _fail_or_retry(spider, errand, f"http_{response.status}")
        return
    window = {"since": lane.since, "until": lane.options.until}
    listing = parse(step, response.body, response.url, lane.source, **window)
    times = [entry.hints.published or "" for entry in listing.entries]
    visit = ListingVisit(
        step,
        OK,
        follow=listing.follow,
        entries=len(listing.entries),
        newest=max(times, default=None) or None,
        problem=listing.problem,
    )
    # what a span of the past leaves out of a listing must not be hidden by a 304 on later nights
    if not lane.backfill:
        visit = replace(visit, etag=_header(response, "ETag"), modified=_header(response, "Last-Modified"))
    _enter_listing(spider, errand, visit, listing)


def take_page(spider: NewsSpider, errand: PageErrand, response: Response) -> None:
    """Archive an article's page, or enter why not."""
    target, status = errand.target, response.status
    if status == NOT_MODIFIED and target.capture:
        errand.lane.counts.unchanged += 1
        spider.submit(errand.lane, record_unchanged(target, response.meta["fetched"]))
    elif status == OK:
        _take_body(spider, errand, response)
    elif status in GONE and target.printed and not target.capture:
        _ask_at(spider, errand, target.printed)
    elif status in GONE:
        spider.submit(errand.lane, record_gone(target, datetime.now(UTC)))
    elif is_block_page(_headers(response), response.body):
        _blocked(spider, errand, "blocked")
    elif status in FORBIDDEN:
        _blocked(spider, errand, f"http_{status}")
    else:
        _fail_or_retry(spider, errand, f"http_{status}")


def take_failure(spider: NewsSpider, errand: Errand, reason: str) -> None:
    """Enter that a request gave no usable answer, or try it again."""
    lane = errand.lane
    if reason == STOPPED:
        lane.put_back(errand)  # where it was another lane, whose reading of robots.txt this one waited for
        return
    if reason in HOST_DOWN:
        spider.network.fail(lane)
        if lane.failures >= MAX_FAILURES and not spider.network.gone(lane):
            lane.stop(f"unreachable: {REASONS[reason]}")
    if reason in ("robots", "offsite", "private_address") and isinstance(errand, PageErrand):
        lane.counts.skipped += 1
        spider.submit(lane, record_skipped(errand.target, reason, datetime.now(UTC)))
        return
    if lane.phase is Phase.ENDING and reason in HOST_DOWN:
        return  # the host is to blame, not the page, which keeps waiting
    _fail_or_retry(spider, errand, reason)


def _enter_listing(spider: NewsSpider, errand: ListingErrand, visit: ListingVisit, listing: Listing) -> None:
    lane = errand.lane
    if visit.problem is None:
        lane.answered += 1
        lane.changes_known |= _names_changes(visit.step)
    else:
        lane.last_problem = f"{REASONS.get(visit.problem, visit.problem)} ({visit.step.url})"

    def answer(found: Found) -> None:
        lane.counts.discovered += found.new
        if not _nothing_new(errand, listing, found):
            lane.add_steps(listing.follow)

    change = record_listing(lane.slug, visit, listing.entries, datetime.now(UTC))
    spider.submit(lane, change, answer)


def _nothing_new(errand: ListingErrand, listing: Listing, found: Found) -> bool:
    """Return whether the pages after this one can hold nothing new either.

    What another listing brought a moment ago is news here too. Only a listing of changes is read to its end:
    its first page may tell what was heard already, and the next one of a page that changed long ago.
    """
    step, lane = errand.step, errand.lane
    if _names_changes(step):
        return False
    known = bool(listing.entries) and not (found.new or found.changed or found.recent)
    return known and step.kind in PAGED and lane.caught_up and not lane.backfill


def _names_changes(step: Step) -> bool:
    return step.kind == "wp_rest" and "modified_after=" in step.url


def _take_body(spider: NewsSpider, errand: PageErrand, response: Response) -> None:
    lane, source, target = errand.lane, errand.lane.source, errand.target
    now = datetime.now(UTC)
    kind = _header(response, "Content-Type") or ""
    problem = page_problem(kind, _headers(response), response.body)
    if problem in ("blocked", "empty"):
        _blocked(spider, errand, problem)
        return
    other = None
    if errand.tries + 1 < MAX_TRIES:
        other = amp_of_shell(response.body, response.url) or moved_to(response.body, response.url)
    if other and other not in (target.url, response.url) and _may_be_article(source, other):
        _ask_at(spider, errand, other)
        return
    article, part = target.article_url, target.part
    if response.url != target.url:
        article, part = part_of(response.url, slash_pages=source.layout.slash_pages)
    if part == 1 and problem is None:
        article = article_identity(response.body, response.url, source, article)
    if is_listing(article) or source.excludes(article):
        problem = "listing"
    elif part != target.part and target.part > 1:
        problem = "alias"  # a site that answers any page number with the first page
    if problem:
        lane.counts.skipped += 1
        removed = problem == "listing" and target.state == State.ARCHIVED
        spider.submit(lane, record_gone(target, now) if removed else record_skipped(target, problem, now))
        return
    identity = article if target.part == 1 else target.article_url
    visit = PageVisit(
        target=target,
        fetched=response.meta["fetched"],
        article_url=identity,
        sha256=hashlib.sha256(response.body).hexdigest(),
        content_type=kind,
        etag=_header(response, "ETag"),
        modified=_header(response, "Last-Modified"),
        parts=() if source.layout.one_page else further_parts(response.body, response.url, source, identity),
    )

    lane.blocks = 0

    def answer(recorded: Recorded) -> None:
        lane.counts.fetched += recorded.outcome in ("fetched", "changed")
        lane.counts.unchanged += recorded.outcome == "unchanged"
        lane.counts.skipped += recorded.outcome == "alias"
        for part in reversed(recorded.parts):
            lane.put_back(PageErrand(lane, part))

    spider.submit(lane, record_page(visit), answer, size=len(visit.fetched.body))


def _may_be_article(source: Source, address: str) -> bool:
    """Return whether a page may lead to an article: many lead to the front page where theirs was taken down."""
    form = source.canonical(address)
    return source.owns(address) and not (is_listing(form) or source.excludes(form))


def _ask_at(spider: NewsSpider, errand: PageErrand, url: str) -> None:
    """Ask a page at another address of it, now and on later visits."""
    target = replace(errand.target, url=url, printed=None, etag=None, modified=None)
    spider.submit(errand.lane, record_address(target))
    errand.lane.put_back(PageErrand(errand.lane, target, errand.tries + 1))


def _blocked(spider: NewsSpider, errand: PageErrand, reason: str) -> None:
    errand.lane.blocks += reason != "empty"
    if errand.lane.blocks >= MAX_BLOCKS:
        errand.lane.stop(f"blocked: {reason}")
    errand.lane.counts.failed += 1
    spider.submit(errand.lane, record_failed(errand.target, reason, datetime.now(UTC)))


def _fail_or_retry(spider: NewsSpider, errand: Errand, reason: str) -> None:
    lane = errand.lane
    passing = reason in PASSING or reason.startswith("http_5") or reason in ("http_408", "http_429")
    limit = MAX_REFUSED_TRIES if reason == "http_429" else MAX_TRIES
    last = errand.tries + 1 >= limit
    lost = last and passing and reason in HOST_DOWN and spider.network.gone(lane)
    if passing and (lost or not last):
        if reason not in ("http_429", "http_503"):  # these have paused their host already
            lane.hosts.of(errand.url, lane.delay).pause(
                spider.options.backoff_s * (LOST_PAUSE if lost else 2**errand.tries)
            )
        lane.put_back(replace(errand, tries=0 if lost else errand.tries + 1))
        return
    if isinstance(errand, PageErrand):
        lane.counts.failed += 1
        spider.submit(lane, record_failed(errand.target, reason, datetime.now(UTC)))
        return
    lane.transient |= passing or _cut_off(spider, errand, reason)
    status = int(reason.removeprefix("http_")) if reason.startswith("http_") else None
    _enter_listing(spider, errand, ListingVisit(errand.step, status, problem=reason), Listing(()))


def _cut_off(spider: NewsSpider, errand: ListingErrand, reason: str) -> bool:
    """Return whether a refusal hides what lies behind a page, as firewalls do to whoever turns many of them.

    A page that was refused for several nights will stay so; 400 says that there is none.
    """
    step, lane = errand.step, errand.lane
    if step.kind not in PAGED or not step.depth or not reason.startswith("http_4") or reason == "http_400":
        return False
    return spider.reader.tally.listing_failures(lane.slug, step.url) < MAX_CUT_NIGHTS


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _headers(response: Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): "" for name in response.headers}
