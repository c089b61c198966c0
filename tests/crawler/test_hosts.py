"""What hosts ask for: Retry-After in both forms, crawl delays, what counts as one host."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from crawler.hosts import Host, Hosts, host_key, retry_after

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Sun, 01 Mar 2026 20:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 19:00:00 GMT", 0.0),
        ("Sun Mar  1 20:00:10 2026", 10.0),
        ("9" * 400, 999999999.0),
        ("-5", None),
        ("1.5", None),
        ("segera", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_reads_both_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10.0),
        ("User-agent: Wartawas\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 90", 7.0),
        ("User-agent: *\nCrawl-delay: 1", 3.0),
        ("User-agent: *\nCrawl-delay: 9999", 120.0),
        ("User-agent: lain\nCrawl-delay: 30", 3.0),
        ("<html>bukan robots</html>", 3.0),
    ],
)
def test_crawl_delay_lengthens_the_own_delay(text: str, delay: float) -> None:
    host = Host("contoh.example", 3.0)
    host.set_rules(text)
    assert host.delay == delay


def test_rules_forbid_what_they_name() -> None:
    host = Host("contoh.example", 3.0)
    assert host.allows("https://contoh.example/wp-admin/x")
    host.set_rules("User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/boleh")
    assert not host.allows("https://contoh.example/wp-admin/x")
    assert host.allows("https://contoh.example/wp-admin/boleh")


def test_hosts_share_one_state() -> None:
    hosts = Hosts()
    one = hosts.of("https://www.contoh.example/a", 1.0)
    assert hosts.of("http://contoh.example:80/b", 5.0) is one
    assert one.delay == 5.0
    assert hosts.of("http://contoh.example:8080/", 1.0) is not one


def test_host_key_keeps_unusual_ports() -> None:
    assert host_key("http://127.0.0.1:8001/x") == "127.0.0.1:8001"
    assert host_key("https://www.contoh.example:443/x") == "contoh.example"


def test_pause_is_never_shortened() -> None:
    host = Host("contoh.example", 0.0)
    host.pause(50)
    until = host.free_at
    host.pause(1)
    assert host.free_at == until > time.monotonic() + 40
