"""A second look at types and outcomes: what the first models say of each, seen beside what they say of its rivals.

The first models judge each type, and each outcome of a track, alone. Whether a second type or track counts depends
on how sure the others are: the features of this module tell that, and one more model each weighs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from nlp.linear import odds
from nlp.taxonomy import load_taxonomy

_HEARD = 0.02  # a type that is less likely is no candidate, unless it is the likeliest
_LIKELY = 0.3  # a category of the accused that is taken into account
Outcome = tuple[str, str]


def type_features(chances: Mapping[str, float], accused: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the features of every type that may count; `chances` are the first model's probabilities.

    `accused` gives the probabilities of the categories of the accused.
    """
    rows = load_taxonomy().types
    ranked = sorted(chances, key=lambda kind: -chances[kind])
    pairs: dict[str, dict[str, float]] = {}
    for kind, chance in chances.items():
        if chance < _HEARD and kind != ranked[0]:
            continue
        others = [other for other in ranked if other != kind]
        siblings = [chances[other] for other in others if rows[other].parent == rows[kind].parent]
        strangers = [chances[other] for other in others if rows[other].parent != rows[kind].parent]
        best = chances[others[0]] if others else 0.0
        features = {
            "j:chance": odds(chance),
            "j:share": chance,
            "j:rank": min(4, ranked.index(kind)) / 2,
            "j:top": float(ranked[0] == kind),
            "j:rival": odds(best),
            "j:margin": chance - best,
            "j:sibling": max(siblings, default=0.0),
            "j:above sibling": chance - max(siblings) if siblings else 0.0,
            "j:stranger": max(strangers, default=0.0),
            "j:mass": sum(chances[other] for other in others),
            f"j:{kind}": 1.0,
            f"j:{kind} share": chance,
        }
        for category, likely in accused.items():
            if likely > _LIKELY:
                features[f"j:{kind}|{category}"] = likely
        pairs[kind] = {name: value for name, value in features.items() if value}
    return pairs


def outcome_features(chances: Mapping[Outcome, float]) -> dict[Outcome, dict[str, float]]:
    """Return the features of every (track, outcome); `chances` are the first model's probabilities."""
    totals: dict[str, float] = defaultdict(float)
    best: dict[str, Outcome] = {}
    for pair, chance in chances.items():
        totals[pair[0]] += chance
        if pair[0] not in best or chance > chances[best[pair[0]]]:
            best[pair[0]] = pair
    ranked = sorted(totals, key=lambda track: -totals[track])
    pairs: dict[Outcome, dict[str, float]] = {}
    for (track, outcome), chance in chances.items():
        others = [totals[other] for other in ranked if other != track]
        features = {
            "k:chance": odds(chance),
            "k:total": min(1.5, totals[track]),
            "k:share": chance / (totals[track] or 1.0),
            "k:best": float(best[track] == (track, outcome)),
            "k:rank": ranked.index(track) / 3,
            "k:first": float(ranked[0] == track),
            "k:rival": others[0],
            "k:second rival": others[1],
            "k:mass": sum(others),
            f"k:{track}": 1.0,
            f"k:{track}={outcome}": 1.0,
            f"k:{track} chance": chance,
            f"k:{outcome} chance": chance,
            f"k:{track}={outcome} chance": chance,
        }
        pairs[track, outcome] = {name: value for name, value in features.items() if value}
    return pairs
