"""Logging in and out, and the trail of who did what."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.web.access import address_of, form_of, needs
from pipeline.web.accounts import AccountError
from pipeline.web.guard import COOKIE
from pipeline.web.render import page, session_of


def login_page(request: Request) -> Response:
    """Show the form."""
    return page(request, "login.html", None, title="Masuk", problem=None, name="",
                goal=_inside(request.query_params.get("ke")))  # fmt: skip


def log_in(request: Request) -> Response:
    """Open a session with a token that nobody knew before, or say that it failed."""
    form = form_of(request)
    accounts = request.app.state.desk.accounts
    name, goal, status = form.get("nama", "").strip(), _inside(form.get("ke")), 403
    try:
        token = accounts.log_in(name, form.get("sandi", ""), address_of(request))
        problem = "Nama atau kata sandi salah."
    except AccountError as error:
        token, problem, status = None, f"{error}.".capitalize(), 429
    if token is None:
        return page(
            request, "login.html", None, status=status, title="Masuk", problem=problem, name=name, goal=goal
        )
    response = RedirectResponse(goal, 303)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
    return response


def log_out(request: Request) -> Response:
    """End the session."""
    form_of(request)
    request.app.state.desk.accounts.log_out(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


@needs("admin")
def audit(request: Request) -> Response:
    """Show the newest rows of the audit trail."""
    rows = request.app.state.desk.accounts.trail()
    return page(request, "audit.html", None, title="Jejak audit", rows=rows, me=session_of(request))


def _inside(goal: str | None) -> str:
    """Return where to go after the login: a path of this desk and nothing else."""
    if not goal or not goal.startswith("/") or goal.startswith("//") or "\\" in goal:
        return "/"
    parts = urlsplit(goal)
    plain = not parts.scheme and not parts.netloc and all(c.isprintable() for c in goal)
    return goal if plain else "/"
