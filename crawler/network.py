"""Whether the network of this machine is gone, rather than a host: then no source is to blame, and all wait."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from crawler.lane import Lane, Phase
from crawler.options import CrawlOptions

#: Sources that answered in this run and fall silent together.
_ENOUGH = 3
_log = logging.getLogger(__name__)


class Network:
    """Hears which lanes are answered and which are not; times are on the monotonic clock.

    Without it a minute without network would end the night of every source, each as `unreachable`.
    """

    def __init__(self, lanes: Sequence[Lane], options: CrawlOptions) -> None:
        self._lanes = lanes
        self._longest = options.max_wait_s
        self._timeout = options.timeout_s
        self._heard = time.monotonic()
        self._back = float("-inf")
        self._told = False

    def hear(self, lane: Lane) -> None:
        """Take that a lane was answered, whatever the answer."""
        now = time.monotonic()
        if self._told:
            _log.warning("the network is back after %.0f s", now - self._heard)
            self._told, self._back = False, now
            for other in self._lanes:
                other.failures, other.down_since = 0, None
        self._heard, lane.heard = now, True
        lane.failures, lane.down_since, lane.silent_since = 0, None, None

    def fail(self, lane: Lane) -> None:
        """Take that a lane was not answered."""
        now = time.monotonic()
        lane.failures += 1
        lane.down_since = lane.down_since or now
        lane.silent_since = lane.silent_since or now

    def gone(self, lane: Lane) -> bool:
        """Return whether the failures of a lane are those of everybody.

        So it is where nobody was answered since they began; what went out before the network was back may fail a
        little later. A lane is excused for the longest wait at most: its host may be gone as well.
        """
        now = time.monotonic()
        if now - (lane.silent_since or now) > self._longest:
            return False
        if now - self._back < self._timeout:
            return True
        if not lane.heard or lane.down_since is None or lane.down_since < self._heard:
            return False
        silent = sum(1 for one in self._lanes if one.heard and one.down_since and one.phase is not Phase.DONE)
        if silent < _ENOUGH:
            return False
        if not self._told:
            _log.warning("no source answers any more: waiting for the network")
            self._told = True
        return True
