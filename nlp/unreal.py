"""What a text tells that did not happen: what is only staged or invented, and rumours that an authority denies."""

from __future__ import annotations

from nlp.reading import Reading, Sentence

_LEAD = 3  # sentences in which a text says that it tells of a play
_OPENING = 4  # words at the beginning of a sentence in which its speaker is named, a dateline before him
_NEAR = 3  # words behind "kata" and the like: "kata anggota Bawaslu"
_SAID = frozenset(
    "kata ujar ucap tutur jelas terang tegas ungkap imbuh papar katanya ujarnya menurut mengatakan menyatakan "
    "menegaskan menyebut membantah mengaku menampik menepis ditegaskan disampaikan dikatakan diungkapkan".split()
)


def is_staged(reading: Reading) -> bool:
    """Tell whether a text tells of a drill, a mock trial or a work of fiction, and not of what happened.

    A drill may be revealed at the end; a play or a novel is named in the lead, with who plays a part in it.
    """
    if any("semu:latihan" in one.cues and "semu:dalih" not in one.cues for one in _all(reading)):
        return True
    lead = (reading.title, *reading.sentences[:_LEAD])
    if not any("semu:peragaan" in sentence.cues for sentence in lead):
        return False
    return any("semu:peran" in sentence.cues for sentence in _all(reading))


def is_denied(reading: Reading, sentence: Sentence) -> bool:
    """Tell whether a sentence repeats a rumour that an authority denies or a claim that was checked: no charge.

    "Polres membantah kabar bahwa X jadi tersangka" is one; "X membantah kabar itu" is the answer to a charge. Who
    is said to spread a rumour is charged with that.
    """
    if "semu:klaim" in sentence.cues and any("semu:periksa" in one.cues for one in _all(reading)):
        return True
    denials = [hit.first for hit in sentence.hits if hit.label == "semu:bantahan"]
    if any(hit.label == "semu:pihak" and hit.last <= max(denials, default=0) for hit in sentence.hits):
        return True
    repeats = "semu:kabar" in sentence.cues or "semu:dusta" in sentence.cues
    return repeats and "semu:sebar" not in sentence.cues and _is_false(reading)


def _is_false(reading: Reading) -> bool:
    """Tell whether an authority says in a text that a rumour is false: in that sentence, or in the next one.

    "Camat itu menyebut kabar bahwa ia diperiksa tidak benar" is his own word, whoever speaks behind him.
    """
    every = _all(reading)
    for one, after in zip(every, (*every[1:], None), strict=True):
        if not _calls_false(one):
            continue
        if _speaks(one):
            return True
        if after is not None and _speaks(after) and not _is_spoken(one):
            return True
    return False


def _is_spoken(sentence: Sentence) -> bool:
    """Tell whether somebody says what a sentence tells; "kabar yang menyebut" is the rumour's own word."""
    inside = {at for hit in sentence.hits if hit.label == "semu:kabar" for at in range(hit.first, hit.last)}
    return any(word.text in _SAID for at, word in enumerate(sentence.words) if at not in inside)


def _calls_false(sentence: Sentence) -> bool:
    rumours = [hit.last for hit in sentence.hits if hit.label == "semu:kabar"]
    return "semu:dusta" in sentence.cues or any(
        hit.label == "semu:keliru" and hit.first >= min(rumours, default=len(sentence.words))
        for hit in sentence.hits
    )


def _speaks(sentence: Sentence) -> bool:
    """Tell whether an authority opens a sentence or stands behind what is quoted: "Hal itu ditegaskan Bawaslu"."""
    said = [at for at, word in enumerate(sentence.words) if word.text in _SAID]
    return any(
        hit.label == "semu:pihak"
        and (hit.first < _OPENING or any(0 < hit.first - at <= _NEAR for at in said))
        for hit in sentence.hits
    )


def _all(reading: Reading) -> tuple[Sentence, ...]:
    return (reading.title, *reading.sentences)
