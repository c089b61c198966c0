from __future__ import annotations

import pytest

from nlp.accused import Cast, candidates_of, find_cast, gap_between, nearest
from nlp.accusing import actor_features
from nlp.officials import read_officials
from nlp.reading import read_document
from nlp.records import Document
from tests.nlp.tagged import read_tags


def _cast(tagged: str, title: str = "") -> Cast:
    text, mentions = read_tags(tagged)
    officials, _ = read_officials(text, mentions)
    return find_cast(read_document(Document("x", text, title), mentions), officials)


def test_everybody_named_and_every_post_is_in_the_cast() -> None:
    cast = _cast(
        "<role>Kepala Desa Rawa Indah</role>, <per>Samsul Huda</per>, ditegur. Seorang relawan ikut diperiksa."
    )
    assert [(actor.name, actor.category) for actor in cast.persons] == [("Samsul Huda", "desa.kepala")]
    assert {"desa.kepala", "peserta.relawan"} <= set(cast.posts)


def test_kin_and_pensioners_of_an_office_are_citizens() -> None:
    cast = _cast("Istri kepala desa itu, <per>Nur Aini</per>, membagikan beras.")
    assert "warga" in cast.posts
    assert "desa.kepala" not in cast.posts


@pytest.mark.parametrize(
    "tagged",
    [
        "Warga diperiksa Bawaslu. Penulis: <per>Edo Manurung</per>",
        "Warga diperiksa Bawaslu.\n\n(<per>Edo Manurung</per>)",
        "Wartawan <per>Edo Manurung</per> merekam kejadian itu.",
        "<per>Edo Manurung</per>, jurnalis setempat, merekam kejadian itu.",
    ],
)
def test_the_press_is_no_part_of_the_cast(tagged: str) -> None:
    assert _cast(tagged).persons == []


def test_a_person_may_be_accused_as_what_the_text_says_or_as_a_citizen() -> None:
    cast = _cast("<role>Camat Sukajaya</role>, <per>Dedi Kusnadi</per>, bertemu seorang relawan.")
    candidates = candidates_of(cast.persons[0], cast)
    assert candidates[0] == "pemda.camat"
    assert {"peserta.relawan", "warga"} <= set(candidates)


def test_gaps_count_words_within_a_sentence_only() -> None:
    cast = _cast("<per>Ali Tono</per> memanggil <per>Budi Raya</per>. <per>Citra Ayu</per> hadir.")
    one, other, third = (actor.places[0] for actor in cast.persons)
    assert gap_between(one, other) == 1
    assert gap_between(other, one) == -2
    assert gap_between(one, third) is None
    assert nearest([one], [third]) is None


def test_a_headline_adds_nothing_of_its_own_to_a_persons_features() -> None:
    tagged = "<role>Camat Sukajaya</role>, <per>Dedi Kusnadi</per>, diduga mengajak warga memilih calon."
    text, mentions = read_tags(tagged)
    plain, named = (
        actor_features(cast.reading, cast.persons[0], cast, [0.9], {0})
        for cast in (
            find_cast(read_document(Document("x", text, title), mentions), ())
            for title in ("Rapat di Kecamatan", "Dedi Kusnadi di Kecamatan")
        )
    )
    assert {name for name in named if name.startswith("a:t ") or "title" in name} == set()
    assert set(plain) <= set(named)
