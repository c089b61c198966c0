"""kill -9 at random moments loses nothing and stores nothing twice (crawl_kills.py in bench: 50 times)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kills import ROOT, faults, kill_crawls, lost_runs, start_crawl
from places import Place
from sites import Answer, Site, make_posts, serve

from crawler.ledger import Ledger
from crawler.run import CrawlError

KILLS = int(os.environ.get("WARTAWAS_KILLS", "3"))


def test_kills_lose_nothing_and_store_nothing_twice(tmp_path: Path) -> None:
    site = Site(make_posts(250), packed=True)
    with serve(site):
        source = site.source("sitemap")
        stored = kill_crawls(tmp_path, site, source, kills=KILLS, seed=7)
        assert 0 < stored < 250  # the last kill came in the middle of the work
        assert start_crawl(tmp_path, source).wait() == 0
        assert 1 <= lost_runs(tmp_path) <= KILLS  # none of them ended in order
        assert faults(tmp_path, site, source) == []


def test_faults_are_found(tmp_path: Path) -> None:
    site = Site(make_posts(3))
    site.rules.append(lambda path, _: Answer(404) if path.endswith("00001/") else None)
    with serve(site):
        source = site.source("sitemap")
        assert start_crawl(tmp_path, source).wait() == 0
        assert "kabar-rekaan-nomor-00001 is missing" in faults(tmp_path, site, source)


def test_interrupt_ends_in_order(tmp_path: Path, heard: None) -> None:
    site = Site(make_posts(400))
    with serve(site):
        source = site.source("sitemap", politeness={"delay_s": 0.05})
        crawl = start_crawl(tmp_path, source)
        while len(site.pages_asked()) < 5 and crawl.poll() is None:
            time.sleep(0.01)
        os.killpg(crawl.pid, signal.SIGINT)
        assert crawl.wait(30) != 0
    with Ledger(tmp_path / "ledger.sqlite") as ledger, ledger.exclusive():
        stored = len(list(ledger.captures()))
        assert 3 <= stored < 400
        assert ledger.pages.waiting(source.slug) == 400 - stored
        assert ledger.audit() == []
    assert [path.suffix for path in (tmp_path / "archive").glob("*/*")] == [".gz"]


def test_crawl_ends_in_order_when_its_parent_is_killed(tmp_path: Path) -> None:
    site = Site(make_posts(400))
    with serve(site):
        crawl = start_crawl(tmp_path, site.source("sitemap", politeness={"delay_s": 0.05}))
        while len(site.pages_asked()) < 5 and crawl.poll() is None:
            time.sleep(0.01)
        crawl.kill()
        crawl.wait()
        with Ledger(tmp_path / "ledger.sqlite") as ledger:
            until = time.monotonic() + 20
            while ledger.tally.run(last_run(tmp_path)) == "running" and time.monotonic() < until:
                time.sleep(0.1)
            assert ledger.tally.run(last_run(tmp_path)) == "finished"
            assert 3 <= len(list(ledger.captures())) < 400
            assert ledger.audit() == []


@pytest.mark.parametrize("stuck", ["re.match('(a|a)*b', 'a' * 99)", "signal.pause()"])
def test_crawl_whose_loop_stands_still_ends_and_says_where(stuck: str) -> None:
    code = f"""
import re, signal
from twisted.internet import reactor
from crawler import worker
worker.STILL_SECONDS = 1.0
def caught():
    {stuck}
worker.watch()
reactor.callLater(2.0, caught)  # a loop that goes on is left alone
reactor.run()
"""
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], timeout=60, capture_output=True, text=True, env=environment, check=False
    )
    assert ran.returncode in (1, -signal.SIGPROF) and "in caught" in ran.stderr, ran.stderr
    assert time.monotonic() - began > 2


def test_crawl_that_was_stopped_for_a_while_goes_on() -> None:
    code = """
from twisted.internet import reactor
from crawler import worker
worker.STILL_SECONDS = 1.0
end = worker.watch()
reactor.callLater(0.5, print, "goes", flush=True)
reactor.callLater(4.0, reactor.stop)
reactor.run()
end()
print("ended in order")
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    assert ran.stdout
    assert ran.stdout.readline() == "goes\n"
    ran.send_signal(signal.SIGSTOP)  # as Ctrl-Z and a container that is paused do
    time.sleep(2.5)
    ran.send_signal(signal.SIGCONT)
    assert ran.communicate(timeout=30)[0] == "ended in order\n"
    assert ran.returncode == 0


def last_run(folder: Path) -> str:
    return max(path.stem.removeprefix("crawl-") for path in (folder / "logs").glob("*.log"))


def test_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.archive.write_text("a file where the folder should be")
    with (
        serve(Site(make_posts(3))) as site,
        pytest.raises(CrawlError, match="nothing more could be recorded"),
    ):
        place.crawl(site.source("sitemap"))
    assert place.states(site.source("sitemap")) == {"queued": {"": 3}}
