"""Splitting and joining events: which articles tell one event, as reviewers decide; every decision can be undone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.decisions import join_events, split_event
from pipeline.review_file import ReviewError
from pipeline.reviews import Decision, RegroupConflict, Reviews
from pipeline.web.access import address_of, form_of, needs
from pipeline.web.desk import View
from pipeline.web.render import page, session_of, view_of

_EVENT = re.compile(r"(?:^|/)([0-9a-f]{32})(?:[?#].*)?$")


@needs("tinjau")
def event_page(request: Request) -> Response:
    """Show the articles of an event, to be split off or joined with those of another, and what was decided."""
    return _show(request, view_of(request), request.path_params["event"])


@needs("tinjau")
def regroup(request: Request) -> Response:
    """Keep a decision to split or join, or undo one, and show the event again."""
    form, view = form_of(request), view_of(request)
    key = request.path_params["event"]
    who = _who(request)
    settings = request.app.state.desk.settings
    note = form.get("catatan", "").strip()[:2000]
    seen = _number(form, "terakhir")
    ruling = form.get("putusan")
    try:
        with Reviews(settings.reviews) as file:
            if ruling == "gabung":
                other = _EVENT.search(form.get("kejadian", "").strip())
                if other is None:
                    raise ReviewError("beri alamat atau id kejadian, misalnya dari halaman Kasus")
                if other[1] == key:
                    raise ReviewError("kejadian itu kejadian ini sendiri: beri kejadian lain")
                join_events(file, view.db, key, other[1], reviewer=who, note=note, seen=seen)
            elif ruling == "pisah":
                moved = [name.removeprefix("artikel.") for name in form if name.startswith("artikel.")]
                if not moved:
                    raise ReviewError("pilih artikel yang dipisahkan")
                split_event(file, view.db, key, moved, reviewer=who, note=note, seen=seen)
            elif ruling == "urungkan":
                decision = _number(form, "keputusan")
                if decision is None:
                    raise ReviewError("keputusan ini tidak dikenal")
                file.withdraw(decision, reviewer=who, note=note)
            else:
                raise HTTPException(400, "putusan ini tidak dikenal")
    except RegroupConflict as conflict:
        return _show(request, view, key, newer=conflict.decisions, status=409)
    except ReviewError as error:
        return _show(request, view, key, problem=str(error), status=400)
    request.app.state.desk.accounts.note(who, f"tinjau: {ruling}", f"/kasus/{key}", address_of(request))
    return RedirectResponse(f"/tinjau/kejadian/{key}?simpan=1", 303)


def _who(request: Request) -> str:
    session = session_of(request)
    return session.name if session else ""


def _number(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _show(
    request: Request,
    view: View,
    key: str,
    *,
    newer: tuple[Decision, ...] = (),
    problem: str | None = None,
    status: int = 200,
) -> Response:
    members = view.rows(_MEMBERS, [key])
    if not members:
        raise HTTPException(404, "kejadian ini tidak ada dalam snapshot yang ditampilkan")
    event = view.row("SELECT * FROM events WHERE event_id = ?", [key]) or {}
    refs = {(row["url"], row["text_hash"]) for row in members}
    settings = request.app.state.desk.settings
    told: list[dict[str, Any]] = []
    last = 0
    if settings.reviews.is_file():
        with Reviews(settings.reviews) as file:
            last = file.last()
            about = [
                d
                for d in file.decisions(active=False)
                if any((ref.url, ref.text_hash) in refs for ref in (*d.left, *d.right))
            ]
        told = [{"d": d, "titles": _titles(view, d)} for d in reversed(about)]
    return page(
        request, "regroup.html", view, status=status, title="Pisahkan atau gabungkan", key=key, event=event,
        members=members, told=told, last=last, problem=problem, newer={d.id for d in newer},
        own={d.withdrawn_by or d.reviewer for d in newer} == {_who(request)},
        saved=request.query_params.get("simpan") == "1", place=view.place_name(event.get("place")),
        types=view.names("type", event.get("types")),
    )  # fmt: skip


def _titles(view: View, decision: Decision) -> dict[str, str]:
    """Return the titles of a decision's articles by address; one that the snapshot lacks is told by its address."""
    urls = [ref.url for ref in (*decision.left, *decision.right) if ref.url]
    rows = view.rows("SELECT url, title FROM articles WHERE list_contains($urls, url)", {"urls": urls})
    return {row["url"]: row["title"] or row["url"] for row in rows}


_MEMBERS = """
SELECT DISTINCT a.article_id, a.title, a.url, a.text_hash, coalesce(a.outlet, a.source) AS outlet, a.published,
    a.utc_offset, m.part
FROM event_members m JOIN articles a USING (article_id)
WHERE m.event_id = ? ORDER BY m.part DESC, a.published NULLS LAST, a.article_id
"""
