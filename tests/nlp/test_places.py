from __future__ import annotations

from tagged import read_tags

from nlp.places import find_place_mentions, place_functions
from nlp.records import EventRef
from nlp.regions import load_gazetteer
from nlp.scene import Scene


def functions(tagged: str, place: str) -> dict[str, str | None]:
    text, mentions = read_tags(tagged)
    scene = Scene(text, mentions)
    return {m.text: m.function for m in place_functions(scene, EventRef(None, place)) if m.label == "loc"}


def test_place_functions_tell_event_institution_origin_dateline_and_comparison() -> None:
    found = functions(
        '<loc code="18.10">PRINGSEWU</loc> – <org>Panwaslu Kecamatan <loc '
        'code="18.10.07">Adiluwih</loc></org> bertemu warga di '
        '<loc>aula PGRI</loc>, <loc code="18.10.07">Kecamatan Adiluwih</loc>, <loc '
        'code="18.10">Kabupaten Pringsewu</loc>.\n'
        'Warga <loc code="18.10.01">Kecamatan Pringsewu</loc> ikut. Di <loc '
        'code="18.06">Tanggamus</loc> serupa.',
        "18.10.07",
    )
    assert found == {
        "PRINGSEWU": "dateline",
        "Adiluwih": "institution",
        "aula PGRI": "event",
        "Kecamatan Adiluwih": "event",
        "Kabupaten Pringsewu": "event",
        "Kecamatan Pringsewu": "origin",
        "Tanggamus": "comparison",
    }


def test_place_functions_know_no_event_where_none_was_chosen() -> None:
    text, mentions = read_tags('Di <loc code="18.06">Tanggamus</loc> hujan.')
    (place,) = place_functions(Scene(text, mentions), EventRef(None, None))
    assert place.function == "comparison"


def test_find_place_mentions_adds_what_was_missed_and_what_stands_in_offices() -> None:
    text, mentions = read_tags(
        "<role>Camat Adiluwih</role> hadir di Kecamatan Adiluwih, Kabupaten Pringsewu."
    )
    found = find_place_mentions(text, mentions, load_gazetteer(), None)
    assert [(m.text, m.code) for m in found] == [
        ("Adiluwih", "18.10.07"),
        ("Kecamatan Adiluwih", "18.10.07"),
        ("Kabupaten Pringsewu", "18.10"),
    ]
    assert all(m.method and m.codes for m in found)


def test_find_place_mentions_keeps_all_codes_of_an_ambiguous_name() -> None:
    text, mentions = read_tags("Rapat di <loc>Sukabumi</loc> selesai.")
    (place,) = find_place_mentions(text, mentions, load_gazetteer(), None)
    assert {"32.02", "32.72"} <= set(place.codes)
    assert (place.code, place.conflict) == (place.codes[0], "ambiguous")


def test_find_place_mentions_parts_a_village_from_its_kecamatan() -> None:
    text, mentions = read_tags("Di <loc>Desa Enggal Rejo Kecamatan Adiluwih</loc>, Kabupaten Pringsewu.")
    found = find_place_mentions(text, mentions, load_gazetteer(), None)
    assert [m.text for m in found] == ["Desa Enggal Rejo", "Kecamatan Adiluwih", "Kabupaten Pringsewu"]


def test_find_place_mentions_does_not_take_half_a_name_for_the_place_that_is_called_so() -> None:
    gazetteer = load_gazetteer()
    text, mentions = read_tags(
        "<role>Ketua DPRD Kabupaten <loc>Kapuas</loc> Contohan</role> dan <role>Anggota KPU <loc>Kutai Barat</loc> "
        "Divisi Teknis</role> serta <org>Polres <loc>Cirebon</loc> Kota</org> hadir."
    )
    found = find_place_mentions(text, mentions, gazetteer, None)
    assert [(m.text, m.code) for m in found] == [
        ("Kapuas Contohan", None),
        ("Kutai Barat", "64.07"),
        ("Cirebon Kota", "32.74"),
    ]
    text, mentions = read_tags(
        "<role>Anggota KPU <loc>Natuna</loc> Rudi</role> <per>Contoh</per> hadir. Kata <per>Rudi Contoh</per>."
    )
    assert [m.text for m in find_place_mentions(text, mentions, gazetteer, None)] == ["Natuna"]


def test_find_place_mentions_parts_a_venue_from_its_place() -> None:
    text, mentions = read_tags(
        "Di <loc>aula PGRI Kecamatan Adiluwih</loc> dan <loc>balai Desa Enggal Rejo</loc>, "
        "Kabupaten Pringsewu."
    )
    found = find_place_mentions(text, mentions, load_gazetteer(), None)
    assert [m.text for m in found] == [
        "aula PGRI",
        "Kecamatan Adiluwih",
        "Desa Enggal Rejo",
        "Kabupaten Pringsewu",
    ]
