"""Invented texts with tags (data/corpus/FORMAT.md) as plain text and the mentions of a recogniser."""

from __future__ import annotations

from nlp.accused import Cast, find_cast
from nlp.corpus import untag
from nlp.officials import read_officials
from nlp.reading import read_document
from nlp.records import Document, Mention


def read_tags(tagged: str) -> tuple[str, list[Mention]]:
    """Return the plain text and its mentions; `code` and `iso` come from the tags."""
    text, spans = untag(tagged)
    mentions = [
        Mention(s.label, s.start, s.end, s.text, code=s.code, codes=(s.code,) if s.code else (), iso=s.iso)
        for s in spans
    ]
    return text, mentions


def cast_of(tagged: str, title: str = "") -> Cast:
    """Return everybody whom a tagged text may accuse."""
    text, mentions = read_tags(tagged)
    officials, _ = read_officials(text, mentions)
    return find_cast(read_document(Document("x", text, title), mentions), officials)
