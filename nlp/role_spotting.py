"""Offices beside a name that the recogniser left out: "Bidan desa Siti Contoh", "Rudi Contoh, advokat"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.cues import Word, words_of
from nlp.offices import stem
from nlp.records import Mention
from nlp.roles import Roles
from nlp.text import fold

_CLAUSE = re.compile(r"[.;:\"\u201c\u201d\n]|,(?! *$)")
_AGE = re.compile(r"(?:\s*\(\d{1,2}(?: tahun)?\))?\s*,\s*(?:(?:seorang|selaku|yang juga|sebagai)\s+)?")
_STOP = re.compile(r"[,.;:\"\u201c\u201d()\n]")
_MOST = 10  # words of an office
_REACH = 120  # characters
# classes of people, not offices: "warga X, Rudi" is no official
_NOBODY = ("massa", "akun", "otk", "perusahaan", "orang_tua")
_ANYBODY = frozenset("warga pemilih anak pemuda pria perempuan osis pramuka".split())
_BRIDGE = re.compile(
    r"(?:[\s,]+(?:(?:yang )?(?:ber|dengan )?inisial|bernama|yakni|yaitu|adalah"
    r"|KH|Tgk|Tgh|Hj?|Drs|Dra|Ir|Ust(?:adz)?|Pdt)\.?)+$"
)
_BINDING = frozenset(
    "di salah satu sebuah nomor urut pasangan calon tim partai dan hukum desa setempat terpilih pelapor "
    "terlapor paslon cagub cabup cawabup cawali caleg kandidat".split()
)


def spot_roles(roles: Roles, text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with offices added that stand beside names without one, in text order.

    An institution inside an added office ("Perwakilan Partai X") is no mention of its own any more.
    """
    offices = [m for m in mentions if m.label == "role"]
    names = [m for m in mentions if m.label == "per"]
    added: list[Mention] = []
    for name in names:
        before = [o for o in offices if 0 <= name.start - o.end < 25]
        if len(before) == 1 and before[0].end == name.start - 1 and _is_rank(roles, before[0]):
            found = _left(roles, text, replace(name, start=before[0].start))
        elif before or any(0 <= o.start - name.end < 6 for o in offices):
            found = _rank(roles, text, name)
        else:
            found = _left(roles, text, name) or _right(roles, text, name)
        if found and not any(o.start < found.end and found.start < o.end for o in (*offices, *names, *added)):
            added.append(found)
    inside = [
        m for m in mentions if not (m.label == "org" and any(a.start <= m.start < a.end for a in added))
    ]
    return sorted([*inside, *added], key=lambda m: (m.start, -m.end))


def _rank(roles: Roles, text: str, name: Mention) -> Mention | None:
    """Return a rank right before a name, which stands beside the office: "Danrem X Brigjen TNI Nama"."""
    begin = max(0, name.start - 25)
    words = words_of(fold(text[begin : name.start]))
    for found in roles.ranks.find(words):
        last = found.last
        while last < len(words) and words[last].text in roles.korps:
            last += 1
        start, end = begin + words[found.first].start, begin + words[last - 1].end
        if text[end : name.start] == " ":
            return Mention("role", start, end, text[start:end])
    return None


def _is_rank(roles: Roles, office: Mention) -> bool:
    """Tell whether an office is a rank alone: its holder's post may stand before it."""
    words = words_of(fold(office.text))
    last = max((found.last for found in roles.ranks.find(words) if found.first == 0), default=0)
    return last > 0 and all(word.text in roles.korps for word in words[last:])


def _left(roles: Roles, text: str, name: Mention) -> Mention | None:
    begin = max(0, name.start - _REACH)
    before = text[begin : name.start].rstrip(" ,")
    before = before[: bridge.start()] if (bridge := _BRIDGE.search(before)) else before
    if text[begin + len(before) : name.start].count(",") > 1:
        return None
    cuts = [m.end() for m in _CLAUSE.finditer(before)]
    offset = begin + (cuts[-1] if cuts else 0)
    clause = text[offset : begin + len(before)]
    words = [stem(word) for word in words_of(fold(clause))[-_MOST:]]
    first = _head(roles, clause, words)
    if first is None:
        return None
    start, end = offset + words[first].start, begin + len(before)
    return Mention("role", start, end, text[start:end])


def _head(roles: Roles, clause: str, words: Sequence[Word]) -> int | None:
    """Return the word at which an office begins that reaches to the end of the clause."""
    for first, last in _posts(roles, words):
        if all(_fits(roles, clause, word) for word in words[last:]):
            return _with_prefix(roles, words, first)
    return None


def _posts(roles: Roles, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield where posts stand in the words, those of roles.toml before words like "ketua" by themselves."""
    for found in roles.posts.find(words):
        if found.entry.category not in _NOBODY and words[found.first].text not in _ANYBODY:
            yield found.first, found.last
    bare = roles.file.reading.bare
    yield from ((at, at + 1) for at, word in enumerate(words) if word.text in bare)


def _with_prefix(roles: Roles, words: Sequence[Word], first: int) -> int:
    before = [f.first for f in roles.prefixes.find(words) if f.last == first]
    return min(before, default=first)


def _right(roles: Roles, text: str, name: Mention) -> Mention | None:
    lead = _AGE.match(text, name.end)
    if lead is None:
        return None
    stop = _STOP.search(text, lead.end())
    clause = text[lead.end() : min(stop.start() if stop else len(text), lead.end() + _REACH)]
    words = [stem(word) for word in words_of(fold(clause))[:_MOST]]
    skipped = max((f.last for f in roles.prefixes.find(words) if f.first == 0), default=0)
    past = next((last for first, last in _posts(roles, words) if first in (0, skipped)), None)
    if past is None:
        return None
    last = past
    while last < len(words) and _fits(roles, clause, words[last]):
        last += 1
    while words[last - 1].text in _BINDING and last > past:
        last -= 1
    end = lead.end() + words[last - 1].end
    return Mention("role", lead.end(), end, text[lead.end() : end])


def _fits(roles: Roles, clause: str, word: Word) -> bool:
    """Tell whether a word can go on an office: a capital, a number, a kind of place, a binding word."""
    first = clause[word.start]
    known = word.text in _BINDING or word.text in roles.file.reading.level_words
    return first.isupper() or first.isdigit() or known
