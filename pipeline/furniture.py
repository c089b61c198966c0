"""Lines made of nothing but a page's furniture: "Salin link artikel", "« Sebelumnya 1 2 Selanjutnya »"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.chrome import load_table
from pipeline.wording import fold

MAX_WORDS = 14
_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = frozenset("\"'")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    kinds: dict[str, str]
    fillers: frozenset[str]
    joints: frozenset[str]


def find_furniture(text: str, outlets: frozenset[str]) -> str | None:
    """Return the kind of a line whose every word belongs to a page's furniture, None for any other.

    Names of the outlet count as such words. A sentence has others, whatever it begins with.
    """
    folded = fold(text)
    if _QUOTES & set(folded):
        return None
    words = _WORD.findall(folded)
    if not 1 <= len(words) <= MAX_WORDS:
        return None
    known = _load_vocabulary()
    kinds = [known.kinds[word] for word in words if word in known.kinds]
    single = len(words) == 1 and not any(c.isdigit() for c in folded)
    goes_on = words[-1] in known.joints and not text.endswith(":")
    if not kinds or single or goes_on:
        return None
    rest = "".join(" " if word in known.kinds or word in known.fillers else word for word in words)
    if all(piece in outlets for piece in rest.split()):
        return max(kinds, key=kinds.count)
    return None


@lru_cache(maxsize=1)
def _load_vocabulary() -> _Vocabulary:
    table = load_table()["furniture"]
    kinds = {word: row["kind"] for row in table["group"] for word in row["words"].split()}
    return _Vocabulary(kinds, frozenset(table["fillers"].split()), frozenset(table["joints"].split()))
