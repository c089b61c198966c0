"""The map: every province as a square near its place, coloured by what is reported; regencies as a ranked table."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import altair as alt
import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from pipeline import trends
from pipeline.answer import Level
from pipeline.filters import Filters
from pipeline.intervals import add_rates
from pipeline.labels import DATA
from pipeline.tables import records
from pipeline.web.choices import choices
from pipeline.web.desk import View
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.render import page, view_of
from pipeline.web.words import number

MEASURES = {"kasus": "dugaan kasus", "per_1000_artikel": "dugaan kasus per 1.000 artikel"}
_STEPS = 5
_COLOURS = ("#ffffff", "#fde8c8", "#fbc98a", "#f29b4b", "#b8520f", "#7a2e05")  # as desk.css has them
_LEVEL_NAMES = {"provinsi": "Provinsi", "kabupaten": "Kabupaten dan kota", "kecamatan": "Kecamatan"}


@dataclass(frozen=True, slots=True)
class Tile:
    """A province's square: code, name, what is shown of it, and how dark it is (0: nothing, to 5)."""

    code: str
    name: str
    value: float | None
    cases: int
    read: int
    shade: int


def atlas(request: Request) -> Response:
    """Show the provinces, or with `wilayah` the areas below it as a table."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    measure = _measure(request.query_params.get("ukuran"))
    rows, grid = _read_map(view, filters, measure)
    counted = view.row(
        "SELECT count(*) AS n FROM events_where($f) WHERE kind = 'kasus'", {"f": filters.values()}
    )
    level = _level(filters)
    return page(
        request, "atlas.html", view, title="Peta", listing=Listing(filters), choices=choices(view, filters),
        grid=None if filters.wilayah else grid, rows=[*rows, *_quiet(view, filters, rows)],
        elsewhere=(counted or {"n": 0})["n"] - sum(row["kasus"] for row in rows), level_id=level,
        measure=measure, measures=MEASURES, area=view.place_name(filters.wilayah), steps=_STEPS,
        query=request.url.query, level=_LEVEL_NAMES[level],
    )  # fmt: skip


def _quiet(view: View, filters: Filters, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the areas without a case, the most read first: one of which nothing was read is not known to be quiet."""
    area = filters.wilayah
    if len(area or "") > len("32.05"):  # a kecamatan has no table below it
        return []
    sql = _QUIET.format(
        column={"provinsi": "province", "kabupaten": "regency"}.get(_level(filters), "district")
    )
    told = {row["kode"] for row in rows}
    found = view.rows(sql, {"f": filters.values(), "area": area})
    quiet = pd.DataFrame([row for row in found if row["kode"] not in told])
    return records(add_rates(quiet)) if len(quiet) else []


def draw_map(view: View, filters: Filters, measure: str | None) -> alt.TopLevelMixin:
    """Return the squares of the provinces as a chart, with the value of each and its name."""
    chosen = _measure(measure)
    _, grid = _read_map(view, replace(filters, wilayah=None), chosen)
    tiles = [
        {"kolom": x, "baris": y, "nama": tile.name, "warna": _COLOURS[tile.shade],
         "angka": "tak dibaca" if not tile.read else number(tile.value, 0 if chosen == "kasus" else 1),
         "tulisan": "#ffffff" if tile.shade >= 4 else "#1b1f24"}
        for y, line in enumerate(grid) for x, tile in enumerate(line) if tile
    ]  # fmt: skip
    base = alt.Chart(pd.DataFrame(tiles)).encode(x=alt.X("kolom:O", axis=None), y=alt.Y("baris:O", axis=None))
    box = base.mark_rect(stroke="#8a8f98").encode(color=alt.Color("warna:N", scale=None))
    ink = alt.Color("tulisan:N", scale=None)
    name = base.mark_text(dy=-9, fontSize=8, limit=78).encode(text="nama:N", color=ink)
    value = base.mark_text(dy=8, fontSize=11, fontWeight="bold").encode(text="angka:N", color=ink)
    words = f"{MEASURES[chosen].capitalize()} menurut provinsi; intensitas pemberitaan, bukan IKP"
    title = f"CONTOH – rekaan · {words}" if view.invented else words
    return alt.layer(box, name, value).properties(width=alt.Step(84), height=alt.Step(46), title=title)


def _measure(asked: str | None) -> str:
    return asked if asked in MEASURES else "kasus"


def _level(filters: Filters) -> Level:
    if not filters.wilayah:
        return "provinsi"
    return "kabupaten" if len(filters.wilayah) < 5 else "kecamatan"


def _read_map(
    view: View, filters: Filters, measure: str
) -> tuple[list[dict[str, Any]], list[list[Tile | None]]]:
    """Return the areas below the one of the filters as rows, and the provinces as a grid."""
    frame = trends.intensitas(view.db, filters, tingkat=_level(filters))
    rows = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    names = view.once(
        "provinces",
        lambda: dict(view.db.execute("SELECT code, name FROM regions WHERE length(code) = 2").fetchall()),
    )
    read = {row["code"]: row["n"] for row in view.rows(_READ, {"f": filters.values()})}
    return rows, make_grid(rows, read, names, measure)


def make_grid(
    rows: list[dict[str, Any]], read: dict[str, int], names: dict[str, str], measure: str
) -> list[list[Tile | None]]:
    """Return the squares of all provinces by row and column; None where the sea is.

    `rows` tell of provinces with cases, `read` how many articles were read about each.
    """
    by_code = {row["kode"]: row for row in rows}
    values = {code: _value(by_code.get(code), measure) or (0.0 if read.get(code) else None) for code in names}
    most = max((value for value in values.values() if value), default=0.0)
    places = tile_places()
    width, height = (1 + max(place[n] for place in places.values()) for n in (0, 1))
    grid: list[list[Tile | None]] = [[None] * width for _ in range(height)]
    for code, (column, row) in places.items():
        found, value = by_code.get(code, {}), values.get(code)
        shade = 0 if not value else max(1, -int(-_STEPS * value // most))
        grid[row][column] = Tile(
            code,
            names.get(code, code),
            value,
            int(found.get("kasus") or 0),
            read.get(code, 0),
            shade,
        )
    return grid


@cache
def tile_places() -> dict[str, tuple[int, int]]:
    """Return column and row of each province's square."""
    table = tomllib.loads((DATA / "taxonomy" / "tiles.toml").read_text(encoding="utf-8"))
    return {entry["province"]: (entry["column"], entry["row"]) for entry in table["tile"]}


_READ = """
SELECT lpad(province::VARCHAR, 2, '0') AS code, count(*) AS n FROM readings_where($f) WHERE province > 0 GROUP BY ALL
"""


_QUIET = """
SELECT place_name(r.code) AS wilayah, r.code AS kode, 0 AS kasus, coalesce(d.n, 0) AS dibaca,
    coalesce(d.outlets, 0) AS sumber
FROM regions r LEFT JOIN (
    SELECT {column} AS number, count(*) AS n, count(DISTINCT outlet) AS outlets FROM readings_where($f) GROUP BY 1
) d ON d.number = replace(r.code, '.', '')::INTEGER
WHERE CASE WHEN $area IS NULL THEN length(r.code) = 2 ELSE r.parent = $area END
ORDER BY dibaca DESC, kode
"""


def _value(row: dict[str, Any] | None, measure: str) -> float | None:
    value = None if row is None else row.get(measure)
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - NaN
