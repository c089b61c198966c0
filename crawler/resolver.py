"""Name resolution that refuses private addresses, so that no DNS answer leads into a local network."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from scrapy.resolver import HostResolution
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guard import is_public

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import DelayedCall

Addresses = tuple[str, ...]
#: A site may move in the night, and its old address answers nobody then.
KEPT_SECONDS = 600.0
_MOST = 8


class _Known(NamedTuple):
    at: float
    addresses: Addresses


@implementer(IHostnameResolver)
class GuardedResolver:
    """Gives all addresses of a host, of which the first that answers is taken; private ones in PRIVATE_HOSTS only.

    The addresses checked are those connected to. Names that were refused are kept in `refused`, because the
    reason does not survive Twisted's layers. A name is asked for once at a time, whoever waits for it: what DNS
    answers too late for one is there for the next.
    """

    refused: ClassVar[set[str]] = set()

    def __init__(self, reactor: Any, timeout: float) -> None:
        self._reactor = reactor
        self._timeout = timeout
        self._known: dict[str, _Known] = {}
        self._waiting: dict[str, list[tuple[Deferred[Addresses], DelayedCall]]] = {}
        self.allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        """Return the resolver with the hosts that the crawl's sources declare as private."""
        made = cls(reactor, crawler.settings.getfloat("DNS_TIMEOUT"))
        made.allowed = frozenset(crawler.settings.getlist("PRIVATE_HOSTS"))
        return made

    def install_on_reactor(self) -> None:
        """Let everything that connects ask here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: str = "TCP",
    ) -> HostResolution:
        """Tell the receiver the addresses of a host, or none."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def tell(found: Addresses) -> None:
            for address in found:
                kind = IPv6Address if isIPv6Address(address) else IPv4Address
                resolutionReceiver.addressResolved(kind("TCP", address, portNumber))

        def tell_none(failure: Failure) -> None:
            failure.trap(DNSLookupError)  # type: ignore[no-untyped-call]

        told = self.addresses(hostName).addCallbacks(tell, tell_none)
        told.addCallback(lambda _: resolutionReceiver.resolutionComplete())
        return resolution

    def addresses(self, name: str) -> Deferred[Addresses]:
        """Return the addresses of `name`, or fail where it has none or may not be spoken to."""
        if isIPAddress(name) or isIPv6Address(name):
            return succeed((name,)).addCallback(self._checked, name)
        known = self._known.get(name)
        if known is None or self._reactor.seconds() - known.at > KEPT_SECONDS:
            self._ask(name)
            known = self._known.get(name)
        if known:  # what was right a while ago does until DNS, which may be out of order, says otherwise
            return succeed(known.addresses).addCallback(self._checked, name)
        wanted: Deferred[Addresses] = Deferred()
        late = DNSLookupError(f"{name}: DNS does not answer")
        patience = self._reactor.callLater(self._timeout, wanted.errback, late)
        self._waiting[name].append((wanted, patience))
        return wanted.addCallback(self._checked, name)

    def _ask(self, name: str) -> None:
        if name not in self._waiting:
            self._waiting[name] = []
            asked = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), look_up, name)
            asked.addBoth(self._answered, name)

    def _answered(self, result: Addresses | Failure, name: str) -> None:
        # a router whose line is down gives its own address for every name, so a private one moves nobody
        if not isinstance(result, Failure) and (name not in self._known or self._permits(name, result)):
            self._known[name] = _Known(self._reactor.seconds(), result)
        for wanted, patience in self._waiting.pop(name):
            if not patience.active():
                continue
            patience.cancel()
            if isinstance(result, Failure):
                wanted.errback(DNSLookupError(f"{name}: {result.getErrorMessage()}"))
            else:
                wanted.callback(result)

    def _permits(self, name: str, found: Addresses) -> bool:
        return name in self.allowed or all(map(is_public, found))

    def _checked(self, found: Addresses, name: str) -> Addresses:
        if self._permits(name, found):
            self.refused.discard(name)
            return found
        self.refused.add(name)
        raise DNSLookupError(f"{name}: an address of {', '.join(found)} is not on the public web")


def look_up(name: str) -> Addresses:
    """Return the IPv4 addresses of a name, or those of IPv6 where it has none. Raises OSError, UnicodeError.

    Asked for both at once, DNS that never answers for IPv6 would hold up those who need none.
    """
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise
        found = socket.getaddrinfo(name, None, socket.AF_INET6, socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))[:_MOST]
