"""Every named question as a page with its filters, and its whole answer to take along as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.answer import Level
from pipeline.elections import voted_on_one_day
from pipeline.export import FORMATS, describe_answer, write_export
from pipeline.filters import ANY
from pipeline.query import totals_of
from pipeline.questions import QUESTIONS, Question, ask
from pipeline.shelf import current_snapshot
from pipeline.web.choices import Options, choices, labels
from pipeline.web.desk import Desk, View
from pipeline.web.finder import ORDERS
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.plots import UNITS
from pipeline.web.render import page, view_of
from pipeline.web.words import table

_FLAG = re.compile(r" \(--[^)]*\)")
SHOWN = 300  # rows on a page
MOST = 10_000  # rows of a download, which a spreadsheet is read for; `wartawas export` writes all
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_HIDDEN = frozenset({"membership"})
_OPTION_NAMES = {
    "id": "Id artikel atau kejadian", "kata": "Kata", "pertama": "Yang pertama", "kedua": "Yang kedua",
    "hari": "Batas hari", "jalur": "Jalur penanganan", "jenis_berita": "Jenis berita",
    "lembaga": "Lembaga tujuan", "minggu": "Minggu sebelum pemungutan suara", "minimal": "Sedikitnya",
    "per": "Dihitung per tanggal", "satuan": "Satuan waktu",
    "teratas": "Berapa teratas", "tingkat": "Tingkat wilayah", "urut": "Urutan",
}  # fmt: skip
_KINDS = {"per": "date"} | dict.fromkeys(
    ("hari", "minggu", "minimal", "teratas"), "number"
)  # of input fields
_GROUPS = {"jenis_berita": "kind", "lembaga": "forum", "jalur": "track"}


def questions(request: Request) -> Response:
    """List the questions."""
    view = view_of(request)
    rows = [(name, _title(question.summary)) for name, question in QUESTIONS.items() if name not in _HIDDEN]
    return page(request, "questions.html", view, title="Semua pertanyaan", rows=rows)


def answer(request: Request) -> Response:
    """Show a question's answer as a table, or ask for the words that it needs."""
    view = view_of(request)
    name, question = _question(request)
    filters = parse_filters(request.query_params, view) if question.filters else ANY
    given = _options(question, request.query_params)
    missing = [need for need in question.needs if need not in given]
    frame = None if missing else ask(view.db, name, filters, given)
    columns, rows = ([], None) if frame is None else table(frame.head(SHOWN))
    listing, fixed = Listing(filters), choices(view, filters)
    return page(
        request, "answer.html", view, title=_title(question.summary), name=name, question=question,
        listing=listing, given=given, choices=fixed, total=0 if frame is None else len(frame), cut="limit" in given,
        columns=columns, sides=_sides(view, name, given), rows=rows, shown=SHOWN, option_names=_OPTION_NAMES,
        offers=_offers(view, name, fixed, given), kinds=_KINDS,
        query=request.url.query, formats=[kind for kind in FORMATS if kind != "geojson"],
    )  # fmt: skip


def download(request: Request) -> Response:
    """Return a question's answer as a file of at most MOST rows; nobody is named in it, since files travel."""
    desk: Desk = request.app.state.desk
    name, question = _question(request)
    kind = request.path_params["kind"]
    if kind not in FORMATS:
        raise HTTPException(404, f"bentuk berkas ini tidak ada; pilih {', '.join(FORMATS)}")
    view = desk.view(None, view_of(request).number)
    filters = parse_filters(request.query_params, view) if question.filters else ANY
    given = _options(question, request.query_params, whole=True)
    frame = ask(view.db, name, filters, given)
    if kind == "geojson" and "kode" not in frame.columns:
        raise HTTPException(404, "jawaban ini tidak menyebut tempat; pilih bentuk berkas lain")
    snapshot = current_snapshot(desk.settings.snapshots, view.number)
    file = f"wartawas-{name}-snapshot-{view.number}.{kind}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / file
        about = describe_answer(
            (name, question.summary), {**filters.given(), **_words(given)}, snapshot,
            view.once("sums", lambda: totals_of(view.db)), rows=len(frame), limit=MOST, path=path,
            invented=view.invented,
        )  # fmt: skip
        write_export(frame.head(MOST), about, path)
        body = path.read_bytes()
    return Response(body, headers={"Content-Disposition": f'attachment; filename="{file}"'},
                    media_type=_TYPES.get(kind, "application/octet-stream"))  # fmt: skip


def _title(summary: str) -> str:
    """Return a question's summary as a title, without the option that a terminal takes."""
    plain = _FLAG.sub("", summary)
    return plain[:1].upper() + plain[1:]


def _offers(
    view: View, name: str, fixed: Mapping[str, Options], given: Mapping[str, Any]
) -> dict[str, Options]:
    """Return what may be chosen for the words and options of a question that take no other."""
    offers = {option: labels(view, group) for option, group in _GROUPS.items()}
    offers["satuan"] = [{"id": unit, "name": unit} for unit in UNITS]
    offers["tingkat"] = [{"id": level, "name": level} for level in get_args(Level)]
    offers["urut"] = [{"id": key, "name": order} for key, order in ORDERS.items()]
    sides = fixed["wilayah"]
    if name == "banding-pemilihan":
        sides = [row for row in fixed["pemilihan"] if row["id"] in voted_on_one_day()]
    offers["pertama"] = offers["kedua"] = sides
    for option, rows in offers.items():
        if option in given and given[option] not in {row["id"] for row in rows}:
            offers[option] = [*rows, {"id": given[option], "name": given[option]}]  # a kecamatan, for example
    return offers


def _sides(view: View, name: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return which region the columns that end in _1 and _2 are of."""
    asked = [str(given.get(side, "")) for side in ("pertama", "kedua")] if name == "banding-wilayah" else []
    return {f"_{n}": view.place_name(code) or code for n, code in enumerate(asked, 1)}


def _words(given: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in given.items() if key != "limit"}


def _question(request: Request) -> tuple[str, Question]:
    name = request.path_params["name"]
    if name not in QUESTIONS or name in _HIDDEN:
        raise HTTPException(404, "pertanyaan ini tidak ada")
    return name, QUESTIONS[name]


def _options(question: Question, query: Mapping[str, str], *, whole: bool = False) -> dict[str, Any]:
    """Return the words and options that the address gives to this question; `whole` asks for those of a file."""
    given: dict[str, Any] = {}
    for name in (*question.needs, *question.options):
        value = (query.get(name) or "").strip()[:200]
        if value and name != "limit":
            given[name] = _number(name, value)
    if "limit" in question.options:
        given["limit"] = (MOST if whole else SHOWN) + 1  # one more, to tell that there are more
    return given


def _number(name: str, value: str) -> str | int:
    """Return an option as its question takes it: days and counts are whole numbers."""
    return int(value) if name in ("hari", "teratas") and value.isascii() and value.isdigit() else value
