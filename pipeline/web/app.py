"""The desk as an ASGI application: its addresses, its errors, its static files."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

import anyio.to_thread
import duckdb
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
from pipeline.review_file import ReviewError
from pipeline.settings import Settings
from pipeline.shelf import SnapshotError
from pipeline.web import (
    answers,
    archived,
    atlas,
    feeds,
    finder,
    keeping,
    linked,
    logins,
    pages,
    plots,
    quality,
    registers,
    regroup,
    review,
    takeaway,
)
from pipeline.web.access import Handler, ask_to_log_in
from pipeline.web.desk import Desk
from pipeline.web.guard import Guard
from pipeline.web.listing import ListingError
from pipeline.web.render import page
from pipeline.web.warm import keep_warm
from pipeline.web.words import told

_STATIC = Path(__file__).parent / "static"
_AT_ONCE = 2
_OPEN = (logins.login_page, feeds.feed)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def make_app(settings: Settings, *, hosts: frozenset[str] = LOOPBACK) -> Starlette:
    """Return the desk over the snapshots of this installation, answering to these host names only."""
    desk = Desk(settings)
    read: dict[str, Handler] = {
        "/": pages.today, "/kasus": pages.cases, "/kasus/{event}": pages.event, "/pencegahan": pages.prevention,
        "/artikel/{article}": pages.article, "/pejabat": registers.officials, "/sumber": registers.sources,
        "/sumber/{source}": registers.source, "/proses": registers.runs, "/metode": pages.method,
        "/masuk": logins.login_page, "/audit": logins.audit, "/metrik": pages.metrics,
        "/tren": plots.plots, "/grafik/{name}.{kind}": plots.specification, "/peta": atlas.atlas,
        "/tanya": answers.questions, "/tanya/{name}": answers.answer,
        "/unduh/{name}.{kind}": answers.download,
        "/umpan/{name}.{kind}": feeds.feed, "/daftar/{name}.{kind}": feeds.table, "/saringan": keeping.saved_page,
        "/kasus/{event}/form-a": takeaway.form_a, "/kasus/{event}/form-a.txt": takeaway.form_file,
        "/arsip/{article}/halaman.pdf": takeaway.archive_pdf, "/rekap": takeaway.recaps,
        "/rekap/{day}.{kind}": takeaway.recap,
        "/cari": finder.search, "/baca": linked.link_form, "/baca/{link}": linked.link_page,
        "/arsip/{article}": archived.archived, "/arsip/{article}/salinan": archived.static_copy,
        "/tinjau": review.queue_page, "/tinjau/{article}": review.item_page,
        "/tinjau/kejadian/{event}": regroup.event_page, "/mutu": quality.quality_page,
    }  # fmt: skip
    write: dict[str, Handler] = {
        "/masuk": logins.log_in, "/keluar": logins.log_out, "/saringan": keeping.save,
        "/saringan/ubah": keeping.change, "/saringan/kunci": keeping.make_key,
        "/saringan/kunci/cabut": keeping.revoke_key, "/baca": linked.ask_link,
        "/tinjau/kejadian/{event}": regroup.regroup, "/tinjau/{article}": review.decide,
        "/tinjau/{article}/urungkan": review.undo,
    }  # fmt: skip
    app = Starlette(
        routes=[
            *(Route(path, _opened(handler), methods=["GET"]) for path, handler in read.items()),
            *(Route(path, _sent(handler), methods=["POST"]) for path, handler in write.items()),
            Route("/favicon.ico", _no_icon),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        lifespan=_few_at_once,
        middleware=[Middleware(Guard, accounts=desk.accounts, hosts=hosts)],
        exception_handlers={
            HTTPException: _http_problem, QuestionError: _asked_wrongly, ListingError: _asked_wrongly,
            SnapshotError: _nothing_published, ArchiveError: _unreadable,
            StoreError: _asked_wrongly, sqlite3.Error: _unreadable,
            duckdb.OutOfMemoryException: _too_much, ReviewError: _asked_wrongly,
        },
    )  # fmt: skip
    app.state.desk = desk
    app.state.links = linked.Links(settings)
    app.state.served = frozenset(read)
    app.state.has_accounts = desk.accounts.exist
    return app


@asynccontextmanager
async def _few_at_once(app: Starlette) -> AsyncIterator[None]:
    """Answer a few requests at a time: more would only hold memory while they wait for the processors."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = _AT_ONCE
    with keep_warm(app.state.desk):
        yield


def _opened(handler: Handler) -> Callable[[Request], object]:
    """Wrap a page: once there are accounts, the login page is open to everybody, and feeds look for a key."""

    async def endpoint(request: Request) -> Response:
        unknown = request.state.session is None and handler not in _OPEN
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
    if request.url.path.startswith("/umpan/"):  # read by programs
        return PlainTextResponse(f"{error}\n", 400)
    return page(
        request,
        "problem.html",
        None,
        status=400,
        title="Permintaan keliru",
        problem=told(str(error)),
        **_again(request, error),
    )


def _again(request: Request, error: Exception) -> dict[str, str]:
    """Return the address of the same form without the filter that the message names, and that filter."""
    name = str(error).split(" ", 1)[0].rstrip(":")
    return _without(request, name) if request.method == "GET" and name in request.query_params else {}


def _without(request: Request, name: str) -> dict[str, str]:
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != name and value]
    return {"again": f"{request.url.path}?{urlencode(kept)}", "dropped": name}


def _too_much(request: Request, error: Exception) -> Response:
    words = "permintaan ini terlalu besar untuk saat ini: persempit saringan, atau coba lagi sebentar"
    return page(request, "problem.html", None, status=503, title="Terlalu besar", problem=words)


def _nothing_published(request: Request, error: Exception) -> Response:
    """Say that there is nothing to show yet, or no longer; the error itself is for whoever runs the installation."""
    settings = request.app.state.desk.settings
    if settings.snapshots.joinpath("CURRENT").is_file() and (
        numbered := request.query_params.get("snapshot")
    ):
        return page(
            request, "problem.html", None, status=404, title="Tidak ada lagi",
            problem=f"Snapshot {numbered[:9]} tidak disimpan lagi, atau belum pernah ada.",
            **_without(request, "snapshot"),
        )  # fmt: skip
    return page(
        request, "problem.html", None, status=503, title="Belum ada data", command="wartawas nightly",
        problem="Belum ada data yang diterbitkan: berita harus diambil dan dibaca lebih dahulu.", detail=str(error),
    )  # fmt: skip


def _unreadable(request: Request, error: Exception) -> Response:
    return page(
        request, "problem.html", None, status=503, title="Tidak terbaca", command="wartawas doctor",
        problem="Berkas yang diperlukan halaman ini tidak dapat dibaca.", detail=str(error),
    )  # fmt: skip
