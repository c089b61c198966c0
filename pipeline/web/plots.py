"""Trends: lines with the stages of elections and intervals, as a picture that the browser draws and as a table."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline import charts, handling, query, trends
from pipeline.answer import Level
from pipeline.elections import load_elections
from pipeline.filters import Filters
from pipeline.web.atlas import draw_map
from pipeline.web.choices import choices
from pipeline.web.desk import View
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.render import page, view_of
from pipeline.web.words import table

UNITS = {"minggu": "minggu", "bulan": "bulan", "hari": "hari"}
DRAWN = {
    "tren": "Dugaan kasus per 1.000 artikel",
    "jenis": "Dugaan kasus menurut jenis",
    "bentuk": "Bentuk ketidaknetralan ASN",
    "wilayah": "Dugaan kasus menurut wilayah",
    "corong": "Sampai di mana",
    "banding": "Dua pemilihan menjelang pemungutan suara",
    "pencegahan": "Pencegahan dan dugaan kasus di wilayah yang sama",
}
MAP = "peta"


def plots(request: Request) -> Response:
    """Show the charts for the filters of the address, each with its table below."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    unit = _unit(request)
    frame = trends.tren(view.db, filters, satuan=unit)
    columns, rows = table(frame)
    return page(
        request, "plots.html", view, title="Tren", listing=Listing(filters), choices=choices(view, filters),
        unit=unit, units=UNITS, drawn=DRAWN if len(frame) else {}, query=request.url.query, pair=_pair(request),
        columns=columns, rows=rows,
    )  # fmt: skip


def specification(request: Request) -> Response:
    """Return one chart as Vega-Lite (`json`), SVG or PNG."""
    view = view_of(request)
    name, kind = request.path_params["name"], request.path_params["kind"]
    if name not in (*DRAWN, MAP) or kind not in ("json", "svg", "png"):
        raise HTTPException(404, "grafik ini tidak ada")
    filters = parse_filters(request.query_params, view)
    drawing = _draw(view, name, filters, request)
    if drawing is None and kind == "json":
        return Response(status_code=204)  # the page says so in the chart's place
    if drawing is None:
        raise HTTPException(404, "tidak ada yang dapat digambar dengan saringan ini")
    if kind == "json":
        # a rate that is not known is no number in JSON
        spec = json.dumps(charts.specification(drawing))
        return JSONResponse(json.loads(spec, parse_constant=lambda _: None))
    body: str | bytes = charts.svg(drawing) if kind == "svg" else charts.png(drawing)
    file = f"wartawas-{name}-snapshot-{view.number}.{kind}"
    return Response(
        body,
        media_type="image/svg+xml" if kind == "svg" else "image/png",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _draw(view: View, name: str, filters: Filters, request: Request) -> charts.Drawing | None:
    """Return a chart, None where the filters leave nothing to draw."""
    if name == MAP:
        return draw_map(view, filters, request.query_params.get("ukuran"))
    frame = _FRAMES[name](view, filters, request)
    if frame.empty or (name == "banding" and frame["per_1000_artikel"].isna().all()):
        return None
    title = f"CONTOH – rekaan · {DRAWN[name]}" if view.invented else DRAWN[name]
    return _DRAWINGS[name](frame, title)


def _forms(view: View, filters: Filters, request: Request) -> pd.DataFrame:
    """Return how many cases show each form of partiality; a case of two forms counts in both."""
    frame = view.frame(_FORMS, {"f": filters.values()})
    return frame.assign(bentuk=[view.names("bentuk", [key]) for key in frame["bentuk"]])


def _places(view: View, filters: Filters, request: Request) -> pd.DataFrame:
    level: Level = "kecamatan" if filters.wilayah and len(filters.wilayah) >= 5 else "kabupaten"
    return query.kasus_per_wilayah(view.db, filters, tingkat=level)


def _compared(view: View, filters: Filters, request: Request) -> pd.DataFrame:
    first, second = _pair(request)
    return trends.banding_pemilihan(view.db, filters, pertama=first, kedua=second)


def _pair(request: Request) -> tuple[str, str]:
    """Return the two elections to compare: those of the address, else the last two that elected heads of regions."""
    names = [name for name in load_elections() if name.startswith("pilkada")]
    asked = (request.query_params.get("pertama") or names[-2], request.query_params.get("kedua") or names[-1])
    return asked[0], asked[1]


_FORMS = """
SELECT bentuk, count(*) AS kasus FROM (SELECT unnest(bentuk) AS bentuk FROM events_where($f) WHERE kind = 'kasus')
GROUP BY bentuk ORDER BY kasus DESC, bentuk
"""
_FRAMES: dict[str, Callable[[View, Filters, Request], pd.DataFrame]] = {
    "tren": lambda view, filters, request: trends.tren(view.db, filters, satuan=_unit(request)),
    "jenis": lambda view, filters, _: query.kasus_per_jenis(view.db, filters),
    "bentuk": _forms,
    "wilayah": _places,
    "corong": lambda view, filters, _: handling.corong(view.db, filters),
    "banding": _compared,
    "pencegahan": lambda view, filters, _: query.pencegahan(view.db, filters, tingkat="kabupaten"),
}
_DRAWINGS: dict[str, Callable[[pd.DataFrame, str], charts.Drawing]] = {
    "tren": lambda frame, title: charts.trend_and_readings(frame, title=title),
    "jenis": lambda frame, title: charts.bars(frame, label="jenis", title=title),
    "bentuk": lambda frame, title: charts.bars(frame, label="bentuk", title=title),
    "wilayah": lambda frame, title: charts.bars(frame, label="wilayah", title=title),
    "corong": lambda frame, title: charts.funnel(frame, title=title),
    "banding": lambda frame, title: charts.elections(frame, title=title),
    "pencegahan": lambda frame, title: charts.prevention(frame, title=title),
}


def _unit(request: Request) -> trends.Unit:
    wanted = request.query_params.get("satuan", "minggu")
    return wanted if wanted in UNITS else "minggu"  # type: ignore[return-value]
