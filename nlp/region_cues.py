"""What the words around a place name say of its kind: "Camat X" is a kecamatan, "Bupati X" a kabupaten."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from nlp.patterns import any_of
from nlp.text import fold

KINDS = ("provinsi", "kabupaten", "kota", "kecamatan", "desa")
_WINDOW = 64
_MOST_WORDS = 4
# a new clause begins here: what stands before says nothing of the name behind it
_CLAUSE = re.compile(r"[\n,;:!?\"]|\.(?=\s)(?<!kab\.)(?<!kec\.)(?<!kel\.)(?<!prov\.)(?<!ds\.)")
# an abbreviated level word takes a full stop; behind a whole one it ends the sentence
_STOP = r"(?:(?<=kab)\.|(?<=kec)\.|(?<=kel)\.|(?<=prov)\.)?"
_NUMBER = re.compile(r"[\d./\-]+")


@dataclass(frozen=True, slots=True)
class Cue:
    """The kinds that a word allows (`only`) or makes likely; `any_name`: whatever follows is a place."""

    kinds: frozenset[str]
    only: bool
    any_name: bool


@dataclass(frozen=True, slots=True)
class CueWords:
    """The vocabulary of data/taxonomy/regions.toml, by phrase."""

    levels: dict[str, Cue]
    offices: dict[str, Cue]
    venues: frozenset[str]
    no_tail: frozenset[str]
    level_word: re.Pattern[str]

    def own(self, folded: str) -> tuple[Cue | None, int]:
        """Return the level word at the start of a place's folded text and where the bare name begins."""
        words = list(re.finditer(r"[^\s]+", folded))
        for count in range(min(3, len(words) - 1), 0, -1):
            phrase = _phrase(folded[: words[count - 1].end()])
            cue = self.levels.get(phrase)
            if cue:
                return cue, words[count].start()
        return None, 0

    def before(self, folded: str, start: int, limit: int = 0) -> Cue | None:
        """Return the cue that ends where the place begins; nothing before `limit` is looked at."""
        window = folded[max(limit, start - _WINDOW) : start]
        clause = _CLAUSE.split(window)[-1]
        words = [_word(word) for word in clause.replace("(", " ").split()]
        while words and (not words[-1] or _NUMBER.fullmatch(words[-1])):
            words.pop()  # "Kodim 0622/", "Koramil 05/"
        for count in range(min(_MOST_WORDS, len(words)), 0, -1):
            phrase = " ".join(words[-count:])
            cue = self.offices.get(phrase) or self.levels.get(phrase)
            if cue:
                return cue
        return None

    def inside(self, host: str | None) -> Cue | None:
        """Return what the last cue of the office or institution that holds a place makes likely, or None."""
        words = [_word(word) for word in fold(host or "").replace("(", " ").split()]
        for end in range(len(words), 0, -1):
            for count in range(min(_MOST_WORDS, end), 0, -1):
                cue = self.offices.get(" ".join(words[end - count : end]))
                if cue:
                    return replace(cue, only=False)
        return None

    def venue(self, folded: str) -> bool:
        """Return whether a place's text begins like a venue, which has no code ("Aula PGRI")."""
        words = folded.split(maxsplit=2)
        return bool(words) and (words[0].strip(".") in self.venues or " ".join(words[:2]) in self.venues)


def load_cues(words: dict[str, Any]) -> CueWords:
    """Return the vocabulary from the parsed data file; raises ValueError for a kind that does not exist."""
    levels = {
        phrase: Cue(frozenset({kind}), only=True, any_name=True)
        for kind, phrases in words["level_words"].items()
        for phrase in phrases
    }
    offices: dict[str, Cue] = {}
    for row in words["cue"]:
        unknown = set(row["kinds"]) - set(KINDS)
        if unknown:
            raise ValueError(f"regions.toml: cue kinds {sorted(unknown)} are none of {KINDS}")
        cue = Cue(frozenset(row["kinds"]), row["only"], row.get("any_name", row["only"]))
        offices |= dict.fromkeys(row["words"], cue)
    spelled = any_of(levels)
    return CueWords(
        levels,
        offices,
        venues=frozenset(words["venues"]["words"]),
        no_tail=frozenset(words["venues"]["no_tail"]),
        level_word=re.compile(rf"(?<!\w)(?P<word>{spelled}){_STOP}\s(?=\w)"),
    )


def _phrase(text: str) -> str:
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    bare = word.strip(".()/\"'")
    return bare.removeprefix("se-") or bare
