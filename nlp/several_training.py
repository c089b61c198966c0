"""Trains the model that tells where a text goes over to another case."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.corpus import Row
from nlp.examples import Example
from nlp.fitting import fit_one
from nlp.linear import Linear
from nlp.reading import Reading
from nlp.turns import Acts


def fit_another(cases: Sequence[Example]) -> Linear:
    """Return the model of act sentences that begin another case than the act before them."""
    rows: list[dict[str, float]] = []
    labels: list[str] = []
    for one in cases:
        if one.suspicion is None:
            continue
        acts = Acts(one.reading, one.asserted, one.cast, one.suspicion)
        before = acts.places[:1]
        for at, features in acts.turns():
            told = [_case_at(one.gold, one.reading, place) for place in (before[0], at)]
            rows.append(features)
            labels.append("y" if told[0] != told[1] and 0 not in told else "n")
            before = [at]
    return fit_one(rows, labels, c=0.3)


def _case_at(row: Row, reading: Reading, at: int) -> int:
    """Return the number of the case of which sentence `at` tells: that of the last evidence up to its end."""
    end = reading.sentences[at].end
    proofs = [span for span in row.spans if span.label == "ev" and span.start < end]
    return (proofs[-1].case or 1) if proofs else 0
