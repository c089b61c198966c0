"""What every request passes: the host it names, who sends it, whether a form is ours, and the headers of the answer."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.accounts import Accounts

COOKIE = "wartawas_session"
FORM_COOKIE = "wartawas_form"
MAX_FORM = 1_000_000  # bytes of a form
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The outermost layer: refuses foreign hosts and forged forms, names the session, adds the headers.

    `hosts` are the names under which the desk may be asked: a page of another site that points its own name
    at this machine gets nothing.
    """

    def __init__(self, app: ASGIApp, *, accounts: Accounts, hosts: frozenset[str]) -> None:
        self.app = app
        self.accounts = accounts
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        send = _with_headers(send, private=not scope["path"].startswith("/static/"))
        if _hostname(request.headers.get("host", "")) not in self.hosts:
            await PlainTextResponse("host tidak dikenal", 421)(scope, receive, send)
            return
        token = request.cookies.get(COOKIE, "")
        session = await run_in_threadpool(self.accounts.session, token) if token else None
        scope.setdefault("state", {})["session"] = session
        if request.method not in ("GET", "HEAD"):
            if request.method != "POST" or not _same_origin(request):
                await PlainTextResponse("permintaan ditolak", 403)(scope, receive, send)
                return
            if int(request.headers.get("content-length") or MAX_FORM + 1) > MAX_FORM:
                await PlainTextResponse("formulir terlalu besar", 413)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def forged(request: Request, sent: str) -> bool:
    """Return whether a form does not carry the token of this session (before a login: of its own cookie)."""
    session = request.state.session
    expected = session.csrf if session else request.cookies.get(FORM_COOKIE, "")
    return not expected or not hmac.compare_digest(expected.encode(), sent.encode())


def _same_origin(request: Request) -> bool:
    """Return whether a browser says that the form came from our own page; one that says nothing passes.

    The token of the form decides in the end; this stops what browsers already know to be foreign.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host", "")


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower() if _plain(host) else ""
    except ValueError:  # half of an IPv6 address
        return ""


def _plain(host: str) -> bool:
    return bool(host) and all(c.isalnum() or c in ".-:[]_" for c in host)


def _with_headers(send: Send, *, private: bool) -> Callable[[Message], Awaitable[None]]:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if private:
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sender
