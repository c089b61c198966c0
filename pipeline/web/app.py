"""The desk as an ASGI application: its addresses, its errors, its static files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from crawler.archive import ArchiveError
from pipeline.database import StoreError
from pipeline.filters import QuestionError
from pipeline.settings import Settings
from pipeline.shelf import SnapshotError
from pipeline.web import answers, archived, atlas, logins, pages, plots
from pipeline.web.access import Handler, ask_to_log_in
from pipeline.web.desk import Desk
from pipeline.web.guard import Guard
from pipeline.web.listing import ListingError
from pipeline.web.render import page

_STATIC = Path(__file__).parent / "static"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def make_app(settings: Settings, *, hosts: frozenset[str] = LOOPBACK) -> Starlette:
    """Return the desk over the snapshots of this installation, answering to these host names only."""
    desk = Desk(settings)
    read: dict[str, Handler] = {
        "/": pages.today, "/kasus": pages.cases, "/kasus/{event}": pages.event, "/pencegahan": pages.prevention,
        "/artikel/{article}": pages.article, "/pejabat": pages.officials, "/sumber": pages.sources,
        "/proses": pages.runs, "/metode": pages.method, "/masuk": logins.login_page, "/audit": logins.audit,
        "/metrik": pages.metrics,
        "/tren": plots.plots, "/grafik/{name}.{kind}": plots.specification, "/peta": atlas.atlas,
        "/tanya": answers.questions, "/tanya/{name}": answers.answer,
        "/unduh/{name}.{kind}": answers.download,
        "/arsip/{article}": archived.archived, "/arsip/{article}/salinan": archived.static_copy,
    }  # fmt: skip
    write: dict[str, Handler] = {"/masuk": logins.log_in, "/keluar": logins.log_out}
    app = Starlette(
        routes=[
            *(Route(path, _opened(handler), methods=["GET"]) for path, handler in read.items()),
            *(Route(path, _sent(handler), methods=["POST"]) for path, handler in write.items()),
            Route("/favicon.ico", _no_icon),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(Guard, accounts=desk.accounts, hosts=hosts)],
        exception_handlers={
            HTTPException: _http_problem, QuestionError: _asked_wrongly, ListingError: _asked_wrongly,
            SnapshotError: _nothing_published, ArchiveError: _nothing_published,
            StoreError: _asked_wrongly, sqlite3.Error: _nothing_published,
        },
    )  # fmt: skip
    app.state.desk = desk
    app.state.served = frozenset(read)
    app.state.has_accounts = desk.accounts.exist
    return app


def _opened(handler: Handler) -> Callable[[Request], object]:
    """Wrap a page: once there are accounts, only the login page is open to everybody."""

    async def endpoint(request: Request) -> Response:
        unknown = request.state.session is None and request.url.path != "/masuk"
        if unknown and await run_in_threadpool(request.app.state.has_accounts):
            return ask_to_log_in(request)
        return await run_in_threadpool(handler, request)

    return endpoint


def _sent(handler: Handler) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        request.state.body = await request.body()
        return await run_in_threadpool(handler, request)

    return endpoint


async def _no_icon(request: Request) -> Response:
    return PlainTextResponse("", 204)


def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    words = {404: "halaman ini tidak ada", 405: "cara ini tidak dilayani"}
    detail = (
        error.detail if error.detail not in ("Not Found", "Method Not Allowed") else words[error.status_code]
    )
    return page(request, "problem.html", None, status=error.status_code, title="Tidak bisa", problem=detail)


def _asked_wrongly(request: Request, error: Exception) -> Response:
    return page(request, "problem.html", None, status=400, title="Permintaan keliru", problem=str(error))


def _nothing_published(request: Request, error: Exception) -> Response:
    return page(request, "problem.html", None, status=503, title="Belum ada data", problem=str(error))
