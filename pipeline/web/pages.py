"""The pages that everybody may read: what is new, cases, prevention, trends, search, sources, method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pipeline import query, trends
from pipeline.metrics import metrics_text
from pipeline.web.access import needs
from pipeline.web.cases import Story, load_story, told_events
from pipeline.web.choices import choices
from pipeline.web.desk import View
from pipeline.web.listing import PER_PAGE, STATES, Listing, list_events, load_events, parse_listing
from pipeline.web.marked import marked_paragraphs
from pipeline.web.registers import known_sources
from pipeline.web.render import page, view_of
from pipeline.web.review_item import pending_articles
from pipeline.web.words import event_title


def today(request: Request) -> Response:
    """Show what is new: the newest cases, those whose stage moved, spikes, the sources that fell silent."""
    view = view_of(request)
    return page(request, "today.html", view, title="Hari ini", **news(view))


def news(view: View) -> dict[str, Any]:
    """Return what the first page shows, asked once a snapshot."""
    return view.once("today", lambda: _news(view))


def _news(view: View) -> dict[str, Any]:
    rows, total = list_events(view, "kasus", Listing(urut="pertama"))
    moved = load_events(view, [row["event_id"] for row in view.rows(_MOVED)])
    sources = known_sources(view)
    silent = sorted(
        (row for row in sources if row["ditolak"] + row["artikel"] and not row["hidup"]),
        key=lambda row: (str(row["terakhir"]), row["sumber"]),
    )
    spikes = trends.lonjakan(view.db).head(10).to_dict("records")
    return {
        "cases": rows[:12], "total": total, "moved": moved, "spikes": spikes, "silent": silent[:50],
        "never": sum(not row["ditolak"] + row["artikel"] for row in sources),
        "totals": view.once("totals", lambda: _totals(view)),
    }  # fmt: skip


def _totals(view: View) -> dict[str, Any]:
    return {str(key): value for key, value in query.total(view.db).iloc[0].to_dict().items()}


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
        choices=choices(view, listing.filters), states=[{"id": s, "name": s} for s in STATES],
        pages=max(1, -(-total // PER_PAGE)), query=request.url.query,
    )  # fmt: skip


def event(request: Request) -> Response:
    """Show one event: its articles, its timeline, the evidence marked in the text, where they contradict each other."""
    view = view_of(request)
    story = story_of(request, view)
    event = story.event
    shown = request.query_params.get("artikel") or event["first_article"]
    member = next((m for m in story.members if m["article_id"] == shown), None)
    article = read_article(view, shown, [member["case_id"]]) if member else None
    others = (
        [told for told in told_events(view, shown) if told["event_id"] != event["event_id"]] if member else []
    )
    return page(
        request, "event.html", view, title=event_title(event["kind"], event["type_names"]),
        event=event, members=story.members, cases=story.cases, conflicts=story.conflicts, article=article,
        others=others, pending=pending_articles(request, view, [m["article_id"] for m in story.members]),
    )  # fmt: skip


def story_of(request: Request, view: View) -> Story:
    """Return the event that an address names; raises HTTPException 404 where the snapshot has none."""
    story = load_story(view, request.path_params["event"])
    if story is None:
        raise HTTPException(404, "kejadian ini tidak ada dalam snapshot yang ditampilkan")
    return story


def article(request: Request) -> Response:
    """Show one article as it was read, and which events it tells."""
    view = view_of(request)
    found = read_article(view, request.path_params["article"])
    if found is None:
        raise HTTPException(404, "artikel ini tidak ada dalam snapshot yang ditampilkan")
    return page(
        request,
        "article.html",
        view,
        title=found["title"] or "Artikel",
        article=found,
        events=told_events(view, found["article_id"]),
        pending=pending_articles(request, view, [found["article_id"]]),
    )


def read_article(view: View, key: str, cases: Sequence[str | None] | None = None) -> dict[str, Any] | None:
    """Return an article with its marked paragraphs, officials, figures, laws and changes, or None.

    Evidence is marked of these cases alone, of all cases where none are given.
    """
    found = view.row("SELECT * FROM articles WHERE article_id = ?", [key])
    if found is None:
        return None
    evidence = view.rows("SELECT case_id, start_at, end_at FROM evidence WHERE article_id = ?", [key])
    if cases is not None:
        evidence = [proof for proof in evidence if proof["case_id"] in cases]
    mentions = view.rows(_MENTIONS, [key])
    return found | {
        "paragraphs": marked_paragraphs(found["text"], evidence, mentions),
        "officials": view.rows("SELECT * FROM officials WHERE article_id = ? ORDER BY n", [key]),
        "stats": view.rows("SELECT * FROM stats WHERE article_id = ? ORDER BY n", [key]),
        "laws": view.rows("SELECT * FROM legal_refs WHERE article_id = ? ORDER BY n", [key]),
        "changes": view.rows("SELECT * FROM revisions WHERE article_id = ? ORDER BY n, paragraph", [key]),
    }


def method(request: Request) -> Response:
    """Say in words how a number comes about, and what it must not be taken for."""
    view = view_of(request)
    return page(
        request,
        "method.html",
        view,
        title="Metode dan batas",
        totals=view.once("totals", lambda: _totals(view)),
    )


@needs("admin")
def metrics(request: Request) -> Response:
    """Return the figures of the last night and of the disk as Prometheus reads them."""
    return PlainTextResponse(metrics_text(request.app.state.desk.settings))


_MOVED = """
SELECT event_id FROM events
WHERE kind = 'kasus' AND last_day > first_day
AND last_day >= (SELECT max(last_day) - INTERVAL 14 DAY FROM outlets)
ORDER BY last_day DESC, stage_rank DESC LIMIT 12
"""
_MENTIONS = """
SELECT label, start_at, end_at, code, iso, place_name(code) AS place_name FROM mentions WHERE article_id = ?
"""
