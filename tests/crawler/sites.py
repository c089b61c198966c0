"""Small news sites on loopback: a WordPress with REST, feed and sitemap, and what can go wrong with one."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from crawler.source import Source

FILLER = " ".join(
    f"Kalimat ke-{n} menceritakan rapat karangan di Desa Rekaan tanpa menyebut orang yang nyata."
    for n in range(40)
)


@dataclass(slots=True)
class Post:
    """One invented article; `pages` is the number of its pages."""

    slug: str
    title: str
    published: datetime
    modified: datetime
    text: str = FILLER
    pages: int = 1
    gone: bool = False
    etag: bool = True

    def html(self, site: str, page: int) -> bytes:
        links = "".join(f'<a href="{site}/{self.slug}/{n}/">{n}</a>' for n in range(2, self.pages + 1))
        head = f'<title>{self.title}</title><link rel="canonical" href="{site}/{self.slug}/"/>'
        body = f"<h1>{self.title}</h1><p>Halaman {page}. {self.text}</p>{links}"
        return f"<!DOCTYPE html><html lang=id><head>{head}</head><body>{body}</body></html>".encode()


@dataclass(slots=True)
class Answer:
    """What a handler sends; `declared` is a Content-Length that differs from the truth."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    declared: int | None = None
    delay: float = 0.0
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as the server saw it; times on the monotonic clock."""

    path: str
    status: int
    begin: float
    end: float
    headers: dict[str, str]


Rule = Callable[[str, dict[str, str]], "Answer | None"]


class Site:
    """A WordPress-like site. `rules` see every path first and may answer in its place."""

    def __init__(self, posts: list[Post], *, rest: bool = True, packed: bool = False) -> None:
        self.posts = {post.slug: post for post in posts}
        self.rest = rest
        self.packed = packed
        self.robots: bytes | None = b"User-agent: *\nDisallow: /wp-admin/\n"
        self.rules: list[Rule] = []
        self.log: list[Logged] = []
        self.url = ""
        self.now: datetime | None = None  # what its clock shows, where that is not this machine's
        self.lock = threading.Lock()

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """Return what the site says to a request."""
        for rule in self.rules:
            given = rule(path, headers)
            if given is not None:
                return given
        split = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(split.query).items()}
        if split.path == "/robots.txt":
            return Answer(404) if self.robots is None else Answer(body=self.robots)
        if split.path == "/feed/":
            return self._feed(int(query.get("paged", "1")))
        if split.path == "/wp-sitemap.xml":
            return _xml(f"<sitemapindex><sitemap><loc>{self.url}/posts-1.xml</loc></sitemap></sitemapindex>")
        if split.path == "/posts-1.xml":
            return self._sitemap()
        if split.path == "/wp-json/wp/v2/posts" and self.rest:
            return self._rest(query)
        return self._page(split.path, headers)

    def source(self, *methods: str, **changes: object) -> Source:
        """Return a source for this site with these ways of discovery."""
        urls = {"feed": "/feed/", "sitemap": "/wp-sitemap.xml", "wp_rest": "/wp-json/wp/v2/posts"}
        port = urlsplit(self.url).port
        values: dict[str, object] = {
            "slug": f"situs-{port}",
            "name": "Situs Rekaan",
            "domains": [f"127.0.0.1:{port}"],
            "site": self.url,
            "home": "32.02",
            "allow_private": True,
            "discovery": [{"method": m, "url": urls[m]} for m in methods or ("sitemap",)],
            "politeness": {"delay_s": 0.0},
        }
        return Source.model_validate(values | changes)

    def pages_asked(self) -> list[str]:
        """Return the paths of articles that were asked, in order."""
        return [e.path for e in self.log if urlsplit(e.path).path.strip("/").split("/")[0] in self.posts]

    def _public(self) -> list[Post]:
        return sorted((p for p in self.posts.values() if not p.gone), key=lambda p: p.published, reverse=True)

    def _page(self, path: str, headers: dict[str, str]) -> Answer:
        slug, _, number = path.strip("/").partition("/")
        post = self.posts.get(slug)
        page = int(number) if number.isdigit() else 1
        if post is None or page > post.pages:
            return Answer(404, b"<html><title>Tidak ada</title></html>", {"Content-Type": "text/html"})
        if post.gone:
            return Answer(410, b"", {"Content-Type": "text/html"})
        if not path.endswith("/"):
            return Answer(301, b"", {"Location": f"{self.url}{path}/"})
        body = post.html(self.url, page)
        sent = {"Content-Type": "text/html; charset=UTF-8"}
        if post.etag:
            sent["ETag"] = f'"{hash(body) & 0xFFFFFFFF:x}"'
            if headers.get("if-none-match") == sent["ETag"]:
                return Answer(304, b"", sent)
        if self.packed and "gzip" in headers.get("accept-encoding", ""):
            return Answer(200, gzip.compress(body), sent | {"Content-Encoding": "gzip"})
        return Answer(200, body, sent)

    def _feed(self, page: int) -> Answer:
        posts = self._public()[(page - 1) * 10 : page * 10]
        if not posts and page > 1:
            return Answer(404)
        items = "".join(
            f"<item><title>{p.title}</title><link>{self.url}/{p.slug}/</link>"
            f"<pubDate>{format_datetime(p.published)}</pubDate></item>"
            for p in posts
        )
        made = "<generator>https://wordpress.org/?v=6.6</generator>"
        return _xml(f'<rss version="2.0"><channel>{made}{items}</channel></rss>')

    def _sitemap(self) -> Answer:
        urls = "".join(
            f"<url><loc>{self.url}/{p.slug}/</loc><lastmod>{p.modified.isoformat()}</lastmod></url>"
            for p in self._public()
        )
        return _xml(f"<urlset>{urls}</urlset>")

    def _rest(self, query: dict[str, str]) -> Answer:
        posts = self._public()
        for key, name in (("after", "published"), ("modified_after", "modified")):
            if key in query:
                least = datetime.fromisoformat(query[key])
                least = least if least.tzinfo else least.replace(tzinfo=UTC)
                posts = [post for post in posts if getattr(post, name) > least]
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        chosen = posts[(page - 1) * size : page * size]
        if not chosen and page > 1:
            return Answer(
                400, b'{"code": "rest_post_invalid_page_number"}', {"Content-Type": "application/json"}
            )
        rows = [
            {
                "link": f"{self.url}/{p.slug}/",
                "title": {"rendered": p.title},
                "date_gmt": p.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "modified_gmt": p.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "status": "publish",
                "type": "post",
            }
            for p in chosen
        ]
        return Answer(200, json.dumps(rows).encode(), {"Content-Type": "application/json"})


def make_posts(count: int, *, start: datetime | None = None, **changes: object) -> list[Post]:
    """Return invented articles, an hour apart, the last one published a day ago."""
    first = start or datetime.now(UTC).replace(microsecond=0) - timedelta(days=1, hours=count)
    return [
        Post(f"kabar-rekaan-nomor-{n:05d}", f"Kabar rekaan nomor {n}", at, at, **changes)  # type: ignore[arg-type]
        for n in range(count)
        if (at := first + timedelta(hours=n))
    ]


@contextmanager
def serve(site: Site, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve a site on loopback while the block runs, over TLS where a context is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def date_time_string(self, timestamp: float | None = None) -> str:
            moment = site.now.timestamp() if site.now and timestamp is None else timestamp
            return super().date_time_string(moment)

        def do_GET(self) -> None:
            begin = time.monotonic()
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = site.answer(self.path, headers)
            if answer.delay:
                time.sleep(answer.delay)
            try:
                self._send(answer)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            logged = Logged(self.path, answer.status, begin, time.monotonic(), headers)
            with site.lock:
                site.log.append(logged)

        def _send(self, answer: Answer) -> None:
            if answer.reset:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                self.send_header("Content-Length", str(answer.declared or len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            self.wfile.flush()
            if answer.declared:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that hangs up is what some tests are about

    server = Server(("127.0.0.1", port), Handler)
    site.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _xml(text: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    return Answer(200, body, {"Content-Type": "application/xml; charset=UTF-8"})
