"""Stems of Indonesian words, so that "pengawasan" finds "mengawasi": Snowball's stemmer, which needs no dictionary."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_WORD = re.compile(r"\w+")
_CACHED = 100_000


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("indonesian", _CACHED)


def stems(text: str) -> list[str]:
    """Return the stem of each word of the text, in order, in lower case and without diacritics."""
    words: list[str] = _stemmer().stemWords(_WORD.findall(_plain(text)))
    return words


def _plain(text: str) -> str:
    low = text.lower()
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))
