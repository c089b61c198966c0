"""Why a request gave nothing: exceptions of ours and of the network, as the ledger's reasons."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.error import TimeoutError as TxTimeoutError

from crawler.resolver import GuardedResolver

NETWORK_ERRORS = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectionClosed,
    ConnectError,
    OSError,
)
#: Reasons that may heal within seconds: the request is tried again in the same run.
PASSING = frozenset({"timeout", "reset", "truncated", "bad_encoding", "refused", "dns"})
#: Reasons that speak against the host rather than the page.
HOST_DOWN = frozenset({"timeout", "reset", "refused", "dns", "tls", "private_address"})
#: A request that was still waiting when its lane was stopped: nobody is to blame, and nothing is entered.
STOPPED = "stopped"


class Refusal(IgnoreRequest):
    """A request did not go out, or its answer was thrown away; `reason` is the ledger's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def failure_reason(error: BaseException | None, url: str) -> str:
    """Return the ledger's reason for an exception of the downloader."""
    if isinstance(error, Refusal):
        return error.reason
    if isinstance(error, IgnoreRequest):
        return "redirect_loop"
    if isinstance(error, CannotResolveHostError):
        return "private_address" if urlsplit(url).hostname in GuardedResolver.refused else "dns"
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return "tls" if reason == "reset" and "SSL" in repr(error) else reason
    return "error"


_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (ResponseDataLossError, "truncated"),
    (DownloadCancelledError, "too_large"),
    (DownloadConnectionRefusedError, "refused"),
    ((DownloadTimeoutError, TxTimeoutError), "timeout"),
    ((DownloadFailedError, ConnectionClosed, ConnectError, OSError), "reset"),
)
