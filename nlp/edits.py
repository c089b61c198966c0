"""Changes to an annotated text that keep its spans where they belong."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from nlp.corpus import Span


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its spans: what training and scoring of mentions need of an article."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of the characters start to end."""

    start: int
    end: int
    text: str


def apply_edits(sample: Sample, edits: Iterable[Edit]) -> Sample:
    """Return the changed sample; a span that begins or ends inside an edit takes the edit's outer edge.

    Of overlapping edits the first counts. Spans that lose all their text are dropped, as are outer
    blanks that an edit left inside a span.
    """
    chosen: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if not chosen or edit.start >= chosen[-1].end:
            chosen.append(edit)
    if not chosen:
        return sample
    pieces: list[str] = []
    last = 0
    for edit in chosen:
        pieces += [sample.text[last : edit.start], edit.text]
        last = edit.end
    text = "".join([*pieces, sample.text[last:]])
    shift = [0, *accumulate(len(edit.text) - (edit.end - edit.start) for edit in chosen)]
    starts = [edit.start for edit in chosen]

    def moved(at: int, *, is_end: bool) -> int:
        n = bisect_right(starts, at - 1 if is_end else at)
        if n and at < chosen[n - 1].end:  # inside an edit
            edge = chosen[n - 1].start + shift[n - 1]
            return edge + len(chosen[n - 1].text) if is_end else edge
        return at + shift[n]

    spans = [
        _tight(span, text, moved(span.start, is_end=False), moved(span.end, is_end=True))
        for span in sample.spans
    ]
    return Sample(text, tuple(span for span in spans if span))


def _tight(span: Span, text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return replace(span, start=start, end=end, text=text[start:end]) if start < end else None


def parts(sample: Sample, pattern: re.Pattern[str]) -> Iterable[tuple[int, Sample]]:
    """Yield (offset, sample) for every match of `pattern`, with the spans that lie inside it."""
    for match in pattern.finditer(sample.text):
        start, end = match.span()
        inside = [
            replace(span, start=span.start - start, end=span.end - start)
            for span in sample.spans
            if start <= span.start and span.end <= end
        ]
        yield start, Sample(match.group(), tuple(inside))


def nested(spans: Sequence[Span]) -> set[int]:
    """Return the indexes of the spans that lie inside another one; evidence holds others, but is none."""
    mentions = [(i, span) for i, span in enumerate(spans) if span.label != "ev"]
    return {
        i
        for i, span in mentions
        if any(
            i != j and other.start <= span.start and span.end <= other.end and other.label in ("role", "org")
            for j, other in mentions
        )
    }
