"""The annotated corpus as extractions: what linking gets when reading made no mistake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from nlp.corpus import Accused, Row
from nlp.records import Case, EventRef, Extraction, Mention, Terlapor
from pipeline.article import Article


def as_article(row: Row) -> Article:
    """Return the row's article."""
    published = datetime.fromisoformat(row.published) if row.published else None
    return Article(
        row.id, None, row.outlet, row.title, None, published, None, None, row.text, "id", 1.0, row.flags, {},
        (),
    )  # fmt: skip


def as_extraction(row: Row) -> Extraction:
    """Return the row's annotation as an extraction."""
    mentions = tuple(
        Mention(s.label, s.start, s.end, s.text, code=s.code, codes=(s.code,) if s.code else (), iso=s.iso)
        for s in row.spans
        if s.label != "ev"
    )
    place, date = row.event_place or None, row.event_date or None
    cases = (_case(row, place, date),) if row.kind == "pelanggaran" or "mixed" in row.flags else ()
    return Extraction(
        row.id, row.kind, 1.0, row.flags, row.election or None, row.types, row.bentuk, EventRef(date, place),
        cases, (), (), mentions, (), (), "annotation",
    )  # fmt: skip


def _case(row: Row, place: str | None, date: str | None) -> Case:
    accused = tuple(
        Terlapor(None if a.name in ("", "-") else a.name, a.role or None, a.category or None)
        for a in row.terlapor
    )
    return Case(
        f"{row.id}#1", row.types, row.bentuk, accused, None, None, place, date, row.source_of_case or None,
        row.stage or "tidak_disebut", None, {}, (), None, None, False, (), (), 1.0,
    )  # fmt: skip


def bcubed(
    gold: Mapping[str, str], said: Mapping[str, str], docs: Collection[str]
) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 over `docs`; a document without an event stands alone."""
    found = {doc: said.get(doc, f"none-{doc}") for doc in docs}
    by_gold, by_found = defaultdict(set), defaultdict(set)
    for doc in docs:
        by_gold[gold[doc]].add(doc)
        by_found[found[doc]].add(doc)
    shared = {doc: len(by_gold[gold[doc]] & by_found[found[doc]]) for doc in docs}
    precision = sum(shared[doc] / len(by_found[found[doc]]) for doc in docs) / len(docs)
    recall = sum(shared[doc] / len(by_gold[gold[doc]]) for doc in docs) / len(docs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def other_case(row: Row, n: int, village: str) -> Row:
    """Return another case in the words of this one: other persons, another village, some days later."""
    day = date.fromisoformat(row.event_date) + timedelta(days=1 + n % 6) if len(row.event_date) == 10 else ""
    moved = _moved(_rewritten(row, _other_people(row, n)), village, str(day))
    return replace(moved, id=f"{row.id}-case", terlapor=_other_accused(row, n), event=f"{row.id}-case")


def same_template(row: Row, n: int, village: str) -> Row:
    """Return the text as another office would fill it in: its own persons and place, on the same day."""
    places = [s.text for s in row.spans if s.label == "loc" and len(s.code or "") > 5]
    words = _other_people(row, n + 1) | {place: f"{_NAMES[(n + 3) % len(_NAMES)]}jaya" for place in places}
    moved = _moved(_rewritten(row, words), village, row.event_date)
    return replace(moved, id=f"{row.id}-form", terlapor=_other_accused(row, n + 1), event=f"{row.id}-form")


def _moved(row: Row, village: str, day: str) -> Row:
    """Return the row with its act in another place and on another day, as its mentions tell too."""
    spans = tuple(
        replace(s, code=village)
        if s.label == "loc" and len(s.code or "") > 5
        else replace(s, iso=day)
        if s.label == "date" and s.iso == row.event_date
        else s
        for s in row.spans
    )
    return replace(row, spans=spans, event_place=village, event_date=day)


def _other_people(row: Row, n: int) -> dict[str, str]:
    people = [span.text for span in row.spans if span.label == "per"]
    return {name: f"{_NAMES[(n + i) % len(_NAMES)]} {'ABCDE'[i % 5]}." for i, name in enumerate(people)}


def _other_accused(row: Row, n: int) -> tuple[Accused, ...]:
    name = f"Terlapor {_NAMES[n % len(_NAMES)]}"
    return tuple(a if a.name in ("", "-") else replace(a, name=name) for a in row.terlapor)


_NAMES = (
    "Wirata",
    "Sanjaya",
    "Kertana",
    "Mahesti",
    "Pranowo",
    "Lasmini",
    "Gunardi",
    "Rahayuni",
    "Tarmudi",
    "Endratno",
)


def _rewritten(row: Row, words: Mapping[str, str]) -> Row:
    """Return the row with these stretches replaced in its text and spans moved along."""
    pieces, spans, last, shift = [], [], 0, 0
    flat = sorted((s for s in row.spans if s.label in ("per", "loc")), key=lambda s: (s.start, -s.end))
    for span in flat:
        if span.start < last:
            continue
        new = words.get(span.text, span.text)
        pieces += [row.text[last : span.start], new]
        spans.append(replace(span, start=span.start + shift, end=span.start + shift + len(new), text=new))
        shift += len(new) - len(span.text)
        last = span.end
    text = "".join([*pieces, row.text[last:]])
    return replace(row, text=text, spans=tuple(spans))
