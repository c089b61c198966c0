"""Which days of a text are no act's: those that bound a stage of the election, or that only its handling bears."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.event_words import load_event_words
from nlp.patterns import any_of
from nlp.records import Mention
from nlp.scene import Scene

_HANDLING = frozenset(("statement", "stage"))  # roles of dates
_NEAR = r"\b(?:\s[\w'-]+){0,3}[\s(,]*$"  # words that may part such a phrase from its date


def bounding_days(scene: Scene) -> frozenset[str]:
    """Return the days that the text only names as bounds: "padahal masa tenang berlangsung 24-26 November".

    Nobody acted on them as far as the text says; a range counts by its first day.
    """
    bounds = {_day(m) for m in scene.dates if _bounds(scene, m)}
    return frozenset(bounds - {_day(m) for m in scene.dates if not _bounds(scene, m)})


def is_of_handling(scene: Scene, day: str) -> bool:
    """Tell whether a day is only said of statements and steps: "dilaporkan ke Bawaslu, Kamis (24/10/2024)"."""
    return all(m.role in _HANDLING for m in scene.dates if _day(m) == day)


def _day(mention: Mention) -> str:
    return (mention.iso or "").split("/")[0]


def _bounds(scene: Scene, mention: Mention) -> bool:
    start, _ = scene.spans[scene.sentence_of(mention)]
    before = scene.folded[start : mention.start]
    if _phrase().search(before):
        return True
    return "/" in (mention.iso or "") and _whole().search(before) is not None


@lru_cache(maxsize=1)
def _phrase() -> re.Pattern[str]:
    """Return the pattern of "masa tenang berlangsung", "kampanye baru dimulai" and "yang baru dilantik"."""
    words = {name: any_of(listed) for name, listed in load_event_words().stage.items()}
    whole = rf"(?:{words['time']}) (?:{words['name']})\b[^.;,]*? (?:{words['runs']}|{words['turns']})"
    bare = rf"(?:{words['name']})(?: (?:{words['beside']}|20\d\d))* (?:{words['turns']})"
    office = rf"yang baru(?: saja)? (?:{words['enters']})"
    return re.compile(rf"\b(?:{whole}|{bare}|{office}){_NEAR}")


@lru_cache(maxsize=1)
def _whole() -> re.Pattern[str]:
    """Return the pattern of "masa tenang (", before a range of days."""
    words = load_event_words().stage
    return re.compile(rf"\b(?:{any_of(words['time'])}) (?:{any_of(words['name'])}){_NEAR}")
