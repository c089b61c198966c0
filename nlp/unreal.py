"""What a text tells that did not happen: what is only staged or invented, and rumours that an authority denies."""

from __future__ import annotations

from nlp.reading import Reading, Sentence

_LEAD = 3  # sentences in which a text says that it tells of a play


def is_staged(reading: Reading) -> bool:
    """Tell whether a text tells of a simulation, a mock trial or a work of fiction, and of who plays a part in it."""
    lead = (reading.title, *reading.sentences[:_LEAD])
    if not any("semu:peragaan" in sentence.cues for sentence in lead):
        return False
    return any("semu:peran" in sentence.cues for sentence in _all(reading))


def is_denied(reading: Reading, sentence: Sentence) -> bool:
    """Tell whether a sentence repeats a rumour that an authority denies or a claim that was checked: no charge.

    "Polres membantah kabar bahwa X jadi tersangka" is one; "X membantah kabar itu" is the answer to a charge.
    """
    if "semu:klaim" in sentence.cues and any("semu:periksa" in one.cues for one in _all(reading)):
        return True
    denials = [hit.first for hit in sentence.hits if hit.label == "semu:bantahan"]
    return any(hit.label == "semu:pihak" and hit.last <= max(denials, default=0) for hit in sentence.hits)


def _all(reading: Reading) -> tuple[Sentence, ...]:
    return (reading.title, *reading.sentences)
