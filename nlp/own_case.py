"""Whether a text says of its own case that it ended in proof or punishment, or only of other cases, as an opinion."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.accused import Actor, Cast
from nlp.cues import Hit
from nlp.reading import Sentence, is_background, is_done
from nlp.verdicts import persons_of

_QUOTES = frozenset('"\u201c\u201d')
CLOSED = ("putusan_sanksi", "banding", "inkrah_eksekusi")  # stages that a competent body's decision makes
_DECIDED = (
    "vonis:dihukum",
    "vonis:menghukum",
    "hasil:terbukti",
    "kuat:putusan_sanksi",
    "kuat:banding",
    "kuat:inkrah_eksekusi",
)
_FORMER = frozenset("mantan eks bekas".split())
_CONVICTS = frozenset("terpidana napi narapidana".split())
_PAST = 3  # words between "mantan" and "terpidana": an office
_JUDGES = frozenset("menilai menganggap meyakini berpendapat menduga menurut".split())  # opens an opinion
_OUTSIDERS = frozenset(
    "pelapor pelapornya pengadu pengamat aktivis pegiat pengacara kuasa saksi peneliti dosen akademisi pakar lsm "
    "direktur warganet".split()
)  # whose word proves nothing


def is_undecided(cast: Cast, accused: Sequence[Actor]) -> bool:
    """Tell whether every decision that a text speaks of is another case's or somebody's opinion.

    False where nothing speaks of a decision: then nothing contradicts what the models read.
    """
    reading = cast.reading
    spoken = False
    for at, sentence in [(-1, reading.title), *enumerate(reading.sentences)]:
        hits = [
            hit
            for hit in sentence.hits
            if hit.label in _DECIDED and is_done(sentence, hit) and not _is_counsel(sentence, hit)
        ]
        spoken = spoken or bool(hits)
        if is_background(reading, sentence):
            continue
        hits = [hit for hit in hits if not _is_former(sentence, hit)]
        others = min((hit.first for hit in sentence.hits if hit.label == "lawan:lain"), default=None)
        hits = [hit for hit in hits if others is None or hit.first < others]
        named = [
            hit for hit in hits if hit.label.startswith("vonis:") and persons_of(sentence, at, hit, cast)
        ]
        if named and all(_is_of_others(cast, at, hit, accused) for hit in named):
            continue
        if not all(_is_opinion(sentence, hit) for hit in hits):
            return False
    return spoken


def _is_counsel(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a word is only the law's name: "kuasa hukum", "Divisi Hukum"."""
    return [word.text for word in sentence.words[hit.first : hit.last]] == ["hukum"]


def _is_former(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a decision is of somebody's past: "mantan bupati terpidana pemilu", "pernah divonis"."""
    before = [word.text for word in sentence.words[max(0, hit.first - _PAST) : hit.first]]
    convict = any(word.text in _CONVICTS for word in sentence.words[hit.first : hit.last])
    return before[-1:] == ["pernah"] or (convict and bool(_FORMER & set(before)))


def _is_of_others(cast: Cast, at: int, hit: Hit, accused: Sequence[Actor]) -> bool:
    """Tell whether a verdict that names whom it concerns names none of the accused."""
    sentence = cast.sentence(at)
    names = persons_of(sentence, at, hit, cast)
    return not any(actor.name in names for actor in accused)


def _is_opinion(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a decision is only what somebody thinks who does not decide: "Pengamat menilai X terbukti …"."""
    words = {word.text for word in sentence.words}
    before = {word.text for word in sentence.words[: hit.last]}
    if any(other.label == "semu:pihak" and other.last <= hit.first for other in sentence.hits):
        return False
    return bool(_OUTSIDERS & words) and bool(_JUDGES & before or _QUOTES & set(sentence.text))
