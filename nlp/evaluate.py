"""Evaluation: a model's figures on a split of the corpus, with intervals, held against pinned floors."""

from __future__ import annotations

import json
import math
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from nlp import corpus
from nlp.corpus import CORPUS, Row, load_corpus, split, test_ids
from nlp.dirt import soil_all
from nlp.records import Document, Extraction
from nlp.score import score_extract

SPLITS = ("test", "dev", "dirty", "seeds")
TRIALS = ("news", "folds", "writers")  # general news, and judges trained anew
FLOORS = "floors.toml"
_RESAMPLES = 200
_INTERVAL = (0.025, 0.975)
_SLACK = 0.0005  # figures are rounded to three digits


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


def evaluate(
    name: str,
    model: Reader,
    *,
    folder: Path = CORPUS,
    gold: Path | None = None,
    news: Path | None = None,
    resamples: int = _RESAMPLES,
    version: str = "",
) -> Evaluation:
    """Return the model's figures on a split of `folder`; `seeds` needs `gold`, the folder with the seeds.

    The dirty split is the test split as careless pages would give it (nlp/dirt.py); its mentions count. Of the
    trials `news` reads general articles (folder `news`), `folds` and `writers` train judges anew.
    """
    if name in TRIALS:
        from nlp.trial_report import evaluate_trial

        return evaluate_trial(name, model, folder=folder, news=news, resamples=resamples, version=version)
    if name == "seeds":
        from nlp.seeds import score_seeds

        scores = score_seeds(gold, model)
        figures = {key: Figure(value, value, value) for key, value in flatten(scores).items()}
        return Evaluation(name, int(scores["documents"]), figures, scores, version)
    rows = rows_of(name, folder)
    predicted = predict(rows, model)
    docs = [row.as_gold() for row in rows]
    scores = score_extract(docs, predicted)
    if name == "dirty":  # a second page without a beginning has no kind, case or event of its own
        scores = {key: scores[key] for key in ("documents", "missing", "mentions")}
    figures = with_intervals(rows, docs, predicted, flatten(scores), resamples)
    beside = _baseline(rows, folder) if name in ("test", "dev") else {}
    return Evaluation(name, len(rows), figures, scores, version, beside)


def _baseline(rows: Sequence[Row], folder: Path) -> dict[str, float]:
    """Return the figures of the plain yardstick on `rows`, trained on the other articles outside the test split."""
    from nlp.baseline import FIGURES, Baseline

    known = {row.id for row in rows}
    train, dev, _ = split(load_corpus(folder), test_ids(folder))
    trained = [row for row in (*train, *dev) if row.id not in known]
    if not trained:
        return {}
    said = Baseline(trained).predict(map(to_document, rows))
    scores = score_extract([row.as_gold() for row in rows], said)
    return flatten({key: scores[key] for key in FIGURES})


def rows_of(name: str, folder: Path = CORPUS) -> list[Row]:
    """Return the rows of a split; raise EvaluationError for a name that is none."""
    if name not in SPLITS or name == "seeds":
        raise EvaluationError(f"no split {name!r}: name one of {', '.join(SPLITS)}")
    _, dev, test = split(load_corpus(folder), test_ids(folder))
    if name == "dirty":
        soiled = soil_all(test, seed="test")
        return [replace(row, text=one.text, spans=one.spans) for row, one in zip(test, soiled, strict=True)]
    return dev if name == "dev" else test


def to_document(row: Row) -> Document:
    """Return what a model may see of an annotated article."""
    published = datetime.fromisoformat(row.published) if row.published else None
    return Document(
        id=row.id, text=row.text, title=row.title or None, published=published, outlet=row.outlet or None
    )


def predict(rows: Sequence[Row], model: Reader) -> dict[str, dict[str, Any]]:
    """Return the model's extractions by id, as `wartawas extract --json` prints them."""
    return {one.id: one.as_dict() for one in model.extract_many(map(to_document, rows))}


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
) -> dict[str, Figure]:
    """Return the figures with intervals: groups of articles (tellings of one event) are drawn with replacement."""
    clusters: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    named = corpus.groups(rows)
    for row, doc in zip(rows, docs, strict=True):
        clusters[named[row.id]].append(doc)
    groups = list(clusters.values())
    rng = random.Random(0)  # noqa: S311 - the interval must be repeatable
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(resamples):
        sample = [doc for group in rng.choices(groups, k=len(groups)) for doc in group]
        for key, value in flatten(score_extract(sample, predicted)).items():
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


def load_floors(folder: Path = CORPUS) -> dict[str, dict[str, float]]:
    """Return the pinned floor of each figure by split; an absent file pins nothing."""
    path = folder / FLOORS
    if not path.exists():
        return {}
    floors: dict[str, dict[str, float]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return floors


def below_floors(evaluation: Evaluation, floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return the figures that fell below their floor, in words; one that is missing counts as fallen."""
    out = []
    for key, floor in floors.get(evaluation.split, {}).items():
        figure = evaluation.figures.get(key)
        if figure is None or figure.value < floor - _SLACK:
            out.append(f"{key} {figure.value if figure else 'missing'} < {floor}")
    return out


def pin_floors(evaluation: Evaluation, folder: Path = CORPUS, *, lower: bool = False) -> Path:
    """Write the figures as floors; floors only rise, unless `lower` says that they may fall."""
    floors = load_floors(folder)
    old = floors.get(evaluation.split, {})
    new = {key: figure.value for key, figure in evaluation.figures.items()}
    floors[evaluation.split] = {
        key: new[key] if lower or key not in old else max(old[key], new[key]) for key in sorted(new)
    }
    lines = ["# Floors of `wartawas evaluate`: raised by --pin, lowered only by --pin --lower."]
    for name in sorted(floors):
        lines += ["", f"[{name}]"]
        lines += [
            f"{json.dumps(key, ensure_ascii=False)} = {value:.4f}" for key, value in floors[name].items()
        ]
    path = folder / FLOORS
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
