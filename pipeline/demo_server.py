"""Serving the demo's sites on loopback, at the same addresses in every run of one folder."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline.demo_sites import Site, load_sites

HOST = "127.0.0.1"


class DemoPortError(RuntimeError):
    """An address that an earlier demo run used is taken by another program."""


@contextmanager
def serve_sites(folder: Path) -> Iterator[list[Site]]:
    """Serve the five sites while the context is open; yield them with their addresses.

    The ports are kept in `folder`/ports.json, because a page's identity is its address: with other ports a
    second run would see only new pages. Raises DemoPortError where one of them is taken.
    """
    ports = _ports(folder, [site.slug for site in load_sites()])
    sites = load_sites({slug: f"http://{HOST}:{port}" for slug, port in ports.items()})
    with ExitStack() as stack:
        for site in sites:
            stack.enter_context(_serving(site, ports[site.slug], folder))
        yield sites


@contextmanager
def _serving(site: Site, port: int, folder: Path) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "WartawasDemo"

        def do_GET(self) -> None:
            answer = site.answer(self.path)
            known = dict(answer.headers).get("ETag")
            status = 304 if known and self.headers.get("If-None-Match") == known else answer.status
            body = b"" if status == 304 else answer.body
            self.send_response(status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing: the progress display owns the terminal."""

    try:
        server = ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        raise DemoPortError(
            f"port {port} of the demo's {site.slug} can't be opened ({error.strerror}): a demo is running in "
            f"{folder}, or another program has the port; stop it, or give the demo another folder with --var"
        ) from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _ports(folder: Path, slugs: list[str]) -> dict[str, int]:
    file = folder / "ports.json"
    if file.is_file():
        kept: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))
        if set(kept) == set(slugs):
            return kept
    free: dict[str, int] = {}
    with ExitStack() as stack:
        for slug in slugs:
            probe = stack.enter_context(socket.socket())
            try:
                probe.bind((HOST, 0))
            except OSError as error:
                raise DemoPortError(
                    f"{HOST}: the demo's sites cannot be served there ({error.strerror}); it needs the loopback "
                    "interface: `ip link set lo up`, or leave a sandbox without one"
                ) from None
            free[slug] = probe.getsockname()[1]
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(free), encoding="utf-8")
    return free
