from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mask import child_names, make_mask, mask_name, same_person

WORD = st.text(alphabet="abcdefghijklmnoprstuwy", min_size=3, max_size=9).map(str.capitalize)
NAME = st.lists(WORD, min_size=1, max_size=4, unique=True).map(" ".join)
FILLER = st.text(max_size=60)


@given(st.lists(NAME, max_size=4), st.text(max_size=400))
def test_mask_keeps_the_length_of_any_text(names: list[str], text: str) -> None:
    masked = make_mask(names, persons=names).text(text)
    assert masked is not None
    assert len(masked) == len(text)
    assert [c for c, m in zip(text, masked, strict=True) if m not in (c, "*")] == []


@given(NAME, FILLER, FILLER, st.sampled_from([str, str.upper, str.title]))
def test_mask_leaves_no_word_of_a_name(name: str, before: str, after: str, write: object) -> None:
    assert callable(write)
    masked = make_mask([name]).text(f"{before} {write(name)} {after}") or ""
    shown = masked[len(before) + 1 : len(before) + 1 + len(name)]
    assert re.fullmatch(r"(\w\**\s?)+", shown)
    assert shown != write(name)


@given(NAME, st.text(max_size=200))
def test_mask_twice_is_mask_once(name: str, text: str) -> None:
    mask = make_mask([name])
    once = mask.text(text)
    assert mask.text(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sri Wahyuningsih hadir", "S** W*********** hadir"),
        ("SRI WAHYUNINGSIH DIVONIS", "S** W*********** DIVONIS"),
        ("menurut Wahyuningsih, ia", "menurut W***********, ia"),
        ("#SriWahyuningsih viral", "#S************** viral"),
        ("Sri-Wahyuningsih.", "S**-W***********."),
        ("S. Wahyuningsi membantah", "S. W********** membantah"),
        ("Kabupaten Sri Kandi", "Kabupaten Sri Kandi"),
    ],
)
def test_mask_knows_a_name_however_it_is_written(text: str, expected: str) -> None:
    mask = make_mask(["Sri Wahyuningsih"], persons=["S. Wahyuningsi", "Hendra Gunawan"], places=["Sri Kandi"])
    assert mask.text(text) == expected


def test_mask_hides_the_last_of_many_names_too() -> None:
    names = [f"{a}{b}rana Pertiwi" for a in "ABCDEFGHIJKLMNOP" for b in "aeiouyrlnthskmpg"]
    mask = make_mask([*names, "Zainal Mutaqin"], persons=[*names, "Zainal Muttaqin"])
    assert mask.text("Camat Zainal Mutaqin, juga Z. Muttaqin") == "Camat Z***** M******, juga Z. M*******"


def test_mask_leaves_other_people_places_and_lower_case_words() -> None:
    mask = make_mask(
        ["Bangun Harapan"], persons=["Rudi Harapansyah", "Muhammad Rizal"], places=["Desa Harapan"]
    )
    text = "Rudi Harapansyah dari Desa Harapan minta warga membangun harapan baru."
    assert mask.text(text) == text


def test_mask_keeps_common_given_names_of_others() -> None:
    mask = make_mask(["Muhammad Sulaiman Akbar"], persons=["Muhammad Rizal"])
    assert (
        mask.text("Muhammad Rizal dan Muhammad Sulaiman Akbar")
        == "Muhammad Rizal dan M******* S******* A****"
    )


def test_mask_keeps_initials_as_printed() -> None:
    assert make_mask(["RHL", "SR"]).text("Camat RHL dan SR") == "Camat RHL dan SR"
    assert mask_name("RHL") == "RHL"
    assert mask_name("Wening Astari alias RHL") == "W***** A***** alias RHL"
    assert mask_name("Sri Wahyuningsih") == "S** W***********"
    assert mask_name(None) is None


@pytest.mark.parametrize(
    "number",
    ["0812-3456-7890", "081234567890", "+62 812 3456 7890", "62812 3456 7890", "(0266) 221234",
     "0812–3456–7890", "0812\u20113456\u20117890", "+62‑812‑3456‑7890", "0812 - 3456 - 7890", "0812 / 3456 / 7890",
     "+62 (0) 812 3456 7890", "+62 (0)21 555 1234", "0812\u00a03456\u00a07890", "0812 34 56 78 90", "62.812.3456.7890",
     "62.812-3456-7890", "62 (812) 3456-7890", "(0266) - 221234", "021.555.1234", "Telp.0812-3456-7890",
     "0812-3456-7890/0813-1111-2222", "0812 3456 7890, 0813.1111.2222", "０８１２－３４５６－７８９０",
     "０８１２３４５６７８９０", "＋６２８１２３４５６７８９０", "wa.me/6281234567890", "0812 3456 789012",
     "3202231203980001", "3202 2312 0398 0001", "320223 120398 0001", "3202 – 2312 – 0398 – 0001",
     "320223‑120398‑0001", "３２０２２３１２０３９８０００１"],
)  # fmt: skip
def test_mask_hides_phone_numbers_and_nik(number: str) -> None:
    masked = make_mask([]).text(f"Hubungi {number} segera") or ""
    assert not re.search(r"\d", masked)
    assert len(masked) == len(f"Hubungi {number} segera")


