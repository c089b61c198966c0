"""The pages that everybody may read: what is new, cases, prevention, trends, search, sources, method."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pipeline import query
from pipeline.elections import load_elections
from pipeline.metrics import metrics_text
from pipeline.web.access import needs
from pipeline.web.desk import View
from pipeline.web.listing import PER_PAGE, STATES, Listing, list_events, parse_listing
from pipeline.web.marked import marked_paragraphs
from pipeline.web.render import page, view_of


def today(request: Request) -> Response:
    """Show what is new: the newest cases, those whose stage moved, the sources that fell silent."""
    view = view_of(request)
    rows, total = list_events(view, "kasus", Listing(urut="pertama"))
    moved = view.rows(_MOVED)
    sources = view.rows(_SILENT)
    return page(
        request, "today.html", view,
        title="Hari ini", cases=rows[:12], total=total, moved=moved, silent=sources,
        totals=query.total(view.db).iloc[0].to_dict(),
    )  # fmt: skip


def cases(request: Request) -> Response:
    """Show the list of alleged cases that the address asks for."""
    return _list(request, "kasus", "Dugaan kasus", "/kasus")


def prevention(request: Request) -> Response:
    """Show the list of prevention events that the address asks for."""
    return _list(request, "pencegahan", "Kegiatan pencegahan", "/pencegahan")


def _list(request: Request, kind: str, title: str, path: str) -> Response:
    view = view_of(request)
    listing = parse_listing(request.query_params, view)
    rows, total = list_events(view, kind, listing)
    return page(
        request, "events.html", view,
        title=title, kind=kind, path=path, rows=rows, total=total, listing=listing,
        choices=choices(view), states=[{"id": s, "name": s} for s in STATES], pages=max(1, -(-total // PER_PAGE)),
    )  # fmt: skip


def choices(view: View) -> dict[str, list[dict[str, Any]]]:
    """Return what the filters of a list offer: regions down to regencies, types, forms, stages, elections."""
    return {
        "wilayah": view.rows(
            "SELECT code AS id, concat(repeat('\u2003', CASE level WHEN 'province' THEN 0 ELSE 1 END), name) AS name"
            " FROM regions WHERE length(code) <= 5 ORDER BY code"
        ),
        "jenis": view.rows(_LABELS, ["type"]),
        "bentuk": view.rows(_LABELS, ["bentuk"]),
        "tahap": view.rows(_LABELS, ["stage"]),
        "jabatan": view.rows(_LABELS, ["office"]),
        "pemilihan": [{"id": name, "name": name} for name in load_elections()],
        "tahapan": [{"id": name, "name": name} for name in _stage_names()],
    }


def _stage_names() -> list[str]:
    return [
        f"{stage.id} {election.id}" for election in load_elections().values() for stage in election.stages
    ]


def event(request: Request) -> Response:
    """Show one event: its articles, its timeline, the evidence marked in the text, where it is archived."""
    view = view_of(request)
    key = request.path_params["event"]
    found = view.row(_EVENT, [key])
    if found is None:
        raise HTTPException(404, "kejadian ini tidak ada dalam snapshot yang ditampilkan")
    members = view.rows(_MEMBERS, [key])
    shown = request.query_params.get("artikel") or found["first_article"]
    article = read_article(view, shown) if any(m["article_id"] == shown for m in members) else None
    details = view.rows(_CASES, [key])
    return page(
        request, "event.html", view,
        title=f"{'Dugaan kasus' if found['kind'] == 'kasus' else 'Kegiatan'}: {found['type_names'] or '–'}",
        event=found, members=members, cases=details, article=article,
    )  # fmt: skip


def article(request: Request) -> Response:
    """Show one article as it was read, and which events it tells."""
    view = view_of(request)
    found = read_article(view, request.path_params["article"])
    if found is None:
        raise HTTPException(404, "artikel ini tidak ada dalam snapshot yang ditampilkan")
    events = view.rows(
        "SELECT event_id, part, type_names(types) AS type_names, kind FROM event_members JOIN events USING (event_id)"
        " WHERE article_id = ?",
        [found["article_id"]],
    )
    return page(
        request, "article.html", view, title=found["title"] or "Artikel", article=found, events=events
    )


def read_article(view: View, key: str) -> dict[str, Any] | None:
    """Return an article with its marked paragraphs, officials, figures, laws and changes, or None."""
    found = view.row("SELECT * FROM articles WHERE article_id = ?", [key])
    if found is None:
        return None
    evidence = view.rows("SELECT start_at, end_at FROM evidence WHERE article_id = ?", [key])
    mentions = view.rows(_MENTIONS, [key])
    return found | {
        "paragraphs": marked_paragraphs(found["text"], evidence, mentions),
        "officials": view.rows("SELECT * FROM officials WHERE article_id = ? ORDER BY n", [key]),
        "stats": view.rows("SELECT * FROM stats WHERE article_id = ? ORDER BY n", [key]),
        "laws": view.rows("SELECT * FROM legal_refs WHERE article_id = ? ORDER BY n", [key]),
        "changes": view.rows("SELECT * FROM revisions WHERE article_id = ? ORDER BY n, paragraph", [key]),
    }


def officials(request: Request) -> Response:
    """Show how often each office is named, and in which part; persons stay out of rankings."""
    view = view_of(request)
    return page(request, "officials.html", view, title="Pejabat menurut jabatan", rows=view.rows(_OFFICES))


def sources(request: Request) -> Response:
    """Show every source, whether it lives, and what was refused of it."""
    view = view_of(request)
    return page(
        request, "sources.html", view, title="Sumber berita", rows=query.sumber(view.db).to_dict("records")
    )


def runs(request: Request) -> Response:
    """Show the runs that the snapshot knows of, the newest first."""
    view = view_of(request)
    rows = view.rows("SELECT * FROM runs ORDER BY started_at DESC LIMIT 200")
    return page(request, "runs.html", view, title="Proses", rows=rows)


def method(request: Request) -> Response:
    """Say in words how a number comes about, and what it must not be taken for."""
    view = view_of(request)
    return page(
        request, "method.html", view, title="Metode dan batas", totals=query.total(view.db).iloc[0].to_dict()
    )


@needs("admin")
def metrics(request: Request) -> Response:
    """Return the figures of the last night and of the disk as Prometheus reads them."""
    return PlainTextResponse(metrics_text(request.app.state.desk.settings))


_LABELS = 'SELECT id, name FROM labels WHERE "group" = ? ORDER BY "rank", name'
_MOVED = """
SELECT e.*, a.title, place_name(e.place) AS place_name, type_names(e.types) AS type_names,
    label_of('stage', e.stage) AS stage_name, status_of(e.decided, e.stage, e.outcomes) AS status
