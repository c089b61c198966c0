"""Stems of Indonesian words, so that "pengawasan" finds "mengawasi".

Snowball's stemmer needs no dictionary, but can't know which letter a prefix swallowed: the families of roots.toml are
kept together by their forms.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

# cutting a text where these were takes a fifth of the time that a regular expression for words takes
_BREAKS = str.maketrans({c: " " for c in map(chr, range(128)) if not (c.isalnum() or c == "_")})
_CACHED = 200_000
_LONGEST = 40  # letters of a word that is kept


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("indonesian", 0)


_SUFFIXES = ("", "i", "kan", "an", "nya", "inya", "kannya", "annya", "lah", "kah", "pun")
_PREFIXES = ("", "di", "ter", "ber", "ke", "se", "pe", "per", "memper", "diper")
# by the first letter of the root: what follows "me" and "pe", and whether the letter goes
_NASALS = dict.fromkeys("aeiough", ("ng", False)) | dict.fromkeys("cdjz", ("n", False))
_NASALS |= dict.fromkeys("bfv", ("m", False))
_NASALS |= {"k": ("ng", True), "p": ("m", True), "s": ("ny", True), "t": ("n", True)}


def forms(root: str) -> Iterator[str]:
    """Yield the forms that a root takes with the prefixes and suffixes of Indonesian; not all of them are in use."""
    nasal, swallowed = _NASALS.get(root[0], ("", False))
    active = nasal + (root[1:] if swallowed else root)
    for begun in (*(prefix + root for prefix in _PREFIXES), f"me{active}", f"pe{active}"):
        yield from (begun + suffix for suffix in _SUFFIXES)


@cache
def _families() -> dict[str, str]:
    data = tomllib.loads(Path(__file__).with_name("roots.toml").read_text(encoding="utf-8"))
    return {form: root for root in data["roots"].split() for form in forms(root)}


class _Stems(dict[str, str]):
    """The stems of words that were met; looked up four times as fast as made."""

    def __missing__(self, word: str) -> str:
        stem: str = _families().get(word) or _stemmer().stemWord(word)
        if len(word) <= _LONGEST:
            if len(self) >= _CACHED:
                self.clear()
            self[word] = stem
        return stem


_STEMS = _Stems()


def stems(text: str) -> list[str]:
    """Return the stem of each word of the text, in order, in lower case and without diacritics."""
    return list(map(_STEMS.__getitem__, _plain(text).translate(_BREAKS).split()))


def other_stems(text: str) -> list[str]:
    """Return the stems of those words of the text that an index of words would not hold so, in order.

    Beyond ASCII such an index may write a word otherwise, so that its stem counts as another one.
    """
    words = _plain(text).translate(_BREAKS).split()
    return [stem for word in words if (stem := _STEMS[word]) != word or not word.isascii()]


def _plain(text: str) -> str:
    low = text.lower()
    if low.isascii():
        return low
    for char in set(low):  # most texts have a dash or a quotation mark, few a letter with a sign
        if not char.isascii() and (bare := _bare(char)) != char:
            low = low.replace(char, bare)
    return low


@cache
def _bare(char: str) -> str:
    """Return a letter or digit without its signs, a blank for what belongs to no word."""
    bare = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() or c == "_" else " " for c in bare)
