"""Masks of equal length over what a published text must not hold: the accused, children, numbers of persons.

Whoever is accused stays innocent until a competent body has decided, and published copies go further than the
store: they keep a name's initials alone ("S******** W****"). Equal length keeps every offset valid.
A mask that hides too much costs a reader a word; one that hides too little costs a person a name, so a word
of an accused person's name is hidden wherever it stands capitalised, unless the text links it to a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
_QUOTES = "'’ʼ`"
_MAX_NAMES = 200
# Words that many persons share: hidden inside the whole name, never alone.
_COMMON = frozenset(
    "muhammad mohammad mohamad muhamad muh moch moh ahmad achmad abdul abd nur siti haji hajah hj drs dra dr "
    "made wayan nyoman ketut putu kadek komang gede gusti ida bagus ayu anak agung dewa ngurah andi daeng la "
    "wa ode raden teuku cut sri dewi putra putri bin binti bapak ibu pak bu kades camat lurah oknum warga "
    "kepala desa ketua akun grup tim calon bupati wakil wali kota".split()
)
_PHONE = re.compile(r"(?<![\w.])(?:\+?62|0)[\s.-]?(?:\(?\d{2,4}\)?)(?:[\s.-]?\d{2,5}){2,3}(?!\d)")
_NIK = re.compile(
    r"(?<!\d)\d{4}[\s.-]?\d{4}[\s.-]?\d{4}[\s.-]?\d{4}(?!\d)|(?<!\d)\d{6}[\s.]\d{6}[\s.]\d{4}(?!\d)"
)
_PLATE = re.compile(
    r"(?i)(?:pelat|plat|nopol|nomor polisi|nomor kendaraan|bernomor)\b[^.\n]{0,30}?(?-i:\b([A-Z]{1,2} ?\d{1,4} ?[A-Z]{1,3})\b)"
)
_NAME = r"[A-Z][\w'’.]*(?:[ ][A-Z][\w'’.]*){0,3}"
_CHILD_AGE = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\(\s*(?P<a>\d{{1,2}})\s*(?:tahun|thn|th)\.?\s*\)|,?\s*(?:yang\s+)?(?:berusia|berumur|umur|usia)\s+(?P<b>\d{{1,2}})\s*(?:tahun|thn))"
)
_CHILD_NAMED = re.compile(
    r"\b(?:anak|bocah|balita|bayi|siswa|siswi|pelajar|murid|santri|santriwati|remaja)\b"
    rf"(?:\s+[a-zA-Z0-9]+){{0,6}}?\s+bernama\s+(?P<name>{_NAME})"
)
_AGE_AFTER = re.compile(r"\s*\(\s*(\d{1,2})\s*\)")


@dataclass(frozen=True, slots=True)
class Mask:
    """What to hide in the texts of one article: a pattern over names, or None, and words of its web address."""

    pattern: re.Pattern[str] | None
    slug_words: frozenset[str]

    def text(self, text: str | None) -> str | None:
        """Return `text` with names and personal numbers masked; its length stays the same."""
        if not text:
            return text
        if self.pattern is not None:
            text = self.pattern.sub(_mask_match, text)
        text = _NIK.sub(_mask_digits, text)
        text = _PHONE.sub(_mask_phone, text)
        return _PLATE.sub(_mask_plate, text)

    def url(self, url: str | None) -> str | None:
        """Return a web address with the words of the names in its path masked; the host stays."""
        if not url or not self.slug_words:
            return url
        head, slash, path = _split_host(url)
        return head + slash + re.sub(r"[^\W\d_]+", self._mask_slug_word, path)

    def _mask_slug_word(self, match: re.Match[str]) -> str:
        return _mask_word(match.group()) if match.group().casefold() in self.slug_words else match.group()


def make_mask(names: Iterable[str], *, persons: Iterable[str] = (), places: Iterable[str] = ()) -> Mask:
    """Return the mask for an article whose accused (and children) are called `names`.

    `persons` are the person names that were read from the article: those that may be one of `names` written
    otherwise ("M. Abdurrahman" for "Muhammad Abdurrahman") are hidden too. The words of `places` (names that
    were linked to a region code) are not hidden where they stand alone.
    """
    hidden = [name for name in dict.fromkeys(names) if _is_full_name(name)][:_MAX_NAMES]
    hidden += [
        p for p in dict.fromkeys(persons) if _is_full_name(p) and any(same_person(p, n) for n in hidden)
    ]
    if not hidden:
        return _NOTHING
    kept = frozenset(word.casefold() for place in places for word in _WORD.findall(place))
    return _compile(tuple(sorted(set(hidden))), kept)


@lru_cache(maxsize=4096)
def _compile(names: tuple[str, ...], kept: frozenset[str]) -> Mask:
    whole: set[str] = set()
    words: set[str] = set()
    for name in names:
        parts = _WORD.findall(name)
        if len(parts) > 1:
            whole.add(r"[\W_]{0,3}".join(_quoted(part) for part in parts))
        else:
            words.add(parts[0].casefold())
        words |= {p.casefold() for p in parts if len(p) > 2 and p.casefold() not in _COMMON}
    alone = sorted(words - kept, key=len, reverse=True)
    options = [rf"(?i:{pattern})" for pattern in sorted(whole, key=len, reverse=True)]
    options += [f"(?:{_capitalised(word)})" for word in alone]
    return Mask(re.compile(rf"(?<![^\W_])(?:{'|'.join(options)})(?![^\W\d_])"), frozenset(words))


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
    found = [match["name"] for match in _CHILD_NAMED.finditer(text)]
    for match in _CHILD_AGE.finditer(text):
        if int(match["a"] or match["b"]) < 18:
            found.append(match["name"])
    for start, end in persons:
        age = _AGE_AFTER.match(text, end)
        if age and 0 < int(age.group(1)) < 18:
            found.append(text[start:end])
    return found


def mask_name(name: str | None) -> str | None:
    """Return a name with the initial of each word kept: "Sri Wahyuni" → "S** W******"; initials stay."""
    if not name or not _is_full_name(name):
        return name
    return _WORD.sub(lambda match: _mask_word(match.group()), name)


def _is_full_name(name: str) -> bool:
    """Tell a name from initials, which are kept as printed: some word has three letters, not all capital."""
    words = _WORD.findall(name)
    return any(len(word) > 2 and (not word.isupper() or len(word) > 4) for word in words)


def _quoted(word: str) -> str:
    return "".join(f"[{_QUOTES}]" if char in _QUOTES else re.escape(char) for char in word)


def _capitalised(word: str) -> str:
    # The name may be typed with any capital after the first letter (LENA, LeNA), not in lower case alone.
    return f"{re.escape(word[0].upper())}(?i:{_quoted(word[1:])})"


def _mask_word(word: str) -> str:
    return word[0] + "".join("*" if char.isalnum() else char for char in word[1:])


def _mask_match(match: re.Match[str]) -> str:
    return _WORD.sub(lambda word: _mask_word(word.group()), match.group())


def _mask_digits(match: re.Match[str]) -> str:
    return re.sub(r"\d", "*", match.group())


def _mask_phone(match: re.Match[str]) -> str:
    digits = sum(char.isdigit() for char in match.group())
    return _mask_digits(match) if 9 <= digits <= 15 else match.group()


def _mask_plate(match: re.Match[str]) -> str:
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    whole = match.group()
    return whole[:start] + re.sub(r"\w", "*", whole[start:end]) + whole[end:]


def _split_host(url: str) -> tuple[str, str, str]:
    scheme, mark, rest = url.partition("://")
    host, slash, path = (rest if mark else scheme).partition("/")
    return (scheme + mark + host if mark else host), slash, path


_NOTHING = Mask(None, frozenset())
