"""Puts case records together: what the models say of a document's sentences, actors and handling becomes cases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.accused import Actor, written
from nlp.handling import Handling
from nlp.mobilised import is_mobilised
from nlp.parties import find_reporter, is_denied_by
from nlp.reading import Reading, Sentence
from nlp.records import Case, Evidence, Mention, Terlapor
from nlp.scene import certain_code
from nlp.taxonomy import load_taxonomy
from nlp.text import fold

_NUMBERS = {
    "seorang": 1, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11, "kedua": 2, "keduanya": 2, "ketiga": 3, "ketiganya": 3,
    "keempat": 4, "keempatnya": 4, "kelima": 5, "kelimanya": 5,
}  # fmt: skip
_UNCOUNTED = (
    r"sejumlah|para|beberapa|banyak|berbagai|puluhan|ratusan|belasan|ribuan|massa|kelompok|rombongan|gelombang|"
    r"kerumunan|gerombolan|iring-iringan|sekelompok|segerombolan|serombongan|\d+-?an"
)
_MANY = re.compile(rf"(?:{_UNCOUNTED})\b")
# what may stand between a number and those whom it counts; a comma, a date or a unit may not
_BETWEEN = (
    "orang|oknum|anggota|pengurus|kader|mantan|eks|pria|lelaki|laki-laki|perempuan|wanita|pemuda|warga|pelaku|terduga|"
    "terlapor|teradu|tersangka|terdakwa|pejabat|petugas|pegawai|aparat|aparatur|adalah|ialah|merupakan|yang|diduga|"
    "di antaranya|diantaranya"
)
_NUMBER = re.compile(
    rf"(?<![\w/.,:\-])(?:(?P<many>{_UNCOUNTED})|(?P<word>{'|'.join(_NUMBERS)})(?P<tens> puluh| belas)?(?: \(\d+\))?"
    rf"|(?P<digits>[1-9]\d{{0,2}}(?:\.\d{{3}})*)) (?:(?:{_BETWEEN}) ){{0,4}}$"
)
_NAMED = re.compile(  # before a number that names or measures: "RT 3", "pukul 10", "nomor urut dua"
    r"\b(?:rt|rw|tps|no|nomor|urut|paslon|calon|pasangan|dapil|pasal|ayat|huruf|angka|kelas|pukul|jam|usia|umur|rp|km|"
    r"s[dm][pakn]*n?|mtsn|man|tanggal|tgl)\.? ?$"
)
_NUMBERING = frozenset(("date", "law", "loc", "org"))  # mentions whose digits count nobody
_BEFORE = 80  # characters before an actor in which a number is looked for
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
    """Return how many unnamed persons are accused: the number before the actor, None for "sejumlah"."""
    for place in sorted(actor.places, key=lambda place: place.at not in chosen):
        sentence = reading.title if place.at < 0 else reading.sentences[place.at]
        start = sentence.words[place.first].start
        if _MANY.match(sentence.words[place.first].text):
            return None
        before = fold(sentence.text[: start - sentence.start])[-_BEFORE:]
        found = _NUMBER.search(before)
        # figures of other sentences ("3.062 pantarlih bertugas") are the news' background
        beside = place.at >= 0 and place.at not in chosen
        if not found or (beside and found["digits"]) or _NAMED.search(before, 0, found.start()):
            continue
        at = start - len(before) + found.start()
        if place.at >= 0 and any(m.start <= at < m.end for m in reading.mentions if m.label in _NUMBERING):
            continue
        return None if found["many"] else _value(found)
    return 1


def _value(found: re.Match[str]) -> int:
    """Return the number that was found: "17", "dua belas", "dua puluh"."""
    if found["digits"]:
        return int(found["digits"].replace(".", ""))
    unit = _NUMBERS[found["word"]]
    return {" puluh": unit * 10, " belas": unit + 10}.get(found["tens"] or "", unit)


def _place(reading: Reading, evidence: Sequence[Sentence]) -> str | None:
    """Return the code of the lowest place that the evidence names for certain."""
    codes = [code for m in _inside(reading, evidence, "loc") if (code := certain_code(m))]
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
    r"teguran|peringatan(?: keras)?(?: terakhir)?|pemberhentian(?: tetap| sementara)?|moral|penundaan)"
    r"(?:[^.;,]|(?<=\d)[.,](?=\d)){0,120}(?!\w)"
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
