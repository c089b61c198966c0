"""Fits the linear models of the judge: vocabulary from named features, weights by logistic regression."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.linear import BLOCKS, Features, Linear, Vocabulary


def fit_vocabulary(
    rows: Sequence[Features], *, least: int = 2, most: int = 60_000, text_weight: float = 1.0
) -> Vocabulary:
    """Return the features that at least `least` rows have (of the words at most `most`), with their factors."""
    seen: Counter[str] = Counter()
    squares: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        for name, value in row.items():
            seen[name] += 1
            if not name.startswith(BLOCKS):
                squares[name] += value * value
    words = [name for name, n in seen.items() if name.startswith(BLOCKS) and n >= least]
    words = sorted(words, key=lambda name: (-seen[name], name))[:most]
    dense = sorted(name for name, n in seen.items() if not name.startswith(BLOCKS) and n >= least)
    factors = [math.log((1 + len(rows)) / (1 + seen[name])) + 1 for name in words]
    factors += [1 / max(1e-3, math.sqrt(squares[name] / seen[name])) for name in dense]
    columns = {name: column for column, name in enumerate([*words, *dense])}
    return Vocabulary(columns, factors, text_weight)


def matrix(vocabulary: Vocabulary, rows: Sequence[Features]) -> csr_matrix:
    """Return the rows as a sparse matrix over the vocabulary."""
    pointers = [0]
    columns: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    for row in rows:
        at, value = vocabulary.vector(row)
        columns.append(at)
        values.append(value)
        pointers.append(pointers[-1] + len(at))
    shape = (len(rows), len(vocabulary.columns))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), pointers), shape=shape)


def fit_one(
    rows: Sequence[Features],
    labels: Sequence[str],
    *,
    c: float = 1.0,
    weights: Sequence[float] | None = None,
    least: int = 2,
    most: int = 60_000,
    text_weight: float = 1.0,
) -> Linear:
    """Return a model that gives each row one of the labels."""
    vocabulary = fit_vocabulary(rows, least=least, most=most, text_weight=text_weight)
    if len(set(labels)) == 1:
        return _constant(vocabulary, labels[0])
    # liblinear is several times faster than lbfgs on two classes of wide, sparse rows
    solver = "liblinear" if len(set(labels)) == 2 else "lbfgs"
    model = LogisticRegression(C=c, solver=solver, max_iter=1000, tol=1e-3)
    model.fit(matrix(vocabulary, rows), list(labels), sample_weight=weights)
    classes = tuple(str(name) for name in model.classes_)
    return Linear(vocabulary, classes, model.coef_.astype(np.float32), model.intercept_.astype(np.float32))


def _constant(vocabulary: Vocabulary, label: str) -> Linear:
    """Return a model for labels that are all the same, as a small corpus may have: it says that label."""
    weights = np.zeros((1, len(vocabulary.columns)), dtype=np.float32)
    if label in ("y", "n"):
        return Linear(
            vocabulary, ("n", "y"), weights, np.asarray([9.0 if label == "y" else -9.0], dtype=np.float32)
        )
    return Linear(vocabulary, (label,), weights, np.zeros(1, dtype=np.float32))


def fit_several(
    rows: Sequence[Features],
    labels: Sequence[set[str]],
    weights: Sequence[float] | None = None,
    *,
    c: float = 10.0,
    most: int = 30_000,
    text_weight: float = 1.0,
    dual: bool = True,
) -> Linear:
    """Return a model that decides each label alone; one without labels where there are no rows.

    `dual` is three times as fast for few rows of many words; for many rows it does not converge.
    """
    if not rows:
        nothing = np.zeros(0, dtype=np.float32)
        return Linear(Vocabulary({}, [], 1.0), (), nothing.reshape(0, 0), nothing, several=True)
    vocabulary = fit_vocabulary(rows, most=most, text_weight=text_weight)
    table = matrix(vocabulary, rows)
    classes = sorted(set().union(*labels))
    coefficients: list[NDArray[np.float64]] = []
    bias: list[float] = []
    for name in classes:
        right = [name in label for label in labels]
        if all(right):
            coefficients.append(np.zeros(len(vocabulary.columns)))
            bias.append(9.0)
            continue
        model = LogisticRegression(
            C=c, solver="liblinear", dual=dual, tol=1e-4 if dual else 1e-2, max_iter=1000
        )
        model.fit(table, right, sample_weight=weights)
        coefficients.append(model.coef_[0])
        bias.append(float(model.intercept_[0]))
    return Linear(
        vocabulary,
        tuple(classes),
        np.asarray(coefficients, dtype=np.float32).reshape(len(classes), len(vocabulary.columns)),
        np.asarray(bias, dtype=np.float32),
        several=True,
    )
