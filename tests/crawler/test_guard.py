"""No request leaves for an address that is not on the public web."""

from __future__ import annotations

import pytest

from crawler.guard import GuardError, check_address, check_url, is_public

FORBIDDEN = (
    "127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1"
    " 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fec0::1 ff02::1"
    " ::ffff:127.0.0.1 ::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2001:db8::1"
    " 192.0.0.192 192.0.0.8 168.63.129.16 ::ffff:168.63.129.16 3fff::1 64:ff9b:1::7f00:1 5f00::1"
    " localhost 1.2.3"
).split(" ")


@pytest.mark.parametrize("address", FORBIDDEN)
def test_is_public_refuses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "103.10.66.1", "168.63.129.15", "192.0.1.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"],
)
def test_is_public_allows(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "0x7f000001", "2130706433", "::1"]
)
def test_check_address_refuses_every_spelling_of_a_private_host(host: str) -> None:
    with pytest.raises(GuardError, match="not on the public web"):
        check_address(host, 80)


def test_check_address_obeys_the_source_that_allows_it() -> None:
    assert check_address("127.0.0.1", 80, allow_private=True) == ("127.0.0.1",)


def test_check_address_says_that_a_host_does_not_exist() -> None:
    with pytest.raises(GuardError, match="no such host"):
        check_address("tidak-ada.invalid")


@pytest.mark.parametrize(
    "url", ["ftp://8.8.8.8/", "file:///etc/passwd", "http://", "http://[x/", "8.8.8.8", "http://a:99999/"]
)
def test_check_url_wants_http(url: str) -> None:
    with pytest.raises(GuardError, match="no http or https address"):
        check_url(url)


def test_check_url_takes_a_public_address() -> None:
    assert check_url("https://8.8.8.8/a") == ("8.8.8.8",)
