"""Who is who over time: the id under which one official stands in every article that names him.

An id is made of what is written: name, institution and, where the institution's name is not the only one in
the country, the regency of the event. Nothing is learned or kept, so a better reading changes it by itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline import ids
from pipeline.labels import DATA

_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile(r"['’ʼ`]")


@dataclass(frozen=True, slots=True)
class _Rules:
    given: dict[str, str]
    wide: re.Pattern[str]
    few: frozenset[str]


@lru_cache(maxsize=100_000)
def official_id(name: str, institution: str | None, category: str | None, place: str | None) -> str | None:
    """Return the id of an official, None where it is not sure who is meant.

    `place` is the code of the event's place. There must be an institution, a name that is more than initials,
    two words of it unless the body is small, and a regency unless the institution's name tells it.
    """
    rules = _load_rules()
    words = _name_words(name, rules)
    if not institution or len("".join(words)) < 4:
        return None
    if sum(len(word) > 1 for word in words) < (1 if category in rules.few else 2):
        return None
    body = " ".join(_WORD.findall(institution.casefold())) or institution
    if rules.wide.search(body):
        area = None
    elif place and len(place) >= 5:
        area = place[:5]
    else:
        return None
    return ids.digest("official", " ".join(words), body, area)


def _name_words(name: str, rules: _Rules) -> list[str]:
    """Return the words of a name as they are compared; of initials none."""
    bare = _APOSTROPHES.sub("", name)
    words = _WORD.findall(bare)
    if bare.isupper() and all(len(word) <= 4 for word in words):
        return []
    folded = [word.casefold() for word in words]
    first = rules.given.get(folded[0], folded[0]) if len(folded) > 1 else "".join(folded)
    return [first, *folded[1:]]


@cache
def _load_rules() -> _Rules:
    table = tomllib.loads((DATA / "taxonomy" / "registry.toml").read_text(encoding="utf-8"))
    given = {short: row[0] for row in table["given"] for short in row}
    return _Rules(given, re.compile(rf"\b(?:{'|'.join(table['wide'])})\b"), frozenset(table["few"]))
