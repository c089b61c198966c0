"""Trends: lines with the stages of elections and intervals, as a picture that the browser draws and as a table."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline import charts, handling, query, tables, trends
from pipeline.filters import Filters
from pipeline.web.desk import View
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.pages import choices
from pipeline.web.render import page, view_of

UNITS = {"minggu": "minggu", "bulan": "bulan", "hari": "hari"}
DRAWN = {
    "tren": "Dugaan kasus per 1.000 artikel",
    "jenis": "Dugaan kasus menurut jenis",
    "corong": "Sampai di mana",
}


def plots(request: Request) -> Response:
    """Show the charts for the filters of the address, each with its table below."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    unit = _unit(request)
    frame = trends.tren(view.db, filters, satuan=unit)
    return page(
        request, "plots.html", view, title="Tren", listing=Listing(filters), choices=choices(view),
        unit=unit, units=UNITS, drawn=DRAWN if len(frame) else {}, query=request.url.query,
        columns=[(c, frame[c].dtype.kind in "iuf") for c in frame.columns], rows=list(tables.cells(frame)),
    )  # fmt: skip


def specification(request: Request) -> Response:
    """Return one chart as Vega-Lite (`json`), SVG or PNG."""
    view = view_of(request)
    name, kind = request.path_params["name"], request.path_params["kind"]
    if name not in DRAWN or kind not in ("json", "svg", "png"):
        raise HTTPException(404, "grafik ini tidak ada")
    drawing = _draw(view, name, parse_filters(request.query_params, view), request)
    if kind == "json":
        return JSONResponse(charts.specification(drawing))
    body: str | bytes = charts.svg(drawing) if kind == "svg" else charts.png(drawing)
    file = f"wartawas-{name}-snapshot-{view.number}.{kind}"
    return Response(
        body,
        media_type="image/svg+xml" if kind == "svg" else "image/png",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _draw(view: View, name: str, filters: Filters, request: Request) -> charts.Drawing:
    """Return a chart; raises HTTPException 404 where the filters leave nothing to draw."""
    frame = _FRAMES[name](view, filters, _unit(request))
    if frame.empty:
        raise HTTPException(404, "tidak ada yang dapat digambar dengan saringan ini")
    title = f"CONTOH – rekaan · {DRAWN[name]}" if view.invented else DRAWN[name]
    if name == "tren":
        return charts.trend_and_readings(frame, title=title)
    if name == "jenis":
        return charts.bars(frame, label="jenis", title=title)
    return charts.funnel(frame, title=title)


_FRAMES: dict[str, Callable[[View, Filters, trends.Unit], pd.DataFrame]] = {
    "tren": lambda view, filters, unit: trends.tren(view.db, filters, satuan=unit),
    "jenis": lambda view, filters, _: query.kasus_per_jenis(view.db, filters),
    "corong": lambda view, filters, _: handling.corong(view.db, filters),
}


def _unit(request: Request) -> trends.Unit:
    wanted = request.query_params.get("satuan", "minggu")
    return wanted if wanted in UNITS else "minggu"  # type: ignore[return-value]
