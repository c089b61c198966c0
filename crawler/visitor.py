"""Single polite visits outside a crawl: robots.txt obeyed, pauses kept, no private address, all bounded."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import urljoin, urlsplit
from urllib.request import Request

from crawler.encoding import MAX_BODY, BodyError, decode_body
from crawler.guard import GuardError, check_url
from crawler.hosts import Host, Hosts, retry_after
from crawler.options import user_agent

MAX_REDIRECTS = 5
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "id,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}


class VisitError(RuntimeError):
    """A page could not be had; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page as it came: where redirects led, its headers by lower-case name, its decoded body.

    `sent` are the headers and `raw` the body as they were sent, for the archive.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""

    @property
    def content_type(self) -> str:
        """Return the value of the Content-Type header."""
        return self.headers.get("content-type", "")


class Visitor:
    """Fetches pages one by one; `delay_s` passes between two requests to a host, or more if it asks so.

    `allow_private` may be a function that says of each address, redirects included, whether it may be private.
    `any_certificate` takes pages as a crawl does: from hosts with an expired or foreign certificate too.
    """

    def __init__(
        self,
        *,
        contact: str,
        delay_s: float = 2.0,
        timeout_s: float = 20.0,
        allow_private: bool | Callable[[str], bool] = False,
        any_certificate: bool = False,
    ) -> None:
        self._agent = user_agent(contact)
        self._delay = delay_s
        self._timeout = timeout_s
        self._private = allow_private
        self._context = ssl.create_default_context()
        if any_certificate:
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE
        self._hosts = Hosts()
        self.requests = 0

    def get(self, url: str) -> Visit:
        """Return the page at `url`, whatever its status. Raises VisitError.

        Cookies are kept while redirects are followed, since some sites send everybody past a consent page.
        """
        jar = CookieJar()
        for _ in range(MAX_REDIRECTS + 1):
            host = self._host(url)
            if not host.allows(url):
                raise VisitError(f"{url}: robots.txt forbids it")
            visit = self._ask(host, url, jar)
            target = visit.headers.get("location")
            if visit.status not in _REDIRECTS or not target:
                return visit
            url = _joined(url, target)
        raise VisitError(f"{url}: more than {MAX_REDIRECTS} redirects")

    def robots(self, url: str) -> Host:
        """Return what robots.txt of the host of `url` allows, with the delay it asks. Raises VisitError."""
        return self._host(url)

    def _host(self, url: str) -> Host:
        try:
            host = self._hosts.of(url, self._delay)
            if not host.robots_read:
                self._read_robots(host, url)
        except ValueError:
            raise VisitError(f"{url[:200]}: no http or https address") from None
        return host

    def _read_robots(self, host: Host, url: str) -> None:
        robots, jar = urljoin(url, "/robots.txt"), CookieJar()
        for _ in range(MAX_REDIRECTS):
            visit = self._ask(host, robots, jar)
            target = visit.headers.get("location")
            if visit.status not in _REDIRECTS or not target:
                break
            robots = _joined(robots, target)
        if visit.status >= 500:
            raise VisitError(f"{robots}: HTTP {visit.status}, so nothing there may be asked")
        host.set_rules(visit.body.decode("utf-8", "replace") if visit.status == 200 else "")

    def _ask(self, host: Host, url: str, jar: CookieJar) -> Visit:
        time.sleep(max(0.0, host.free_at - time.monotonic()))
        self.requests += 1
        try:
            visit = self._exchange(url, jar)
        except GuardError as error:
            raise VisitError(str(error)) from None
        except TimeoutError:
            raise VisitError(f"{url}: no whole answer within {self._timeout:g} s") from None
        except ssl.SSLError as error:
            raise VisitError(f"{url}: no secure connection ({error.reason or error})") from None
        except (OSError, http.client.HTTPException) as error:
            quoted = " ".join(str(error).split())[:200]  # of an answer that is no HTTP
            said = getattr(error, "strerror", None) or quoted
            raise VisitError(f"{url}: {said or 'no answer'}") from None
        except UnicodeError:
            raise VisitError(f"{url[:200]}: no usable host name") from None
        except BodyError as error:
            raise VisitError(f"{url}: the answer is not readable ({error.reason})") from None
        finally:
            host.pause(host.delay)
        if visit.status in _BUSY:
            wait = retry_after(visit.headers.get("retry-after"))
            raise VisitError(f"{url}: HTTP {visit.status}, asks to come back {_later(wait)}")
        return visit

    def _exchange(self, url: str, jar: CookieJar) -> Visit:
        private = self._private(url) if callable(self._private) else self._private
        addresses = check_url(url, allow_private=private)
        split = urlsplit(url)
        connection = _Connection(
            split.scheme == "https", split.hostname or "", split.port, addresses, self._timeout, self._context
        )
        host = split.netloc.rpartition("@")[2].encode("idna").decode("ascii")
        target = (split.path or "/") + (f"?{split.query}" if split.query else "")
        # the socket's own limit starts anew with every byte of a slow answer
        clock = threading.Timer(2 * self._timeout, connection.abort)
        clock.daemon = True
        clock.start()
        asked = Request(url)  # noqa: S310 -- never opened: it is what the jar looks at
        jar.add_cookie_header(asked)
        cookies = {"Cookie": cookie} if (cookie := asked.get_header("Cookie")) else {}
        try:
            connection.request(
                "GET",
                _ascii(target),
                headers={**_HEADERS, "Host": host, "User-Agent": self._agent, **cookies},
            )
            response = connection.getresponse()
            jar.extract_cookies(response, asked)
            body = _read(response)
            if connection.aborted:
                raise TimeoutError
            sent = tuple(response.getheaders())
            headers = {name.lower(): value for name, value in sent}
            plain = decode_body(body, headers.get("content-encoding", ""))
            return Visit(url, response.status, headers, plain, response.reason or "", sent, body)
        except (OSError, http.client.HTTPException):
            if connection.aborted:
                raise TimeoutError from None
            raise
        finally:
            clock.cancel()
            connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked, never to the name again."""

    def __init__(
        self,
        secure: bool,
        host: str,
        port: int | None,
        addresses: tuple[str, ...],
        timeout: float,
        context: ssl.SSLContext,
    ) -> None:
        super().__init__(host, port or (443 if secure else 80), timeout=timeout)
        self._secure = secure
        self._patience = timeout
        self._context = context
        self._addresses = addresses
        self.aborted = False
        self._wire: socket.socket | None = None  # http.client forgets it as soon as an answer begins

    def abort(self) -> None:
        """End the exchange from another thread."""
        self.aborted = True
        with contextlib.suppress(OSError):
            if self._wire:
                self._wire.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        """Connect to the first address that answers; dead ones before it take their share of the time, not all."""
        until = time.monotonic() + self._patience
        for left in range(len(self._addresses), 0, -1):
            address = self._addresses[-left]
            try:
                made = socket.create_connection(
                    (address, self.port), max(0.1, until - time.monotonic()) / left
                )
                break
            except OSError:
                if left == 1:
                    raise
        made.settimeout(self._patience)
        self.sock = made
        if self._secure:
            self.sock = self._context.wrap_socket(made, server_hostname=self.host)
        self._wire = self.sock


def _read(response: http.client.HTTPResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    while piece := response.read1(_CHUNK):
        parts.append(piece)
        size += len(piece)
        if size > MAX_BODY:
            raise BodyError("too_large")
    return b"".join(parts)


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        raise VisitError(f"{base}: redirects to what is no address ({target[:100]!r})") from None


def _ascii(target: str) -> str:
    return "".join(
        c if 32 < ord(c) < 127 else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in target
    )


def _later(wait: float | None) -> str:
    return "later" if wait is None else f"in {wait:.0f} s"
