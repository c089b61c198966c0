"""The figures of trials: the base rate on general news, and judges trained without an event or a writer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.base_rate import measure_base_rate
from nlp.baseline import FIGURES, Baseline
from nlp.corpus import Row, load_corpus, split, test_ids
from nlp.examples import FOLDS, Example
from nlp.figures import (
    Evaluation,
    EvaluationError,
    Figure,
    Reader,
    flatten,
    share_with_interval,
    to_document,
    with_intervals,
)
from nlp.score import score_extract
from nlp.train import may_train
from nlp.trials import (
    calibration_error,
    errors_reviewed,
    judge_folds,
    judge_writers,
    judged_kinds,
    read_trial,
)
from nlp.vectors import read_news

_UNREAD = (
    "mentions",
    "place codes",
    "date values",
    "event place",
    "event date",
    "officials",
)  # not the judge's


def evaluate_trial(
    name: str, model: Reader, *, folder: Path, news: Path | None, resamples: int, version: str
) -> Evaluation:
    """Return the figures of `news`, `folds` or `writers`; raise EvaluationError where the news are missing."""
    train, dev, _ = split(load_corpus(folder), test_ids(folder))
    rows = [*train, *dev]
    if name == "news":
        if news is None:
            raise EvaluationError("news: name the folder of general news with --news")
        return _news(model, news, rows, version)
    texts = []
    if news is not None:
        texts = [f"{one['title']}\n\n{one['body']}" for one in read_news(news) if may_train(one["url"])]
    examples = read_trial(rows, texts)
    known = {row.id for row in rows}
    if name == "writers":
        return _writers(judge_writers(examples, known), rows, version)
    return _folds(judge_folds(examples, known), rows, examples, resamples, version)


def _news(model: Reader, news: Path, rows: list[Row], version: str) -> Evaluation:
    rate = measure_base_rate(model, news, rows)
    figures = {
        "articles without a case": share_with_interval(rate.articles - len(rate.found), rate.articles),
    }
    scores = {
        "documents": rate.articles,
        "articles with a case": len(rate.found),
        "in 1,000": round(1000 * len(rate.found) / max(1, rate.articles), 2),
        "cases": list(rate.found),
    }
    baseline = {"articles without a case": 1 - rate.baseline / max(1, rate.articles)}
    return Evaluation("news", rate.articles, figures, scores, version, baseline)


def _writers(found: Mapping[str, Sequence[tuple[str, str]]], rows: list[Row], version: str) -> Evaluation:
    figures: dict[str, Figure] = {}
    baseline: dict[str, float] = {}
    for writer, kinds in found.items():
        key = f"kind accuracy.{writer}"
        figures[key] = share_with_interval(sum(a == b for a, b in kinds), len(kinds))
        own = [row for row in rows if row.id.startswith(f"{writer}-")]
        events = {event for row in own for event in row.events}
        kept = [row for row in rows if row not in own and not events & set(row.events)]
        said = Baseline(kept).predict(map(to_document, own))
        baseline[key] = sum(said[row.id]["kind"] == row.kind for row in own) / len(own)
    figures["kind accuracy, worst writer"] = min(figures.values(), key=lambda figure: figure.value)
    baseline["kind accuracy, worst writer"] = min(baseline.values())
    return Evaluation("writers", sum(map(len, found.values())), figures, {}, version, baseline)


def _folds(
    predicted: dict[str, dict[str, Any]],
    rows: list[Row],
    examples: Sequence[Example],
    resamples: int,
    version: str,
) -> Evaluation:
    docs = [row.as_gold() for row in rows]
    scores = {k: v for k, v in score_extract(docs, predicted).items() if not k.startswith(_UNREAD)}
    figures = {
        key: figure
        for key, figure in with_intervals(rows, docs, predicted, flatten(scores), resamples).items()
        if not key.startswith(_UNREAD)
    }
    judged = judged_kinds(rows, predicted)
    error, caught = calibration_error(judged), errors_reviewed(judged)
    figures["calibration (1 - expected error)"] = Figure(round(1 - error, 4), 0.0, 1.0)
    figures["errors among the least certain tenth"] = Figure(round(caught, 4), 0.0, 1.0)
    fold = {one.gold.id: one.fold for one in examples if one.weight == 1}
    said: dict[str, dict[str, Any]] = {}
    for number in range(FOLDS):
        kept = [row for row in rows if fold[row.id] != number]
        held = [row for row in rows if fold[row.id] == number]
        said |= Baseline(kept).predict(map(to_document, held)) if kept else {}
    plain = score_extract(docs, said)
    baseline = flatten({key: plain[key] for key in FIGURES})
    return Evaluation("folds", len(rows), figures, scores, version, baseline)
