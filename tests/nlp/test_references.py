from __future__ import annotations

import pytest

from nlp.accused_as import post_features
from nlp.accusing import actor_features, beside_features
from nlp.references import belongs_to_others, find_links
from tests.nlp.tagged import cast_of


@pytest.mark.parametrize(
    "tagged",
    [
        "<per>Ali Tono</per> dan <per>Budi Raya</per> diduga membagikan uang.",
        "<role>Camat Sukajaya</role>, <per>Ali Tono</per>, bersama seorang warga, <per>Budi Raya</per>, diduga curang.",
        "<per>Ali Tono</per> serta seorang relawan bernama <per>Budi Raya</per> diduga membagikan uang.",
    ],
)
def test_persons_joined_by_a_word_share_what_is_said_of_them(tagged: str) -> None:
    cast = cast_of(tagged)
    places = [person.places[0] for person in cast.persons]
    company = find_links(cast).company
    assert [company[place.at, place.first] for place in places] == [frozenset((1,)), frozenset((0,))]
    features = actor_features(cast.reading, cast.persons[0], cast, [0.9], {0})
    assert features["a:e alleged after 0"] == 1


def test_a_pair_behind_the_office_of_both_is_a_list() -> None:
    cast = cast_of(
        "Pasangan calon bupati dan wakil <role>bupati Garut nomor urut 2</role>, <per>Ali Tono</per> dan "
        "<per>Budi Raya</per>, dilaporkan."
    )
    places = [person.places[0] for person in cast.persons]
    company = find_links(cast).company
    assert [company[place.at, place.first] for place in places] == [frozenset((1,)), frozenset((0,))]


def test_somebody_unnamed_in_a_list_keeps_company_with_the_named() -> None:
    cast = cast_of(
        "<role>Kepala Desa Suka Damai</role>, <per>Ali Tono</per>, dan dua perangkat desa membagi beras."
    )
    assert beside_features(cast.posts["desa.perangkat"], cast, [0.8], {})["a:company"] == 0.8


def test_who_is_met_or_called_stands_in_no_list() -> None:
    cast = cast_of("<per>Ali Tono</per> memanggil <per>Budi Raya</per>, lalu pulang.")
    assert find_links(cast).company == {}


@pytest.mark.parametrize(
    "pointing",
    [
        "Kepala Desa Suka Damai itu didakwa membagikan beras.",
        "Menurut jaksa, kepala desa 46 tahun tersebut membagikan beras.",
        "Kepala desa di Kecamatan Rimba Raya, Kabupaten Toro, itu terbukti membagikan beras.",
        "Kepala desa yang kini nonaktif itu terbukti membagikan beras.",
    ],
)
def test_an_office_with_that_means_who_was_named_before(pointing: str) -> None:
    cast = cast_of(f"<per>Rustam Halim</per> menunduk. Hujan turun. {pointing}")
    assert {people for people in find_links(cast).meant.values() if people} == {(0,)}
    assert actor_features(cast.reading, cast.persons[0], cast, [0.1, 0.1, 0.9], {2})["a:e meant alone"] == 1
    assert (
        actor_features(cast.reading, cast.posts["desa.kepala"], cast, [0.1, 0.1, 0.9], {2})["a:points back"]
        == 1
    )
    assert post_features(cast.persons[0], "desa.kepala", cast, {}, {}, {})["r:meant"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "<per>Rustam Halim</per> menunduk. Kepala desa membagikan beras itu.",
        "<per>Rustam Halim</per> menunduk. Kepala desa di kecamatan itu membagikan beras.",
        "<role>Camat Toro</role> <per>Rustam Halim</per> hadir. Kepala Desa Suka Damai itu membagikan beras.",
    ],
)
def test_other_offices_mean_nobody_named_before(text: str) -> None:
    assert not any(find_links(cast_of(text)).meant.values())


def test_both_are_those_of_the_sentence_before() -> None:
    cast = cast_of(
        "Polisi menahan <per>Ali Tono</per> dan <per>Budi Raya</per>. Keduanya disangka membakar baliho."
    )
    assert find_links(cast).several == {1: frozenset((0, 1))}
    assert actor_features(cast.reading, cast.persons[1], cast, [0.1, 0.9], {1})["a:e several"] == 1


