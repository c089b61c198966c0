"""Which sentences assert an act: features of a sentence for the classifier trained on evidence sentences."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from nlp.linear import word_features
from nlp.reading import Reading, Sentence, asserts

_CUT = 0.1  # what is left of the chance of a sentence that only forbids, advises, fears or denies
_FIRM = 0.5  # from which probability on a sentence asserts an act though no word group says which
_TELLING = 2  # the weight in acts.toml of an act that a sentence tells
_RIVAL = 0.2  # how sure such a sentence must be, as a share of the surest one
_BLOCKING = ("prohibited_or_advised", "hypothetical", "risk_only", "negated", "future")
_HANDS = re.compile(
    r"(?:Ia|Dia|Beliau|Pelapor(?:nya)?|Mereka)\s+(?:juga |turut |lalu |kemudian |sudah |telah )*"
    r"(?:menyerahkan|membawa|melampirkan|menyertakan|memperlihatkan|menunjukkan)\b"
)
_REPORT_CUES = frozenset(("samping:dari", "samping:pelapor", "samping:saksi"))
_REPORT = re.compile(r"\b(?:melaporkan|mengadukan|melapor|pelapor|pengadu)\b", re.IGNORECASE)
_STOP = frozenset(
    "yang di ke dari dan dengan untuk pada itu ini oleh karena akan atau juga dalam sebagai tidak ada saat".split()
)


def sentence_features(reading: Reading, at: int) -> dict[str, float]:
    """Return the features of sentence `at`: its words, cues, mentions, acts, place in the text, title's words."""
    sentence = reading.sentences[at]
    texts = [word.text for word in sentence.words]
    features = word_features(texts)
    features.update(cue_features(sentence, "s:"))
    features["s:blocked"] = 1 - settled(sentence, 1.0)
    size = len(reading.sentences)
    features["s:first"] = float(at == 0)
    features["s:second"] = float(at == 1)
    features["s:third"] = float(at == 2)
    features["s:position"] = at / size
    features["s:length"] = min(2.0, len(texts) / 25)
    features["s:quote"] = float(sentence.text[:1] in "\"“'”" or "kata" in texts or "ujar" in texts)
    features["s:digits"] = math.log1p(sum(word.isdigit() for word in texts))
    for label, n in sentence.labels.items():
        features[f"s:mention:{label}"] = min(3.0, n)
    shared = _content(reading.title) & _content(sentence)
    features["s:title"] = min(6, len(shared)) / 3
    alike = set(reading.title.acts) & set(sentence.acts)
    features["s:title act"] = float(bool(alike))
    features["s:acts"] = max(sentence.acts.values(), default=0) / 3
    if at:
        features.update({f"p:{k}": v for k, v in modal_features(reading.sentences[at - 1]).items()})
    return features


def settled(sentence: Sentence, chance: float) -> float:
    """Return the probability to assert an act, cut where the sentence forbids, advises, fears or denies instead.

    Modality beats keywords: such a sentence is no evidence, unless it also says that something was done.
    """
    blocked = "modality:blocking" in sentence.cues and not asserts(sentence)
    return chance * _CUT if blocked else chance


def hands_over(reading: Reading, at: int) -> bool:
    """Tell whether whoever reported the case gives proof to the supervisors: "Ia menyerahkan amplop berisi uang"."""
    if not at or not _HANDS.match(reading.sentences[at].text):
        return False
    before = reading.sentences[at - 1]
    return not _REPORT_CUES.isdisjoint(before.cues) or bool(_REPORT.search(before.text))


def lead_with_act(
    reading: Reading, asserted: Sequence[float], chosen: Sequence[int], limit: float
) -> list[int]:
    """Return the evidence led by a sentence that tells an act, where the surest one only tells of its handling.

    The surest stays behind it where its probability reaches `limit`.
    """
    first = chosen[0] if chosen else None
    if first is None or reading.sentences[first].acts or asserted[first] >= _FIRM:
        return list(chosen)
    if not any(hit.label.startswith(("kuat:", "lemah:")) for hit in reading.sentences[first].hits):
        return list(chosen)
    telling = [
        at for at, one in enumerate(reading.sentences) if max(one.acts.values(), default=0) >= _TELLING
    ]
    rival = max(telling, key=lambda at: asserted[at], default=first)
    if asserted[rival] < _RIVAL * asserted[first]:
        return list(chosen)
    return [rival, *(at for at in chosen if at != rival and asserted[at] >= limit)][:3]


def cue_features(sentence: Sentence, prefix: str) -> dict[str, float]:
    """Return the cues of a sentence as features, with its modality crossed with its acts."""
    features = {
        prefix + label: 1.0 for label in sentence.cues if not label.startswith(("kata:", "type:", "trap:"))
    }
    features[prefix + "types"] = min(3, sum(label.startswith("type:") for label in sentence.cues)) / 3
    features[prefix + "traps"] = min(3, sum(label.startswith("trap:") for label in sentence.cues)) / 3
    strong = max(sentence.acts.values(), default=0)
    for name, value in modal_features(sentence).items():
        features[prefix + name] = value
        features[f"{prefix}{name}+act"] = value * strong
    return features


def modal_features(sentence: Sentence) -> dict[str, float]:
    """Return how the sentence speaks: asserted or alleged, and without any word that takes it back."""
    cues: Counter[str] = sentence.cues
    says = float("modality:asserted" in cues or "modality:alleged" in cues)
    blocked = float(any(f"modality:{name}" in cues for name in _BLOCKING))
    return {"says": says, "blocked": blocked, "free": says * (1 - blocked)}


def _content(sentence: Sentence) -> set[str]:
    return {word.text for word in sentence.words if len(word.text) > 3 and word.text not in _STOP}
