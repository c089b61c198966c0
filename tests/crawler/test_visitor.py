"""Single visits: bounded, polite, and never to where they must not go."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sites import Answer, Site, make_posts, serve

from crawler.visitor import VisitError, Visitor

HTML = {"Content-Type": "text/html"}


def visitor(**options: object) -> Visitor:
    values = {"contact": "uji@example.org", "delay_s": 0.0, "timeout_s": 2.0, "allow_private": True}
    return Visitor(**(values | options))


def asked(site: Site, count: int) -> list[str]:
    """Return the paths that the site was asked, once it has noted `count` of them."""
    end = time.monotonic() + 2
    while len(site.log) < count and time.monotonic() < end:
        time.sleep(0.01)
    return [entry.path for entry in site.log]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(Site(make_posts(2))) as running:
        yield running


def test_visitor_follows_redirects_and_names_itself(site: Site) -> None:
    visit = visitor().get(f"{site.url}/kabar-rekaan-nomor-00000")
    assert (visit.status, visit.url) == (200, f"{site.url}/kabar-rekaan-nomor-00000/")
    assert visit.content_type.startswith("text/html")
    assert asked(site, 3)[0] == "/robots.txt"
    assert all("uji@example.org" in entry.headers["user-agent"] for entry in site.log)


def test_visitor_obeys_robots(site: Site) -> None:
    site.robots = b"User-agent: Wartawas\nDisallow: /kabar\nCrawl-delay: 0.3\n"
    with pytest.raises(VisitError, match=r"robots\.txt forbids"):
        visitor().get(f"{site.url}/kabar-rekaan-nomor-00000/")
    assert asked(site, 1) == ["/robots.txt"]


def test_visitor_keeps_the_pause_that_robots_asks(site: Site) -> None:
    site.robots = b"User-agent: *\nCrawl-delay: 0.3\n"
    one = visitor()
    one.get(f"{site.url}/feed/")
    one.get(f"{site.url}/feed/")
    asked(site, 3)
    first, second = [entry for entry in site.log if entry.path == "/feed/"]
    assert second.begin - first.end >= 0.25


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(302, b"", {"Location": "/pindah"}), "more than 5 redirects"),
        (Answer(302, b"", {"Location": "http://[rusak"}), "no address"),
        (Answer(302, b"", {"Location": "file:///etc/passwd"}), "no http or https address"),
        (Answer(429, b"", {"Retry-After": "120"}), "asks to come back in 120 s"),
        (Answer(200, b"\x1f\x8bx", HTML | {"Content-Encoding": "gzip"}), "not readable"),
        (Answer(200, gzip.compress(b" " * 20_000_000), HTML | {"Content-Encoding": "gzip"}), "too_large"),
        (Answer(200, b" " * 11_000_000, HTML), "too_large"),
        (Answer(reset=True), "closed connection"),
    ],
)
def test_visitor_says_why_a_page_could_not_be_had(site: Site, answer: Answer, message: str) -> None:
    site.rules.append(lambda path, _: answer if path.startswith("/pindah") else None)
    with pytest.raises(VisitError, match=message) as caught:
        visitor().get(f"{site.url}/pindah")
    assert "\n" not in str(caught.value)


def test_visitor_goes_to_no_private_address(site: Site) -> None:
    with pytest.raises(VisitError, match="not on the public web"):
        visitor(allow_private=False).get(site.url)
    assert site.log == []
    for url in ("http://tidak-ada.invalid/", "http://[x/", "gopher://a/", "http://ü..id/", ""):
        with pytest.raises(VisitError):
            visitor().get(url)


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """Serve one byte of an endless answer every tenth of a second."""
    server = socket.create_server(("127.0.0.1", 0))
    end = threading.Event()

    def drip(client: socket.socket) -> None:
        with client:
            try:
                client.sendall(head)
                while not end.wait(0.1):
                    client.sendall(b"x")
            except OSError:
                return

    def accept() -> None:
        while not end.is_set():
            try:
                client, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    finally:
        end.set()
        server.close()


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"]
)
def test_visitor_gives_up_an_answer_that_never_ends(head: bytes) -> None:
    with dripping(head) as url:
        begin = time.monotonic()
        with pytest.raises(VisitError, match="no whole answer"):
            visitor(timeout_s=0.5).get(url)
        assert time.monotonic() - begin < 3


def test_visitor_quotes_what_is_no_http_in_one_line() -> None:
    with dripping(b"220 surat.example ESMTP\r\n250 siap\r\n") as url, pytest.raises(VisitError) as caught:
        visitor(timeout_s=0.5).get(url)
    assert "220 surat.example ESMTP" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_visitor_reaches_a_host_behind_its_dead_addresses(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.url.rpartition(":")[2])
    dead = [f"127.0.0.{number}" for number in (7, 8, 9)]
    ask = socket.getaddrinfo

    def getaddrinfo(host: str, *more: object, **named: object) -> list[object]:
        names = [*dead, "127.0.0.1"] if host == "empat.example" else [host]
        return [one for name in names for one in ask(name, *more, **named)]  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with ExitStack() as stack:
        for address in dead:  # a queue that is full lets nobody in, and says nothing
            queue = stack.enter_context(socket.socket())
            queue.bind((address, port))
            queue.listen(0)
            for _ in range(2):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex((address, port))
        visit = visitor(timeout_s=1.0).get(f"http://empat.example:{port}/feed/")
    assert visit.status == 200
