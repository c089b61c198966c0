"""One page that somebody asks for: fetched politely, archived as a crawl archives, with the reason where not."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import Archive, ArchiveError, Fetched
from crawler.blocked import find_blocked
from crawler.canonical import canonical_url
from crawler.changes import PageVisit, record_page
from crawler.discovery.shapes import is_listing
from crawler.frontier import Target
from crawler.ledger import REASONS, Ledger
from crawler.pagelinks import article_identity, further_parts, page_problem
from crawler.recorder import Desk
from crawler.records import Capture, Hints, State
from crawler.source import Source, find_source
from crawler.visitor import Visit, VisitError, Visitor

NO_SOURCE = "tautan"  # under which pages of sites stand that are no source
MAX_URL = 2_000
_OK = 200


class LinkError(RuntimeError):
    """A page was not archived; the message says why. `reason` is one of the ledger's, `link` or `fetch`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def archive_link(
    url: str,
    sources: Mapping[str, Source],
    *,
    contact: str,
    ledger_path: Path,
    archive_root: Path,
    timeout_s: float = 10.0,
) -> Capture:
    """Fetch the page at `url` and return its capture; a page that did not change keeps its earlier one.

    robots.txt is obeyed and the host's pause kept. Addresses outside the public web are refused, those of redirects
    too, unless they lie on a source that allows them. Raises LinkError.
    """
    url = url.strip()
    source = _check(url, sources)
    visitor = Visitor(
        contact=contact,
        delay_s=source.politeness.delay_s if source else 2.0,
        timeout_s=timeout_s,
        allow_private=lambda address: bool(source and source.allow_private and source.owns(address)),
    )
    with Ledger(ledger_path) as ledger:
        _refuse_erased(ledger, url)
        try:
            visit = visitor.get(url)
        except VisitError as error:
            raise LinkError("fetch", str(error)) from None
        source = _check(visit.url, sources)  # redirects lead to other sites
        identity = _identity(visit, source)
        _refuse_erased(ledger, identity)
        return _store(ledger, archive_root, visit, source, identity)


def _check(url: str, sources: Mapping[str, Source]) -> Source | None:
    """Return the source of an address; raises LinkError for one that is none, or that must not be read."""
    try:
        split = urlsplit(url)
        usable = split.scheme in ("http", "https") and split.hostname and split.port != 0
    except ValueError:
        usable = False
    if not usable or len(url) > MAX_URL or not url.isprintable() or " " in url or split.username:
        raise LinkError("link", "no http or https address of a page")
    if blocked := find_blocked(url):
        raise LinkError("link", f"on the block list since {blocked.date}: {blocked.reason}")
    return find_source(sources, url)


def _refuse_erased(ledger: Ledger, url: str) -> None:
    """Raise LinkError where the article was erased on request: it must not come back."""
    if ledger.is_erased(url):
        raise LinkError("erased", "this article was erased on request")


def _identity(visit: Visit, source: Source | None) -> str:
    """Return the identity of the article that a page shows; raises LinkError where it shows none."""
    if visit.status != _OK:
        raise LinkError(f"http_{visit.status}", f"the site answered {visit.status}")
    problem = page_problem(visit.content_type, dict(visit.headers), visit.body)
    own = source.canonical(visit.url) if source else canonical_url(visit.url)
    if problem is None and source:
        own = article_identity(visit.body, visit.url, source, own)
    if problem is None and (is_listing(own) or (source and source.excludes(own))):
        problem = "listing"
    if problem:
        raise LinkError(problem, REASONS.get(problem, problem))
    return own


def _store(ledger: Ledger, archive_root: Path, visit: Visit, source: Source | None, identity: str) -> Capture:
    now = datetime.now(UTC).replace(microsecond=0)
    run = f"{now:%Y%m%dT%H%M%SZ}-link-{secrets.token_hex(3)}"
    slug = source.slug if source else NO_SOURCE
    desk = Desk(ledger, Archive(archive_root), run)
    good = False
    try:
        with ledger.transaction():
            target = ledger.pages.find(identity, 1)
            if target is None:
                made = Target(0, slug, identity, 1, visit.url, State.QUEUED, Hints("link"))
                target = ledger.pages.add_article(made, identity, run, now)
                ledger.tally.add_outcome(run, slug, "discovered")
            parts = further_parts(visit.body, visit.url, source, identity) if source else ()
            record_page(
                PageVisit(
                    target, Fetched(visit.url, visit.status, visit.reason, visit.sent, visit.raw, now), identity,
                    hashlib.sha256(visit.body).hexdigest(), visit.content_type, visit.headers.get("etag"),
                    visit.headers.get("last-modified"), parts,
                )
            )(desk)  # fmt: skip
            desk.sync()
        good = True
    except (OSError, ArchiveError) as error:
        raise LinkError("fetch", f"the page could not be archived ({error})") from None
    finally:
        desk.close(good=good)
    stored = ledger.pages.find(identity, 1)
    capture = ledger.capture(stored.capture) if stored and stored.capture else None
    if capture is None:
        raise LinkError("fetch", "the page could not be archived")
    return capture
