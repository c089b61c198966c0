"""Reviewing: the queue, one article with its labels to confirm, correct or reject, undoing, and second opinions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline import review_queue
from pipeline.elections import load_elections
from pipeline.label_reviews import Action, Decided, LabelReviews, ReviewConflict, Verdict
from pipeline.labelling import (
    REASONS,
    Change,
    LabelError,
    Labels,
    changes,
    check_labels,
    choices_of,
    new_case,
    rejected,
)
from pipeline.labels import KINDS
from pipeline.review_file import ReviewError
from pipeline.settings import Settings
from pipeline.web.access import address_of, form_of, needs
from pipeline.web.cases import told_events
from pipeline.web.desk import View
from pipeline.web.listing import plain_number
from pipeline.web.marked import marked_paragraphs
from pipeline.web.render import page, session_of, view_of
from pipeline.web.review_form import DROPPED, TRACKS, Filled, parse_form
from pipeline.web.review_item import Item, load_item, reading_key
from pipeline.web.review_words import FIELDS, value_words

_MAX_PAGE = 2_000
_KEPT_REGIONS = 12  # regions whose candidates are held, some megabytes each at most
_CODE = re.compile(r"\d\d(?:\.[\d.]+)?")


@dataclass(frozen=True, slots=True)
class Way:
    """From which queue a reviewer came, so that the next article is the next one of that queue."""

    order: str = "ragu"
    region: str | None = None

    def address(self, article: str | None = None, **more: Any) -> str:
        """Return the address of the queue, or of an article in it."""
        given = {"urut": self.order, "wilayah": self.region, **more}
        path = f"/tinjau/{quote(article, safe='')}" if article is not None else "/tinjau"
        return f"{path}?{urlencode({key: value for key, value in given.items() if value})}"


@needs("tinjau")
def queue_page(request: Request) -> Response:
    """Show which articles wait for a reviewer."""
    view, way = view_of(request), _way(request.query_params)
    at = plain_number(request.query_params.get("hal", ""), _MAX_PAGE) or 1
    said = said_so_far(request.app.state.desk.settings, _name(request))
    found = candidates(view, said, way.region)
    rows = review_queue.queue(view.db, found, said, way.order, region=way.region, page=at)
    told = {
        row["article_id"]: row["n"]
        for row in view.rows(_CASES, {"keys": [row["article_id"] for row in rows]})
    }
    waiting, drawn = found.waiting(said)
    return page(
        request, "review_queue.html", view, title="Antrean tinjauan", rows=rows, way=way, at=at,
        orders=review_queue.ORDERS, waiting=waiting, drawn=drawn,
        regions=_regions(view), full=len(rows) >= review_queue.PER_PAGE, kinds=KINDS, past=_past(request),
        place_name=view.place_name, told=told,
    )  # fmt: skip


@needs("tinjau")
def item_page(request: Request) -> Response:
    """Show one article with its labels in a form."""
    view = view_of(request)
    item = load_item(request, view)
    way = _way(request.query_params)
    opinion = way.order == "kedua"
    return _item_page(request, view, item, way, opinion=opinion)


@needs("tinjau")
def decide(request: Request) -> Response:
    """Keep what a reviewer says of an article, and go on to the next one."""
    form, view = form_of(request), view_of(request)
    item, way = load_item(request, view), _way(form)
    opinion = form.get("pendapat") == "1"
    base = item.model.labels if opinion else item.shown
    ruling = form.get("putusan", "")
    origin = item.made_from(form.get("semula", ""))
    filled = parse_form(
        form,
        origin or base,
        item.article["text"],
        lambda name: find_place(view, name),
        certain=origin is not None,
    )
    try:
        if ruling.startswith("tolak."):
            reason = ruling.removeprefix("tolak.")
            labels, told = rejected(origin or base, reason), REASONS[reason]
        elif ruling == "simpan":
            labels, told = filled.labels, filled.told
        else:
            raise HTTPException(400, "putusan ini tidak dikenal")
        if not opinion and (form.get("bacaan"), form.get("terakhir")) != (reading_key(base), str(item.last)):
            return _conflict(request, view, item, way, labels, form)
        title = item.article["title"] or ""
        check_labels(labels, item.article["text"], lambda code: bool(view.place_name(code)), title=title)
    except LabelError as error:
        return _item_page(request, view, item, way, filled, opinion=opinion, problem=f"{error}.", status=400)
    note = "; ".join(part for part in (form.get("catatan", "").strip(), told) if part)
    verdict = Verdict(
        item.ref, _action(base, labels, opinion=opinion), base, labels, item.model,
        reviewer=_name(request), role=_role(request), note=note,
        drawn=review_queue.is_drawn(item.ref.text_hash) and form.get("antrean") == "1",
    )  # fmt: skip
    try:
        with LabelReviews(request.app.state.desk.settings.reviews) as file:
            batch = file.decide(verdict, seen=item.last)
    except ReviewConflict:
        return _conflict(request, view, load_item(request, view), way, labels, form)
    _audit(request, f"tinjau: {verdict.action}", item)
    return RedirectResponse(_next(request, view, item, way, batch), 303)


@needs("tinjau")
def undo(request: Request) -> Response:
    """Undo a decision about an article and show it again."""
    form, view = form_of(request), view_of(request)
    item, way = load_item(request, view), _way(form)
    batch = form.get("keputusan", "")
    if not (batch.isascii() and batch.isdigit() and len(batch) < 10):
        raise HTTPException(400, "keputusan ini tidak dikenal")
    if int(batch) not in {row.batch for row in item.history}:
        raise HTTPException(404, "keputusan ini bukan tentang naskah artikel ini")
    try:
        with LabelReviews(request.app.state.desk.settings.reviews) as file:
            file.withdraw(
                int(batch), reviewer=_name(request), role=_role(request), note=form.get("catatan", "")
            )
    except ReviewError as error:
        again = load_item(request, view)
        return _item_page(request, view, again, way, opinion=False, problem=f"{error}.", status=409)
    _audit(request, "tinjau: urungkan", item)
    return RedirectResponse(way.address(item.article["article_id"]), 303)


def find_place(view: View, written: str) -> str:
    """Return the code of the only region of this name ("Cibatu, Kabupaten Garut"), else what was written.

    A kecamatan goes before the village of its name, unless "desa" or "kelurahan" is written before it.
    """
    if _CODE.fullmatch(written):
        return written
    name, _, above = (part.strip().casefold() for part in written.partition(","))
    bare = re.sub(r"^(?:desa|kelurahan|kecamatan|provinsi) ", "", name)
    names = [bare, f"kabupaten {bare}", f"kota {bare}"]
    rows = view.rows("SELECT code FROM regions WHERE list_contains($names, lower(name))", {"names": names})
    codes = [
        row["code"] for row in rows if above in view.place_name(row["code"]).casefold().partition(",")[2]
    ]
    if name.startswith(("desa ", "kelurahan ")):
        codes = [code for code in codes if len(code) > 8]
    highest = [code for code in codes if len(code) == min(map(len, codes))]
    return str(highest[0]) if len(highest) == 1 else written


def _item_page(
    request: Request,
    view: View,
    item: Item,
    way: Way,
    filled: Filled | None = None,
    *,
    opinion: bool,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """Show an article with a form of its labels, or of what a form said that was not kept."""
    key = item.article["article_id"]
    base = item.model.labels if opinion else item.shown
    filled = filled or Filled(base, base, base)
    draft = filled.draft
    proofs = [{"start_at": e.start, "end_at": e.end} for case in draft.cases for e in case.evidence]
    places = view.rows(_PLACES, [key])
    events = told_events(view, key)
    following = _following(request, view, way, key)
    return page(
        request, "review.html", view, status=status, title="Tinjau artikel", item=item, way=way, draft=draft,
        paragraphs=marked_paragraphs(item.article["text"], proofs, view.rows(_MENTIONS, [key])),
        opinion=opinion, problem=problem, kinds=KINDS, reasons=REASONS, drops=DROPPED, tracks=TRACKS,
        choices=choices_of, elections=list(load_elections()), places=places, events=events,
        following=following, note=filled.note, blank=new_case(len(draft.cases)), bacaan=reading_key(base),
        semula=reading_key(filled.origin), dropped=filled.dropped,
        drawn=review_queue.is_drawn(item.ref.text_hash), fields=FIELDS, words=value_words, past=_past(request),
        place_name=view.place_name,
    )  # fmt: skip


def _conflict(
    request: Request, view: View, item: Item, way: Way, labels: Labels, form: Mapping[str, str]
) -> Response:
    """Show what somebody else decided in the meantime beside what was to be kept; nothing was kept."""
    seen = form.get("terakhir", "0")
    newer = [
        row for row in item.history if row.id > (int(seen[:9]) if seen.isascii() and seen.isdigit() else 0)
    ]
    mine: list[Change] = changes(item.shown, labels)
    kept = {key: value for key, value in form.items() if key not in ("terakhir", "bacaan")}
    return page(
        request, "review_conflict.html", view, status=409, title="Sudah berubah sementara itu", item=item, way=way,
        newer=newer, mine=mine, own={row.reviewer for row in newer} == {_name(request)},
        kept=kept, bacaan=reading_key(item.shown), fields=FIELDS, words=value_words,
    )  # fmt: skip


def _action(before: Labels, after: Labels, *, opinion: bool) -> Action:
    if opinion:
        return "opinion"
    if before == after:
        return "confirm"
    return "reject" if before.cases and not after.cases else "correct"


def _next(request: Request, view: View, item: Item, way: Way, batch: int) -> str:
    """Return the address of the next article of the queue, which says what was kept of the last one."""
    key = item.article["article_id"]
    following = _following(request, view, way, key)
    return way.address(following, lalu=key, keputusan=batch, antrean=1 if following else None)


def _following(request: Request, view: View, way: Way, key: str) -> str | None:
    """Return the first article of the queue that is another one."""
    said = said_so_far(request.app.state.desk.settings, _name(request))
    found = candidates(view, said, way.region)
    rows = review_queue.queue(view.db, found, said, way.order, region=way.region)
    at = next((n for n, row in enumerate(rows) if row["article_id"] == key), -1)
    after = [row["article_id"] for row in (*rows[at + 1 :], *rows[: max(at, 0)])]
    return after[0] if after else None


def candidates(view: View, said: review_queue.Said, region: str | None) -> review_queue.Candidates:
    """Return what the queue of a region chooses from, looked up once a snapshot."""
    most = review_queue.enough(said)
    if region is None:
        return view.once(f"review {most}", lambda: review_queue.find_candidates(view.db, most))
    kept: dict[tuple[str, int], review_queue.Candidates] = view.once("review", dict)
    key = (region, most)
    if key not in kept:
        while len(kept) >= _KEPT_REGIONS:
            kept.pop(next(iter(kept)), None)
        kept[key] = review_queue.find_candidates(view.db, key[1], region)
    return kept[key]


def _past(request: Request) -> dict[str, Any] | None:
    """Return which decision was just kept, where the address says so and it was not undone since."""
    key, batch = (request.query_params.get(name, "")[:300] for name in ("lalu", "keputusan"))
    reviews = request.app.state.desk.settings.reviews
    if not (key and batch.isascii() and batch.isdigit() and len(batch) < 10 and reviews.is_file()):
        return None
    with LabelReviews(reviews) as file:
        row = file.whole(int(batch))
    if row is None or row.action == "withdraw" or row.withdrawn_by is not None:
        return None
    return {"article": key, "batch": batch, "opinion": row.action == "opinion"}


def _way(values: Mapping[str, str]) -> Way:
    order, region = values.get("urut", ""), values.get("wilayah", "")
    known = order if order in review_queue.ORDERS else "ragu"
    return replace(Way(known), region=region if _CODE.fullmatch(region) and len(region) < 14 else None)


def said_so_far(settings: Settings, reviewer: str) -> review_queue.Said:
    """Return what was decided so far, and who asks."""
    rows: list[Decided] = []
    if settings.reviews.is_file():
        with LabelReviews(settings.reviews) as file:
            rows = file.decided()
    return review_queue.Said(rows, reviewer)


def _name(request: Request) -> str:
    session = session_of(request)
    return session.name if session else ""


def _role(request: Request) -> str:
    session = session_of(request)
    return session.role if session else ""


def _audit(request: Request, action: str, item: Item) -> None:
    target = item.ref.url or item.article["article_id"]
    request.app.state.desk.accounts.note(_name(request), action, target, address_of(request))


def _regions(view: View) -> list[dict[str, Any]]:
    return view.once("review regions", lambda: view.rows(_REGIONS))


_REGIONS = """
SELECT code AS id, concat(repeat('\u2003', CASE level WHEN 'province' THEN 0 ELSE 1 END), name) AS name
FROM regions WHERE length(code) <= 5 ORDER BY code
"""
_CASES = """
SELECT article_id, count(*) AS n FROM cases
WHERE rowid IN (SELECT rowid FROM cases WHERE article_id IN (SELECT unnest($keys))) GROUP BY article_id
"""
_PLACES = """
SELECT DISTINCT code FROM mentions WHERE article_id = ? AND label = 'loc' AND code IS NOT NULL ORDER BY code LIMIT 40
"""
_MENTIONS = "SELECT label, start_at, end_at, code, iso, NULL AS place_name FROM mentions WHERE article_id = ?"
