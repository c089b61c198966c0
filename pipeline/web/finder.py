"""Full-text search: the newest or best articles that hold every word, with all filters, the words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pipeline.filters import QuestionError
from pipeline.search import search_terms
from pipeline.search_query import Order, cari
from pipeline.stems import stems
from pipeline.tables import records
from pipeline.web.choices import choices
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.render import page, view_of

SHOWN = 50
ORDERS = {"baru": "terbaru dahulu", "cocok": "paling cocok dahulu"}
_WORD = re.compile(r"\w+|\W+")


def search(request: Request) -> Response:
    """Show the articles that hold the words of the address, or the empty form with what may be typed."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    words = (request.query_params.get("kata") or "").strip()[:200]
    order: Order = "cocok" if request.query_params.get("urut") == "cocok" else "baru"
    problem, rows = None, []
    if words:
        try:
            rows = _found(records(cari(view.db, filters, kata=words, urut=order, limit=SHOWN)), words)
        except QuestionError as error:
            problem = str(error)
    return page(
        request, "search.html", view, title="Cari", listing=Listing(filters), choices=choices(view, filters),
        words=words, order=order, orders=ORDERS, rows=rows, shown=SHOWN, problem=problem, query=request.url.query,
    )  # fmt: skip


def _found(rows: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    return [{**row, "pieces": list(mark_words(row["cuplikan"], words))} for row in rows]


def mark_words(text: str, words: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a snippet with whether each is one of the words sought, in any of their forms."""
    terms = search_terms(words)
    begins = tuple(bare.lower() for bare, _, prefix in terms if prefix)
    wanted = {stem for bare, _, prefix in terms if not prefix for stem in stems(bare)}
    for piece in _WORD.findall(text):
        hit = (begins and piece.lower().startswith(begins)) or not wanted.isdisjoint(stems(piece))
        yield piece, bool(hit)
