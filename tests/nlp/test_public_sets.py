from __future__ import annotations

from pathlib import Path

import pytest

from nlp.public_sets import PublicSetError, generated_samples, read_split

SENTENCES = """Menurut\tADP\tO
Asep\tPROPN\tB-PER
Rekaan\tPROPN\tI-PER
di\tADP\tO
Garut\tPROPN\tB-PLACE

PT\tPROPN\tB-ORGANISATION
Fiktif\tPROPN\tI-ORGANISATION
.\tPUNCT\tO
"""


def test_read_split_joins_tokens_and_maps_labels(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text(SENTENCES, encoding="utf-8")
    first, second = read_split(tmp_path, "train")
    assert first.text == "Menurut Asep Rekaan di Garut"
    assert [(s.label, s.text, first.text[s.start : s.end]) for s in first.spans] == [
        ("per", "Asep Rekaan", "Asep Rekaan"),
        ("loc", "Garut", "Garut"),
    ]
    assert [(s.label, s.text) for s in second.spans] == [("org", "PT Fiktif")]


def test_read_split_names_what_is_missing_or_broken(tmp_path: Path) -> None:
    with pytest.raises(PublicSetError, match=r"neither dev\.txt nor valid"):
        read_split(tmp_path, "dev")
    (tmp_path / "test.txt").write_text("Asep\n", encoding="utf-8")
    with pytest.raises(PublicSetError, match=r"test\.txt:1: 'Asep' has no tag"):
        read_split(tmp_path, "test")


def test_generated_samples_know_three_labels_only() -> None:
    samples = generated_samples(200)
    assert {span.label for sample in samples for span in sample.spans} == {"per", "org", "loc"}
