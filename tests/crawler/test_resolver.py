"""Names and addresses: what may be spoken to, that slow names hold nobody else, and which address is taken."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from places import Place
from sites import Site, make_posts, serve
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.error import DNSLookupError
from twisted.internet.task import Clock

from crawler import resolver as resolving
from crawler.resolver import KEPT_SECONDS, GuardedResolver, look_up

# DNS as it is where most names don't answer (it takes longer than the crawl waits), where it answers late, and where
# the first of several addresses is dead
DNS = """
import socket, time
ask = socket.getaddrinfo
def getaddrinfo(host, *more):
    name = host if isinstance(host, str) else ""
    if name.startswith("lambat-"):
        time.sleep(1.2)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")
    if name == "terlambat.example":
        time.sleep(2.2)
    if name.endswith(".example"):
        return ask("127.0.0.9", *more) + ask("127.0.0.1", *more)
    return ask(host, *more)
socket.getaddrinfo = getaddrinfo
"""


class NoReactor:
    """Nothing may be asked of it: an address needs no thread and no clock."""


def outcome(found: Deferred[Any]) -> Any:
    told: list[Any] = []
    found.addBoth(told.append)
    assert told, "the answer waits for something"
    return getattr(told[0], "value", told[0])


@pytest.fixture
def dns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(DNS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_an_address_is_not_asked_of_dns() -> None:
    resolver = GuardedResolver(NoReactor(), 1.0)
    assert outcome(resolver.addresses("93.184.216.34")) == ("93.184.216.34",)
    assert isinstance(outcome(resolver.addresses("127.0.0.1")), DNSLookupError)
    assert isinstance(outcome(resolver.addresses("::1")), DNSLookupError)
    resolver.allowed = frozenset({"127.0.0.1"})
    assert outcome(resolver.addresses("127.0.0.1")) == ("127.0.0.1",)


def test_a_name_with_one_private_address_is_refused_whole_and_its_moves_are_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: list[tuple[str, ...] | OSError] = []

    def asked(_reactor: object, _pool: object, _look: object, name: str) -> Deferred[Any]:
        def answer() -> tuple[str, ...]:
            given = answers.pop(0)
            if isinstance(given, OSError):
                raise given
            return given

        return maybeDeferred(answer)

    clock = Clock()
    clock.getThreadPool = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(resolving, "deferToThreadPool", asked)
    resolver = GuardedResolver(clock, 1.0)
    answers.append(("93.184.216.34", "10.0.0.1"))
    assert isinstance(outcome(resolver.addresses("campur.example")), DNSLookupError)
    assert "campur.example" in GuardedResolver.refused
    moved, router = ("93.184.216.35",), ("192.168.1.1",)  # it gives its own address while its line is down
    for given, right in (
        (("93.184.216.34",), ("93.184.216.34",)), (moved, moved), (OSError("no answer"), moved), (router, moved),
    ):  # fmt: skip
        answers.append(given)
        found = outcome(resolver.addresses("pindah.example"))
        assert found == outcome(resolver.addresses("pindah.example")), "asked again at once"
        assert found == right
        clock.advance(KEPT_SECONDS + 1)
    assert "pindah.example" not in GuardedResolver.refused
    answers.append(("93.184.216.36",))
    assert outcome(resolver.addresses("campur.example")) == ("93.184.216.36",)
    assert "campur.example" not in GuardedResolver.refused
    assert not answers


def test_a_name_with_addresses_of_ipv6_only_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(_name: str, _port: object, family: int, kind: int) -> list[Any]:
        if family == socket.AF_INET:
            raise socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")
        return [(family, kind, 6, "", (address, 0, 0, 0)) for address in ("2606:2800::1", "2606:2800::2")]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert look_up("enam.example") == ("2606:2800::1", "2606:2800::2")


@pytest.mark.usefixtures("dns")
def test_names_that_dns_is_slow_to_answer_hold_no_other(place: Place) -> None:
    with serve(Site(make_posts(3))) as site:
        site.url = site.url.replace("127.0.0.1", "localhost")
        names = [f"lambat-{number}.example" for number in range(50)]
        slow = [
            site.source(slug=name.removesuffix(".example"), domains=[name], site=f"http://{name}")
            for name in names
        ]
        report = place.crawl(*slow, site.source(slug="sehat", domains=[site.url[7:]], site=site.url))
    assert report.by_source["sehat"].fetched == 3
    assert report.by_source["lambat-0"].problem == "unreachable: the host's name does not resolve"
    assert place.sql("SELECT count(*) FROM requests WHERE source = 'sehat' AND result = 'dns'") == [(0,)]


@pytest.mark.usefixtures("dns")
@pytest.mark.parametrize("name", ["dua-alamat.example", "terlambat.example"])
def test_a_host_is_reached_at_its_second_address_and_where_dns_answers_late(place: Place, name: str) -> None:
    with serve(Site(make_posts(2))) as site:
        site.url = site.url.replace("127.0.0.1", name)
        report = place.crawl(site.source(slug="sehat", domains=[site.url[7:]], site=site.url))
    assert (report.by_source["sehat"].fetched, report.by_source["sehat"].problem) == (2, None)
