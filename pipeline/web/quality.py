"""How good the readings are, by what reviewers said: a page without anybody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pipeline.label_reviews import LabelReviews
from pipeline.review_quality import Judged, agreement, disagreement, judged_rows, precision_recall
from pipeline.review_queue import ONE_IN
from pipeline.web.render import page, view_of
from pipeline.web.words import table

_SHOWN = 400  # rows of a table on the page; the question holds all


def quality_page(request: Request) -> Response:
    """Show precision and recall of the drawn articles, where model and reviewers differ, and how far these agree."""
    return page(
        request, "quality.html", view_of(request), title="Mutu bacaan menurut tinjauan", one_in=ONE_IN,
        **_figures(request),
    )  # fmt: skip


def _figures(request: Request) -> dict[str, Any]:
    """Return the page's tables and counts, made anew after each decision."""
    state, settings = request.app.state, request.app.state.desk.settings
    last, rows = 0, []
    if settings.reviews.is_file():
        with LabelReviews(settings.reviews) as file:
            last = file.last()
            if getattr(state, "quality", (None,))[0] != last:
                rows = file.verdicts()
    if getattr(state, "quality", (None,))[0] != last:
        state.quality = (last, _tables(judged_rows(rows)))
    made: dict[str, Any] = state.quality[1]
    return made


def _tables(judged: Sequence[Judged]) -> dict[str, Any]:
    shown = [
        ("ketepatan", "Ketepatan dan kepekaan", precision_recall(judged)),
        ("beda-tinjauan", "Beda model dan peninjau", disagreement(judged)),
        ("kesepakatan", "Kesepakatan dua peninjau", agreement(judged)),
    ]
    boards = [
        (
            name,
            title,
            *table(whole.drop(columns="label", errors="ignore").head(_SHOWN)),
        )  # ids are for the download
        for name, title, whole in shown
    ]
    counted = [one for one in judged if one.counts]
    return {
        "boards": boards,
        "texts": len({one.text for one in counted}),
        "drawn": len({one.text for one in counted if one.drawn}),
    }