FROM events e LEFT JOIN articles a ON a.article_id = e.first_article
WHERE e.kind = 'kasus' AND e.last_day > e.first_day
AND e.last_day >= (SELECT max(last_day) - INTERVAL 14 DAY FROM events WHERE kind = 'kasus')
ORDER BY e.last_day DESC, e.stage_rank DESC LIMIT 12
"""
_SILENT = """
WITH last AS (SELECT source, max(first_seen) AS last, count(*) AS articles FROM articles GROUP BY source)
SELECT s.source, s.name, l.last, coalesce(l.articles, 0) AS articles
FROM sources s LEFT JOIN last l USING (source)
WHERE s.source IN (SELECT source FROM coverage)
AND (l.last IS NULL OR l.last < (SELECT max(last) FROM last) - INTERVAL 14 DAY)
ORDER BY l.last NULLS FIRST LIMIT 50
"""
_EVENT = """
SELECT *, place_name(place) AS place_name, type_names(types) AS type_names, label_of('stage', stage) AS stage_name,
    status_of(decided, stage, outcomes) AS status
FROM events WHERE event_id = ?
"""
_MEMBERS = """
SELECT m.*, a.title, a.url, coalesce(a.outlet, a.source) AS outlet, a.published, a.utc_offset, a.first_seen,
    a.page_url, a.page_sha256, a.fetched_at, a.warc, label_of('stage', c.stage) AS stage_name, c.stage,
    (SELECT x.text FROM evidence x WHERE x.case_id = m.case_id ORDER BY x.n LIMIT 1) AS evidence
FROM event_members m JOIN articles a USING (article_id) LEFT JOIN cases c ON c.case_id = m.case_id
WHERE m.event_id = ? ORDER BY a.published NULLS LAST, a.first_seen, a.article_id
"""
_CASES = """
SELECT c.*, type_names(c.types) AS type_names, place_name(c.place) AS place_name,
    label_of('stage', c.stage) AS stage_name, coalesce(a.outlet, a.source) AS outlet
FROM event_members m JOIN cases c ON c.case_id = m.case_id JOIN articles a ON a.article_id = m.article_id
WHERE m.event_id = ? ORDER BY a.published NULLS LAST, c.case_id
"""
_MENTIONS = """
SELECT label, start_at, end_at, code, iso, place_name(code) AS place_name FROM mentions WHERE article_id = ?
"""
_OFFICES = """
SELECT o.category, count(DISTINCT o.article_id) AS articles, count(DISTINCT o.name) AS persons,
    count(DISTINCT o.article_id) FILTER (o.capacity = 'terlapor') AS accused,
    count(DISTINCT o.article_id) FILTER (a.kind = 'pencegahan') AS prevention
FROM officials o JOIN articles a USING (article_id) WHERE o.category IS NOT NULL
GROUP BY o.category ORDER BY articles DESC, o.category
"""
