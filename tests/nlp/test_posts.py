from __future__ import annotations

import pytest

from nlp.posts import posts_in
from nlp.reading import read_document
from nlp.records import Document


def _posts(text: str) -> list[tuple[str, str]]:
    sentence = read_document(Document("x", text)).sentences[0]
    words = sentence.words
    return [
        (category, text[words[first].start : words[last - 1].end])
        for category, first, last in posts_in(sentence)
    ]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Anggota tim pemenangan salah satu pasangan calon bupati ditegur.", "peserta.timses"),
        ("Koordinator desa tim pasangan calon bupati ditegur.", "peserta.timses"),
        ("Ketua pelaksana kampanye sebuah partai ditegur.", "peserta.timses"),
        ("Relawan seorang caleg ditegur.", "peserta.relawan"),
    ],
)
def test_whoever_a_team_serves_is_no_post_of_his_own(text: str, head: str) -> None:
    posts = _posts(text)
    assert [category for category, _ in posts] == [head]
    assert text.startswith(posts[0][1])


def test_a_candidate_who_is_named_behind_a_comma_is_a_post_of_his_own() -> None:
    posts = _posts("Yang hadir relawan, calon bupati, dan camat.")
    assert [category for category, _ in posts] == ["peserta.relawan", "peserta.paslon", "pemda.camat"]


def test_a_candidate_whose_name_follows_is_a_post_of_his_own() -> None:
    posts = _posts("Kuasa hukum calon bupati Budi Raya dilaporkan.")
    assert [category for category, _ in posts] == ["kuasa_hukum", "peserta.paslon"]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Calon bupati dan bendahara timnya ditegur.", "peserta.timses"),
        ("Calon bupati dan wakilnya ditegur.", "peserta.paslon"),
        ("Ketua KPPS dan enam anggotanya ditegur.", "kpu.kpps"),
        ("Kapolres membenarkan seorang anggotanya ditegur.", "polri.anggota"),
    ],
)
def test_words_in_nya_are_posts_too(text: str, category: str) -> None:
    posts = _posts(text)
    assert (posts[-1][0], len(posts)) == (category, 2)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Dua remaja berboncengan merusak baliho.", "otk"),
        ("Seorang enumerator ditegur.", "lembaga_survei"),
        ("Seorang operator di Dinas Kependudukan ditegur.", "disdukcapil"),
        ("Seorang pegawai kantor distrik ditegur.", "pemda.staf"),
        ("Wakil ketua salah satu partai ditegur.", "parpol.pengurus"),
        ("Pengelola halaman itu ditegur.", "akun"),
    ],
)
def test_plain_words_for_people_are_posts(text: str, category: str) -> None:
    assert _posts(text)[0][0] == category


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        (
            "Pasangan calon wali kota dan wakil wali kota ditegur.",
            [("peserta.paslon", "calon wali kota dan wakil wali kota")],
        ),
        (
            "Bakal calon bupati-wakil bupati ditegur.",
            [("peserta.bakal_calon", "Bakal calon bupati-wakil bupati")],
        ),
        (
            "Paslon gubernur dan wakil gubernur ditegur.",
            [("peserta.paslon", "Paslon gubernur dan wakil gubernur")],
        ),
        (
            "Calon bupati dan Bupati Garut hadir.",
            [("peserta.paslon", "Calon bupati"), ("pemda.bupati", "Bupati")],
        ),
        ("Bupati dan wakil bupati hadir.", [("pemda.bupati", "Bupati"), ("pemda.bupati", "wakil bupati")]),
        (
            "Calon bupati, wakil bupati lama, dan warga hadir.",
            [("peserta.paslon", "Calon bupati"), ("pemda.bupati", "wakil bupati")],
        ),
    ],
)
def test_who_seeks_an_office_in_a_pair_does_not_hold_it(text: str, posts: list[tuple[str, str]]) -> None:
    assert [post for post in _posts(text) if post[0] != "warga"] == posts
