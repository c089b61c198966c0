"""Figures: their value and unit, what they count, and which numbers are left alone."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.records import Mention
from nlp.stats import find_stats


@pytest.mark.parametrize(
    ("text", "value", "unit", "measure", "approx"),
    [
        ("Bawaslu mencatat 2.420 laporan.", 2420, "laporan", None, False),
        ("Ada 31 dugaan politik uang.", 31, "dugaan politik uang", None, False),
        ("Sekitar 12 kasus terkait netralitas ASN ditangani.", 12, "kasus", "netralitas ASN", True),
        ("Tercatat lima laporan netralitas.", 5, "laporan", "netralitas", False),
        ("Tujuh belas kasus politik uang di kota itu.", 17, "kasus", "politik uang", False),
        ("Enam puluh enam pengawas mengikuti apel.", 66, "pengawas", None, False),
        ("Ratusan laporan masuk.", 100, "laporan", None, True),
        ("Polisi menyita 120 amplop dari mobil itu.", 120, "amplop", None, False),
        ("Uang Rp 1,5 juta disita dari relawan.", 1_500_000, "rupiah", None, False),
        ("Uang Rp74.500.000 disita sebagai barang bukti.", 74_500_000, "rupiah", None, False),
        ("Sebanyak 19 ribu peserta mengikuti bimtek.", 19_000, "peserta", None, False),
        ("Satpol PP menertibkan 47 baliho liar.", 47, "baliho", "liar", False),
        ("PSU digelar di 10 TPS.", 10, "tps", None, False),
        ("Hanya satu laporan diregistrasi.", 1, "laporan", None, False),
    ],
)
def test_find_stats_reads_a_figure(
    text: str, value: float, unit: str, measure: str | None, approx: bool
) -> None:
    assert [(s.value, s.unit, s.measure, s.approx) for s in find_stats(text)] == [
        (value, unit, measure, approx)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Pasal 71 ayat (1) UU Nomor 10 Tahun 2016 melarang pelanggaran itu.",
        "Rapat digelar 16 Oktober 2024 di TPS 07.",
        "Pada Pilkada 2020 pelanggaran netralitas meningkat.",
        "Calon nomor urut 2 berusia 40 tahun.",
        "Kecamatan itu terdiri dari 7 desa.",
        "Seorang kepala desa diduga melanggar netralitas.",
        "Harga beras Rp 14 ribu per kilogram.",
        "Sebanyak 50 orang menonton laga di stadion.",
    ],
)
def test_numbers_that_are_no_claim_of_supervision(text: str) -> None:
    assert find_stats(text) == ()


def test_area_day_and_speaker_come_from_the_sentence() -> None:
    text = "Menurut Sarno Fiktif, Bawaslu Kabupaten Pringsewu menerima 12 laporan hingga 30 Oktober 2024."
    stat = find_stats(text, datetime.fromisoformat("2024-11-02T08:00+07:00"))[0]
    assert (stat.area, stat.as_of, stat.speaker) == ("Kabupaten Pringsewu", "2024-10-30", "Sarno Fiktif")
    assert text[stat.start : stat.end] == "12 laporan"


def test_an_area_ends_where_a_person_begins() -> None:
    text = "Ketua Bawaslu Kabupaten Agam Rudi Contoh menyebut 5 laporan."
    at = text.index("Rudi")
    name = Mention("per", at, at + len("Rudi Contoh"), "Rudi Contoh")
    assert [stat.area for stat in find_stats(text, names=[name])] == ["Kabupaten Agam"]


def test_a_number_may_be_spelled_out_in_brackets() -> None:
    assert [(s.value, s.unit) for s in find_stats("Bawaslu menerima 3 (tiga) laporan.")] == [(3.0, "laporan")]


def test_money_may_be_written_short() -> None:
    found = find_stats("Tertangkap tangan membawa 11 amplop berisi uang Rp 20 ribuan dan Rp5 jt.")
    assert [(s.value, s.unit) for s in found] == [(11, "amplop"), (20_000, "rupiah"), (5_000_000, "rupiah")]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("dua puluh lima ribu", 25_000),
        ("seratus dua puluh", 120),
        ("dua ratus ribu", 200_000),
        ("seribu dua ratus", 1_200),
        ("dua belas", 12),
        ("1.5 ribu", 1_500),
        ("1.250", 1_250),
        ("12,5 ribu", 12_500),
    ],
)
def test_numbers_are_read_in_words_and_digits(written: str, value: int) -> None:
    assert [s.value for s in find_stats(f"Sebanyak {written} surat suara rusak.")] == [value]


def test_two_figures_of_one_sentence_are_two_claims() -> None:
    found = find_stats("Dari 40 laporan, hanya 9 temuan yang diregistrasi.")
    assert [(s.value, s.unit) for s in found] == [(40, "laporan"), (9, "temuan")]


def test_seed_claims_come_out() -> None:
    folder = os.environ.get("WARTAWAS_GOLD")
    if not folder:
        pytest.skip("WARTAWAS_GOLD is not set: the reference articles are not in the repository")
    text = next((Path(folder) / "seeds").glob("004*.txt")).read_text(encoding="utf-8")
    found = [(s.value, s.unit, s.measure, s.approx) for s in find_stats(text)]
    assert found == [(67, "kasus temuan", None, False), (20, "kasus", "netralitas ASN", True)]


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for stat in find_stats(text):
        assert stat.end > stat.start


@given(
    st.lists(
        st.sampled_from(
            "67 kasus 1.000 dua puluh ratus ribu juta Rp 1,5 belas temuan orang diduga sekitar".split(" ")
        )
    )
)
def test_any_row_of_number_words_is_read_without_a_crash(words: list[str]) -> None:
    for stat in find_stats(" ".join(words)):
        assert stat.value >= 0
