"""Tails of offices and of names that a recogniser gave to the neighbour: "Ketua PPK Menggala | Lama, Rudi Contoh"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from nlp.cues import words_of
from nlp.records import Mention
from nlp.roles import Roles
from nlp.text import fold

_WORD = r"[A-Z][\w'\u2019-]*"
_GROWTH = re.compile(rf"(?: {_WORD}(?![\w.]))+")
_LIST = re.compile(r",? (?:(?:dan|serta) )?")
_UNITS = frozenset(
    "kesra umum keuangan pemerintahan perencanaan pelayanan kesejahteraan trantib ekbang pembangunan pmd".split()
)  # of a village or a kecamatan, whose heads are called by them
_HEADS = re.compile(
    r"\b(?:kaur|kasi|kasie|kasubag|kabag|kabid|kepala (?:urusan|seksi|bagian|bidang)) $", re.IGNORECASE
)
_NO_NAME = frozenset(
    "senin selasa rabu kamis jumat sabtu minggu ahad januari februari maret april mei juni juli "
    "agustus september oktober november desember dari di pada yang partai pilkada pemilu".split()
)


def settle_borders(roles: Roles, text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions (per, role, org; in text order) with offices and names that end where they should."""
    spans = [part for mention in mentions for part in _rank_split(roles, mention)]
    seen = _named_alone(text, spans)
    settled: list[Mention] = []
    at = 0
    while at < len(spans):
        mention = spans[at]
        behind = spans[at + 1 : at + 4]
        if mention.label == "role" and behind:
            if tail := _lost_tail(roles, text, mention, behind, seen):
                settled.append(tail)
                at += 2
                continue
            mention = _reaching(roles, text, mention, behind[0])
        if mention.label in ("role", "org") and _is_name(roles, text, mention, settled[-1:], behind[:1]):
            mention = replace(mention, label="per")
        if mention.label == "per":
            whole, mention = mention, _without_unit(text, mention)
            if mention is not whole and settled and settled[-1].end == whole.start - 1:
                end = mention.start - 1
                settled[-1] = replace(settled[-1], end=end, text=text[settled[-1].start : end])
        if mention.label == "per" and settled and settled[-1].label == "role":
            mention = _grown(roles, text, settled[-1], mention, behind[:1])
        settled.append(mention)
        at += 1
    return settled


def _rank_split(roles: Roles, span: Mention) -> list[Mention]:
    """Return an office with a rank at its end as two mentions: "Dandim 0801 | Letkol Inf"."""
    if span.label != "role":
        return [span]
    words = words_of(fold(span.text))
    for found in roles.ranks.find(words):
        tail = {word.text for word in words[found.last :]}
        if found.first > 0 and tail <= roles.korps:
            at = words[found.first].start
            office = span.text[:at].rstrip(" ,")
            start = span.start + at
            return [
                replace(span, end=span.start + len(office), text=office),
                replace(span, start=start, text=span.text[at:]),
            ]
    return [span]


def _named_alone(text: str, spans: Sequence[Mention]) -> Counter[str]:
    """Return how often each name stands elsewhere than right behind an office."""
    ends = {m.end for m in spans if m.label == "role"}
    return Counter(fold(m.text) for m in spans if m.label == "per" and m.start - 1 not in ends)


def _lost_tail(
    roles: Roles, text: str, office: Mention, behind: Sequence[Mention], seen: Counter[str]
) -> Mention | None:
    """Return the office with the last word of its institution, which was taken for a name of its own.

    "Ketua PT Riau | Makmur Lestari, Rudi Contoh" holds one person; "anggota KPU A, B, dan C" names three.
    """
    whole = replace(office, end=behind[0].end, text=text[office.start : behind[0].end])
    if behind[0].label == "per" and office.text.endswith("/") and behind[0].start == office.end:
        return whole  # "Dandim 0801/ | Contoh"
    if [m.label for m in behind[:2]] != ["per", "per"]:
        return None
    lost, name = behind[:2]
    beside = text[office.end : lost.start] == " " and text[lost.end : name.start] == ", "
    if beside and fold(lost.text).split()[0] in roles.file.reading.divisions:
        return whole
    if not beside or seen[fold(lost.text)] or len(lost.text.split()) > 2:
        return None
    if not office.text.split()[-1][:1].isupper():
        return None
    if len(name.text.split()) < 2 and not text.startswith(",", name.end):
        return None
    if len(behind) > 2 and behind[2].label == "per" and _LIST.fullmatch(text[name.end : behind[2].start]):
        return None
    return whole


def _without_unit(text: str, name: Mention) -> Mention:
    """Return a name without the unit of its bearer's office: "Kaur | Kesra | Rudi Contoh"."""
    first, _, rest = name.text.partition(" ")
    if not rest or fold(first) not in _UNITS or not _HEADS.search(text, max(0, name.start - 20), name.start):
        return name
    return replace(name, start=name.start + len(first) + 1, text=rest)


def _reaching(roles: Roles, text: str, office: Mention, name: Mention) -> Mention:
    """Return the office with the capitalised words up to the comma before its holder: "KPU Way | Lama, X"."""
    if name.label != "per" or not office.text.split()[-1][:1].isupper():
        return office
    match = re.fullmatch(rf"( {_WORD}(?: {_WORD})?), ", text[office.end : name.start])
    if match is None or _NO_NAME & set(fold(match.group(1)).split()):
        return office
    if any(roles.degrees & {re.sub(r"[.]", "", w).lower()} for w in match.group(1).split()):
        return office
    end = office.end + match.end(1)
    return replace(office, end=end, text=text[office.start : end])


def _is_name(
    roles: Roles, text: str, span: Mention, before: Sequence[Mention], behind: Sequence[Mention]
) -> bool:
    """Tell whether a role or organisation is a name beside an office: capitals, no word of an office."""
    parts = span.text.split()
    if len(parts) < 2 or not all(part[:1].isupper() for part in parts):
        return False
    if _holds_office(roles, span.text) or fold(parts[0]) in roles.file.reading.chiefs:
        return False
    left = any(m.label == "role" and text[m.end : span.start] in (", ", " ") for m in before)
    if span.label == "org":
        return left and text[span.start - 2 : span.start] == ", " and text[span.end : span.end + 2] == ", "
    right = any(m.label == "role" and text[span.end : m.start] == ", " for m in behind)
    return left or right


def _grown(roles: Roles, text: str, office: Mention, name: Mention, behind: Sequence[Mention]) -> Mention:
    """Return a name right behind an office with the capitalised words that follow it: "Rudi | Contoh hadir"."""
    if len(text[office.end : name.start]) > 2:
        return name
    match = _GROWTH.match(text, name.end, behind[0].start if behind else len(text))
    if match is None or len(match.group().split()) > 2:
        return name
    words = match.group().split()
    folded = {re.sub(r"[^\w]", "", fold(word)) for word in words}
    told = {*roles.file.reading.level_words, *roles.file.capacity["speech"]}
    if folded & (_NO_NAME | roles.degrees | roles.titles | told):
        return name
    if _holds_office(roles, match.group()):
        return name
    return replace(name, end=match.end(), text=text[name.start : match.end()])


def _holds_office(roles: Roles, phrase: str) -> bool:
    """Tell whether a phrase names a post, a body, a rank or what limits an office."""
    words = words_of(fold(phrase))
    tables = (roles.posts, roles.bodies, roles.units, roles.ranks, roles.prefixes)
    return any(next(table.find(words), None) is not None for table in tables)
