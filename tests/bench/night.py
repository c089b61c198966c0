"""One night of many sources and many new articles, as a server lives through it.

    python tests/bench/night.py                                  # 300 sources, 20,000 articles: 30 to 40 minutes
    python tests/bench/night.py --sources 12 --articles 240      # small

The sites stand on loopback; a tenth of them is dead and five take connections and never answer. The delay between
two requests to a source is a twentieth of the usual one, everything else runs on the real clock and in the usual
window's length. Prints what must hold, and exits 1 where something does not.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("pipeline", "bench")]

from crawl_many import HANGING, Sites, silent_ports  # noqa: E402
from month_texts import news  # noqa: E402
from night_run import WARTAWAS, NightHome  # noqa: E402

from crawler.source import Source  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.window import window_end  # noqa: E402

FASTER = 20
DELAY = 3.0 / FASTER  # seconds; 3.0 is what a source's file has where it says nothing else
_PAGE = """<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{title} | Kabar {port}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="{when}"></head><body>
<nav><ul><li><a href="/">Beranda</a></li><li><a href="/daerah/">Daerah</a></li></ul></nav>
<article><h1>{title}</h1><div class="entry-content"><p>{text}</p></div></article>
<aside><h3>Baca Juga</h3><a href="/lain/">Kabar lain dari {port}</a></aside><footer>Hak cipta Kabar {port}</footer>
</body></html>"""


class Town(Sites):
    """The sites of crawl_many.py, with articles that differ and say when they were published."""

    def __init__(self, sites: int, articles: int) -> None:
        self.per_site = articles // sites
        self.published = self.per_site * sites
        self.now = datetime.now(UTC).replace(microsecond=0)
        super().__init__(sites)

    def _answer(self, port: int, path: str) -> bytes:
        kind, body = "text/html; charset=utf-8", ""
        if path == "/sitemap.xml":
            kind, body = "application/xml", self._sitemap(port)
        elif path.startswith("/kabar-") and path.strip("/").rpartition("-")[2].isdecimal():
            body = self._article(port, int(path.strip("/").rpartition("-")[2]))
        status = "200 OK" if body else "404 Not Found"
        raw = body.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(raw)}\r\n\r\n"
        return head.encode() + raw

    def _sitemap(self, port: int) -> str:
        rows = (
            f"<url><loc>http://127.0.0.1:{port}/kabar-daerah-rekaan-{n}/</loc><lastmod>{self._when(n)}</lastmod></url>"
            for n in range(self.per_site)
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'

    def _article(self, port: int, number: int) -> str:
        """Return a page of about 230 words, another one for each site and number."""
        dice = random.Random(f"{port} {number}")
        title, text = news(dice, dice.randrange(10**9))
        more = "</p><p>".join(news(dice, dice.randrange(10**9))[1].partition("</p><p>")[2] for _ in range(2))
        return _PAGE.format(title=title, text=f"{text}</p><p>{more}", when=self._when(number), port=port)

    def _when(self, number: int) -> str:
        return (self.now - timedelta(minutes=20 * (number % 60) + 10)).isoformat()


class Memory(threading.Thread):
    """Samples the memory of the processes of one session: proportional set size, in bytes, of all together."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.peak, self.done = session, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(2):
            self.peak = max(self.peak, sum(self._sizes()))

    def _sizes(self) -> list[int]:
        sizes = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == self.session:
                    rows = (folder / "smaps_rollup").read_text().splitlines()
                    sizes += [int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:")]
            except OSError:  # the process has ended meanwhile
                continue
        return sizes


def make_source(kind: str, port: int) -> Source:
    """Return the source of the site at `port`."""
    return Source.model_validate({
        "slug": f"{kind}-{port}", "name": f"Kabar {port}", "domains": [f"127.0.0.1:{port}"],
        "site": f"http://127.0.0.1:{port}", "allow_private": True,
        "discovery": [{"method": "sitemap", "url": "/sitemap.xml"}], "politeness": {"delay_s": DELAY},
    })  # fmt: skip


def run_night(folder: Path, sites: int, articles: int) -> dict[str, object]:
    """Live through the night in `folder`; return its figures, with `wrong` for what did not hold."""
    dead = silent_ports(sites // 10, listening=False)
    hanging = silent_ports(min(HANGING, sites // 10), listening=True)
    town = Town(sites - len(dead) - len(hanging), articles)
    home = NightHome(folder)
    sources = [make_source("hidup", port) for port in town.ports]
    sources += [make_source("mati", sock.getsockname()[1]) for sock in dead]
    sources += [make_source("diam", sock.getsockname()[1]) for sock in hanging]
    home.write(*sources)
    text = (folder / "wartawas.toml").read_text().replace("workers = 1", "workers = 2")
    (folder / "wartawas.toml").write_text(text)
    closes = window_end(Settings().night.window, _opening())
    assert closes
    window = (closes - _opening()).total_seconds()
    began = time.monotonic()
    process = home.start("nightly", "--now", "--json")
    memory = Memory(process.pid)
    memory.start()
    _, err = process.communicate(timeout=window)
    took = time.monotonic() - began
    memory.done.set()
    record, stages = home.record(), {}
    for stage in record.stages:
        stages[stage.name] = stage.seconds
    gaps = [b - a for times in town.times.values() for a, b in pairwise(times)]
    stored = sum(home.articles().values())
    rate = stored / max(0.01, stages["process"])
    sick = sum(slug.partition("-")[0] == "hidup" for slug in record.sick)
    checks = {
        f"exit code {process.returncode}, not 3: {err[-200:]}": process.returncode == (3 if dead else 0),
        f"{town.published - stored} articles of {town.published} not stored": stored == town.published,
        f"{sick} living sources called sick": sick == 0,
        f"{len(dead) + len(hanging)} silent sources, {len(record.sick)} named": len(record.sick)
        == len(dead) + len(hanging),
        f"a gap of {min(gaps):.3f} s": min(gaps) >= DELAY,
        f"{took:.0f} s, longer than the window": took < window,
        f"{rate:.1f} articles a second, not 15": rate >= 15,
        f"{memory.peak / 1e6:.0f} MB of memory": memory.peak < 2e9,
    }
    return {
        "sources": sites, "articles": stored, "seconds": round(took), "window": round(window), "stages": stages,
        "articles_a_second": round(rate, 1), "memory_mb": round(memory.peak / 1e6),
        "shortest_gap_s": round(min(gaps), 3), "delay_s": DELAY,
        "wrong": [text for text, holds in checks.items() if not holds],
    }  # fmt: skip


def _opening() -> datetime:
    """Return the moment at which the usual window of tonight opens (its length is what the night has)."""
    opens = Settings().night.window.partition("-")[0]
    hour, minute = map(int, opens.split(":"))
    return datetime.now(UTC).replace(hour=hour, minute=minute, second=1, microsecond=0) - timedelta(hours=7)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    assert WARTAWAS.exists(), f"{WARTAWAS} is missing: install the package"
    folder = options.keep or Path(tempfile.mkdtemp(prefix="night-"))
    folder.mkdir(parents=True, exist_ok=True)
    report = run_night(folder, options.sources, options.articles)
    print(json.dumps(report, indent=1, ensure_ascii=False))
    if not options.keep:
        shutil.rmtree(folder)
    return bool(report["wrong"])


if __name__ == "__main__":
    sys.exit(main())
