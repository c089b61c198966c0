"""kill -9 at random moments loses nothing and stores nothing twice (crawl_kills.py in bench: 50 times)."""

from __future__ import annotations

import os
from pathlib import Path

from kills import faults, kill_crawls, start_crawl
from sites import Answer, Site, make_posts, serve

KILLS = int(os.environ.get("WARTAWAS_KILLS", "3"))


def test_kills_lose_nothing_and_store_nothing_twice(tmp_path: Path) -> None:
    site = Site(make_posts(400), packed=True)
    with serve(site):
        source = site.source("sitemap")
        stored = kill_crawls(tmp_path, site, source, kills=KILLS, seed=7)
        assert start_crawl(tmp_path, source).wait() == 0
        assert stored > 0
        assert faults(tmp_path, site, source) == []


def test_faults_are_found(tmp_path: Path) -> None:
    site = Site(make_posts(3))
    site.rules.append(lambda path, _: Answer(404) if path.endswith("00001/") else None)
    with serve(site):
        source = site.source("sitemap")
        assert start_crawl(tmp_path, source).wait() == 0
        assert "kabar-rekaan-nomor-00001 is missing" in faults(tmp_path, site, source)
