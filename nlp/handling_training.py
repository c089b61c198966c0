"""Trains what is read of a case's handling: the steps that sentences tell, its stage, outcomes and source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from nlp import jointly
from nlp.examples import MADE_WEIGHT, Example, each_fold, outcomes_of, pairs_unseen, words_unseen
from nlp.fitting import fit_one, fit_several
from nlp.handling import outcome_features, read_steps, source_features, stage_features, stage_words
from nlp.linear import Features, Linear
from nlp.reading import Reading
from nlp.sentence_notes import Note, load_steps
from nlp.told import stage_told, told_features

Models = dict[str, Linear]


def fit_handling(cases: Sequence[Example], made: Sequence[Example]) -> Models:
    """Return the models of a case's handling; `made` are made texts that tell a case.

    Notes in each example what models that did not see it say of its sentences and stage.
    """
    return _fit_told(cases) | _fit_stages(cases, made) | _fit_outcomes(cases, made)


def _fit_told(cases: Sequence[Example]) -> Models:
    """Return the model of what sentences tell; notes in each example what one that did not see it says."""
    notes = load_steps()
    rows = [told_features(one.reading, one.sentences) for one in cases]
    known = [_labels(one.reading, notes[one.gold.id]) if one.gold.id in notes else None for one in cases]

    def fit(at: Sequence[int]) -> Linear:
        learnt = [i for i in at if known[i] is not None]
        return fit_several(
            [features for i in learnt for features in rows[i]],
            [labels for i in learnt for labels in known[i] or ()],
            c=3.0, most=40_000, text_weight=3.0, dual=False,
        )  # fmt: skip

    for kept, held in each_fold(cases):
        model = fit(kept)
        for at in held:
            cases[at].steps = [model.probabilities(features) for features in rows[at]]
    return {"told": fit(range(len(cases)))}


def _labels(reading: Reading, notes: Sequence[Note]) -> list[set[str]]:
    """Return the labels of the title and of each sentence."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for note in notes:
        at = 0
        if note.start >= 0:
            ends = (n for n, sentence in enumerate(reading.sentences, 1) if note.start < sentence.end)
            at = next(ends, len(reading.sentences))
        found[at] |= note.labels
    return [found.get(at, set()) for at in range(len(reading.sentences) + 1)]


def _fit_stages(cases: Sequence[Example], made: Sequence[Example]) -> Models:
    """Return the model over words (which also reads the `made` texts) and the one over pairs for stages."""
    words = [stage_words(one.reading) for one in (*cases, *made)]
    labels = [one.gold.stage for one in (*cases, *made)]
    weights = [1.0] * len(cases) + [MADE_WEIGHT] * len(made)

    def fit_words(at: Sequence[int]) -> Linear:
        kept, names, shares = [words[i] for i in at], [labels[i] for i in at], [weights[i] for i in at]
        return fit_one(kept, names, c=10.0, weights=shares, most=30_000)

    unseen = words_unseen(cases, words, fit_words)
    pairs = [
        stage_features(read_steps(one.reading), text, stage_told(one.steps))
        for one, text in zip(cases, unseen, strict=True)
    ]

    def fit_pairs(at: Sequence[int]) -> Linear:
        rows = [features for i in at for features in pairs[i].values()]
        return fit_one(rows, [_yes(stage == labels[i]) for i in at for stage in pairs[i]], c=0.5)

    for one, chances in zip(cases, pairs_unseen(cases, pairs, fit_pairs), strict=True):
        total = sum(chances.values()) or 1.0
        one.stages = {stage: chance / total for stage, chance in chances.items()}
    return {"stage words": fit_words(range(len(words))), "stage": fit_pairs(range(len(cases)))}


def _fit_outcomes(cases: Sequence[Example], made: Sequence[Example]) -> Models:
    """Return the models for outcomes (words of articles and `made` texts, then pairs) and for the source."""
    words = [stage_words(one.reading) for one in (*cases, *made)]
    golds = [outcomes_of(one.gold) for one in (*cases, *made)]
    labels = [{f"{track}={outcome}" for track, outcome in gold.items()} for gold in golds]
    weights = [1.0] * len(cases) + [MADE_WEIGHT] * len(made)

    def fit_words(at: Sequence[int]) -> Linear:
        kept, names, shares = [words[i] for i in at], [labels[i] for i in at], [weights[i] for i in at]
        return fit_several(kept, names, shares)

    parts = [read_steps(one.reading) for one in cases]
    said = words_unseen(cases, words, fit_words)
    pairs = [
        outcome_features(steps, one.types, one.accused, one.stages, text, one.steps)
        for one, steps, text in zip(cases, parts, said, strict=True)
    ]

    def fit_pairs(at: Sequence[int], pairs: Sequence[Mapping[tuple[str, str], Features]], c: float) -> Linear:
        rows = [features for i in at for features in pairs[i].values()]
        right = [_yes(golds[i].get(track) == value) for i in at for track, value in pairs[i]]
        return fit_one(rows, right, c=c)

    chances = pairs_unseen(cases, pairs, lambda at: fit_pairs(at, pairs, 1.0))
    every = range(len(cases))
    sources = fit_one(
        [source_features(steps) for steps in parts], [one.gold.source_of_case for one in cases], c=0.3
    )
    return {
        "outcome words": fit_words(range(len(words))),
        "outcome": fit_pairs(every, pairs, 1.0),
        "outcome jointly": fit_pairs(every, [jointly.outcome_features(one) for one in chances], 0.2),
        "source": sources,
    }


def _yes(truth: bool) -> str:
    return "y" if truth else "n"
