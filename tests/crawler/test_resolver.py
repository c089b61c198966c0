"""Names and addresses: what may be spoken to, and that slow names hold nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from places import Place
from sites import Site, make_posts, serve
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.resolver import GuardedResolver

# DNS as it is where most names don't answer: it takes longer than the crawl waits
SLOW_DNS = """
import socket, time
ask = socket.gethostbyname
def gethostbyname(name):
    if name.endswith(".example"):
        time.sleep(1.2)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")
    return ask(name)
socket.gethostbyname = gethostbyname
"""


class NoReactor:
    """Nothing may be asked of it: an address needs no thread and no clock."""


def outcome(found: Deferred[str]) -> Any:
    told: list[Any] = []
    found.addBoth(told.append)
    assert told, "the answer waits for something"
    return getattr(told[0], "value", told[0])


def test_an_address_is_not_asked_of_dns() -> None:
    resolver = GuardedResolver(NoReactor(), 10, 1.0)  # type: ignore[arg-type]
    assert outcome(resolver.getHostByName("93.184.216.34")) == "93.184.216.34"
    assert isinstance(outcome(resolver.getHostByName("127.0.0.1")), DNSLookupError)
    resolver.allowed = frozenset({"127.0.0.1"})
    assert outcome(resolver.getHostByName("127.0.0.1")) == "127.0.0.1"


def test_names_that_dns_is_slow_to_answer_hold_no_other(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_DNS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
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
