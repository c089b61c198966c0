"""An article as a reviewer sees it: its text, the labels that hold now, and what was decided about it so far."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.label_reviews import WHOLE, LabelReviews, LabelRow, Model
from pipeline.labelling import Labels, read_labels, write_labels
from pipeline.published_labels import labels_of
from pipeline.reviews import TextRef
from pipeline.web.desk import View


@dataclass(frozen=True, slots=True)
class Item:
    """An article to review: as published, its labels as they hold now, and what was decided about it.

    `pending` tells that they hold in the next publication only, `stale` are decisions about an earlier text.
    """

    article: Mapping[str, Any]
    ref: TextRef
    shown: Labels
    model: Model
    history: tuple[LabelRow, ...]
    stale: tuple[LabelRow, ...]
    pending: bool

    @property
    def last(self) -> int:
        """Return the number of the last row about this text."""
        return self.history[-1].id if self.history else 0

    @property
    def held(self) -> LabelRow | None:
        """Return the decision that holds, None where there is none."""
        return next((row for row in reversed(self.history) if row.counts), None)

    def made_from(self, key: str) -> Labels | None:
        """Return the labels with this fingerprint (`reading_key`): those that an open form was made from.

        None where they are gone: another model read the text since, or an erasure took names out of them.
        """
        return next((labels for labels in self._ever() if reading_key(labels) == key), None)

    def _ever(self) -> Iterator[Labels]:
        yield from (self.shown, self.model.labels)
        for row in self.history:
            if row.field == WHOLE:
                yield from (read_labels(row.before), row.labels)


def load_item(request: Request, view: View) -> Item:
    """Return the article that an address names, as a reviewer needs it; raises HTTPException 404."""
    key = request.path_params["article"]
    article = view.row(_ARTICLE, [key])
    if article is None:
        raise HTTPException(404, "artikel ini tidak ada dalam snapshot yang ditampilkan")
    ref = TextRef(article["url"], article["text_hash"])
    published = labels_of(view.db, [key])[key]
    rows: list[LabelRow] = []
    settings = request.app.state.desk.settings
    if settings.reviews.is_file():
        with LabelReviews(settings.reviews) as file:
            rows = file.history(ref, any_text=True)
    history = tuple(row for row in rows if row.ref == ref)
    stale = tuple(row for row in rows if row.ref != ref and row.counts)
    held = next((row for row in reversed(history) if row.counts), None)
    model = next((row.model for row in reversed(history) if row.model and article["review"]), None)
    model = model or Model(article["model_version"], article["confidence"], published)
    shown = held.labels if held else model.labels
    return Item(article, ref, shown, model, history, stale, pending=is_pending(article, held))


def is_pending(article: Mapping[str, Any], held: LabelRow | None) -> bool:
    """Tell whether what reviewers said last is not what is published."""
    moment = article["reviewed_at"]
    if held is None:
        return bool(article["review"])
    return moment is None or moment != held.decided_at.replace(tzinfo=None)


def pending_articles(request: Request, view: View, articles: Sequence[str]) -> set[str]:
    """Return which of these articles reviewers judged otherwise than they are published."""
    settings = request.app.state.desk.settings
    if not settings.reviews.is_file():
        return set()
    rows = view.rows(_REVIEWED, {"keys": list(articles)})
    with LabelReviews(settings.reviews) as file:
        held = file.held_of([TextRef(row["url"], row["text_hash"]) for row in rows])
    return {
        row["article_id"] for row in rows if is_pending(row, held.get(TextRef(row["url"], row["text_hash"])))
    }


def reading_key(labels: Labels) -> str:
    """Return a fingerprint of the labels that a form was made from."""
    return hashlib.sha256(json.dumps(write_labels(labels), sort_keys=True).encode()).hexdigest()[:16]


_ARTICLE = "SELECT * FROM articles WHERE rowid IN (SELECT rowid FROM articles WHERE article_id = ?)"
_REVIEWED = """
SELECT article_id, url, text_hash, review, reviewed_at FROM articles
WHERE rowid IN (SELECT rowid FROM articles WHERE article_id IN (SELECT unnest($keys)))
"""
