"""Legal references: where they begin and end, their normal form, and misprinted years."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.laws import find_laws
from nlp.taxonomy import DATA


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Pasal 71 ayat (1) jo Pasal 188 UU 10/2016", "UU 10/2016 ps 71 ayat (1) jo. ps 188"),
        ("Pasal 280 ayat (2) huruf g UU Nomor 7 Tahun 2017", "UU 7/2017 ps 280 ayat (2) huruf g"),
        ("pasal 520 UU No 7 tahun 2017", "UU 7/2017 ps 520"),
        ("Pasal 187A Undang-Undang Nomor 10 Tahun 2016", "UU 10/2016 ps 187A"),
        ("Pasal 187A Undang -undang Nomor 10 Tahun 2016", "UU 10/2016 ps 187A"),
        ("Pasal 187A UU No. 10 Th 2016", "UU 10/2016 ps 187A"),
        (
            "Pasal 69 huruf h juncto Pasal 187 ayat (3) UU 1/2015",
            "UU 1/2015 ps 69 huruf h jo. ps 187 ayat (3)",
        ),
        (
            "Pasal 188 UU Nomor 1 Tahun 2015 juncto Pasal 71 ayat (1) UU Nomor 10 Tahun 2016",
            "UU 1/2015 ps 188 jo. UU 10/2016 ps 71 ayat (1)",
        ),
        ("Pasal 187B dan 187C UU Nomor 10 Tahun 2016", "UU 10/2016 ps 187B, ps 187C"),
        ("UU Nomor 10 Tahun 2016 Pasal 76", "UU 10/2016 ps 76"),
        ("Pasal 187A ayat (1) dan (2) UU Nomor 10 Tahun 2016", "UU 10/2016 ps 187A ayat (1) dan (2)"),
        ("Pasal 71 ayat (2), (3) dan (5) UU 10/2016", "UU 10/2016 ps 71 ayat (2), (3) dan (5)"),
        ("Pasal 29 huruf g dan j UU Nomor 6 Tahun 2014", "UU 6/2014 ps 29 huruf g dan j"),
        ("Pasal 55 ayat (1) ke-1 KUHP", "KUHP ps 55 ayat (1) ke-1"),
        ("Pasal 178A-178H UU Pilkada", "UU 10/2016 ps 178A-178H"),
        ("Undang-Undang Republik Indonesia Nomor 10 Tahun 2016", "UU 10/2016"),
        ("Surat Edaran KASN Nomor 3 Tahun 2023", "SE 3/2023"),
        (
            "UU Nomor 3 Tahun 2024 tentang Perubahan Kedua atas UU Nomor 6 Tahun 2014 tentang Desa",
            "UU 3/2024",
        ),
        ("Penjelasan Pasal 73 ayat (1) UU Nomor 10 Tahun 2016", "UU 10/2016 ps 73 ayat (1)"),
        ("Pasal 71 UU Pilkada", "UU 10/2016 ps 71"),
        ("Pasal 29 huruf j UU Desa", "UU 6/2014 ps 29 huruf j"),
        ("Pasal 378 KUHP", "KUHP ps 378"),
        ("PKPU 13 Tahun 2024", "PKPU 13/2024"),
        ("Peraturan KPU Nomor 15 Tahun 2023", "PKPU 15/2023"),
        ("Pasal 15 Perbawaslu Nomor 7 Tahun 2022", "Perbawaslu 7/2022 ps 15"),
        ("PP Nomor 94 Tahun 2021", "PP 94/2021"),
        ("Perda Kabupaten Sukabumi Nomor 6 Tahun 2012", "Perda 6/2012"),
        ("SKB lima menteri tahun 2022", "SKB 2022"),
        ("Surat Keputusan Bersama lima lembaga Nomor 2 Tahun 2022", "SKB 2/2022"),
        ("Putusan MK Nomor 87/PUU-XX/2022", "Putusan MK 87/PUU-XX/2022"),
        ("UU Nomor 6 Tahun 2014 tentang Desa", "UU 6/2014"),
        ("Pasal 501", "ps 501"),
        ("Undang-Undang (UU) Nomor 10 Tahun 2016", "UU 10/2016"),
        ("Undang-Undang Republik Indonesia (UU RI) Nomor 7 Tahun 2017", "UU 7/2017"),
        ("Peraturan Komisi Pemilihan Umum (PKPU) Nomor 13 Tahun 2024", "PKPU 13/2024"),
        (
            "Peraturan Badan Pengawas Pemilihan Umum Republik Indonesia Nomor 8 Tahun 2020",
            "Perbawaslu 8/2020",
        ),
        ("Pasal 490, 491, dan 493 UU 7/2017", "UU 7/2017 ps 490, ps 491, ps 493"),
        ("Pasal 178A sampai 178D UU 10/2016", "UU 10/2016 ps 178A-178D"),
        ("Perbawaslu Nomor 8 Tahun 2020 jo Perbawaslu 9/2024", "Perbawaslu 8/2020 jo. Perbawaslu 9/2024"),
        ("Pasal 22E ayat (1) UUD 1945", "UUD 1945 ps 22E ayat (1)"),
    ],
)
def test_find_laws_gives_the_span_and_its_normal_form(written: str, normal: str) -> None:
    text = f"Terlapor dijerat {written}, kata penyidik."
    found = find_laws(text)
    assert [(law.text, law.normal) for law in found] == [(written, normal)]
    assert text[found[0].start : found[0].end] == written


def test_two_laws_side_by_side_are_two_references() -> None:
    text = (
        "Ia melanggar Pasal 69 huruf g dan Pasal 71 ayat (1) UU Nomor 10 Tahun 2016 "
        "serta PP Nomor 94 Tahun 2021."
    )
    assert [law.text for law in find_laws(text)] == [
        "Pasal 69 huruf g",
        "Pasal 71 ayat (1) UU Nomor 10 Tahun 2016",
        "PP Nomor 94 Tahun 2021",
    ]


def test_article_alone_takes_the_law_that_the_text_cites_it_with() -> None:
    found = find_laws("Pasal 188 UU Nomor 1 Tahun 2015 berlaku. Unsur Pasal 188 terpenuhi, Pasal 190 tidak.")
    assert [law.normal for law in found] == ["UU 1/2015 ps 188", "UU 1/2015 ps 188", "ps 190"]


def test_articles_of_a_list_take_the_law_behind_the_last() -> None:
    text = "Ia dijerat Pasal 280 ayat (1) huruf j, Pasal 523 ayat (1), dan Pasal 521 UU Nomor 7 Tahun 2017."
    assert [law.normal for law in find_laws(text)] == [
        "UU 7/2017 ps 280 ayat (1) huruf j",
        "UU 7/2017 ps 523 ayat (1)",
        "UU 7/2017 ps 521",
    ]
    apart = find_laws("Pasal 280 dilanggar. Pasal 521 UU Nomor 7 Tahun 2017 tidak.")
    assert [law.normal for law in apart] == ["ps 280", "UU 7/2017 ps 521"]


@pytest.mark.parametrize(
    ("written", "conflict"),
    [
        ("Pasal 280 UU Nomor 7 Tahun 2027", "year:UU 7/2017"),
        ("Pasal 280 UU 7/2023", "year:UU 7/2017"),
        ("Pasal 71 UU Nomor 10 Tahun 2015", "year:UU 10/2016"),
        ("UU Nomor 10 Tahun 2017 tentang Pilkada", "year:UU 10/2016"),
        ("Pasal 280 UU Nomor 7 Tahun 2017", None),
        ("UU Nomor 7 Tahun 2014 tentang Perdagangan", None),
        ("UU Nomor 20 Tahun 2023", None),
        ("PKPU Nomor 13 Tahun 2023", None),
    ],
)
def test_misprinted_year_of_an_election_law_is_shown(written: str, conflict: str | None) -> None:
    assert [law.conflict for law in find_laws(f"Ia merujuk {written}.")] == [conflict]


@pytest.mark.parametrize(
    "text",
    [
        "Menurut undang-undang pemilu yang berlaku, semua boleh mengawasi.",
        "Surat edaran itu sudah dibaca, keputusan bersama tentang pedoman itu juga.",
        "PP Kabupaten dan UU yang sama tidak disebut.",
        "Sebanyak 7 orang hadir pada 2017.",
    ],
)
def test_laws_in_general_are_no_reference(text: str) -> None:
    assert find_laws(text) == ()


def test_every_law_of_the_list_has_a_year_and_a_verified_flag() -> None:
    rows = tomllib.loads((DATA / "taxonomy" / "laws.toml").read_text(encoding="utf-8"))["law"]
    assert all(re.fullmatch(r"\w+ \d+/\d{4}", row["id"]) and row["title"] for row in rows)
    assert all(isinstance(row["verified"], bool) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for law in find_laws(text):
        assert text[law.start : law.end] == law.text


@given(
    st.lists(
        st.sampled_from(
            "Pasal 71 ayat (1) huruf jo UU Nomor 10 Tahun 2016 / dan KUHP tentang SKB 9999".split(" ")
        )
    )
)
def test_any_row_of_law_words_is_read_without_a_crash(words: list[str]) -> None:
    for law in find_laws(" ".join(words)):
        assert law.end > law.start
