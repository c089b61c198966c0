"""What each sentence tells of a case's handling, as a model reads it that was trained on sentences annotated for it.

handling.toml knows phrases; new articles say the same in others. The model reads words beside the phrases, and says of
every sentence which step it tells as done, on which track, and with which outcome. What it says of all sentences
together becomes features of each stage and each outcome for the models of `nlp.handling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.evidence import cue_features
from nlp.linear import Features, Linear, odds, word_features
from nlp.reading import Reading, Step, steps_of
from nlp.taxonomy import load_taxonomy

UNSAID = "tidak_disebut"  # the stage of a case whose text tells no step
PLANNED = ("rencana", "ingkar", "lain")  # what a step is that is not done: planned, denied, of another case
_LEAD = 2  # sentences that count as the lead
_HEARD = 0.2  # from which probability on a step is a rival
_LIKELY = 0.4  # from which on it is likely told
Told = list[dict[str, float]]  # of the title and of each sentence


def told_features(reading: Reading, sentences: Sequence[Features]) -> list[dict[str, float]]:
    """Return the features of the title and of each sentence; `sentences` are those of `evidence.sentence_features`."""
    title = word_features([word.text for word in reading.title.words])
    title |= cue_features(reading.title, "s:") | {"s:is title": 1.0}
    rows = [title | _states(steps_of(reading.title), "h:")]
    before: list[Step] = []
    for sentence, features in zip(reading.sentences, sentences, strict=True):
        steps = steps_of(sentence)
        rows.append({**features, **_states(steps, "h:"), **_states(before, "b:")})
        before = steps
    return rows


def _states(steps: Sequence[Step], prefix: str) -> dict[str, float]:
    return {f"{prefix}{step.label} {'lain' if step.other else step.state}": 1.0 for step in steps}


def read_told(model: Linear, reading: Reading, sentences: Sequence[Features]) -> Told:
    """Return the probability of every label of `labels_of` in the title and in each sentence."""
    return [model.probabilities(features) for features in told_features(reading, sentences)]


def labels_of(stage: str, state: str, tracks: Sequence[str], outcome: str) -> set[str]:
    """Return what a sentence is to be read as that tells a step: a stage, its tracks, and what becomes of each."""
    if state in PLANNED:
        return {state}
    labels = {stage} if stage in load_taxonomy().stages else set()
    labels |= {f"jalur:{track}" for track in tracks}
    return labels | {f"{track}={outcome}" for track in tracks if outcome}


@lru_cache(maxsize=1)
def stage_orders() -> dict[str, int]:
    """Return every stage that a case may have, with its order: UNSAID stands before the first step."""
    return {UNSAID: 0, **{stage.id: stage.order for stage in load_taxonomy().stages.values()}}


def stage_told(told: Told) -> dict[str, dict[str, float]]:
    """Return the features of every stage from what the title and the sentences tell."""
    orders = stage_orders()
    tops = {stage: max((one.get(stage, 0.0) for one in told), default=0.0) for stage in orders}
    highest = max(tops.values(), default=0.0)
    pairs: dict[str, dict[str, float]] = {}
    for stage, order in orders.items():
        features = _spread(told, stage)
        lead = max((one.get(stage, 0.0) for one in told[: 1 + _LEAD]), default=0.0)
        above = max((tops[other] for other in orders if orders[other] > order), default=0.0)
        features |= {
            f"z:{stage}": tops[stage],
            f"z:{stage}|silent": 1 - highest,  # that nothing is told speaks for `tidak_disebut` alone
            f"z:{stage} lead": lead,
            "z:above": above,
            "z:beats": float(tops[stage] == highest),
            "z:furthest": float(tops[stage] >= _LIKELY > above),
        }
        rivals = {other: top for other, top in tops.items() if other != stage and top > _HEARD}
        features |= {f"z:{stage}<{other}": top for other, top in rivals.items()}
        pairs[stage] = features
    return pairs


def outcome_told(told: Told, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, float]]:
    """Return the features of every (track, outcome) of `pairs` from what the title and the sentences tell."""
    tops = {pair: max((one.get("=".join(pair), 0.0) for one in told), default=0.0) for pair in pairs}
    found: dict[tuple[str, str], dict[str, float]] = {}
    for track, outcome in pairs:
        top = tops[track, outcome]
        rivals = [other for pair, other in tops.items() if pair[0] == track and pair[1] != outcome]
        walked = max((one.get(f"jalur:{track}", 0.0) for one in told), default=0.0)
        end = "open" if outcome == "belum" else "ended"
        features = _spread(told, f"{track}={outcome}")
        features |= {
            f"z:{outcome}": top,
            f"z:{track}={outcome}": top,
            "z:walked": walked,
            f"z:walked {end}": walked,
            f"z:{track} walked": walked,
            "z:rival": max(rivals, default=0.0),
            f"z:rival {end}": max(rivals, default=0.0),
            "z:beats": float(top == max([top, *rivals])),
        }
        found[track, outcome] = features
    return found


def _spread(told: Told, label: str) -> dict[str, float]:
    """Return how surely a label is told, where, and how often."""
    chances = [one.get(label, 0.0) for one in told] or [0.0]
    silent = 1.0
    for chance in chances:
        silent *= 1 - chance
    top = max(chances)
    return {
        "z:top": odds(top),
        "z:title": odds(chances[0]),
        "z:lead": odds(max(chances[1 : 1 + _LEAD], default=0.0)),
        "z:body": odds(max(chances[1 + _LEAD :], default=0.0)),
        "z:somewhere": 1 - silent,
        "z:times": sum(chances),
        "z:where": chances.index(top) / len(chances),
    }
