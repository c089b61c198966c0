"""Name resolution that refuses private addresses, so that no DNS answer leads into a local network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.abstract import isIPAddress
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawler.guard import is_public

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, which gives private addresses of the hosts in PRIVATE_HOSTS only.

    The address checked is the one connected to. Names that were refused are kept in `refused`, because the
    reason does not survive Twisted's layers.
    """

    refused: ClassVar[set[str]] = set()

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> GuardedResolver:
        """Return the resolver with the hosts that the crawl's sources declare as private."""
        made = super().from_crawler(crawler, reactor)
        made.allowed = frozenset(crawler.settings.getlist("PRIVATE_HOSTS"))
        return made

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Return the IPv4 address of `name`, or fail where it may not be spoken to."""
        if isIPAddress(
            name
        ):  # there is nothing to ask, so it doesn't queue behind what DNS is slow to answer
            return succeed(name).addCallback(self._checked, name)
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name in self.allowed or is_public(address):
            return address
        self.refused.add(name)
        raise DNSLookupError(f"{name}: address {address} is not on the public web")
