"""What the parties to a case did: who reported it, and whether the accused deny it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.accused import Actor
from nlp.cues import words_of
from nlp.reading import Reading
from nlp.text import fold

_DENIES = re.compile(
    r"(?<!tidak )(?<!tak )(?<!bukan )(?<!belum )(?<!tanpa )(?<!bukannya )"
    r"\b(?:membantah|bantah|dibantah|menampik|menepis|menyangkal|menolak tuduhan|tidak benar|tak benar)\b"
)  # "tidak membantah" admits
_ANSWERS = re.compile(
    r"\b(?:mengaku (?:hanya|cuma|sekadar|sebatas|tidak|tak)|tidak mengaku|merasa tidak|tidak merasa"
    r"|(?:menyatakan|menegaskan|mengatakan|menyebut|mengklaim|memastikan|berdalih)(?: dirinya| ia| dia)? (?:tidak|tak)"
    r"|(?:tuduhan|tudingan|laporan)(?: itu| tersebut| ini)? (?:tidak|tak) (?:berdasar|mendasar)"
    r"|kliennya (?:tidak|tak)|(?:saya|kami) (?:tidak|tak)(?: pernah)?)\b"
)  # denies where the accused says so
_THEY = frozenset(
    "ia dia beliau keduanya ketiganya mereka terlapor teradu terdakwa tersangka pelaku dirinya kliennya".split()
)
_REACH = 6  # words between whoever speaks and his answer
_SPEAKS = re.compile(r"\b(?:kata|ujar|ucap|tutur|tegas|jelas|ungkap|dalih|kilah|aku)(?:nya)?\b")

_NAMES_REPORTER = re.compile(
    r"\b(?:pelapor|pengadu)(?:nya)?\b(?:(?!\b(?:dan|saksi|bahwa|menyebut|menuduh|menuding|terhadap|mengatakan|dalil|"
    r"membawa|melaporkan|mengadukan|atas tuduhan)\b)[^.;])*$"
)
_REPORTED_BY = re.compile(
    r"(?:\b(?:dilaporkan|diadukan) "
    r"|\b(?:laporan|aduan|pengaduan)\b[^.;]{0,40}\bdi(?:buat|ajukan|layangkan|sampaikan|masukkan) )"
    r"(?:oleh |seorang |salah satu |warga |sesama |rival(?:nya)? |bernama |berinisial )*"
    r"(?:(?!ke |karena |atas |terhadap |bahwa |soal )[^.,;]{1,40}(?:, | bernama | berinisial ))?$"
)
_REPORTS = re.compile(
    r"(?:\s*,[^,.;]{1,45},|\s+bersama [^,.;]{1,45}?(?=\s+me)|\s*\([^)]{1,20}\)|,)?"
    r"(?:\s+(?:yang|telah|sudah|resmi|kemudian|lalu|juga|sempat|akhirnya))*"
    r",?\s+(?:melaporkan|mengadukan)\b(?! (?:balik|kembali|dana|harta|kekayaan|hasil|penerimaan|penggunaan|kegiatan))"
)


def find_reporter(reading: Reading, accused: Sequence[Actor]) -> str | None:
    """Return the name of whoever reported the case, never one of the accused."""
    names = [_name_words(actor.name) for actor in accused if actor.name]
    folded = fold(reading.document.text)
    for mention in reading.mentions:
        words = _name_words(mention.text)
        if mention.label != "per" or any(words <= name or name <= words for name in names):
            continue
        before = folded[max(0, mention.start - 90) : mention.start]
        named = _NAMES_REPORTER.search(before[-45:]) or _REPORTED_BY.search(before)
        if named or reports_after(folded, mention.end):
            return mention.text
    return None


def reports_after(folded: str, at: int) -> bool:
    """Tell whether whoever is named up to `at` in a folded text reported the case: "Budi, warga X, melaporkan …"."""
    return bool(_REPORTS.match(folded, at))


def is_denied_by(reading: Reading, accused: Sequence[Actor]) -> bool:
    """Tell whether a text says that what is alleged is denied, or that one of the accused says it was not so."""
    names = {word for actor in accused for word in _called(actor)}
    return any(
        _DENIES.search(folded) or any(_is_said_by(folded, hit, names) for hit in _ANSWERS.finditer(folded))
        for folded in _folded(reading)
    )


def _folded(reading: Reading) -> Iterator[str]:
    for sentence in (reading.title, *reading.sentences):
        yield fold(sentence.text)


def _is_said_by(folded: str, answer: re.Match[str], names: set[str]) -> bool:
    """Tell whether an answer's speaker stands right before it, or behind a quotation that holds it."""
    if answer.group().startswith(("kliennya", "tuduhan", "tudingan", "laporan")):
        return True
    before = [word.text for word in words_of(folded[: answer.start()])][-_REACH:]
    if not answer.group().startswith(("saya", "kami")):
        return not (names | _THEY).isdisjoint(before)
    speech = _SPEAKS.search(folded, answer.end())
    behind = [word.text for word in words_of(folded[speech.end() :])][:_REACH] if speech else []
    return not names.isdisjoint(behind)


def _called(actor: Actor) -> set[str]:
    """Return the words by which a text calls an accused: those of the name, else the first of the post."""
    if actor.name:
        return _name_words(actor.name)
    return {word.text for word in words_of(fold(actor.role or ""))[:1]}


def _name_words(name: str) -> set[str]:
    return {word.text for word in words_of(fold(name))} - {"alias"}
