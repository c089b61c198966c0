"""Crawl many sources at once, a tenth of them dead and some hanging, within a window.

    python tests/bench/crawl_many.py [SOURCES=300] [WINDOW_SECONDS=240]

Prints how long the crawl took, what was fetched, how each kind of source ended, and the shortest time between
two requests to one source as its server saw it; exit 1 where window or delay were not kept, or a page is
missing.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from crawler.run import CrawlOptions, crawl
from crawler.source import Source

PAGES = 20
DELAY = 0.5
HANGING = 5


class Sites:
    """Small sites, one a port, in a thread of their own; `times` holds when each was asked."""

    def __init__(self, count: int) -> None:
        self.times: defaultdict[int, list[float]] = defaultdict(list)
        self.ports: list[int] = []
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(count)), daemon=True).start()
        self._ready.wait(30)

    async def _serve(self, count: int) -> None:
        for _ in range(count):
            server = await asyncio.start_server(self._client, "127.0.0.1", 0)
            self.ports.append(server.sockets[0].getsockname()[1])
        self._ready.set()
        await asyncio.Event().wait()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                self.times[port].append(time.monotonic())
                writer.write(self._answer(port, line.split()[1].decode()))
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, port: int, path: str) -> bytes:
        if path == "/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        kind, body = "text/html", f"<!DOCTYPE html><html><p>{path} " + "kata " * 1000 + "</html>"
        if path == "/sitemap.xml":
            links = (f"http://127.0.0.1:{port}/kabar-rekaan-nomor-{n}/" for n in range(PAGES))
            urls = "".join(f"<url><loc>{link}</loc></url>" for link in links)
            kind, body = "application/xml", f"<urlset>{urls}</urlset>"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return (head + body).encode()


def source(name: str, port: int) -> Source:
    """Return the source of the site at `port`."""
    values = {
        "slug": f"{name}-{port}",
        "name": name,
        "domains": [f"127.0.0.1:{port}"],
        "site": f"http://127.0.0.1:{port}",
        "allow_private": True,
        "discovery": [{"method": "sitemap", "url": "/sitemap.xml"}],
        "politeness": {"delay_s": DELAY},
    }
    return Source.model_validate(values)


def silent_ports(count: int, *, listening: bool) -> list[socket.socket]:
    """Return sockets that refuse connections, or take them and never answer."""
    sockets = [socket.socket() for _ in range(count)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
        if listening:
            sock.listen(16)
    return sockets


def main() -> int:
    count, window = (int(value) for value in [*sys.argv[1:], *("300", "240")[len(sys.argv) - 1 :]])
    dead, hanging = silent_ports(count // 10, listening=False), silent_ports(HANGING, listening=True)
    sites = Sites(count - len(dead) - len(hanging))
    sources = [source("hidup", port) for port in sites.ports]
    sources += [source("mati", sock.getsockname()[1]) for sock in dead]
    sources += [source("diam", sock.getsockname()[1]) for sock in hanging]
    ends = datetime.now(UTC) + timedelta(seconds=window)
    with tempfile.TemporaryDirectory() as folder:
        paths = {"ledger_path": Path(folder) / "ledger.sqlite", "archive_root": Path(folder) / "archive"}
        report = crawl(sources, CrawlOptions(ends_at=ends), **paths)
    late = (datetime.now(UTC) - ends).total_seconds()
    problems = Counter((slug.partition("-")[0], r.problem or "-") for slug, r in report.by_source.items())
    gaps = [b - a for times in sites.times.values() for a, b in pairwise(times)]
    expected = PAGES * len(sites.ports)
    print(f"{count} sources in {report.seconds:.0f} s, {-late:.0f} s before the window's end")
    print(f"{report.fetched} of {expected} pages with {report.requests} requests")
    print(f"shortest time between two requests to a source: {min(gaps):.3f} s (delay {DELAY} s)")
    for (kind, problem), n in sorted(problems.items()):
        print(f"  {n} {kind}: {problem}")
    return 0 if late < 0 and min(gaps) >= DELAY and report.fetched == expected else 1


if __name__ == "__main__":
    sys.exit(main())
