"""Offices that an attendance list names without a person: "dihadiri Camat X, Kapolsek Y"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from nlp.cues import Word, words_of
from nlp.records import Mention, Official
from nlp.roles import Roles
from nlp.text import fold, sentences

_PARTING = re.compile(r"\s*(?:[,;:]|\b(?:dan|serta|beserta|bersama|maupun|hingga|oleh)\b)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"\s*(?:(?:juga|turut|oleh|di antaranya|antara lain|yakni|yaitu|langsung|unsur)\s+)*", re.IGNORECASE
)
_HOSTS = ("bawaslu", "kpu")


def roles_present(
    text: str,
    mentions: Sequence[Mention],
    roles: Roles,
    taken: Collection[int],
    officials: Sequence[Official],
) -> tuple[str, ...]:
    """Return the offices of attendance lists as written, each once.

    Left out: offices whose holder the list names (`taken` holds the offsets of phrases that belong to a
    person), groups ("para kepala desa"), and the host's own chair where the article names him.
    """
    phrases = {m.start: m for m in mentions if m.label in ("role", "org")}
    holders = {m.start for m in mentions if m.label == "per"}
    hosts = {o.category for o in officials if (o.category or "").split(".")[0] in _HOSTS}
    found: dict[str, str] = {}
    for start, end in sentences(text):
        hits = roles.openers.find(words := words_of(fold(text[start:end])))
        if not hits:
            continue
        opening = start + words[hits[0].last - 1].end
        several = False
        within = [m for m in phrases.values() if m.start < end and m.end > opening]
        for first, last, following in _items(text, opening, end, within):
            item = words_of(fold(text[first:last]))
            if not item:
                continue
            several = several or item[0].text in roles.file.reading.collective
            named = first in taken or following in holders or any(first <= h < last for h in holders)
            if named or item[0].text in roles.file.reading.collective:
                continue
            phrase = phrases.get(first)
            stop = phrase.end - first if phrase else None
            if written := _office(roles, text[first:last], item, stop, hosts, several=several):
                found.setdefault(written.casefold(), written)
    return tuple(found.values())


def _items(text: str, start: int, end: int, phrases: Sequence[Mention]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, start of the next) of a list's items, cut at commas and conjunctions.

    A conjunction inside a role or organisation cuts nothing ("Dinas Kependudukan dan Pencatatan Sipil").
    """
    cuts = [m.span() for m in _PARTING.finditer(text, start, end)]
    cuts = [(a, b) for a, b in cuts if not any(p.start < a and b < p.end for p in phrases)]
    begin = start
    for a, b in [*cuts, (end, end)]:
        lead = _LEAD.match(text, begin, a)
        first = lead.end() if lead else begin
        if first < a:
            yield first, a, b
        begin = b


def _office(
    roles: Roles,
    written: str,
    words: Sequence[Word],
    stop: int | None,
    hosts: Collection[str | None],
    *,
    several: bool,
) -> str | None:
    """Return the office at the head of a list item as written, or None where it names no single holder."""
    if any(word.text.startswith("se-") for word in words):
        return None
    post = next((f for f in roles.posts.find(words) if f.first == 0), None)
    body = next((f for f in roles.bodies.find(words) if f.first == 0 and f.entry.metonym), None)
    head = post or body
    unit = next((f.entry for f in roles.units.find(words) if f.first == 0), None)
    chief = words[0].text in roles.file.reading.chiefs
    inner = next((f for f in roles.bodies.find(words) if 0 < f.first <= (head.last if head else 1)), None)
    single = body or unit or (chief and (post or inner))
    if not single or (post and post.entry.category in hosts):
        return None
    known = max(head.last if head else 0, inner.last if inner else 0)
    last = known
    while last < len(words) and _names(roles, written, words[last]):
        last += 1
    end = max(words[last - 1].end, stop or 0)
    placed = end > words[known - 1].end
    alone = written[0].isupper() and (inner is not None or (unit is not None and unit.level != "desa"))
    if not placed and (several or not alone):
        return None
    return written[:end].strip()


def _names(roles: Roles, written: str, word: Word) -> bool:
    """Tell whether a word belongs to the name of a place or body."""
    first = written[word.start]
    return first.isupper() or first.isdigit() or word.text in roles.file.reading.level_words
