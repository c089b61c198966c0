"""What the filters of a page offer: regions level by level, types, forms, stages, outcomes, offices, elections."""

from __future__ import annotations

from typing import Any

from pipeline.elections import load_elections
from pipeline.filters import ANY, Filters
from pipeline.web.desk import View

Options = list[dict[str, Any]]


def choices(view: View, filters: Filters = ANY) -> dict[str, Options]:
    """Return the options by filter; districts and villages are those of the area chosen."""
    found: dict[str, Options] = dict(view.once("choices", lambda: _fixed(view)))
    area = filters.wilayah or ""
    found["kecamatan"] = _below(view, area[:5]) if len(area) >= 5 else []
    found["desa"] = _below(view, area[:8]) if len(area) >= 8 else []
    return found


def labels(view: View, group: str) -> Options:
    """Return the ids of a group of labels with their names, in their order."""
    return view.rows(_LABELS, [group])


def _fixed(view: View) -> dict[str, Options]:
    elections = load_elections()
    return {
        "wilayah": view.rows(
            "SELECT code AS id, concat(CASE level WHEN 'province' THEN '' ELSE '\u2003' END, name) AS name"
            " FROM regions WHERE length(code) <= 5 ORDER BY code"
        ),
        "jenis": labels(view, "type"),
        "bentuk": labels(view, "bentuk"),
        "tahap": labels(view, "stage"),
        "hasil": labels(view, "outcome"),
        "jabatan": labels(view, "office"),
        "media": view.rows(_OUTLETS),
        "asal": [{"id": "resmi", "name": "situs resmi (.go.id)"}, {"id": "media", "name": "media"}],
        "pemilihan": [{"id": name, "name": name} for name in elections],
        "tahapan": [
            {"id": f"{stage.id} {election.id}", "name": f"{stage.name} {election.id}"}
            for election in elections.values()
            for stage in election.stages
        ],
    }


# the name of a source stands beside its host; hosts of which nothing was read are left out
_OUTLETS = """
SELECT o.outlet AS id, coalesce(any_value(s.name), '') AS name
FROM outlets o LEFT JOIN sources s ON s.source = o.outlet OR list_contains(s.domains, o.outlet)
GROUP BY o.outlet, o.articles ORDER BY o.articles DESC, o.outlet LIMIT 500
"""


def _below(view: View, area: str) -> Options:
    return view.rows("SELECT code AS id, name FROM regions WHERE parent = ? ORDER BY code", [area])


_LABELS = 'SELECT id, name FROM labels WHERE "group" = ? ORDER BY "rank", name'
