"""One person's name wherever it stands: in a page's markup, in a text, in an address; found and masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
_GAP = r"(?:[\s\u00a0.,_+\-–]|%20|&nbsp;|&#160;|<[^<>]{0,200}>){0,8}"
_LEAST = 6  # letters: a shorter name would be found in other words
_LONE = 4  # letters of a word of the name that is masked where it stands alone, with a capital


class NameUnclear(ValueError):
    """A name is too short to be told from other words; the message says what is needed."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it is searched: its words in order with whatever stands between them, in any case."""

    whole: re.Pattern[str]
    lone: re.Pattern[str] | None
    sql: str

    def stands_in(self, text: str | None) -> bool:
        """Return whether the whole name stands in a text, markup or address."""
        return bool(text) and self.whole.search(text or "") is not None

    def mask(self, text: str) -> str:
        """Return the text with the name masked, its length unchanged; its words alone are masked as well."""
        masked = self.whole.sub(_mask_words, text)
        return self.lone.sub(_mask_lone, masked) if self.lone else masked


def person_name(name: str, *, common: frozenset[str]) -> PersonName:
    """Return a name of at least two words to search for; words of `common` are never masked alone.

    Raises NameUnclear for a name that would be found in other words.
    """
    words = _WORD.findall(name)
    if len(words) < 2 or sum(map(len, words)) < _LEAST:
        raise NameUnclear(f"{name!r}: give at least two words of the name, or erase articles by address")
    whole = rf"(?<![^\W_]){_GAP.join(f'({re.escape(word)})' for word in words)}(?![^\W_])"
    alone = [re.escape(w) for w in words if len(w) >= _LONE and w.casefold() not in common]
    lone = re.compile(rf"(?<![^\W_])({'|'.join(alone)})(?![^\W_])", re.IGNORECASE) if alone else None
    sql = r"(?i)(^|[^\pL])" + r"[^\pL]{0,8}".join(re.escape(word) for word in words) + r"($|[^\pL])"
    return PersonName(re.compile(whole, re.IGNORECASE), lone, sql)


def _mask_words(match: re.Match[str]) -> str:
    text, start = list(match.group()), match.start()
    for n in range(1, len(match.groups()) + 1):
        for at in range(match.start(n) + 1, match.end(n)):
            text[at - start] = "*"
    return "".join(text)


def _mask_lone(match: re.Match[str]) -> str:
    word = match.group()
    return word[0] + "*" * (len(word) - 1) if word[0].isupper() else word
