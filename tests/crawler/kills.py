"""Crawls that are killed (SIGKILL) at random moments, and what must hold after the last one."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sites import Site
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import read_page
from crawler.ledger import Ledger
from crawler.source import Source

ROOT = Path(__file__).resolve().parents[2]
_RUN = (
    "import json, sys; from pathlib import Path; from crawler.run import CrawlOptions, crawl;"
    "from crawler.source import Source; job = json.loads(sys.argv[1]);"
    "crawl([Source.model_validate(job['source'])], CrawlOptions(concurrency=4, backoff_s=0.2),"
    " ledger_path=Path(job['folder']) / 'ledger.sqlite', archive_root=Path(job['folder']) / 'archive')"
)


def start_crawl(folder: Path, source: Source) -> subprocess.Popen[bytes]:
    """Start a crawl in a process group of its own."""
    job = json.dumps({"folder": str(folder), "source": source.model_dump(mode="json")})
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", _RUN, job], start_new_session=True, env=environment)


def kill_crawls(folder: Path, site: Site, source: Source, *, kills: int, seed: int) -> int:
    """Kill so many crawls, each after a random number of requests; return the pages then archived.

    The last one is killed no sooner than something is archived, so that there is work to go on with.
    """
    dice = random.Random(seed)
    step = 2 * len(site.posts) // (kills + 1)  # on average the kills leave some of the site for the last run
    for left in reversed(range(kills)):
        until = len(site.log) + dice.randint(1, step + 3)
        crawl = start_crawl(folder, source)
        while len(site.log) < until and crawl.poll() is None:
            time.sleep(0.002)
        while left == 0 and crawl.poll() is None and not archived_pages(folder):
            time.sleep(0.01)
        time.sleep(dice.uniform(0.0, 0.05))
        os.killpg(crawl.pid, signal.SIGKILL)
        crawl.wait()
    return archived_pages(folder)


def archived_pages(folder: Path) -> int:
    """Return how many captures the ledger acknowledges."""
    with Ledger(folder / "ledger.sqlite") as ledger:
        return sum(1 for _ in ledger.captures())


def lost_runs(folder: Path) -> int:
    """Return how many runs began and were never ended by themselves."""
    with Ledger(folder / "ledger.sqlite") as ledger:
        return int(ledger._con.execute("SELECT count(*) FROM runs WHERE status = 'lost'").fetchone()[0])


def faults(folder: Path, site: Site, source: Source) -> list[str]:
    """Return what is missing, doubled or unreadable in the ledger and the archive."""
    archive = folder / "archive"
    found = [f"{path} is still open" for path in archive.glob("*/*.open")]
    with Ledger(folder / "ledger.sqlite") as ledger:
        found += ledger.audit()
        captures = list(ledger.captures())
        states = ledger.pages.counts(source.slug)
    stored = Counter(capture.article_url.rpartition("/")[2] for capture in captures)
    found += [f"{slug} is missing" for slug in site.posts if slug not in stored]
    found += [f"{slug} is stored {n} times" for slug, n in stored.items() if n > 1]
    if states != {"archived": {"": len(site.posts)}}:
        found.append(f"states {states}")
    for capture in captures:
        slug = capture.article_url.rpartition("/")[2]
        if read_page(archive, capture).body != site.posts[slug].html(site.url, 1):
            found.append(f"{slug} reads differently")
    replayed: Counter[str] = Counter()
    for path in archive.glob("*/*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                if record.rec_type == "response":
                    record.content_stream().read()
                    replayed[record.rec_headers.get_header("WARC-Target-URI")] += 1
    found += [f"{url} stands {n} times in the WARCs" for url, n in replayed.items() if n > 1]
    if len(replayed) != len(captures):
        found.append(f"{len(replayed)} records for {len(captures)} captures")
    return found
