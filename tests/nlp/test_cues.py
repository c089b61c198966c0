"""Phrases in folded text."""

from __future__ import annotations

import pytest

from nlp.cues import Phrasebook, words_of
from nlp.text import MAX_SENTENCE, fold, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rekomendasinya dikirim ke KASN.", True),
        ("Kiriman rekomendasi ke KASN.", False),
        ("Rekomendasi dikirim ke KASN.", True),
        ("Sebelumnya laporan itu dicabut.", False),  # "before" is another word
        ("Sebelum laporan itu dicabut.", True),
    ],
)
def test_a_word_is_found_with_nya_behind_it(text: str, found: bool) -> None:
    book = Phrasebook({"kirim": ["rekomendasi dikirim"], "sebelum": ["sebelum laporan"]})
    assert bool(book.find(words_of(fold(text)))) is found


def test_a_phrase_with_nya_is_found_as_it_is_written() -> None:
    hits = Phrasebook({"teman": ["rekannya"]}).find(words_of("ia dan rekannya, bukan rekan"))
    assert [(hit.label, hit.first) for hit in hits] == [("teman", 2)]


def test_a_phrase_with_nya_hides_nothing_from_another_label() -> None:
    hits = Phrasebook({"teman": ["rekannya"], "sejawat": ["rekan kerja", "rekan"]}).find(
        words_of("dan rekannya")
    )
    assert [(hit.label, hit.first, hit.last) for hit in hits] == [("teman", 1, 2), ("sejawat", 1, 2)]


@pytest.mark.parametrize("text", ["kuasa hukumnya", "orang yang dilaporkannya", "pembahasan keduanya"])
def test_nya_that_says_something_else_is_no_such_word(text: str) -> None:
    book = Phrasebook({"a": ["hukum"], "b": ["dilaporkan"], "c": ["pembahasan kedua"]})
    assert book.find(words_of(text)) == []


def test_a_title_inside_a_name_ends_no_sentence() -> None:
    text = "Ketua KPPS, Nur Dg. Contoh, dan Iswan Hi. Misal ditegur. Ny. Rudi diam."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Ketua KPPS, Nur Dg. Contoh, dan Iswan Hi. Misal ditegur.",
        "Ny. Rudi diam.",
    ]


def test_a_number_after_nomor_ends_no_sentence_and_a_new_one_does() -> None:
    text = (
        "Berkas lama. Lihat UU Nomor. 7 Tahun 2017 ayat. (1) itu. Laporan belum diberi nomor. Warga kecewa."
    )
    assert [text[start:end] for start, end in sentences(text)] == [
        "Berkas lama.",
        "Lihat UU Nomor. 7 Tahun 2017 ayat. (1) itu.",
        "Laporan belum diberi nomor.",
        "Warga kecewa.",
    ]


def test_a_sentence_without_end_is_cut_at_a_blank() -> None:
    words = ("Kata lurah desa " * 2000).strip()
    text = f"Budi hadir. {words}\n{'a' * 7000}."
    spans = sentences(text)
    assert spans[0] == (0, 11)
    assert all(0 < end - start <= MAX_SENTENCE for start, end in spans)
    assert " ".join(text[start:end] for start, end in spans[1:-3]) == words
    assert "".join(text[start:end] for start, end in spans[-3:]) == "a" * 7000 + "."
