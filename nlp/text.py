"""Text as readers need it: folded for matching, cut into sentences, offsets kept."""

from __future__ import annotations

import re

_FOLD = str.maketrans(
    {
        "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\t": " ", "\u2018": "'", "\u2019": "'", "`": "'",
        "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-", "\u2014": "-",
        "\u2011": "-", "\u2212": "-",
    }
)  # fmt: skip
_ABBREVIATIONS = frozenset(
    "a b c d e f g h i j k l m n o p q r s t u v w x y z dr drs dra ir prof hj kh st se sh mh mm spd si sos "
    "pd ip kom ag hum kes ec psi ap tgk tgh ust kab kec kel prov jl jln no gg rt rw ds tgl hlm dkk dll "
    "dsb yth alm almh bpk sdr sdri ps rp jend letjen mayjen brigjen kol letkol kapt lettu letda serma "
    "serka sertu serda kompol akp iptu ipda aiptu aipda bripka akbp kombes irjen brigpol plt plh pj "
    "pjs moh muh muhd mhd md dt st tb rm rd kgs nyi mgr dg hi ny tn".split()
)
_COUNTING = ("nomor", "ayat")  # abbreviations before a number alone: "Nomor. 7 Tahun 2017"
_ZONES = ("WIB", "WITA", "WIT")
MAX_SENTENCE = 3_000
"""Characters of a sentence; articles have 500 at most. What is asked of every word in it again and again stays
bounded so, where somebody prints 60,000 without a full stop."""
_STOP = re.compile(r"[.!?…]+[\"'\u201d\u2019)\]]*")


def fold(text: str) -> str:
    """Return `text` in lower case with quotes, dashes and blanks made alike; the length stays the same.

    Offsets found in the folded text hold in the original.
    """
    lowered = text.translate(_FOLD).lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_FOLD))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence, without outer blanks; a line break always ends one, as does its length.

    A full stop after an abbreviation, an initial or inside a number ends none; one that is glued to
    the next capital letter ("bubar.Warga") does, as regional pages often lose the blank.
    """
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        begin = line.start()
        for stop in _STOP.finditer(text, line.start(), line.end()):
            if _ends(text, stop, line.end()):
                _append(spans, text, begin, stop.end())
                begin = stop.end()
        _append(spans, text, begin, line.end())
    return spans


def _ends(text: str, stop: re.Match[str], limit: int) -> bool:
    rest = text[stop.end() : min(limit, stop.end() + 3)]
    if not rest.strip():
        return True
    before = re.search(r"[^\W_]+$", text[max(0, stop.start() - 20) : stop.start()])
    word = before.group() if before else ""
    if stop.group() == "." and (word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
        return False
    if word.lower() in _COUNTING and rest.lstrip()[0] in "(0123456789":
        return False
    if rest[0].isspace():
        # a lower-case word goes on with the sentence, whatever stands before it ("dst. dan")
        return not rest.lstrip()[0].islower()
    return rest[0].isupper() and len(word) > 2 and (word.islower() or word in _ZONES)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while end - start > MAX_SENTENCE:
        blank = text.rfind(" ", start + 1, start + MAX_SENTENCE)
        stop = blank if blank > start else start + MAX_SENTENCE
        _append(spans, text, start, stop)
        start = stop
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, left + len(stripped)))
