"""How far a case has come: features over the stage, outcome and source cues of a text, modality told apart."""

from __future__ import annotations

import math
from collections import Counter

from nlp.linear import word_features
from nlp.reading import Reading, Sentence

_GROUPS = ("stage:", "notstage:", "outcome:", "source:", "forum:", "topic:perkara")
_PLANS = ("modality:future", "modality:hypothetical", "modality:prohibited_or_advised")


def handling_features(reading: Reading, chosen: set[int]) -> dict[str, float]:
    """Return the features from which stage, outcome and source are read; `chosen` are the evidence sentences."""
    title = [word.text for word in reading.title.words]
    features: dict[str, float] = {}
    _add(features, title, "t", 2)
    lead = [word.text for sentence in reading.sentences[:3] for word in sentence.words]
    _add(features, lead, "l", 2)
    body = [word.text for sentence in reading.sentences for word in sentence.words]
    _add(features, body, "b", 2)
    for at in chosen:
        _add(features, [word.text for word in reading.sentences[at].words], "e", 2)
    _cues(features, "title", [reading.title])
    _cues(features, "lead", list(reading.sentences[:3]))
    _cues(features, "body", list(reading.sentences))
    _cues(features, "end", list(reading.sentences[-4:]))
    return features


def _add(features: dict[str, float], texts: list[str], where: str, longest: int) -> None:
    for name, n in word_features(texts, longest=longest).items():
        features[f"w:{where}:{name[2:]}"] = features.get(f"w:{where}:{name[2:]}", 0.0) + n


def _cues(features: dict[str, float], where: str, sentences: list[Sentence]) -> None:
    done: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    for sentence in sentences:
        plan = any(name in sentence.cues for name in _PLANS)
        for label in sentence.cues:
            if label.startswith(_GROUPS):
                (planned if plan else done)[label] += 1
    for label, n in done.items():
        features[f"h:{where} {label}"] = math.log1p(n)
    for label, n in planned.items():
        features[f"h:{where} plan {label}"] = math.log1p(n)