def test_a_post_that_others_hold_by_name_and_one_that_a_thing_is_for_are_marked() -> None:
    cast = cast_of(
        "<role>Camat Sukajaya</role> <per>Ali Tono</per> hadir. <per>Budi Raya</per> merobek baliho calon bupati."
    )
    assert post_features(cast.persons[1], "pemda.camat", cast, {}, {}, {})["r:others'"] == 1
    assert "r:others'" not in post_features(cast.persons[0], "pemda.camat", cast, {}, {}, {})
    assert post_features(cast.persons[1], "peserta.paslon", cast, {}, {}, {})["r:thing"] == 1


def test_each_place_of_an_office_knows_whose_name_stands_beside_it() -> None:
    cast = cast_of("<role>Camat Sukajaya</role>, <per>Ali Tono</per>, memanggil seorang camat lain.")
    beside, alone = cast.posts["pemda.camat"].places
    owners = find_links(cast).owners
    assert owners[beside.at, beside.first] == {0}
    assert owners[alone.at, alone.first] == frozenset()


@pytest.mark.parametrize(
    ("tagged", "others"),
    [
        (
            "<role>Camat Suka</role> <per>Ali Tono</per> meminjamkan truk kepada relawan <per>Budi Raya</per>.",
            True,
        ),
        (
            "<per>Ali Tono</per>, seorang petani, dan relawan bernama <per>Budi Raya</per> membagikan uang.",
            True,
        ),
        ("<per>Ali Tono</per> bersama belasan relawan membagikan uang.", True),
        ("<per>Ali Tono</per> bersama belasan relawan lainnya membagikan uang.", False),
        ("Dua relawan, <per>Ali Tono</per> dan <per>Budi Raya</per>, membagikan uang.", False),
        ("<per>Ali Tono</per> dan <per>Budi Raya</per>, relawan setempat, membagikan uang.", False),
        ("<per>Ali Tono</per> membagikan uang. Relawan itu ditegur.", False),
    ],
)
def test_a_post_beside_somebody_else_is_not_that_of_who_stands_near(tagged: str, others: bool) -> None:
    cast = cast_of(tagged)
    ali = next(person for person in cast.persons if person.name == "Ali Tono")
    assert belongs_to_others(cast, ali, "peserta.relawan") is others


def test_a_list_of_names_with_their_places_is_one_list() -> None:
    cast = cast_of(
        "<per>Ali Tono</per> dari <loc>Desa Toro</loc>, <per>Budi Raya</per> dari <loc>Desa Laha</loc>, serta "
        "<per>Cici Moka</per> asal <loc>Desa Wai</loc> dipanggil."
    )
    assert set(find_links(cast).company.values()) == {frozenset((1, 2)), frozenset((0, 2)), frozenset((0, 1))}


@pytest.mark.parametrize(
    "presents",
    [
        "Keempatnya ialah <per>Ali Tono</per>, dan <per>Budi Raya</per>.",
        "Adapun ketiga terlapor itu adalah <per>Ali Tono</per>.",
        "Mereka masing-masing <per>Ali Tono</per> dan <per>Budi Raya</per>.",
        "Terlapor berinisial <per>AT</per>.",
    ],
)
def test_who_is_presented_behind_the_act_is_known_as_such(presents: str) -> None:
    cast = cast_of(f"Empat kepala desa diduga menerima uang. {presents}")
    assert find_links(cast).presenting == {1}
    assert actor_features(cast.reading, cast.persons[0], cast, [0.9, 0.1], {0})["a:presented"] == 1
    assert "a:presented" not in actor_features(cast.reading, cast.persons[0], cast, [0.9, 0.1], set())


@pytest.mark.parametrize(
    "told",
    [
        "Mereka dipanggil <per>Ali Tono</per>.",
        "Laporan itu dibawa dua warga. Mereka adalah <per>Ali Tono</per> dan <per>Budi Raya</per>.",
        "Dua warga melaporkan camat. Keduanya yakni <per>Ali Tono</per> dan <per>Budi Raya</per>.",
        "Dua orang hadir. Mereka adalah <per>Ali Tono</per> dan <per>Budi Raya</per>, saksi mata.",
    ],
)
def test_others_are_not_presented_as_accused(told: str) -> None:
    assert find_links(cast_of(f"Empat kepala desa diduga menerima uang. {told}")).presenting == set()
