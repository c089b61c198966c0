"""Evaluation: a model's figures on a split of the corpus, with intervals, held against pinned floors."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from nlp.corpus import CORPUS, Row, load_corpus, split, test_ids
from nlp.dirt import soil_all
from nlp.figures import Evaluation, EvaluationError, Figure, Reader, flatten, to_document, with_intervals
from nlp.score import score_extract
from nlp.several_score import score_several

__all__ = [
    "Evaluation",
    "EvaluationError",
    "Figure",
    "below_floors",
    "evaluate",
    "load_floors",
    "pin_floors",
    "predict",
    "rows_of",
]

SPLITS = ("test", "dev", "dirty", "seeds", "several", "pages", "others", "retold")
TRIALS = ("news", "folds", "writers")  # general news, and judges trained anew
FLOORS = "floors.toml"
_OF_PAGES = ("documents", "missing", "mentions")  # what counts of a page without its beginning too
_RESAMPLES = 200
_SLACK = 0.0005  # figures are rounded to three digits


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

    The dirty split is the test split as careless pages would give it (nlp/dirt.py); of second pages without a
    beginning only the mentions count. `several` are texts that tell several cases and texts that only look so
    (data/corpus/several/test), `pages` articles as messy as real pages are (data/corpus/pages); neither is ever trained
    on. Of the trials `news` reads general articles (folder `news`), `folds` and `writers` train judges anew.
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
    if name == "several":
        told = [asdict(row) for row in rows]
        scores = score_several(told, predicted)
        figures = with_intervals(rows, told, predicted, flatten(scores), resamples, score_several)
        return Evaluation(name, len(rows), figures, scores, version)
    docs = [row.as_gold() for row in rows]
    score = score_extract
    if name == "dirty":
        score = partial(_score_soiled, {row.id: len(row.spans) for row in rows_of("test", folder)})
    scores = score(docs, predicted)
    figures = with_intervals(rows, docs, predicted, flatten(scores), resamples, score)
    beside = _baseline(rows, folder) if name in ("test", "dev") else {}
    return Evaluation(name, len(rows), figures, scores, version, beside)


def _score_soiled(
    spans: Mapping[str, int], docs: Sequence[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the figures of soiled articles; `spans` counts those of each one when clean.

    A second page without a beginning has lost some. It has no kind, case or event of its own.
    """
    whole = [doc for doc in docs if len(doc["spans"]) == spans[doc["id"]]]
    return score_extract(whole, predicted) | {
        key: value for key, value in score_extract(docs, predicted).items() if key in _OF_PAGES
    }


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
    if name == "several":
        return load_corpus(folder / "several" / "test", check=False)
    if name in ("pages", "others", "retold"):
        return load_corpus(folder / name)
    _, dev, test = split(load_corpus(folder), test_ids(folder))
    if name == "dirty":
        soiled = soil_all(test, seed="test")
        return [replace(row, text=one.text, spans=one.spans) for row, one in zip(test, soiled, strict=True)]
    return dev if name == "dev" else test


def predict(rows: Sequence[Row], model: Reader) -> dict[str, dict[str, Any]]:
    """Return the model's extractions by id, as `wartawas extract --json` prints them."""
    return {one.id: one.as_dict() for one in model.extract_many(map(to_document, rows))}


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
