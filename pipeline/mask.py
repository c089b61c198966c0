"""Masks of equal length over what a published text must not hold: the accused, children, numbers of persons.

Whoever is accused stays innocent until a competent body has decided, and published copies go further than the
store: they keep a name's initials alone ("S******** W****"). Equal length keeps every offset valid.
A mask that hides too much costs a reader a word; one that hides too little costs a person a name, so a word
of an accused person's name is hidden wherever it stands capitalised, unless the text links it to a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from nlp.records import ALSO_CALLED
from pipeline.personal_numbers import hide_numbers

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
# Words that many persons share: hidden inside the whole name, never alone.
COMMON = frozenset(
    "muhammad mohammad mohamad muhamad muh moch moh ahmad achmad abdul abd nur siti haji hajah hj drs dra dr "
    "made wayan nyoman ketut putu kadek komang gede gusti ida bagus ayu anak agung dewa ngurah andi daeng la "
    "wa ode raden teuku cut sri dewi putra putri bin binti bapak ibu pak bu kades camat lurah oknum warga "
    "kepala desa ketua akun grup tim calon bupati wakil wali kota".split()
)
_PLATE_CUES = ("pelat", "plat ", "nopol", "nomor polisi", "nomor kendaraan", "bernomor")
_PLATE = re.compile(
    rf"(?i)(?:{'|'.join(_PLATE_CUES)})\b[^.\n]{{0,30}}?(?-i:\b([A-Z]{{1,2}} ?\d{{1,4}} ?[A-Z]{{1,3}})\b)"
)
_GAP = 3  # characters between the words of one name: a blank, a full stop and a blank, a line break
_NAME = r"[A-Z][\w'’.]*(?:[ ][A-Z][\w'’.]*){0,3}"
_YEARS = r"(?i:tahun|thn|th)\b"
_AGE = rf"(?i:berusia|berumur|umur|usia)\s+(?P<b>\d{{1,2}})\s*{_YEARS}"
_CHILD_AGE = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\(\s*(?P<a>\d{{1,2}})\s*{_YEARS}\.?\s*\)|,?\s*(?:(?i:yang)\s+)?{_AGE})"
)
# the cue may begin a sentence, or stand in a headline that is capitalised throughout
_CHILD_NAMED = re.compile(
    r"\b(?i:anak|bocah|balita|bayi|siswa|siswi|pelajar|murid|santri|santriwati|remaja)\b"
    rf"(?:\s+[a-zA-Z0-9]+){{0,6}}?\s+(?i:bernama)\s+(?P<name>{_NAME})"
)
_AGE_AFTER = re.compile(r"\s*\(\s*(\d{1,2})\s*\)")


@dataclass(frozen=True, slots=True)
class Mask:
    """What to hide in the texts of one article.

    `runs` are whole names as folded words, by their first word; `alone` are the words that are hidden by
    themselves where they stand with a capital; `joined` are names written as one word.
    """

    runs: Mapping[str, tuple[tuple[str, ...], ...]]
    alone: frozenset[str]
    joined: frozenset[str]

    def text(self, text: str | None) -> str | None:
        """Return `text` with names and personal numbers masked; its length stays the same."""
        if not text:
            return text
        named = self._hide_names(text, any_case=False) if self.runs else text
        return _hide_plates(hide_numbers(named))

    def url(self, url: str | None) -> str | None:
        """Return a web address with the words of the names in its path masked; the host stays.

        Of a file that was given by hand only its name is told, not where it lies.
        """
        if url and url.startswith("file:"):
            url = "berkas:/" + url.rpartition("/")[2]
        if not url or not self.runs:
            return url
        scheme, mark, rest = url.rpartition("://")
        host, slash, path = rest.partition("/")
        return scheme + mark + host + slash + self._hide_names(path, any_case=True)

    def _hide_names(self, text: str, *, any_case: bool) -> str:
        words = list(_WORD.finditer(text))
        keys = [_fold(word.group()) for word in words]
        hidden: set[int] = set()
        for n, key in enumerate(keys):
            if key not in self.runs and key not in self.alone and key not in self.joined:
                continue
            for run in self.runs.get(key, ()):
                end = n + len(run)
                if tuple(keys[n:end]) == run and all(
                    b.start() - a.end() <= _GAP for a, b in pairwise(words[n:end])
                ):
                    hidden.update(range(n, end))
            if key in self.joined or (key in self.alone and (any_case or words[n].group()[0].isupper())):
                hidden.add(n)
        if not hidden:
            return text
        pieces, last = [], 0
        for n in sorted(hidden):
            pieces += [text[last : words[n].start()], _mask_word(words[n].group())]
            last = words[n].end()
        return "".join([*pieces, text[last:]])


def make_mask(names: Iterable[str], *, persons: Iterable[str] = (), places: Iterable[str] = ()) -> Mask:
    """Return the mask for an article whose accused (and children) are called `names`.

    `persons` are the person names that were read from the article: those that may be one of `names` written
    otherwise ("M. Abdurrahman" for "Muhammad Abdurrahman") are hidden too. The words of `places` (names that
    were linked to a region code) are not hidden where they stand alone.
    """
    single = (part for name in names for part in name.split(ALSO_CALLED))
    hidden = [name for name in dict.fromkeys(single) if _is_full_name(name)]
    if hidden:
        hidden += _written_otherwise(set(persons).difference(hidden), hidden)
    if not hidden:
        return _NOTHING
    kept = frozenset(_fold(word) for place in places for word in _WORD.findall(place))
    return _compile(tuple(sorted(set(hidden))), kept)


def _written_otherwise(persons: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return those of `persons` who may be one of `names`.

    An event may have thousands of names, so pairs are compared only where the initials allow them to be one.
    """
    known = [(name, _initials(name)) for name in names]
    found = []
    for person in filter(_is_full_name, persons):
        own = _initials(person)
        if any((own <= theirs or theirs <= own) and same_person(person, name) for name, theirs in known):
            found.append(person)
    return found


