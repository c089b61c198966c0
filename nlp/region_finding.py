"""Places that a recogniser misses: a level word with a known name, and the place at the tail of an office."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from nlp.region_cues import Cue, CueWords
from nlp.region_names import RegionNames, kind_of, name_key
from nlp.text import fold

_MOST_WORDS = 4
_WORD = re.compile(r"[^\s,;:()\[\]\"/]+")
_NAME = re.compile(r"[A-Z][\w'\u2019-]{0,30}(?: [A-Z][\w'\u2019-]{0,30}){0,6}")
# "Wali Kota Sukabumi": the word belongs to the office
_OFFICE_BEFORE = re.compile(r"\b(?:wali|balai|ibu)\skota\s$")
_VENUE_BEFORE = re.compile(r"\b(?:balai|kantor|rumah|aula|halaman|lapangan|gedung)\s$")


def find_places(
    names: RegionNames,
    cues: CueWords,
    text: str,
    spans: Sequence[tuple[int, int]],
    hosts: Sequence[tuple[int, int]],
) -> tuple[tuple[int, int], ...]:
    """Return places made of a level word and a name of that level that no span covers, in text order.

    Within `hosts` (offices and institutions) and after "Wali" the place is the bare name.
    """
    folded = fold(text)
    taken, held = _Spans(spans), _Spans(hosts)
    found: list[tuple[int, int]] = []
    for match in cues.level_word.finditer(folded):
        cue = cues.levels.get(match["word"])
        name = _name(names, cues, text, folded, match.end(), cue) if cue else None
        if name is None:
            continue
        bare = held.touch(*name.span()) or _in_office(cues, folded, match, name.start())
        start = name.start() if bare else match.start()
        if not taken.touch(start, name.end()) and (not found or start >= found[-1][1]):
            found.append((start, name.end()))
    return tuple(found)


def _in_office(cues: CueWords, folded: str, level: re.Match[str], start: int) -> bool:
    """Tell whether the level word before a name belongs to an office: "Wali Kota X", "Sekretaris Desa X"."""
    if _OFFICE_BEFORE.search(folded, max(0, level.start() - 8), level.end()):
        return True
    venue = _VENUE_BEFORE.search(folded, max(0, level.start() - 12), level.start())
    return not venue and cues.before(folded, start) is not cues.levels.get(level["word"])


def _name(
    names: RegionNames, cues: CueWords, text: str, folded: str, start: int, cue: Cue
) -> re.Match[str] | None:
    """Return the known name at `start`: the run of capitals, or its part before "Kecamatan Y".

    A name that the register lacks may begin like a known one, so that no less of the run counts.
    """
    run = _NAME.match(text, start)
    if run is None or _known(names, name_key(run.group()), cue):
        return run
    following = cues.level_word.search(folded, start, run.end())
    part = _NAME.match(text, start, following.start()) if following else None
    return part if part and _known(names, name_key(part.group()), cue) else None


class _Spans:
    """Spans in order, to ask whether one of them touches a stretch of text."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def touch(self, start: int, end: int) -> bool:
        """Return whether a span shares a character with `start` to `end`; spans may nest once."""
        last = bisect_right(self._starts, end - 1)
        return any(stop > start for _, stop in self._spans[max(0, last - 2) : last])


def _known(names: RegionNames, key: str, cue: Cue) -> bool:
    if cue.kinds == {"desa"}:
        return bool(names.villages_named(key))
    return any(kind_of(code) in cue.kinds for code in names.units(key))


def nested_place(
    names: RegionNames, cues: CueWords, text: str, start: int, end: int
) -> tuple[int, int] | None:
    """Return the bare place at the tail of the office or institution `text[start:end]`, or None.

    After a word that asks for a place ("Kepala Desa", "Kapolsek") any capitalised tail counts, otherwise
    only a name of the register.
    """
    folded = fold(text[start:end])
    words = list(_WORD.finditer(folded))
    if len(words) < 2 or words[-1].end() != len(folded):
        return None
    most = next(
        (n for n in range(1, len(words)) if folded[words[-n - 1].end() : words[-n].start()] != " "), 99
    )
    tails: list[tuple[int, str, Cue | None]] = []
    for count in range(min(_MOST_WORDS, len(words) - 1, most), 0, -1):
        first = words[-count].start()
        capital = all(text[start + word.start()].isupper() for word in words[-count:])
        if capital and folded[first:] not in cues.no_tail and cues.own(folded[first:])[0] is None:
            tails.append((first, folded[first:], cues.before(folded, first)))
    known = [first for first, tail, cue in tails if _tail_is_known(names, tail, cue)]
    asked = [first for first, tail, cue in tails if cue is not None and cue.any_name and name_key(tail)]
    if not known and not asked:
        return None
    begin = (known or asked)[0]
    return start + begin + (len("dki ") if folded.startswith("dki ", begin) else 0), end


def _tail_is_known(names: RegionNames, tail: str, cue: Cue | None) -> bool:
    key = name_key(tail)
    if cue is not None and "desa" in cue.kinds and names.villages_named(key):
        return True
    found = names.units(key)
    if cue is None and " " not in tail:  # a lone word is too often no place: "Badan Kepegawaian Negara"
        found = tuple(code for code in found if len(code) <= 5)
    return bool(found) or key in names.towns
