"""Pages per second of our crawl (politeness off, archive and ledger on) against a plain Scrapy SitemapSpider.

    python tests/bench/crawl_speed.py [PAGES=3000] [ROUNDS=3]

Both ask the same local site, served by a process of its own, with 16 requests at a time; the plain spider
stores nothing. Rounds alternate; time and CPU are those of the whole processes. Prints rates and ratios.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
PLAIN = """
import sys
from scrapy.crawler import CrawlerProcess
from scrapy.spiders import SitemapSpider

class Plain(SitemapSpider):
    name = "plain"
    sitemap_urls = [sys.argv[1] + "/wp-sitemap.xml"]
    seen = 0

    def parse(self, response):
        Plain.seen += 1

process = CrawlerProcess({"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False})
process.crawl(Plain)
process.start()
print(Plain.seen)
"""
OURS = """
import json, sys
from pathlib import Path
from crawler.run import CrawlOptions, crawl
from crawler.source import Source
job = json.loads(sys.argv[1])
report = crawl([Source.model_validate(job["source"])], CrawlOptions(delay_s=0, concurrency=16),
    ledger_path=Path(job["folder"]) / "ledger.sqlite", archive_root=Path(job["folder"]) / "archive")
print(report.fetched)
"""


def serve_fast(pages: int) -> None:
    """Serve a site of so many pages of about 40 kB (gzip on request) as fast as can be; print its address."""
    import asyncio
    import gzip
    import random

    words = random.Random(1)
    vocabulary = [
        "".join(words.choices("abcdefghijklmnopqrstuvwxyz", k=words.randint(3, 9))) for _ in range(3000)
    ]
    text = " ".join(words.choices(vocabulary, k=5500))
    page = f"<!DOCTYPE html><html><head><title>Kabar</title></head><body><p>{text}</p></body></html>".encode()
    packed = gzip.compress(page, 6)
    head = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n"
    answer = (
        head.format("text/html; charset=UTF-8", len(packed), "Content-Encoding: gzip\r\n").encode() + packed
    )
    base = ""

    def reply(path: str) -> bytes:
        if path == "/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if path == "/wp-sitemap.xml":
            parts = "".join(f"<sitemap><loc>{base}/s{n}.xml</loc></sitemap>" for n in range(0, pages, 2000))
            body = f"<sitemapindex>{parts}</sitemapindex>"
        elif path.endswith(".xml"):
            first = int(path[2:-4])
            numbers = range(first, min(first + 2000, pages))
            urls = "".join(f"<url><loc>{base}/kabar-rekaan-nomor-{n}/</loc></url>" for n in numbers)
            body = f"<urlset>{urls}</urlset>"
        else:
            return answer
        return head.format("application/xml", len(body), "").encode() + body.encode()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                writer.write(reply(line.split()[1].decode()))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        nonlocal base
        server = await asyncio.start_server(client, "127.0.0.1", 0, backlog=256)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        print(base, flush=True)
        await server.serve_forever()

    asyncio.run(run())


def source_of(url: str) -> dict[str, object]:
    """Return the values of a source for the served site, without bounds."""
    return {
        "slug": "cepat",
        "name": "Situs Cepat",
        "domains": [url.removeprefix("http://")],
        "site": url,
        "allow_private": True,
        "discovery": [{"method": "sitemap", "url": "/wp-sitemap.xml"}],
        "politeness": {"delay_s": 0, "pages_per_night": 10**7, "bytes_per_night": 10**12},
    }


def timed(code: str, argument: str) -> tuple[float, float, int]:
    """Return the seconds and CPU seconds that a Python program took, and the number that it printed last."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", code, argument]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu, int(done.stdout.split()[-1])


def start_server(pages: int) -> tuple[subprocess.Popen[str], str]:
    """Start the site in a process of its own; return it and its address."""
    server = subprocess.Popen(
        [sys.executable, str(HERE), "--serve", str(pages)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    return server, server.stdout.readline().strip()


def main() -> None:
    pages, rounds = (int(value) for value in [*sys.argv[1:], *("3000", "3")[len(sys.argv) - 1 :]])
    server, url = start_server(pages)
    rates: dict[str, list[tuple[float, float]]] = {"plain": [], "ours": []}
    try:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                job = json.dumps({"folder": folder, "source": source_of(url)})
                for name, code, argument in (("plain", PLAIN, url), ("ours", OURS, job)):
                    seconds, cpu, seen = timed(code, argument)
                    assert seen == pages, (name, seen)
                    rates[name].append((pages / seconds, pages / cpu))
                    print(f"{name}: {seconds:.1f} s, {cpu:.1f} CPU s for {pages} pages", flush=True)
    finally:
        server.kill()
        server.wait()
    for n, unit in enumerate(("pages/s", "pages per CPU second")):
        plain, ours = (statistics.median(rate[n] for rate in rates[name]) for name in ("plain", "ours"))
        print(f"{unit}: plain {plain:.0f}, ours {ours:.0f}, ratio {ours / plain:.2f}")


if __name__ == "__main__":
    serve_fast(int(sys.argv[2])) if sys.argv[1:2] == ["--serve"] else main()
