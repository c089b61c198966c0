"""Offices to which somebody speaks, so that they are not held by whoever is named next."""

from __future__ import annotations

from nlp.reading import Sentence

_TO = frozenset("kepada menurut hadapan depan".split())


def is_addressed(sentence: Sentence, office: int, first: int, last: int) -> bool:
    """Tell whether the office at word `office` is only spoken to or quoted before the name at words [first, last).

    "Kepada penyidik, FZ mengaku" does not make FZ an investigator; "Menurut penyidik, Budi, …" tells his name.
    """
    words = sentence.words
    if not (office and words[office - 1].text in _TO):
        return False
    written = sentence.text[words[office].start - sentence.start :][:1]
    before = sentence.between(first - 1, first)
    behind = sentence.text[words[last - 1].end - sentence.start :].lstrip()
    return written.islower() and "," in before and behind[:1].isalpha()
