"""What an evaluation is made of: figures with their intervals, and what a model may see of an article."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from nlp import corpus
from nlp.corpus import Row
from nlp.records import Document, Extraction
from nlp.score import score_extract

_INTERVAL = (0.025, 0.975)


class EvaluationError(ValueError):
    """What was asked can't be evaluated; the message says what is missing."""


class Reader(Protocol):
    """What evaluation needs of a model: extraction of documents in the order given."""

    def extract_many(self, docs: Iterable[Document], batch: int = 64) -> Iterable[Extraction]:
        """Return one extraction a document."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A score between 0 and 1 (more is better) with its bootstrap 95 % interval over groups of articles."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one split: `figures` by dotted name, `scores` the scorer's own tables.

    `baseline` gives what TF-IDF with logistic regression over words reaches on the same articles.
    """

    split: str
    documents: int
    figures: Mapping[str, Figure]
    scores: Mapping[str, Any]
    model: str
    baseline: Mapping[str, float] = field(default_factory=dict)


def to_document(row: Row) -> Document:
    """Return what a model may see of an annotated article."""
    published = datetime.fromisoformat(row.published) if row.published else None
    return Document(
        id=row.id, text=row.text, title=row.title or None, published=published, outlet=row.outlet or None
    )


def flatten(scores: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures between 0 and 1 of a table of scores by dotted name; more is better.

    A precision-recall table counts by its F1, "3/4" by its quotient; false cases turn into their absence.
    """
    out: dict[str, float] = {}
    for key, value in scores.items():
        if isinstance(value, Mapping):
            inner = {"": value["f1"]} if "f1" in value else {f".{k}": v for k, v in flatten(value).items()}
            out |= {f"{key}{k}": float(v) for k, v in inner.items()}
        elif isinstance(value, str) and "/" in value:
            part, _, whole = value.partition("/")
            share = int(part) / int(whole) if int(whole) else 1.0
            out[key] = 1 - share if key.startswith("false") else share
        elif key not in ("documents", "missing", "cases a document"):
            out[key] = float(value)
    return out


def with_intervals(
    rows: Sequence[Row],
    docs: Sequence[Mapping[str, Any]],
    predicted: Mapping[str, Mapping[str, Any]],
    figures: Mapping[str, float],
    resamples: int,
    score: Callable[[Any, Any], Mapping[str, Any]] = score_extract,
) -> dict[str, Figure]:
    """Return the figures of `score` with intervals: groups of articles (tellings of one event) are drawn anew."""
    clusters: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    named = corpus.groups(rows)
    for row, doc in zip(rows, docs, strict=True):
        clusters[named[row.id]].append(doc)
    groups = list(clusters.values())
    rng = random.Random(0)  # noqa: S311 - the interval must be repeatable
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(resamples):
        sample = [doc for group in rng.choices(groups, k=len(groups)) for doc in group]
        for key, value in flatten(score(sample, predicted)).items():
            drawn[key].append(value)
    return {key: Figure(round(value, 4), *_bounds(drawn[key], value)) for key, value in figures.items()}


def _bounds(values: list[float], value: float) -> tuple[float, float]:
    ordered = sorted(values) or [value]
    low, high = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in _INTERVAL)
    return round(low, 4), round(high, 4)


def share_with_interval(hits: int, of: int) -> Figure:
    """Return hits / of with its 95 % Wilson interval: a bootstrap says nothing where all or none hit."""
    if not of:
        return Figure(1.0, 0.0, 1.0)
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Figure(round(share, 5), round(max(0.0, middle - reach), 5), round(min(1.0, middle + reach), 5))
