"""Which addresses a crawl may speak to: the public web, unless a source says otherwise."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
# public by Python's tables of some version, and none of the web's: what clouds answer to their own machines on
# (Oracle, Azure), documentation, translation within a network, segment routing
_NOT_WEB = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "168.63.129.16/32", "3fff::/20", "64:ff9b:1::/48", "5f00::/16"),
    )
)


class GuardError(ValueError):
    """A host must not be asked, or does not exist; the message names it and its address."""


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public web.

    Loopback, link-local, private, shared, reserved and multicast addresses do not, nor do IPv6 forms that
    carry one of them (mapped, 6to4, NAT64), nor what is no address at all.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or any(ip in net for net in _NOT_WEB))


def check_address(host: str, port: int = 443, *, allow_private: bool = False) -> tuple[str, ...]:
    """Return the IP addresses of `host`, asked of DNS now; connect to one of these, not to the name again.

    A name with any forbidden address is refused whole: who answers so is misconfigured or hostile.
    Raises GuardError.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise GuardError(f"{host}: no such host ({getattr(error, 'strerror', None) or error})") from None
    addresses = tuple(dict.fromkeys(str(item[4][0]) for item in found))
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise GuardError(
                    f"{host}: its address {address} is not on the public web "
                    "(allow_private = true in the source's file permits it)"
                )
    return addresses


def check_url(url: str, *, allow_private: bool = False) -> tuple[str, ...]:
    """Return the IP addresses behind an http(s) URL; raises GuardError as check_address does."""
    try:
        split = urlsplit(url)
        host, port = split.hostname, split.port
    except ValueError:
        host, port = None, None
    if not host or split.scheme not in _PORTS:
        raise GuardError(f"{url[:200]}: no http or https address")
    return check_address(host, port or _PORTS[split.scheme], allow_private=allow_private)