def _initials(name: str) -> frozenset[str]:
    return frozenset(word[0] for word in _WORD.findall(name.casefold()))


@lru_cache(maxsize=4096)
def _compile(names: tuple[str, ...], kept: frozenset[str]) -> Mask:
    runs: dict[str, tuple[tuple[str, ...], ...]] = {}
    alone: set[str] = set()
    joined: set[str] = set()
    for name in names:
        words = tuple(_fold(word) for word in _WORD.findall(name))
        runs[words[0]] = (*runs.get(words[0], ()), words)
        own = {word for word in words if len(word) > 2 and word not in COMMON and word not in kept}
        alone |= own or set(words if len(words) == 1 else ())
        joined |= {"".join(words)} if len(words) > 1 else set()
    single = {first: tuple(run for run in found if len(run) > 1) for first, found in runs.items()}
    return Mask(single, frozenset(alone), frozenset(joined))


def same_person(a: str, b: str) -> bool:
    """Return whether two names may be one person's: each word of the shorter one has its like in the longer.

    A single letter is the like of a word that begins with it, and a word of five letters or more of one
    that is written a little otherwise.
    """
    first, second = (_WORD.findall(name.casefold()) for name in (a, b))
    short, long = sorted((first, second), key=len)
    if not short or all(len(word) == 1 for word in short):
        return False
    return all(any(_alike(word, other) for other in long) for word in short)


def _alike(a: str, b: str) -> bool:
    if a == b:
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    if min(len(a), len(b)) < 5 or a[0] != b[0]:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.85


def child_names(text: str, persons: Iterable[tuple[int, int]] = ()) -> list[str]:
    """Return the names of persons whom the text says to be under 18; `persons` are spans of person names."""
    lowered = text.lower()
    found = [match["name"] for match in _CHILD_NAMED.finditer(text)] if "bernama" in lowered else []
    aged = _CHILD_AGE.finditer(text) if "tahun" in lowered or "th" in lowered else ()
    found += [match["name"] for match in aged if int(match["a"] or match["b"]) < 18]
    for start, end in persons:
        age = _AGE_AFTER.match(text, end)
        if age and 0 < int(age.group(1)) < 18:
            found.append(text[start:end])
    return found


def mask_name(name: str | None) -> str | None:
    """Return a name with the initial of each word kept: "Sri Wahyuni" → "S** W******"; initials stay."""
    return ALSO_CALLED.join(map(_mask_one, name.split(ALSO_CALLED))) if name else name


def _mask_one(name: str) -> str:
    return _WORD.sub(lambda match: _mask_word(match.group()), name) if _is_full_name(name) else name


def _is_full_name(name: str) -> bool:
    """Tell a name from initials, which are kept as printed: some word has three letters, not all capital."""
    words = _WORD.findall(name)
    return any(len(word) > 2 and (not word.isupper() or len(word) > 4) for word in words)


def _fold(word: str) -> str:
    """Return a word as it is compared: without case, and without its apostrophes, typed variously."""
    return word.casefold() if word.isalpha() else "".join(filter(str.isalpha, word.casefold()))


def _mask_word(word: str) -> str:
    return word[0] + "".join("*" if char.isalnum() else char for char in word[1:])


def _hide_plates(text: str) -> str:
    lowered = text.lower()
    return _PLATE.sub(_mask_plate, text) if any(cue in lowered for cue in _PLATE_CUES) else text


def _mask_plate(match: re.Match[str]) -> str:
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    whole = match.group()
    return whole[:start] + re.sub(r"\w", "*", whole[start:end]) + whole[end:]


_NOTHING = Mask({}, frozenset(), frozenset())
