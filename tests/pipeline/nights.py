"""Whole nights against sites on loopback: crawl, process, publish, in a folder of the test."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sites import Site, make_posts, serve

from crawler.ledger import Ledger
from crawler.records import Capture
from crawler.run import CrawlOptions, CrawlReport, crawl
from crawler.source import Source
from pipeline.process import ProcessReport, process
from pipeline.settings import Settings
from pipeline.snapshots import Snapshot, current_snapshot, publish
from pipeline.store import open_store

_PARAGRAPHS = (
    "GARUT – Panwaslu Kecamatan Cibatu menggelar sosialisasi netralitas aparatur desa, Selasa (15/10/2024).",
    "Para kepala desa diminta menjaga netralitas selama masa kampanye pemilihan bupati dan wakil bupati.",
    "Pengawas mengingatkan bahwa fasilitas desa tidak boleh dipakai untuk kegiatan salah satu calon.",
)


OLD = "Sosialisasi diikuti 40 kepala desa di aula kantor kecamatan."
NEW = "Sosialisasi diikuti 45 kepala desa di aula kantor kecamatan."
WITHDRAWN = "Seorang siswi bernama Mentari Kusumawardhani (14) ikut bertanya tentang uang saku."
CHANGED, DECORATED, REMOVED, SAME = (f"kabar-rekaan-nomor-0000{n}" for n in range(4))


def run_two_nights(folder: Path) -> Installation:
    """Return an installation after two nights, between which a text changed and a page was removed.

    The bytes of a further page changed, though not its text; a fourth page stayed as it was.
    """
    at = Installation(folder)
    with serve(Site(make_posts(4, etag=False))) as site:
        for slug, post in site.posts.items():
            post.text = write_about(slug, OLD, WITHDRAWN)
        source = site.source("sitemap", "feed")
        at.night(source)
        site.posts[CHANGED].text = write_about(CHANGED, NEW)
        site.posts[CHANGED].title = "Judul yang sudah diralat"
        site.posts[DECORATED].text += "</p><script>var penghitung = 7;</script><p>"
        site.posts[REMOVED].gone = True
        at.make_due()
        at.night(source)
    at.publish()
    return at


def write_about(slug: str, *more: str) -> str:
    """Return an invented text about a prevention event, as the inside of a paragraph, with further ones."""
    own = f"Kegiatan itu adalah pertemuan {slug.replace('-', ' ')} dan berlangsung sampai tengah hari."
    return "</p><p>".join([*_PARAGRAPHS, own, *more])


@dataclass(frozen=True)
class Installation:
    """A folder with a ledger, an archive, a store and snapshots."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(var=self.folder / "var", workers=1, contact="test@example.org")

    def crawl(self, *sources: Source) -> CrawlReport:
        options = CrawlOptions(contact="test@example.org", backoff_s=0.2, timeout_s=5.0)
        settings = self.settings
        return crawl(sources, options, ledger_path=settings.ledger, archive_root=settings.archive)

    def process(self, *sources: Source, whole: bool = False) -> ProcessReport:
        with open_store(self.settings.store) as store:
            known = {source.slug: source for source in sources}
            return process(self.settings, store, known, whole=whole)

    def night(self, *sources: Source) -> ProcessReport:
        """Crawl the sources and read what came."""
        self.crawl(*sources)
        return self.process(*sources)

    def publish(self, *, rebuild: bool = False) -> Snapshot:
        with open_store(self.settings.store) as store:
            return publish(store, self.settings.snapshots, reviews=self.settings.reviews, rebuild=rebuild)

    def snapshot(self) -> Snapshot:
        return current_snapshot(self.settings.snapshots)

    def copy(self, folder: Path) -> Installation:
        """Return a copy of everything, to be tampered with."""
        shutil.copytree(self.folder / "var", folder / "var")
        return Installation(folder)

    def make_due(self) -> None:
        """Let every archived page be one whose first revisit is due and whose site states no change."""
        self.sql("UPDATE pages SET due_at = '2020-01-01T00:00:00+00:00', lastmod = NULL")

    def sql(self, statement: str) -> None:
        """Change the ledger behind its back."""
        with sqlite3.connect(self.settings.ledger) as con:
            con.execute(statement)
        con.close()

    def captures(self) -> list[Capture]:
        with Ledger(self.settings.ledger) as ledger:
            return list(ledger.captures())

    def pages(self, slug: str) -> list[str]:
        """Return the states of the pages of the article with this slug."""
        with Ledger(self.settings.ledger) as ledger:
            rows = ledger._con.execute("SELECT article_url, state FROM pages")
            return [state for url, state in rows if url.endswith(slug)]
