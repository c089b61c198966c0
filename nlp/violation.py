"""Which types a document is about: features of each (document, type) pair for one model over all types.

A pair's features say how strongly acts.toml, the cues and the accused speak for the type, and where. Because all
types share one model, a type with five examples is judged as well as one with fifty.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from nlp.acts import load_acts
from nlp.linear import char_features, odds, word_features
from nlp.reading import Reading, Sentence
from nlp.taxonomy import load_taxonomy

_ACT = re.compile(r"v:(?:[etl] |all|share)|v:.*\+e$")  # features that acts.toml and the cues give


def type_words(reading: Reading, chosen: Sequence[int]) -> dict[str, float]:
    """Return the words from which the type is read: title and evidence, else title and lead.

    Words and their pieces only: what acts.toml knows of them is weighed by the model over pairs, and a model that
    does not lean on it judges words that the file lacks.
    """
    picked = [reading.sentences[at] for at in chosen] or list(reading.sentences[:3])
    sentences = [[word.text for word in sentence.words] for sentence in (reading.title, *picked)]
    features: dict[str, float] = {}
    for words in sentences:
        for name, n in word_features(words).items():
            features[name] = features.get(name, 0.0) + n
    features.update(char_features((word for words in sentences for word in words), sizes=(3, 5)))
    return features


def pair_features(
    reading: Reading,
    chosen: Sequence[int],
    categories: Mapping[str, float],
    text: Mapping[str, float],
) -> dict[str, dict[str, float]]:
    """Return the features of every type that anything speaks for, by type.

    `chosen` are the evidence sentences, `categories` the likely categories of the accused with their probability,
    `text` the probability of each type by its words alone. A case is of no type whose words
    acts.toml calls needed and it lacks.
    """
    evidence = [reading.sentences[at] for at in chosen]
    said = {label[5:] for s in (reading.title, *evidence) for label in s.cues if label.startswith("kata:")}
    lead = list(reading.sentences[:3])
    total = _strengths(reading.sentences)
    size = max(1, len(reading.sentences))
    best = {"e": _best(evidence), "t": dict(reading.title.acts), "l": _best(lead)}
    tops = {where: max(weights.values(), default=1) for where, weights in best.items()}
    pairs: dict[str, dict[str, float]] = {}
    for row in load_taxonomy().types.values():
        if chosen and not load_acts().allow(row.id, said):
            continue
        features: dict[str, float] = {}
        for where, weights in best.items():
            weight = weights.get(row.id, 0)
            if weight:
                features[f"v:{where} {weight}"] = 1.0
                features[f"v:{where} top"] = float(weight == tops[where])
                features[f"v:{where} alone"] = float(len(weights) == 1)
        features["v:all"] = total.get(row.id, 0.0) / 3
        features["v:share"] = total.get(row.id, 0.0) / (3 * math.sqrt(size))
        for where, sentences in (("e", evidence), ("t", [reading.title]), ("l", lead)):
            features[f"v:{where} cue"] = float(any(f"type:{row.id}" in s.cues for s in sentences))
            features[f"v:{where} trap"] = float(any(f"trap:{row.id}" in s.cues for s in sentences))
        who = max(
            (p for c, p in categories.items() if c in row.actors or c.split(".")[0] in row.actors),
            default=0.0,
        )
        features["v:actor"] = who
        features["v:actor+e"] = who * float(row.id in best["e"])
        chance = text.get(row.id, 0.0)
        features["v:text"] = odds(chance)
        speaks = (
            any(row.id in weights for weights in best.values())
            or features["v:all"]
            or chance > 0.02
            or who > 0.3
        )
        if not speaks:
            continue
        parent = float(row.parent == "netralitas")
        features["v:actor+netralitas"] = who * parent
        features[f"v:type {row.id}"] = 1.0
        features[f"v:type {row.id}+actor"] = who
        features[f"v:type {row.id}+e"] = float(best["e"].get(row.id, 0) >= 2)
        pairs[row.id] = {name: value for name, value in features.items() if value}
    return pairs


def without_acts(features: Mapping[str, float]) -> dict[str, float]:
    """Return a pair's features as if acts.toml knew nothing of the text: for training on words it lacks."""
    return {name: value for name, value in features.items() if not _ACT.match(name)}


def _best(sentences: Sequence[Sentence]) -> dict[str, int]:
    best: dict[str, int] = {}
    for sentence in sentences:
        for kind, weight in sentence.acts.items():
            best[kind] = max(weight, best.get(kind, 0))
    return best


def _strengths(sentences: Sequence[Sentence]) -> dict[str, float]:
    total: dict[str, float] = {}
    for sentence in sentences:
        for kind, weight in sentence.acts.items():
            total[kind] = total.get(kind, 0.0) + weight / 2
    return total
