"""Trials that train anew: the judge on articles, events and writers that its training left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import Any

from nlp.contrast import contrasts_of
from nlp.corpus import CORPUS, Row
from nlp.examples import FOLDS, Example, choose_news, load_more, read_examples, with_field_twice
from nlp.judge import Judge
from nlp.judge_training import fit_judge, fit_noted, note_asserted
from nlp.limits import Limits

BINS = 5
REVIEWED = 0.1  # the share of documents that a reviewer looks at, least certain first


def read_trial(rows: Sequence[Row], news: Sequence[str]) -> list[Example]:
    """Return everything that the judge trains on, read once; only the articles of `rows` are to be scored."""
    contrasts = list(contrasts_of(CORPUS / "judge"))
    return read_examples(rows, choose_news(news), contrasts=contrasts, more=load_more())


def judge_folds(examples: Sequence[Example], scored: set[str]) -> dict[str, dict[str, Any]]:
    """Return what judges trained without its fold (hence its event) say of each article in `scored`, by id."""
    predicted: dict[str, dict[str, Any]] = {}
    for number in range(FOLDS):
        judge = Judge(fit_judge([one for one in examples if one.fold != number]), Limits(), "")
        for one in examples:
            if one.fold == number and one.weight == 1 and one.gold.id in scored:
                judgement = judge.judge_reading(one.reading, one.officials)
                predicted[one.gold.id] = asdict(judgement) | {"id": one.gold.id}
    return predicted


def judge_writers(examples: Sequence[Example], scored: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Return (kind, what a judge says that read nothing of the writer or of his events) of each article, by writer.

    Which sentences of the other writers' articles assert an act is noted once, not anew for each writer: the judge
    of each still reads the writer's own sentences with a model that saw none of them.
    """
    note_asserted(examples)
    own: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        if one.weight == 1 and one.gold.id in scored:
            own[one.gold.id.split("-")[0]].append(one)
    found: dict[str, list[tuple[str, str]]] = {}
    for writer, articles in sorted(own.items()):
        events = {event for one in articles for event in one.gold.events}
        kept = [one for one in examples if not (one.row and _shared(one.row, writer, events))]
        judge = Judge(fit_noted(with_field_twice(kept)), Limits(), "")
        found[writer] = [(one.gold.kind, _kind(judge, one)) for one in articles]
    return found


def _shared(row: Row, writer: str, events: set[str]) -> bool:
    return row.id.startswith(f"{writer}-") or bool(events & set(row.events))


def _kind(judge: Judge, one: Example) -> str:
    return judge.choose_kind(judge.kind_chances(one.reading, judge.assert_sentences(one.reading)))


def calibration_error(judged: Sequence[tuple[float, bool]], bins: int = BINS) -> float:
    """Return the expected calibration error of (confidence, right) over bins of equal mass."""
    ordered = sorted(judged, key=itemgetter(0))
    error = 0.0
    for number in range(bins):
        part = ordered[number * len(ordered) // bins : (number + 1) * len(ordered) // bins]
        if part:
            sure = sum(confidence for confidence, _ in part) / len(part)
            right = sum(hit for _, hit in part) / len(part)
            error += abs(sure - right) * len(part) / len(ordered)
    return error


def errors_reviewed(judged: Sequence[tuple[float, bool]], share: float = REVIEWED) -> float:
    """Return which share of the errors stands among the least certain `share` of (confidence, right)."""
    ordered = sorted(judged, key=itemgetter(0))
    wrong = [at for at, (_, right) in enumerate(ordered) if not right]
    return sum(at < share * len(ordered) for at in wrong) / len(wrong) if wrong else 1.0


def judged_kinds(rows: Sequence[Row], predicted: Mapping[str, Mapping[str, Any]]) -> list[tuple[float, bool]]:
    """Return (confidence, whether it is right) of the kind of each article."""
    return [
        (float(one["confidence"]), one["kind"] == row.kind) for row in rows if (one := predicted.get(row.id))
    ]
