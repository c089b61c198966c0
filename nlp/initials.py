"""Initials in a list: outlets print "RD (41), SP (29) dan MY", of which a recogniser often sees only some."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from nlp.persons import holds
from nlp.records import Mention
from nlp.text import fold

# what is read as somebody's name or initials, unless the text says that they are
_NOBODY = frozenset(
    "rt rw upt uptd samapta sabhara brimob satpol ktp tps asn pns sd smp sma narasumber pemateri jpu pn pt ikp dpo psu "
    "ott tsm dpt apk pkh blt bpd paw kua thl phl ptt mc wa wag fb ig hp tv pac dpc dpd dpw dpp dprd dpr kpu kip ppk "
    "pps kpps pppk opd skpd rsud umkm cctv gor ai kta lo dp npwp stnk bpkb sop cv mbg sppg bumn bumd wni wna who hiv "
    "tbc dbd ojk pln pdam bps bkn kasn dkpp pkpu ugm vip dna usd suv sms gps qr bbm sim kk kia kis kjp pip "
    "bem pmr pmi ite url pwi ijti lpj inisial".split()
)
_DEGREES = frozenset(
    "sh mh se mm st mt ss sp mp si ap kom sip msi spd mpd spt sag mag skm lc ma dr ir sst mkn".split()
)
_ONE = r"[A-Z]{1,4}\b(?: ?\([^()\n]{1,40}\))?"
_LIST = re.compile(rf"\b{_ONE}(?:(?:,|,? (?:dan|serta|maupun)) {_ONE})+")
_EACH = re.compile(r"([A-Z]{1,4})\b(?: ?\([^()\n]{1,40}\))?(?:,? (?:dan|serta|maupun) |, |$)")
_TWO = 2  # letters, as most initials have
_AGED = re.compile(r"\s*\(\d")
_BODY = re.compile(
    r"\b((?i:partai|persatuan|perhimpunan|himpunan|ikatan|komite|lembaga|badan|forum|gerakan|aliansi|koalisi|front|"
    r"serikat|dewan|organisasi|universitas|institut|majelis|barisan|laskar|paguyuban|yayasan|palang|tim)"
    r"(?: (?:(?i:untuk|dan|dari) )?[A-Z][\w'-]*){1,6}) \(([A-Z]{2,6})\)"
)  # "Partai Rakyat Contoh (PRC)": the short form is no person's
_PLATE = re.compile(r"\b[A-Z]{1,2} \d{1,4} $")  # of a car: "DE 8316 KA"
_SENT = frozenset("grup group grop via lewat melalui uu pesan nomor".split())  # before "WA" and "ITE"
_MEANS = r"(?i:inisial|pelaku|tersangka|terdakwa|terlapor)[^\n]{{0,100}}\b{}\b"


def is_nobody(text: str, name: Mention) -> bool:
    """Tell whether a name is a short form or a word for whoever speaks: "Pak RT", not "berinisial WN dan RT"."""
    if _PLATE.search(text, max(0, name.start - 8), name.start):
        return True
    if name.text.isupper() and name.text in _bodies(text):
        return True
    if fold(name.text) not in _NOBODY:
        return False
    before = text[max(0, name.start - 12) : name.start].split()
    if before and before[-1].lower() in _SENT:
        return True
    beside = text.startswith(", ", name.start - 2) and text.startswith(
        ",", name.end
    )  # "Kades Sampora, PN, diduga"
    said = re.search(_MEANS.format(re.escape(name.text)), text) or _AGED.match(text, name.end, name.end + 4)
    if beside and name.text.isupper() and len(name.text) == _TWO:
        return False
    return not (said or _stands_with_others(text, name))


@lru_cache(maxsize=1)  # asked once for each person of a text
def _bodies(text: str) -> frozenset[str]:
    """Return the short forms that a text explains as a body's: of its words, not "Ketua Tim Toro Budi Contoh (BC)"."""
    found = set()
    for body in _BODY.finditer(text):
        begins = [word[0] for word in body[1].upper().split()]
        whole = len(body[2]) >= len(begins) - 1 and body[2][0] == begins[0]
        if whole and holds(begins, body[2]):
            found.add(body[2])
    return frozenset(found)


def _stands_with_others(text: str, name: Mention) -> bool:
    """Tell whether a name stands in a list of initials that are none of the short forms: "ML (41), SD (38)"."""
    start = text.rfind("\n", 0, name.start) + 1
    for row in _LIST.finditer(text, start, min(len(text), name.end + 200)):
        if row.start() <= name.start < row.end():
            return not all(one.group(1).lower() in _NOBODY for one in _EACH.finditer(row.group()))
    return False


def with_listed_initials(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, in text order, with the initials that stand in one list with others of them."""
    persons = {m.start for m in mentions if m.label == "per" and m.text.isupper()}
    ordered = sorted(mentions, key=lambda m: m.start)
    starts = [m.start for m in ordered]
    added: list[Mention] = []
    for row in _LIST.finditer(text) if persons else ():
        each = [(row.start() + one.start(1), one.group(1)) for one in _EACH.finditer(row.group())]
        if persons.isdisjoint(start for start, _ in each):
            continue
        for start, initials in each:
            end = start + len(initials)
            around = ordered[max(0, bisect_right(starts, start) - 2) : bisect_right(starts, end)]
            free = not any(m.start < end and start < m.end for m in around)
            degree = initials.lower() in _DEGREES and not _AGED.match(text, end)
            if free and not degree and initials.lower() not in _NOBODY:
                added.append(Mention("per", start, end, initials))
    return sorted([*mentions, *added], key=lambda m: (m.start, -m.end))
