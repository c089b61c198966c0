"""Patterns made of word lists, and forgiving of the doubled blanks that careless pages print."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """Return an alternation of literal words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def compile_form(form: str) -> re.Pattern[str]:
    r"""Return a pattern in which every blank (`\s`, `\s?`, an escaped blank) may be doubled."""
    doubled = form.replace(r"\s?", r"\s{0,2}").replace(r"\ ", r"\s")
    return re.compile(re.sub(r"\\s(?!\{)", r"\\s{1,2}", doubled))