@pytest.mark.parametrize(
    "text",
    ["uang Rp 1.234.567.890 disita", "Selasa (12/11/2024) pukul 08.00-10.00 WIB", "UU Nomor 10 Tahun 2016",
     "nomor 017/PL/PB/Kab/13.25/X/2024", "suara 1.047 dari 12.345 pemilih", "periode 2019-2024",
     "TPS 05, 06, 07", "TPS 012 – 013 – 014", "TPS 012/013/014", "antara 2.000.000 - 3.000.000 rupiah",
     "2,000,000 - 3,000,000", "pukul 08.00 - 12.00 - 13.00 WIB", "pukul 08.00 – 12.00 (2024) 1.234",
     "Rp 62.812.345.678",     "62.850 – 65.900 (2024) suara", "62.000.000 - 65.000.000", "unggul 62-38 (2024)",
     "skor 0 - 12 (2019) 2024", "kode wilayah 62.02.13.2005",
     "tanggal 08-12-2024 - 09-12-2024", "2024-08-12/2024-09-12", "surat Nomor 061/1234/2024", "Nomor: 005/123/2024",
     "pemilu 2009 – 2014 – 2019 – 2024", "periode (2014-2019) (2019-2024)", "Pasal 280 ayat (1) UU 7/2017",
     "kode pos 45112 - 45113 - 45114", "0,123 - 0,456 - 0,789"],
)  # fmt: skip
def test_mask_keeps_figures_that_belong_to_nobody(text: str) -> None:
    assert make_mask([]).text(text) == text


def test_mask_leaves_what_stands_beside_a_telephone_number() -> None:
    hide = make_mask([]).text
    assert hide("pada 2024 (0812-3456-7890) 2025") == "pada 2024 (****-****-****) 2025"
    assert hide("021-5551234 (2024)") == "***-******* (2024)"
    assert hide("dari 62.000 – 0812 3456 7890") == "dari 62.000 – **** **** ****"


def test_mask_takes_no_longer_for_many_digits() -> None:
    began = time.process_time()
    for text in (
        "0812 " * 40_000,
        "62 8" * 50_000,
        "0 (" * 70_000,
        "1 - " * 50_000,
        "0" * 200_000,
        "0 12" * 50_000,
    ):
        make_mask([]).text(text)
    assert time.process_time() - began < 10


def test_mask_hides_number_plates_only_where_the_text_calls_them_so() -> None:
    assert make_mask([]).text("mobil pelat merah Z 1234 AB dipakai") == "mobil pelat merah * **** ** dipakai"
    assert make_mask([]).text("Pasal Z 1234 AB") == "Pasal Z 1234 AB"


def test_mask_hides_names_in_an_address_but_not_its_host() -> None:
    mask = make_mask(["Sri Wahyuningsih"])
    assert mask.url("https://sri.example/kades-sri-wahyuningsih-divonis?x=1") == (
        "https://sri.example/kades-s**-w***********-divonis?x=1"
    )
    assert mask.url(None) is None
    assert mask.url("file:///home/ani/kades-sri-wahyuningsih.html") == "berkas:/kades-s**-w***********.html"
    assert make_mask([]).url("file:///home/ani/berita.html") == "berkas:/berita.html"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("seorang siswi SMP bernama Bunga Melati ikut kampanye", ["Bunga Melati"]),
        ("Arka Prasetya (14 tahun) membawa bendera", ["Arka Prasetya"]),
        ("Arka Prasetya, berusia 9 tahun, hadir", ["Arka Prasetya"]),
        ("Arka Prasetya (41 tahun) membawa bendera", []),
        ("warga bernama Arka Prasetya", []),
        ("Bocah bernama Arka Prasetya ikut kampanye", ["Arka Prasetya"]),
        ("Siswi SMP bernama Bunga Melati diberi uang", ["Bunga Melati"]),
        ("BOCAH BERNAMA BUNGA MELATI", ["BUNGA MELATI"]),
        ("Arka Prasetya (15 th) diberi amplop", ["Arka Prasetya"]),
        ("Arka Prasetya (15 Tahun) diberi amplop", ["Arka Prasetya"]),
        ("Arka Prasetya, usia 15 th, diberi amplop", ["Arka Prasetya"]),
        ("Warga Bernama Arka Prasetya (35 Th)", []),
        ("Arka Prasetya (17 tahun) diberi amplop", ["Arka Prasetya"]),
        ("Arka Prasetya (18 tahun) diberi amplop", []),
    ],
)
def test_child_names_are_found_by_age_or_school(text: str, names: list[str]) -> None:
    assert child_names(text) == names


def test_child_names_take_a_bare_age_after_a_person_only() -> None:
    text = "Arka (15) dan Selasa (12) lalu"
    assert child_names(text, [(0, 4)]) == ["Arka"]
    assert child_names("Arka (17) ikut", [(0, 4)]) == ["Arka"]
    assert child_names("Arka (18) ikut", [(0, 4)]) == []


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Muhammad Abdurrahman", "M. Abdurrahman", True),
        ("Abdurrahman", "Muhammad Abdurrahman", True),
        ("Lena Komariah", "Lena Komariyah", True),
        ("Lena Komariah", "Dewi Komariah", False),
        ("Budi", "Rudi", False),
        ("A. B.", "Agus Budiman", False),
    ],
)
def test_same_person_needs_every_word_of_the_shorter_name(a: str, b: str, same: bool) -> None:
    assert same_person(a, b) is same


def test_both_names_of_one_with_an_alias_are_hidden_each() -> None:
    mask = make_mask(["Muhammad Abdul alias Gondes Perak"])
    assert mask.text("Muhammad Abdul (Gondes) bicara. Alias lain tidak ada.") == (
        "M******* A**** (G*****) bicara. Alias lain tidak ada."
    )
