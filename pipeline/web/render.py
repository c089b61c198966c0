"""Templates and what every page carries: who reads, which snapshot, the mark of invented data."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pipeline import tables
from pipeline.headings import heading
from pipeline.web import words
from pipeline.web.accounts import Session
from pipeline.web.desk import Desk, View
from pipeline.web.guard import FORM_COOKIE

_FOLDER = Path(__file__).parent


def view_of(request: Request) -> View:
    """Return the window on the snapshot that this request asks for (`snapshot=N`, else the current one)."""
    number = request.query_params.get("snapshot", "")
    desk: Desk = request.app.state.desk
    valid = number.isascii() and number.isdigit() and len(number) < 10
    return desk.view(session_of(request), int(number) if valid else None)


def session_of(request: Request) -> Session | None:
    """Return who is logged in, or None."""
    session: Session | None = request.state.session
    return session


def page(
    request: Request, template: str, view: View | None, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return a page; `view` is the snapshot that it shows, None for pages that show none."""
    session = session_of(request)
    accounts = session is not None or request.app.state.has_accounts()
    nonce = None if session else request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    html = (
        templates()
        .get_template(template)
        .render(
            request=request,
            path_now=request.url.path,
            session=session,
            view=view,
            csrf=session.csrf if session else nonce,
            accounts=accounts,
            # who runs this installation: without accounts whoever sits at this machine
            manager=session.may("admin") if session else not accounts,
            pages_served=lambda: request.app.state.served,
            **values,
        )
    )
    response = HTMLResponse(html, status)
    if nonce and not request.cookies.get(FORM_COOKIE):
        response.set_cookie(
            FORM_COOKIE, nonce, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )
    return response


@cache
def templates() -> Environment:
    """Return the environment of the templates: everything is escaped, an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "tanggal": tables.day, "waktu": words.moment, "angka": words.number, "kata": words.words,
        "persen": words.share, "alamat": web_address, "detik": words.seconds, "saat": words.moment_of,
        "kepala": heading, "jabatan": words.office, "digabung": words.joined, "dasar": words.spoken,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
    }  # fmt: skip
    environment.tests["kosong"] = tables.empty
    return environment


def web_address(url: str | None) -> str:
    """Return an address fit for a link: http and https only, anything else leads nowhere."""
    try:
        web = urlsplit((url or "").strip()).scheme.lower() in ("http", "https")
    except ValueError:  # "http://[" is no address
        web = False
    return url.strip() if url and web else "#"
