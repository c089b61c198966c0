"""Trains the forests that choose an event's date and place, on the annotated corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier

from nlp.corpus import Row, groups
from nlp.dates import find_dates
from nlp.event_dates import date_features
from nlp.event_places import place_features
from nlp.events import KINDS, best, duel_rows, winner
from nlp.forest import Forest
from nlp.records import Mention
from nlp.scene import Scene

FOLDS = 5
_TREES = 120
_DUEL_TREES = 80
Rows = Mapping[str, list[float]]


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one article with their features, and the right one."""

    id: str
    rows: Rows
    right: str


def train_events(rows: Sequence[Row], out: Path, later: Sequence[Row] = ()) -> dict[str, float]:
    """Write the forests for dates and places to `out`; return the share of right choices.

    The shares are those of articles held out in five folds, the tellings of one event in one fold. The `later`
    articles follow the guideline more strictly than `rows`: the lowest unit named for the act is its place.
    """
    fold_of = _folds([*rows, *later])
    dates = [e for row in (*rows, *later) if (e := date_example(row))]
    places = [e for row in (*rows, *later) if (e := place_example(row))]
    out.mkdir(parents=True, exist_ok=True)
    arrays = (
        fit(dates).arrays("dates") | fit(places, leaf=2).arrays("places") | fit_duels(places).arrays("duels")
    )
    small = {name: _small(array) for name, array in arrays.items()}
    with (out / "forests.npz").open("wb") as file:
        np.savez_compressed(file, **small)  # type: ignore[arg-type]
    said_dates = _held_out(dates, fold_of, lambda kept: partial(best, fit(kept)))
    said_places = _held_out(places, fold_of, lambda kept: partial(winner, fit(kept, leaf=2), fit_duels(kept)))
    return {
        "event date exact": _share(said_dates, str.__eq__),
        "event place exact": _share(said_places, str.__eq__),
        "event place, regency": _share(said_places, lambda said, right: said[:5] == right[:5]),
    }


def scene_of(row: Row) -> Scene:
    """Return the scene of an annotated article: its own spans, the dates as the product finds them."""
    published = datetime.fromisoformat(row.published) if row.published else None
    marked = [
        Mention(s.label, s.start, s.end, s.text, code=s.code, codes=(s.code,) if s.code else ())
        for s in row.spans
        if s.label not in ("ev", "date")
    ]
    return Scene(row.text, [*marked, *find_dates(row.text, published)], row.title)


def kind_number(row: Row) -> int:
    """Return the number of the row's kind; an article that also tells of a case counts as one of a case."""
    return 0 if "mixed" in row.flags else KINDS.index(row.kind)


def date_example(row: Row) -> Example | None:
    """Return the dates of an article as candidates, None where it has no event date."""
    published = datetime.fromisoformat(row.published).date() if row.published else None
    if not row.event_date:
        return None
    return Example(row.id, date_features(scene_of(row), kind_number(row), published), row.event_date)


def place_example(row: Row) -> Example | None:
    """Return the places of an article as candidates, None where it has no event place."""
    if not row.event_place:
        return None
    features = place_features(scene_of(row), kind_number(row), row.event_date or None)
    return Example(row.id, features, row.event_place)


def fit(examples: Sequence[Example], leaf: int = 3) -> Forest:
    """Return a forest that scores the right candidate high; texts with one candidate teach nothing.

    `leaf` is the least number of rows at a leaf.
    """
    useful = [e for e in examples if e.right in e.rows and len(e.rows) > 1]
    features = np.asarray([row for e in useful for row in e.rows.values()], dtype=np.float32)
    answers = np.asarray([key == e.right for e in useful for key in e.rows])
    return _grown(features, answers, leaf=leaf, trees=_TREES, share=0.5)


def fit_duels(examples: Sequence[Example]) -> Forest:
    """Return a forest that tells of two places of a text whether the first is the right one."""
    right: list[list[float]] = []
    wrong: list[list[float]] = []
    for example in examples:
        others = [row for key, row in example.rows.items() if key != example.right]
        if example.right in example.rows:
            right += [example.rows[example.right]] * len(others)
            wrong += others
    winners, losers = np.asarray(right, dtype=np.float32), np.asarray(wrong, dtype=np.float32)
    features = np.concatenate([duel_rows(winners, losers), duel_rows(losers, winners)])
    answers = np.arange(len(features)) < len(winners)
    return _grown(features, answers, leaf=2, trees=_DUEL_TREES, share=0.3)


def _grown(
    features: NDArray[np.float32], answers: NDArray[np.bool_], *, leaf: int, trees: int, share: float
) -> Forest:
    model = ExtraTreesClassifier(
        n_estimators=trees, min_samples_leaf=leaf, max_features=share, random_state=0, n_jobs=1
    )
    model.fit(features, answers)
    return _planted(model)


def _planted(model: ExtraTreesClassifier) -> Forest:
    """Return the trees of a fitted model as one table of nodes."""
    trees = [estimator.tree_ for estimator in model.estimators_]
    offsets = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]
    shifted = list(zip(trees, offsets, strict=True))
    return Forest(
        roots=offsets.astype(np.int32),
        feature=np.concatenate([tree.feature for tree in trees]).astype(np.int16),
        threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float32),
        left=np.concatenate([tree.children_left + at for tree, at in shifted]).astype(np.int32),
        right=np.concatenate([tree.children_right + at for tree, at in shifted]).astype(np.int32),
        value=np.concatenate([_yes(tree.value) for tree in trees]).astype(np.float32),
    )


def _yes(value: NDArray[np.float64]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = value[:, 0, 1] / value[:, 0, :].sum(axis=1)
    return share


def _small(array: NDArray[np.float32]) -> NDArray[np.float32]:
    return array.astype(np.float16) if array.dtype == np.float32 and array.max() <= 1 else array


def _folds(rows: Sequence[Row]) -> dict[str, int]:
    named = groups(rows)
    order = {name: number for number, name in enumerate(sorted(set(named.values())))}
    return {row.id: order[named[row.id]] % FOLDS for row in rows}


def _held_out(
    examples: Sequence[Example],
    fold_of: Mapping[str, int],
    teach: Callable[[Sequence[Example]], Callable[[Rows], str | None]],
) -> list[tuple[str, str]]:
    """Return (chosen, right) of every example, chosen by what the other folds taught."""
    pairs: list[tuple[str, str]] = []
    for number in range(FOLDS):
        choose = teach([e for e in examples if fold_of[e.id] != number])
        pairs += [(choose(e.rows) or "", e.right) for e in examples if fold_of[e.id] == number]
    return pairs


def _share(pairs: Sequence[tuple[str, str]], same: Callable[[str, str], bool]) -> float:
    return round(sum(same(*pair) for pair in pairs) / max(1, len(pairs)), 4)
