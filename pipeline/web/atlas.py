"""The map: every province as a square near its place, coloured by what is reported; regencies as a ranked table."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pipeline import trends
from pipeline.answer import Level
from pipeline.labels import DATA
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.pages import choices
from pipeline.web.render import page, view_of

MEASURES = {"kasus": "dugaan kasus", "per_1000_artikel": "dugaan kasus per 1.000 artikel"}
_STEPS = 5


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
    """Show the provinces, or with `wilayah` the regencies of one as a table."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    measure = request.query_params.get("ukuran")
    measure = measure if measure in MEASURES else "kasus"
    level: Level = "kabupaten" if filters.wilayah else "provinsi"
    frame = trends.intensitas(view.db, filters, tingkat=level)
    rows = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    names = {
        row["code"]: row["name"] for row in view.rows("SELECT code, name FROM regions WHERE length(code) = 2")
    }
    read = {row["code"]: row["n"] for row in view.rows(_READ, {"f": filters.values()})}
    return page(
        request, "atlas.html", view, title="Peta", listing=Listing(filters), choices=choices(view),
        grid=None if filters.wilayah else make_grid(rows, read, names, measure), rows=rows,
        measure=measure, measures=MEASURES, area=names.get(filters.wilayah or ""), steps=_STEPS,
    )  # fmt: skip


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


def _value(row: dict[str, Any] | None, measure: str) -> float | None:
    value = None if row is None else row.get(measure)
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - NaN
