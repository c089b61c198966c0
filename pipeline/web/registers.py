"""Registers: officials by office, sources and their health, runs, what the numbers mean."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.health import source_nights
from crawler.ledger import Ledger
from pipeline import query
from pipeline.morning import load_words, say_problem
from pipeline.tables import records
from pipeline.web.choices import choices
from pipeline.web.desk import View
from pipeline.web.listing import Listing, parse_filters
from pipeline.web.render import page, view_of
from pipeline.web.words import number, words

NAMED = 300  # officials on a page
_DAYS = 30


def officials(request: Request) -> Response:
    """Show how often each office is named, or with `jabatan` who holds it; persons stay out of rankings."""
    view = view_of(request)
    filters = parse_filters(request.query_params, view)
    rows = offices(view)
    named: list[dict[str, Any]] = []
    if filters.jabatan:
        values = {"office": filters.jabatan, "area": filters.wilayah, "most": NAMED + 1}
        named = view.rows(_NAMED, values)
        for row in named:
            row["area"] = view.place_name(row["regency"])
    return page(
        request, "officials.html", view, title="Pejabat menurut jabatan", rows=rows, named=named[:NAMED],
        more=len(named) > NAMED, office=filters.jabatan and view.names("office", [filters.jabatan]),
        listing=Listing(filters), choices=choices(view, filters),
    )  # fmt: skip


def offices(view: View) -> list[dict[str, Any]]:
    """Return how often each office is named, asked once a snapshot."""
    return view.once("offices", lambda: _offices(view))


def _offices(view: View) -> list[dict[str, Any]]:
    persons = {row["category"]: row["persons"] for row in view.rows(_PERSONS)}
    return [
        {**row, "persons": persons.get(row["category"], 0), "name": view.names("office", [row["category"]])}
        for row in view.rows(_OFFICES)
    ]


def known_sources(view: View) -> list[dict[str, Any]]:
    """Return every source with what was read of it and whether it lives, as `sumber` answers."""
    return view.once("sources", lambda: records(query.sumber(view.db)))


def sources(request: Request) -> Response:
    """Show every source, whether it lives, and what was refused of it."""
    view = view_of(request)
    return page(request, "sources.html", view, title="Sumber berita", rows=known_sources(view))


def source(request: Request) -> Response:
    """Show one source: its last days, and what the crawl met on its last nights."""
    view = view_of(request)
    key = request.path_params["source"]
    found = next((row for row in known_sources(view) if row["sumber"] == key), None)
    if found is None:
        raise HTTPException(404, "sumber ini tidak ada dalam snapshot yang ditampilkan")
    days = view.rows(_COVERAGE, [key])
    most = max((row["pages"] for row in days), default=0)
    return page(
        request, "source.html", view, title=found["nama"] or key, source=found, days=_without_holes(days),
        most=most, nights=_nights(request, key), say=say_problem,
        facts=view.row("SELECT * FROM sources WHERE source = ?", [key]),
    )  # fmt: skip


def _without_holes(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last days that a source was read on, the newest first, with the days between on which it was not."""
    if not days:
        return []
    by_day = {row["day"]: row for row in days}
    newest: date = days[0]["day"]
    wanted = [newest - timedelta(days=n) for n in range(_DAYS)]
    oldest = min(by_day)
    return [
        by_day.get(day, {"day": day, "pages": 0, "articles": 0, "refused": 0})
        for day in wanted
        if day >= oldest
    ]


def _nights(request: Request, key: str) -> list[Any]:
    """Return the source's last nights as the crawl's ledger tells them, none where it lies elsewhere."""
    ledger = request.app.state.desk.settings.ledger
    if not ledger.is_file():
        return []
    with Ledger(ledger) as opened:
        return source_nights(opened, key)[:14]


def runs(request: Request) -> Response:
    """Show the runs that the snapshot knows of, the newest first."""
    view = view_of(request)
    rows = view.rows("SELECT * FROM runs ORDER BY started_at DESC LIMIT 200")
    own = view.row("SELECT value FROM info WHERE key = 'run'") or {}
    for row in rows:
        row["facts"] = _told(view, row["counts"])
        row["what"] = {**load_words()["stages"], **_COMMANDS}.get(row["command"], row["command"])
    return page(request, "runs.html", view, title="Proses", rows=rows, own=own.get("value"))


def _told(view: View, counts: str | None) -> list[str]:
    """Return a run's figures in words, those by reason one by one: "artikel 75", "membaca: selesai"."""
    facts: list[str] = []
    with suppress(ValueError):
        for name, value in json.loads(counts or "{}").items():
            if isinstance(value, dict):
                facts += [
                    f"{_COUNTS.get(name, name)}: {_reason(view, key)} {_figure(n)}"
                    for key, n in value.items()
                ]
            elif isinstance(value, str):
                facts.append(f"{load_words()['stages'].get(name, name)}: {_STATES.get(value, value)}")
            else:
                facts.append(f"{_COUNTS.get(name, name)} {_figure(value)}")
    return facts


def _reason(view: View, key: str) -> str:
    """Return what a kind of news, or the reason why a page was refused, is called."""
    kind = view.names("kind", [key])
    return kind.lower() if kind != key else load_words()["losses"].get(key, key)


def _figure(value: Any) -> str:
    return number(value) if isinstance(value, (int, float)) else words(value)


_COMMANDS = {"nightly": "proses malam", "ingest-parts": "menerima bagian"}  # the others are stages of a night
_STATES = {"done": "selesai", "failed": "gagal", "skipped": "dilewati", "running": "belum selesai"}
_COUNTS = {"pages": "halaman", "articles": "artikel", "cases": "kasus dalam artikel", "kinds": "jenis berita",
           "refused": "ditolak", "parts": "bagian", "fresh": "artikel baru", "states": "keadaan sumber",
           "erased": "dihapus", "readings": "bacaan", "events": "kejadian",
           "last": "arsip terbaca sampai nomor"}  # fmt: skip
_OFFICES = """
WITH told AS (
    SELECT category, hash(article_id) AS a, bool_or(capacity = 'terlapor') AS accused
    FROM officials WHERE category IS NOT NULL GROUP BY ALL
)
SELECT category, count(*) AS articles, count(*) FILTER (accused) AS accused, count(p.a) AS prevention
FROM told LEFT JOIN (SELECT hash(article_id) AS a FROM articles WHERE kind = 'pencegahan') p USING (a)
GROUP BY category ORDER BY articles DESC, category
"""
_PERSONS = """
SELECT category, count(DISTINCT hash(name)) AS persons FROM officials WHERE category IS NOT NULL GROUP BY category
"""
_NAMED = """
SELECT * FROM registry
WHERE within(category, $office) AND ($area IS NULL OR regency = left($area, 5) OR starts_with(regency, $area || '.'))
ORDER BY institution, name LIMIT $most
"""
_COVERAGE = """
SELECT day, pages, articles, refused FROM coverage WHERE source = ? ORDER BY day DESC LIMIT 60
"""
