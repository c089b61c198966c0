"""Names of persons taken out of a data set: a pseudonym where a column is a name, a mark where a text prints one.

A pseudonym is a keyed hash of the name. The key is drawn anew for each export and never written down, so a person has
one pseudonym throughout a data set, and nobody can try names against it. Names that a snapshot had masked already
(accused persons, children) get no pseudonym at all: not even their initials leave.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.mask import Mask, make_mask

HIDDEN = "[nama]"  # a name inside a text
MASKED = "[disamarkan]"  # a column's name that the snapshot had masked
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
_MASKED_WORD = r"[^\W\d_](?:['’ʼ`]?\*+)+"
_RUN = re.compile(rf"(?:\b[A-Z][. ]{{1,2}})*\b{_MASKED_WORD}(?:[. ]{{1,2}}{_MASKED_WORD})*")
_PATH_RUN = re.compile(
    rf"(?:\b[^\W\d_][-_.+])*\b{_MASKED_WORD}(?:(?:[-_.+]|%20){{1,2}}{_MASKED_WORD})*", re.IGNORECASE
)  # "rapat-m-r****-s******" in an address
_HEX = 12


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The pseudonyms of one export; `kept` are folded names that stay as they are printed."""

    kept: frozenset[str] = frozenset()
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def of(self, name: str | None) -> str | None:
        """Return what stands in a column of names: the name where it is kept, else its pseudonym."""
        if not name:
            return name
        if "*" in name:
            return MASKED
        return name if fold(name) in self.kept else f"orang-{self.code(fold(name))}"

    def code(self, text: str) -> str:
        """Return the keyed hash of a text, in hex: an id that was made of a name would give the name away."""
        return hmac.new(self.key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:_HEX]


@dataclass(frozen=True, slots=True)
class Veil:
    """What is hidden in the texts of one article: `own` are its persons, `others` officials of the whole set."""

    own: Mask
    others: Mask

    def text(self, text: str) -> str:
        """Return a text with every name in it replaced by one mark, those that were masked before as well."""
        return _RUN.sub(HIDDEN, self.same_length(text))

    def same_length(self, text: str) -> str:
        """Return a text with names masked and its length unchanged, so that offsets into it hold."""
        return self.others.text(self.own.text(text) or "") or ""

    def url(self, url: str) -> str:
        """Return an address with each name in its path replaced by one star."""
        return _PATH_RUN.sub("*", self.others.url(self.own.url(url)) or "")


def veil(names: Iterable[str], places: Iterable[str], others: Mask, kept: frozenset[str]) -> Veil:
    """Return what hides these persons of an article; `places` are names that its places share with persons."""
    hidden = [name for name in names if "*" not in name and fold(name) not in kept]
    return Veil(make_mask(hidden, places=places), others)


def whole_names(names: Iterable[str]) -> Mask:
    """Return a mask of names of two words or more, hidden only where they stand whole, in any article."""
    runs: dict[str, tuple[tuple[str, ...], ...]] = {}
    joined: set[str] = set()
    for name in set(names):
        words = tuple(fold(word) for word in _WORD.findall(name))
        if "*" in name or len(words) < 2:
            continue
        runs[words[0]] = (*runs.get(words[0], ()), words)
        joined.add("".join(words))
    return Mask(runs, frozenset(), frozenset(joined))


def fold(name: str) -> str:
    """Return a name as it is compared: letters alone, without case."""
    return "".join(filter(str.isalpha, name.casefold()))


def persons_by_article(rows: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return the texts of (article, text) pairs by article."""
    found: dict[str, list[str]] = {}
    for article, text in rows:
        found.setdefault(article, []).append(text)
    return found
