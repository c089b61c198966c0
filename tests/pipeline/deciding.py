"""What a reviewer says of an invented article, kept in a file of reviews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from stories import Pair

from nlp.records import Extraction
from pipeline import ids
from pipeline.article import Article
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.labelling import Labels
from pipeline.reviews import TextRef


def labels_of(found: Extraction) -> Labels:
    return Labels(
        found.kind,
        found.election,
        found.types,
        found.bentuk,
        found.event.date,
        found.event.place,
        found.cases,
    )


def ref_of(article: Article) -> TextRef:
    return TextRef(article.url, ids.text_hash(article))


def verdict(pair: Pair, after: Labels, action: str = "correct", **values: Any) -> Verdict:
    article, found = pair
    shown = labels_of(found)
    plain = Verdict(
        ref_of(article), action, shown, after, Model(found.model_version, found.confidence, shown),  # type: ignore[arg-type]
        reviewer="sari", role="tinjau",
    )  # fmt: skip
    return replace(plain, **values)


def decide(
    reviews: Path, pair: Pair, change: Callable[[Labels], Labels], action: str = "correct", **values: Any
) -> int:
    said = verdict(pair, change(labels_of(pair[1])), action, **values)
    with LabelReviews(reviews) as file:
        return file.decide(said, seen=file.last_row(said.ref))


def with_case(**values: Any) -> Callable[[Labels], Labels]:
    def change(labels: Labels) -> Labels:
        (case,) = labels.cases
        return replace(labels, cases=(replace(case, **values),))

    return change
