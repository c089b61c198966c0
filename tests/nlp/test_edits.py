from __future__ import annotations

from nlp.corpus import Span
from nlp.edits import Edit, Sample, apply_edits, nested


def sample(text: str, *found: tuple[str, str]) -> Sample:
    return Sample(
        text,
        tuple(
            Span(label, text.index(piece), text.index(piece) + len(piece), piece) for label, piece in found
        ),
    )


def texts(changed: Sample) -> list[str]:
    assert all(changed.text[span.start : span.end] == span.text for span in changed.spans)
    return [span.text for span in changed.spans]


def test_edits_before_inside_and_after_a_span_keep_it_in_place() -> None:
    before = sample("Bawaslu Garut memanggil Asep", ("org", "Bawaslu Garut"), ("per", "Asep"))
    changed = apply_edits(
        before, [Edit(0, 0, "JUDUL\n"), Edit(0, 7, "Badan Pengawas (Bawaslu)"), Edit(14, 23, "meminta")]
    )
    assert changed.text == "JUDUL\nBadan Pengawas (Bawaslu) Garut meminta Asep"
    assert texts(changed) == ["Badan Pengawas (Bawaslu) Garut", "Asep"]


def test_edit_of_a_whole_span_becomes_the_span() -> None:
    changed = apply_edits(sample("oleh Asep Fiktif.", ("per", "Asep Fiktif")), [Edit(5, 16, "Budi Rekaan")])
    assert texts(changed) == ["Budi Rekaan"]


def test_edit_at_the_end_of_a_span_stays_outside_it() -> None:
    changed = apply_edits(sample("oleh Asep kemarin", ("per", "Asep")), [Edit(9, 9, ", SH")])
    assert changed.text == "oleh Asep, SH kemarin"
    assert texts(changed) == ["Asep"]


def test_deleted_spans_are_dropped() -> None:
    changed = apply_edits(sample("Asep lalu Budi", ("per", "Asep"), ("per", "Budi")), [Edit(0, 5, "")])
    assert texts(changed) == ["Budi"]


def test_nested_names_the_places_inside_offices() -> None:
    spans = sample("Camat Garut di Garut", ("role", "Camat Garut"), ("loc", "Garut")).spans
    assert nested(spans) == {1}
