"""Which language a text is in, by its function words: Indonesian, Sundanese, Javanese, English, or none."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")
_MAX_CHARS = 4000
_ENOUGH = 12  # words in small letters by which a text is judged


@dataclass(frozen=True, slots=True)
class Guess:
    """A language id (id, su, jv, en, other, garbage) and the share of its function words in the text."""

    language: str
    share: float


def guess_language(text: str) -> Guess:
    """Return the language of `text`, judged by its first 4,000 characters.

    `garbage` means too little running text to judge, or the same words over and over; `other` means words of
    none of the known languages.
    """
    head = text[:_MAX_CHARS]
    written = _WORD.findall(head)
    words = [word.lower() for word in written]
    if len(words) < 3 or sum(map(len, words)) < 0.5 * len("".join(head.split())):
        return Guess("garbage", 0.0)
    if len(words) >= 60 and len(set(words)) < 0.15 * len(words):
        return Guess("garbage", 0.0)
    # names say nothing about the language, and a short report may hold more of them than of anything else
    plain = [word for word in written if word.islower()]
    judged = plain if len(plain) >= _ENOUGH else words
    lists = _load_words()
    shares = {name: sum(map(known.__contains__, judged)) / len(judged) for name, known in lists.items()}
    best = max(shares, key=lambda name: shares[name])
    if shares[best] < 0.06:
        return Guess("other", shares[best])
    return Guess(best, shares[best])


@lru_cache(maxsize=1)
def _load_words() -> dict[str, frozenset[str]]:
    data = tomllib.loads(Path(__file__).with_name("language.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in data.items()}
