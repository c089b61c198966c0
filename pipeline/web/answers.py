"""Every named question as a page with its filters, and its whole answer to take along as CSV or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline import tables
from pipeline.questions import QUESTIONS, Question, ask
from pipeline.web.desk import View
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.pages import choices
from pipeline.web.render import page, view_of

SHOWN = 300  # rows on a page; a download holds all
_FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson; charset=utf-8"}
_NOTE = "CONTOH – rekaan"
_HIDDEN = frozenset({"membership"})


def questions(request: Request) -> Response:
    """List the questions."""
    view = view_of(request)
    rows = [(name, question.summary) for name, question in QUESTIONS.items() if name not in _HIDDEN]
    return page(request, "questions.html", view, title="Semua pertanyaan", rows=rows)


def answer(request: Request) -> Response:
    """Show a question's answer as a table, or ask for the words that it needs."""
    view = view_of(request)
    name, question = _question(request)
    filters = parse_filters(request.query_params, view) if question.filters else Listing().filters
    given = _options(question, request.query_params)
    missing = [need for need in question.needs if need not in given]
    frame = None if missing else ask(view.db, name, filters, given)
    listing = Listing(filters)
    return page(
        request, "answer.html", view, title=question.summary.capitalize(), name=name, question=question,
        listing=listing, given=given, choices=choices(view), total=0 if frame is None else len(frame),
        columns=[] if frame is None else [(c, frame[c].dtype.kind in "iuf") for c in frame.columns],
        rows=None if frame is None else list(tables.cells(frame.head(SHOWN))), shown=SHOWN,
        query=request.url.query,
    )  # fmt: skip


def download(request: Request) -> Response:
    """Return a question's whole answer as CSV or JSON Lines."""
    view = view_of(request)
    name, question = _question(request)
    kind = request.path_params["kind"]
    if kind not in _FORMATS:
        raise HTTPException(404, "bentuk berkas ini tidak ada; pilih csv atau json")
    filters = parse_filters(request.query_params, view) if question.filters else Listing().filters
    frame = ask(view.db, name, filters, _options(question, request.query_params, whole=True))
    body = _written(frame, kind, view)
    file = f"wartawas-{name}-snapshot-{view.number}-{datetime.now(UTC):%Y%m%d}.{kind}"
    return Response(
        body, media_type=_FORMATS[kind], headers={"Content-Disposition": f'attachment; filename="{file}"'}
    )


def _written(frame: pd.DataFrame, kind: str, view: View) -> str:
    note = _NOTE if view.invented else None
    if kind == "csv":
        return "\ufeff" + tables.csv_text(frame, note=note)  # the mark tells spreadsheets that this is UTF-8
    return "".join(f"{row}\n" for row in tables.json_rows(frame, note=note))


def _question(request: Request) -> tuple[str, Question]:
    name = request.path_params["name"]
    if name not in QUESTIONS or name in _HIDDEN:
        raise HTTPException(404, "pertanyaan ini tidak ada")
    return name, QUESTIONS[name]


def _options(question: Question, query: Mapping[str, str], *, whole: bool = False) -> dict[str, Any]:
    """Return the words and options that the address gives to this question; `whole` lifts its limit."""
    given: dict[str, Any] = {}
    for name in (*question.needs, *question.options):
        value = (query.get(name) or "").strip()[:200]
        if value and name != "limit":
            given[name] = _number(name, value)
    if "limit" in question.options:
        given["limit"] = 0 if whole else SHOWN
    return given


def _number(name: str, value: str) -> str | int:
    """Return an option as its question takes it: days and counts are whole numbers."""
    return int(value) if name in ("hari", "teratas") and value.isascii() and value.isdigit() else value
