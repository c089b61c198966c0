"""As what a person is accused: whose post stands beside him, of whom he is a fellow, how he is described."""

from __future__ import annotations

import pytest

from nlp.accuse import Suspicion, category_of
from nlp.accused import joined
from nlp.accused_as import description_features, post_features
from tests.nlp.tagged import cast_of


@pytest.mark.parametrize(
    ("tagged", "name", "category"),
    [
        (
            "Ketua <org>KPU Kabupaten Lintang</org>, <per>Syahrul Anwar</per>, serta dua anggota, "
            "<per>Gusti Rahma</per> dan <per>M. Idrus</per>, diadukan.",
            "Gusti Rahma",
            "kpu.anggota",
        ),
        (
            "Ketua <org>KPU Kabupaten Lintang</org>, <per>Syahrul Anwar</per>, dipecat. Dua anggotanya, "
            "<per>Pepi Okta</per> dan <per>Tengku Arif</per>, mendapat peringatan.",
            "Pepi Okta",
            "kpu.anggota",
        ),
        (
            "<per>Desrin Tobo</per>, pendamping PKH, dan rekannya berinisial <per>RM</per> diduga mengancam penerima.",
            "RM",
            "nonasn.pendamping",
        ),
    ],
)
def test_fellows_are_of_whoever_stands_before(tagged: str, name: str, category: str) -> None:
    cast = cast_of(tagged)
    person = next(one for one in cast.persons if one.name == name)
    post = cast.posts[category]
    assert any(joined(one, place) for one in person.places for place in post.places)
    assert "warga" not in cast.posts


@pytest.mark.parametrize("words", ["Dua anggota keluarga", "Anggota", "Seorang anggota kelompok tani"])
def test_members_of_what_the_text_does_not_name_before_are_of_no_body(words: str) -> None:
    cast = cast_of(f"Ketua <org>KPU Kabupaten Lintang</org> hadir. {words} ikut menonton.")
    assert [place.at for place in cast.posts["kpu.anggota"].places] == [0]


def test_whoever_may_hold_no_post_of_the_text_is_a_citizen() -> None:
    cast = cast_of("<per>Wirasto Lembana</per> diduga membagikan amplop.")
    suspicion = Suspicion([1.0], {}, {})
    assert category_of({}, cast.persons[0], cast, suspicion, {}, barred={"warga"}) == "warga"


def test_the_words_beside_a_name_describe_whoever_bears_it() -> None:
    cast = cast_of(
        "Pengemudi becak berinisial <per>TW</per> ikut membagi amplop. Polisi: <per>TW</per> menyesal."
    )
    features = set(description_features(cast.persons[0], cast))
    assert {"d:before pengemudi becak", "d:before berinisial", "d:behind ikut membagi"} <= features
    assert "d:behind menyesal" in features


def test_a_list_says_what_those_in_it_may_be() -> None:
    cast = cast_of(
        "<role>Camat Sukajaya</role> <per>Dedi</per>, relawan <per>Ani</per>, dan <per>Budi</per> ditegur."
    )
    _, ani, budi = cast.persons
    said = post_features(budi, "peserta.relawan", cast, {}, {}, {"peserta.relawan": 0.9, "warga": 0.1})
    assert said["r:listed beside, no office"] == said["r:most described"] == 1
    pair = cast_of("<role>Camat Sukajaya</role> <per>Dedi</per> dan <per>Budi</per> ditegur.")
    assert post_features(pair.persons[1], "pemda.camat", pair, {}, {}, {})["r:listed same"] == 1
    assert post_features(pair.persons[0], "warga", pair, {}, {}, {})["r:beside another"] == 1
    assert "r:beside another" not in post_features(ani, "peserta.relawan", cast, {}, {}, {})
    assert post_features(budi, "warga", cast, {}, {}, {})["r:beside none+citizen"] == 1
