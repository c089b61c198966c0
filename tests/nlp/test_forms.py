from __future__ import annotations

from nlp.forms import form_features, listed_forms
from nlp.reading import Reading, read_document
from nlp.records import Document


def _read(text: str) -> Reading:
    return read_document(Document("x", text, ""), [])


def test_a_form_counts_where_a_cue_names_it_or_the_words_make_it_likely() -> None:
    reading = _read("Camat itu berfoto bersama calon bupati di rumahnya.")
    pairs = form_features(
        reading, (0,), {"asn.foto_bersama": 0.9, "asn.fasilitas": 0.3, "asn.antar_daftar": 0.01}
    )
    assert set(pairs) == {"asn.foto_bersama", "asn.fasilitas"}
    assert pairs["asn.foto_bersama"]["b:evidence"] == 1
    assert pairs["asn.foto_bersama"]["b:text"] > pairs["asn.fasilitas"]["b:text"]
    assert pairs["asn.fasilitas"]["b:unnamed"] == 1
    assert not any(name.startswith("b:evidence") for name in pairs["asn.fasilitas"])


def test_three_forms_in_a_sentence_are_a_list() -> None:
    listed = (
        "ASN dilarang berfoto bersama calon, menghadiri deklarasi, dan mengunggah dukungan di media sosial."
    )
    assert listed_forms(_read(listed)) >= {"asn.foto_bersama", "asn.hadir_deklarasi"}
    assert listed_forms(_read("ASN dilarang berfoto bersama calon.")) == frozenset()
