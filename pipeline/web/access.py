"""What a request may do: roles, forms that carry their token, the reader's address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import parse_qsl, quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.web.accounts import Role
from pipeline.web.guard import forged
from pipeline.web.render import session_of

Handler = Callable[[Request], Response]


def needs(role: Role) -> Callable[[Handler], Handler]:
    """Let only sessions of a role (or above) through; whoever is not logged in is asked to."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def checked(request: Request) -> Response:
            session = session_of(request)
            if session is None:
                if request.method == "POST":
                    raise HTTPException(403, "masuk dahulu")
                return ask_to_log_in(request)
            if not session.may(role):
                raise HTTPException(403, f"halaman ini untuk peran {role}")
            return handler(request)

        return checked

    return decorate


def ask_to_log_in(request: Request) -> Response:
    """Return a redirection to the login page, which leads back to this page."""
    goal = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/masuk?ke={quote(goal, safe='')}", 303)


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; raises HTTPException 403 where it does not carry this session's token."""
    form = dict(parse_qsl(request.state.body.decode("utf-8", "replace"), keep_blank_values=True))
    token = form.pop("csrf", "") or request.headers.get("x-csrf-token", "")
    if forged(request, token):
        raise HTTPException(403, "formulir kedaluwarsa: muat ulang halaman dan coba lagi")
    return form


def address_of(request: Request) -> str:
    """Return the reader's address, as the server or a trusted proxy gives it."""
    return request.client.host if request.client else "?"
