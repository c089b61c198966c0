"""The main job on five invented sites: serve, crawl, process, publish, and say what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crawler.run import CrawlOptions, crawl
from crawler.source import Source
from pipeline import query
from pipeline.demo_server import serve_sites
from pipeline.demo_sites import Site
from pipeline.process import process
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import open_store

DISCOVERY = {
    "wordpress": (("wp_rest", "/wp-json/wp/v2/posts"), ("sitemap", "/wp-sitemap.xml"), ("feed", "/feed/")),
    "blogger": (("blogger", "/feeds/posts/default"),),
    "custom": (("sitemap", "/sitemap.xml"), ("section", "/daerah"), ("section", "/politik")),
}


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo did: pages fetched now, totals of the published snapshot, its folder, seconds taken."""

    fetched: int
    articles: int
    cases: int
    prevention: int
    events: int
    snapshot: str
    seconds: float


def run_demo(settings: Settings, say: Callable[[str], None], read_one: Callable[[], None]) -> DemoReport:
    """Run the whole way once in `settings.var` and return what was found.

    `say` is told each stage as it begins, `read_one` each article read. A second run fetches nothing new.
    """
    began = time.monotonic()
    with serve_sites(settings.var) as sites:
        sources = [demo_source(site) for site in sites]
        say("Merayapi lima situs contoh di komputer ini")
        options = CrawlOptions(contact=settings.contact)
        crawled = crawl(sources, options, ledger_path=settings.ledger, archive_root=settings.archive)
    say("Membersihkan, membaca, dan menautkan artikel")
    with open_store(settings.store) as store:
        process(settings, store, {s.slug: s for s in sources}, on_reading=lambda _: read_one())
        say("Menerbitkan snapshot")
        snapshot = publish(store, settings.snapshots, reviews=settings.reviews)
    totals = query.totals(snapshot.path)
    return DemoReport(
        fetched=crawled.fetched,
        articles=totals.articles,
        cases=totals.cases,
        prevention=totals.prevention,
        events=totals.events,
        snapshot=str(snapshot.path),
        seconds=round(time.monotonic() - began, 1),
    )


def demo_source(site: Site) -> Source:
    """Return the source that describes one of the demo's sites at its present address."""
    wanted = [row for row in DISCOVERY[site.cms] if row[0] != "wp_rest" or site.rest]
    return Source.model_validate(
        {
            "slug": site.slug,
            "name": site.name,
            "domains": [site.base.removeprefix("http://")],
            "site": site.base,
            "home": site.home,
            "zone": site.zone,
            "cms": site.cms,
            "allow_private": True,
            "politeness": {"delay_s": 0},
            "discovery": [{"method": method, "url": url} for method, url in wanted],
        }
    )


def files_of(settings: Settings, snapshot: str) -> list[tuple[str, Path]]:
    """Return where the demo's files are, each with what it is."""
    return [
        ("arsip halaman (WARC)", settings.archive),
        ("buku besar perayapan (SQLite)", settings.ledger),
        ("basis data kerja (DuckDB)", settings.store),
        ("snapshot untuk pembaca", Path(snapshot)),
    ]
