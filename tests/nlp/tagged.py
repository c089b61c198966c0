"""Invented texts with tags (data/corpus/FORMAT.md) as plain text and the mentions of a recogniser."""

from __future__ import annotations

from nlp.corpus import untag
from nlp.records import Mention


def read_tags(tagged: str) -> tuple[str, list[Mention]]:
    """Return the plain text and its mentions; `code` and `iso` come from the tags."""
    text, spans = untag(tagged)
    mentions = [
        Mention(s.label, s.start, s.end, s.text, code=s.code, codes=(s.code,) if s.code else (), iso=s.iso)
        for s in spans
    ]
    return text, mentions
