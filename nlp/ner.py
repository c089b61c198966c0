"""Named entities: persons, offices, institutions, places, dates and law references as written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import ThreadpoolController

from nlp.records import Mention
from nlp.text import sentences

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = Path(__file__).parent / "models" / "ner"
MAX_PIECE = 2_000  # characters read at once: bounds memory, whatever a page holds
_BATCH = 128  # pieces
_NESTED_AT_MOST = 8  # places inside one office
_LINE = re.compile(r"[^\n]+")
# the tokenizer looks through the rest of a word at each mark that it takes off: nothing is named in so many
_NOISE = re.compile(r"(?:[^\w\s]|_){100,}")
_EDGE = " \t\r\n\u00a0\u200b.,;:-–—\"'“”‘’()[]"
_CLOSED = {")": "(", "]": "["}


class ModelError(RuntimeError):
    """The trained model is missing or can't be read."""


class Recogniser:
    """Finds the mentions of six labels in texts; places also inside roles and institutions."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline
        self._libraries = ThreadpoolController()

    @property
    def version(self) -> str:
        """Return the model's name and version, as findings record it."""
        return f"{self._pipeline.meta['name']}-{self._pipeline.meta['version']}"

    def recognise(self, texts: Sequence[str]) -> list[tuple[Mention, ...]]:
        """Return the mentions of each text in the order of their start, the longer first.

        Texts of any length are read paragraph by paragraph, so that memory stays bounded.
        """
        found: list[list[Mention]] = [[] for _ in texts]
        pieces = ((text[start:end], (i, start)) for i, text in enumerate(texts) for start, end in cut(text))
        # a second thread costs more than it gives with matrices of this size; several articles are read by processes
        with self._libraries.limit(limits=1, user_api="blas"), self._pipeline.memory_zone():
            for doc, (i, offset) in self._pipeline.pipe(pieces, as_tuples=True, batch_size=_BATCH):
                found[i] += _mentions(doc, offset)
        return [
            tuple(sorted([*mentions, *repeated(text, mentions)], key=lambda m: (m.start, -m.end)))
            for text, mentions in zip(texts, found, strict=True)
        ]


_QUICK = {"nlp.tokenizer.@tokenizers": "wartawas.tokenizer.v1", "nlp.after_creation": None}


def load_recogniser(path: Path | None = None) -> Recogniser:
    """Return the recogniser of a model folder (default: the one shipped); raise ModelError without one."""
    import spacy
    from thinc.api import use_ops

    from nlp import lexicon, tokens  # noqa: F401 - registers what the model's configuration names
    from nlp.quick_vectors import QuickVectors

    folder = path or MODEL
    try:
        with use_ops("numpy", use_blis=False):  # numpy's own BLAS multiplies in half the time of thinc's
            pipeline = spacy.load(folder, exclude=["tokenizer"], config=_QUICK)
    except (OSError, ValueError) as error:
        raise ModelError(f"no readable NER model in {folder}: run `wartawas train` ({error})") from error
    if pipeline.vocab.vectors.mode == "floret":
        pipeline.vocab.vectors = QuickVectors.of(pipeline.vocab.vectors)
    return Recogniser(pipeline)


def cut(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of what is read at once: a paragraph, or sentences of it up to MAX_PIECE, without noise."""
    for begin, stop in _paragraphs(text):
        if stop - begin <= MAX_PIECE:
            if not text[begin:stop].isspace():
                yield begin, stop
            continue
        start = last = begin
        for _, end in sentences(text[begin:stop]):
            if begin + end - start > MAX_PIECE and last > start:
                yield from _hard_cut(text, start, last)
                start = last
            last = begin + end
        yield from _hard_cut(text, start, stop)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line, or of its parts around noise."""
    for line in _LINE.finditer(text):
        start = line.start()
        for noise in _NOISE.finditer(text, line.start(), line.end()):
            if start < noise.start():
                yield start, noise.start()
            start = noise.end()
        if start < line.end():
            yield start, line.end()


def _hard_cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at the last blank before the limit what has no sentence end (a table, a list, noise)."""
    while end - start > MAX_PIECE:
        at = text.rfind(" ", start + 1, start + MAX_PIECE)
        stop = at if at > start else start + MAX_PIECE
        yield start, stop
        start = stop
    if not text[start:end].isspace() and end > start:
        yield start, end


def _mentions(doc: Doc, offset: int) -> Iterator[Mention]:
    """Yield the outer mentions of one piece (entities) and the places inside them (token tags)."""
    text = doc.text
    for entity in doc.ents:
        if mention := _trimmed(entity.label_, entity.start_char, entity.end_char, text, offset):
            yield mention
        if entity.label_ not in ("role", "org"):
            continue
        for start, end in _nested(doc, entity.start, entity.end):
            if inner := _trimmed("loc", start, end, text, offset):
                yield inner


def _nested(doc: Doc, first: int, stop: int) -> Iterator[tuple[int, int]]:
    start = None
    for i in range(first, stop + 1):
        tag = doc[i].tag_ if i < stop else "O"
        if start is not None and tag != "I":
            yield doc[start].idx, doc[i - 1].idx + len(doc[i - 1])
            start = None
        if tag == "B" or (tag == "I" and start is None and i < stop):
            start = i


def _trimmed(label: str, start: int, end: int, text: str, offset: int) -> Mention | None:
    """Return the mention without outer blanks and marks; brackets stay where the span holds both."""
    while start < end and _outer(text[start]) and not _opens(text, start, end):
        start += 1
    while end > start and _outer(text[end - 1]) and not _closes(text, start, end):
        end -= 1
    if start == end:
        return None
    return Mention(label, offset + start, offset + end, text[start:end])


def _outer(char: str) -> bool:
    return char in _EDGE or char.isspace()


def repeated(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the words of persons' names that stand elsewhere in the text and were not recognised there.

    A word that is part of a place or an institution of the same text says nothing.
    """
    names = {word for m in mentions if m.label == "per" for word in m.text.split()}
    others = {word for m in mentions if m.label in ("loc", "org") for word in m.text.split()}
    words = sorted(word for word in names - others if len(word) > 1 and word[0].isupper() and word.isalpha())
    if not words:
        return []
    taken = sorted((m.start, m.end) for m in mentions)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])")
    return [
        Mention("per", match.start(), match.end(), match.group())
        for match in pattern.finditer(text)
        if not _overlaps(taken, match.start(), match.end())
    ]


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether a span lies in one of `taken` (sorted, nested ones behind their hosts)."""
    at = bisect_left(taken, (end, 0))
    return any(stop > start for _, stop in taken[max(0, at - _NESTED_AT_MOST) : at])


def _opens(text: str, start: int, end: int) -> bool:
    return text[start] in "([" and any(close in text[start:end] for close in ")]")


def _closes(text: str, start: int, end: int) -> bool:
    """A closing bracket that was opened inside stays, and so does the full stop of a short form."""
    last = text[end - 1]
    if last in _CLOSED:
        return _CLOSED[last] in text[start : end - 1]
    return last == "." and bool(re.search(r"\b(\w|Jr|Sr)\.$", text[start:end]))
