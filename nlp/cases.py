"""Puts case records together: what the models say of a document's sentences, actors and handling becomes cases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.accused import Actor, written
from nlp.bystanders import is_mobilised
from nlp.handling import Handling
from nlp.parties import find_reporter, is_denied_by
from nlp.reading import Reading, Sentence
from nlp.records import Case, Evidence, Mention, Terlapor
from nlp.taxonomy import load_taxonomy
from nlp.text import fold

_NUMBERS = {
    "seorang": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11, "kedua": 2, "keduanya": 2, "ketiga": 3, "ketiganya": 3,
}  # fmt: skip
_ORDINALS = frozenset("kedua ketiga".split())  # behind one of these words: "laporan kedua"
_ORDERED = frozenset(
    "laporan kasus perkara temuan aduan putusan dugaan kejadian peristiwa berkas terdakwa tersangka yang".split()
)
_MANY = frozenset("sejumlah para beberapa sekelompok puluhan ratusan belasan massa".split())
_PLAN = re.compile(
    r"\b(?:akan|bakal|segera|berencana|dijadwalkan|rencananya)\s+(?:kembali\s+|segera\s+|juga\s+)?"
    r"((?:di|me|men|mem|meng|menga|per)\w+(?:\s+\w+){0,5})"
)


def assemble_case(
    reading: Reading,
    chosen: Sequence[int],
    types: Sequence[str],
    bentuk: Sequence[str],
    accused: Sequence[Actor],
    handling: Handling,
    confidence: float,
    *,
    own: Sequence[int] = (),
) -> Case:
    """Return the case record of the act that the sentences `chosen` assert; the first of them leads the evidence.

    Where the text tells several cases, `own` are the sentences that tell of this one alone: its sanction and what is
    announced are read there and behind, not in what stands before.
    """
    said = reading.sentences[own[0] :] if own else (reading.title, *reading.sentences)
    evidence = [reading.sentences[at] for at in chosen]
    taxonomy = load_taxonomy()
    document = reading.document
    plan = (
        None
        if taxonomy.stages.get(handling.stage) and taxonomy.stages[handling.stage].terminal
        else _plan(said)
    )
    return Case(
        id=f"{document.id}#1",
        types=tuple(types),
        bentuk=tuple(bentuk),
        terlapor=tuple(_terlapor(reading, actor, chosen) for actor in accused),
        korban=None,
        reporter=find_reporter(reading, accused),
        place=_place(reading, evidence),
        event_date=_date(reading, evidence),
        source=handling.source,
        stage=handling.stage,
        next_announced=plan,
        outcome=dict(handling.outcome),
        forum=_forums(reading),
        reg_no=_register_number(document.text),
        sanction=_sanction(said) if "terbukti" in handling.outcome.values() else None,
        denial=is_denied_by(reading, accused),
        legal_refs=tuple(dict.fromkeys(m.text for m in reading.mentions if m.label == "law")),
        evidence=tuple(Evidence(s.start, s.end, s.text) for s in evidence),
        confidence=round(confidence, 4),
    )


def _terlapor(reading: Reading, actor: Actor, chosen: Sequence[int]) -> Terlapor:
    if actor.name:
        return Terlapor(actor.name, actor.role, actor.category, 1)
    inside = [place for place in actor.places if place.at in chosen]
    told = next((place for place in inside if not is_mobilised(reading.sentences[place.at], place)), None)
    role = written(reading, told) if told else actor.role
    return Terlapor(None, role, actor.category, _count(reading, actor, chosen))


def _count(reading: Reading, actor: Actor, chosen: Sequence[int]) -> int | None:
    """Return how many unnamed persons are accused: the number word before the actor, None for "sejumlah"."""
    for place in sorted(actor.places, key=lambda place: place.at not in chosen):
        words = (reading.title if place.at < 0 else reading.sentences[place.at]).words
        for at in range(place.first - 1, max(0, place.first - 3) - 1, -1):
            before = words[at]
            if before.text in _MANY:
                return None
            apart = at < place.first - 1  # "kasus kedua kades" are two, "laporan kedua menyebut kades" is one
            if apart and before.text in _ORDINALS and at and words[at - 1].text in _ORDERED:
                continue
            if before.text in _NUMBERS:
                return _NUMBERS[before.text]
            if before.text.isdigit() and len(before.text) < 4:
                return int(before.text)
    return 1


def _place(reading: Reading, evidence: Sequence[Sentence]) -> str | None:
    """Return the code of the lowest place named in the evidence."""
    codes = [m.code for m in _inside(reading, evidence, "loc") if m.code]
    return max(codes, key=len, default=None)


def _date(reading: Reading, evidence: Sequence[Sentence]) -> str | None:
    """Return the day that the evidence names; a day before a month, the first of equals."""
    dates = [m for m in _inside(reading, evidence, "date") if m.iso and m.role not in ("statement", "stage")]
    return max((m.iso[:10] for m in dates if m.iso), key=len, default=None)


def _inside(reading: Reading, evidence: Sequence[Sentence], label: str) -> list[Mention]:
    return [
        mention
        for sentence in evidence
        for mention in reading.mentions
        if mention.label == label and sentence.start <= mention.start < sentence.end
    ]


def _forums(reading: Reading) -> tuple[str, ...]:
    """Return the forums to which something was done in a sentence that plans nothing."""
    found: dict[str, None] = {}
    for sentence in reading.sentences:
        done = any(
            f"stage:{stage}" in sentence.cues for stage in ("diteruskan", "putusan_sanksi", "rekomendasi")
        )
        if done and "modality:hypothetical" not in sentence.cues:
            found.update({label[6:]: None for label in sentence.cues if label.startswith("forum:")})
    return tuple(found)


def _register_number(text: str) -> str | None:
    patterns: Mapping[str, re.Pattern[str]] = load_taxonomy().register_numbers
    for name, pattern in patterns.items():
        if name not in ("letter_not_case", "mk") and (match := pattern.search(text)):
            return match.group()
    return None


_SANCTION = re.compile(
    r"\b(?:pidana |hukuman |vonis |dijatuhi |dihukum |sanksi )(?:\w+ ){0,3}?(?:penjara|kurungan|percobaan|denda|"
    r"teguran|peringatan(?: keras)?(?: terakhir)?|pemberhentian(?: tetap| sementara)?|moral|penundaan)[^.;,]{0,60}"
)


def _sanction(said: Sequence[Sentence]) -> str | None:
    """Return the words of a sanction that was imposed, not of one that the law threatens."""
    for sentence in said:
        if "stage:putusan_sanksi" not in sentence.cues or "modality:hypothetical" in sentence.cues:
            continue
        if match := _SANCTION.search(fold(sentence.text)):
            return sentence.text[match.start() : match.end()].strip()
    return None


def _plan(said: Sequence[Sentence]) -> str | None:
    for sentence in said:
        if "modality:hypothetical" in sentence.cues:
            continue
        staged = any(label.startswith("stage:") for label in sentence.cues)
        if staged and (match := _PLAN.search(fold(sentence.text))):
            return sentence.text[match.start(1) : match.end(1)]
    return None
