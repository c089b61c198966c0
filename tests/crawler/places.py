"""Crawls against loopback sites, with waits short enough for a test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from crawler.archive import read_page
from crawler.ledger import Ledger
from crawler.records import Capture
from crawler.run import CrawlOptions, CrawlReport, crawl
from crawler.source import Source

QUICK = CrawlOptions(contact="test@example.org", backoff_s=0.2, timeout_s=2.0, max_wait_s=5.0)


@dataclass(frozen=True)
class Place:
    """A ledger and an archive in a folder of the test."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sqlite"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def crawl(self, *sources: Source, **options: object) -> CrawlReport:
        return crawl(sources, replace(QUICK, **options), ledger_path=self.ledger, archive_root=self.archive)

    def captures(self) -> list[Capture]:
        with Ledger(self.ledger) as ledger:
            return list(ledger.captures())

    def text(self, capture: Capture) -> str:
        return read_page(self.archive, capture).body.decode()

    def states(self, source: Source) -> dict[str, dict[str, int]]:
        with Ledger(self.ledger) as ledger:
            return ledger.pages.counts(source.slug)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with Ledger(self.ledger) as ledger, ledger.transaction():
            return [tuple(row) for row in ledger._con.execute(statement)]

    def audit(self) -> list[str]:
        with Ledger(self.ledger) as ledger:
            return ledger.audit()
