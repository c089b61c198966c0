"""What kind of document it is: features over words, cues and the sentences that assert an act."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from nlp.linear import char_features, word_features
from nlp.reading import Reading

_QUOTED = re.compile(r'["\u201c][^"\u201d]*["\u201d]')
_OWN = re.compile(r"\b(?:saya|kita|aku|penulis)\b")
_COLUMN = re.compile(r"(?i)\b(?:opini|kolom|surat pembaca|tajuk|editorial|catatan|esai)\b")
_SWITCHES = ("modality:decisive", "modality:blocking")  # count in a sentence, not in a document
_LABELS = ("kind:", "anti:", "modality:", "stage:", "election", "source:", "outcome:", "topic:")

_PARTS = {"w:": "words", "t:t": "words", "t:l": "words", "c:": "pieces", "t:~": "pieces", "d:": "cues"}
VIEWS = {"words": 3.0, "pieces": 3.0, "cues": 0.5}  # each with the C of its model
_SHARPEN = 1.4  # three views that agree are surer than each of them; chosen for calibration


def kind_views(features: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the features by view: words, pieces of words, cues. Three models that see one each err differently."""
    views: dict[str, dict[str, float]] = {view: {} for view in VIEWS}
    for name, value in features.items():
        views[_PARTS[name[: 3 if name.startswith("t:") else 2]]][name] = value
    return views


def agree(chances: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the probability of each kind on which several models agree: their geometric mean, sharpened."""
    logs = {
        kind: _SHARPEN * sum(math.log(said[kind] + 1e-6) for said in chances) / len(chances)
        for kind in chances[0]
    }
    most = max(logs.values())
    powers = {kind: math.exp(log - most) for kind, log in logs.items()}
    total = sum(powers.values())
    return {kind: power / total for kind, power in powers.items()}


def kind_features(reading: Reading, asserted: Sequence[float]) -> dict[str, float]:
    """Return the features of a document; `asserted` gives each sentence's probability to assert an act."""
    title = [word.text for word in reading.title.words]
    lead = [word.text for sentence in reading.sentences[:2] for word in sentence.words]
    body = [word.text for sentence in reading.sentences for word in sentence.words]
    features = word_features(title + body)
    features.update(word_features(title, prefix="t:t:"))
    features.update(word_features(lead, prefix="t:l:"))
    features.update(char_features(title + lead, prefix="t:~"))
    features.update(char_features(title + body, sizes=(3, 5)))
    features.update(_cue_counts(reading))
    ranked = sorted(asserted, reverse=True)
    for at, value in enumerate(ranked[:3]):
        features[f"d:assert {at}"] = value
        features[f"d:logit {at}"] = math.log(max(value, 1e-4) / max(1 - value, 1e-4)) / 3 + 3
    features["d:assert lead"] = max(asserted[:3], default=0.0)
    features["d:assert sum"] = min(5.0, sum(asserted))
    features.update(_voice(reading))
    features.update(_best_sentence(reading, asserted))
    return features


def _best_sentence(reading: Reading, asserted: Sequence[float]) -> dict[str, float]:
    """Return what the surest sentence is about, and whether an election is named in it, beside it and at all."""
    features: dict[str, float] = {}
    lead = (reading.title, *reading.sentences[:2])
    features["d:election nowhere"] = float(
        not any("election" in s.cues for s in (reading.title, *reading.sentences))
    )
    features["d:election late"] = float(not any("election" in sentence.cues for sentence in lead))
    if asserted:
        at = max(range(len(asserted)), key=lambda place: asserted[place])
        best = reading.sentences[at]
        around = reading.sentences[max(0, at - 1) : at + 2]
        features["d:best election"] = float("election" in best.cues)
        features["d:best near election"] = float(any("election" in sentence.cues for sentence in around))
        features["d:best acts"] = max(best.acts.values(), default=0) / 3 * asserted[at]
        features["d:best place"] = at / len(asserted)
        for label in best.cues:
            if label.startswith(("modality:", "topic:")):
                features["d:best " + label] = asserted[at]
    return features


def _cue_counts(reading: Reading) -> dict[str, float]:
    total: Counter[str] = Counter()
    for sentence in reading.sentences:
        total.update(sentence.cues)
    lead: Counter[str] = Counter()
    for sentence in reading.sentences[:2]:
        lead.update(sentence.cues)
    features: dict[str, float] = {}
    parts = (("d:", total), ("d:lead ", lead), ("d:title ", reading.title.cues))
    for prefix, counts in parts:
        for label, n in counts.items():
            if label.startswith(_LABELS) and label not in _SWITCHES:
                features[prefix + label] = math.log1p(n)
        for group in ("type:", "trap:", "stage:"):
            features[prefix + group] = math.log1p(
                sum(n for label, n in counts.items() if label.startswith(group))
            )
    return features


def flag_features(reading: Reading, asserted: Sequence[float]) -> dict[str, float]:
    """Return the features that tell a case beside the subject (mixed) and an opinion: no words, few examples."""
    features = {
        name: value for name, value in _cue_counts(reading).items() if "topic:" in name or "kind:" in name
    }
    ranked = sorted(range(len(asserted)), key=lambda at: -asserted[at])
    for place, at in enumerate(ranked[:2]):
        features[f"d:assert {place}"] = asserted[at]
        features[f"d:logit {place}"] = math.log(max(asserted[at], 1e-4) / max(1 - asserted[at], 1e-4)) / 3 + 3
        features[f"d:late {place}"] = float(at > 2) * asserted[at]
        features[f"d:lead {place}"] = float(at <= 1) * asserted[at]
        for label in reading.sentences[at].cues:
            if label.startswith("modality:") and place == 0:
                features["d:best " + label] = asserted[at]
    return features | _voice(reading)


def _voice(reading: Reading) -> dict[str, float]:
    """Return how much the writer speaks for himself: first persons outside quotations, a column's name in the title."""
    outside = _QUOTED.sub(" ", reading.document.text.lower())
    own = len(_OWN.findall(outside))
    column = float(bool(_COLUMN.search(reading.document.title or "")))
    return {"d:own voice": math.log1p(own), "d:own voice often": float(own >= 4), "d:column": column}
