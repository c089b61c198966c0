from __future__ import annotations

import pytest
from tagged import read_tags

from nlp.children import is_child
from nlp.persons import clean_name, degrees_end, find_persons, join_aliases, join_initials
from nlp.records import Mention
from nlp.roles import load_roles


@pytest.mark.parametrize("case", load_roles().file.strip.after["tests"], ids=lambda case: case[0])
def test_degrees_end_follows_the_cases_of_the_data_file(case: list[str]) -> None:
    text, name, degrees = case
    end = degrees_end(load_roles(), text, len(name))
    found = [part.strip() for part in text[len(name) : end].split(" ") if part.strip(" ,")]
    assert "|".join(part.strip(",") for part in found if part) == degrees


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Drs. H. Budi Contoh, M.Si", "Budi Contoh"),
        ("Hj. Siti Contoh", "Siti Contoh"),
        ("Pak Lurah Contoh", "Contoh"),
        ("Rahmat Contoh SIK", "Rahmat Contoh"),
        ("1 Made Contoh", "I Made Contoh"),
        ("I Gusti Ngurah Contoh", "I Gusti Ngurah Contoh"),
        ("Andi Contoh", "Andi Contoh"),
        ("Narasumber Sukarno", "Sukarno"),
        ("Muh. Contoh", "Muh. Contoh"),
        ("AS", "AS"),
        ("Sukarno", "Sukarno"),
    ],
)
def test_clean_name_strips_titles_and_keeps_what_belongs_to_the_name(written: str, name: str) -> None:
    assert clean_name(load_roles(), written) == name


def people(tagged: str) -> dict[str, int]:
    _, mentions = read_tags(tagged)
    return {person.name: len(person.mentions) for person in find_persons(load_roles(), mentions)}


def test_find_persons_joins_short_forms_with_the_full_name() -> None:
    tagged = (
        "<per>Budi Santoso Contoh</per> hadir. Kata <per>Budi</per>, lalu <per>Contoh</per> dan "
        "<per>Budi Contoh</per>."
    )
    assert people(tagged) == {"Budi Santoso Contoh": 4}


def test_find_persons_gives_a_shared_short_form_to_the_one_named_last() -> None:
    tagged = "<per>I Made Arta</per> datang. <per>I Made Sudira</per> bicara. Kata <per>Made</per>."
    assert people(tagged) == {"I Made Arta": 1, "I Made Sudira": 2}


def test_find_persons_reads_the_digit_one_as_the_balinese_particle() -> None:
    assert people("Kompol <per>1 Made Contoh</per> hadir, kata <per>I Made Contoh</per>.") == {
        "I Made Contoh": 2
    }


def test_find_persons_starts_at_the_first_full_mention() -> None:
    text, mentions = read_tags("Kata <per>Budi</per>. Nama lengkapnya <per>Budi Contoh</per>.")
    (person,) = find_persons(load_roles(), mentions)
    assert text[person.start : person.end] == "Budi Contoh"


def test_find_persons_passes_over_institutions_and_headlines() -> None:
    wrong = ["Hadiri Sosialisasi Bawaslu Contoh", "Polres Contoh", "A B C D E F G H I J", ""]
    mentions = [Mention("per", i * 50, i * 50 + len(name), name) for i, name in enumerate(wrong)]
    assert find_persons(load_roles(), mentions) == []


def test_find_persons_leaves_a_place_of_the_text_before_a_name_out() -> None:
    tagged = (
        "Di <loc>Muara Contoh</loc> hujan. Bupati <per>Muara Contoh Budi Fiktif Rao</per> hadir, kata "
        "<per>Rao</per>. Camat <per>Muara Budi</per> pulang."
    )
    assert people(tagged) == {"Budi Fiktif Rao": 2, "Muara Budi": 1}


@pytest.mark.parametrize(
    ("tagged", "named"),
    [
        ("<per>Rustam Halim</per> alias <per>Halim</per> lari.", {"Rustam Halim": 2}),
        (
            "<per>Leo Saputra</per> datang. <per>Budi Raya</per> alias <per>Leo</per> lari.",
            {"Leo Saputra": 1, "Budi Raya alias Leo": 2},
        ),
        (
            "<per>Bagus</per> alias <per>Cecep</per>. <per>Anton</per> alias <per>Bagus</per> lari.",
            {"Bagus alias Cecep": 2, "Anton alias Bagus": 2},
        ),
        (
            "<per>Anton</per> alias <per>Gondes</per> dan <per>Bagus</per> alias <per>Gondes</per> lari.",
            {"Anton alias Gondes": 2, "Bagus alias Gondes": 2},
        ),
        (
            "<per>Leo Saputra</per> datang. <per>Budi Raya</per> alias <per>Leo</per> lari. "
            "<per>Budi Raya</per> alias <per>Leo</per> ditahan.",
            {"Leo Saputra": 1, "Budi Raya alias Leo": 4},
        ),
        ("<per>Rustam Halim</per> alias Ketua RT lari.", {"Rustam Halim": 1}),
        ("<per>Rustam Halim</per> alias Gondes Kepala Desa Toro.", {"Rustam Halim alias Gondes": 1}),
        (
            "<per>Rustam Halim</per> alias Gondes <role>Kaur Toro</role> lari.",
            {"Rustam Halim alias Gondes": 1},
        ),
        ("<per>Rustam Halim</per> alias Gondes Bawaslu Toro.", {"Rustam Halim alias Gondes": 1}),
    ],
)
def test_join_aliases_names_persons_as_the_text_does(tagged: str, named: dict[str, int]) -> None:
    text, mentions = read_tags(tagged)
    persons = join_aliases(load_roles(), text, mentions, find_persons(load_roles(), mentions))
    assert {person.name: len(person.mentions) for person in persons} == named
    assert all(text[person.start : person.end] == person.name for person in persons)


@pytest.mark.parametrize(
    ("told", "child"),
    [
        ("alias Gondes (16) merobek baliho.", True),
        ('alias "Gondes" (16) merobek baliho.', True),
        ("alias Gondes Kecil, berusia enam belas tahun, merobek baliho.", True),
        ("alias <per>Gondes</per> (16) merobek baliho.", True),
        ("alias gondes (16) merobek baliho.", True),
        ("alias Gondes memukul Anton (16).", False),
        ("alias Gondes (46) merobek baliho.", False),
        ("memukul Gondes (16).", False),
    ],
)
def test_an_age_behind_the_alias_tells_a_child(told: str, child: bool) -> None:
    text, mentions = read_tags(f"<per>Budi Raya</per> {told}")
    persons = find_persons(load_roles(), mentions)
    assert is_child(text, persons[0]) is child
    (person,) = join_aliases(load_roles(), text, mentions, persons)
    assert is_child(text, person) is child


@pytest.mark.parametrize(
    ("tagged", "names"),
    [
        ("<per>Budi Contoh</per> (BC) hadir. <per>BC</per> diam.", ["Budi Contoh"]),
        ("<per>Kasmuri</per> (<per>KS</per>) hadir. <per>KS</per> diam.", ["Kasmuri"]),
        ("<per>Budi Contoh</per> (PRS) hadir. <per>PRS</per> diam.", ["Budi Contoh", "PRS"]),
        (
            "<per>Budi Contoh</per> (BC) dan <per>Bela Citra</per> (BC) hadir. <per>BC</per> diam.",
            ["Budi Contoh", "Bela Citra", "BC"],
        ),
        ("<per>BC</per> (BC) diam.", ["BC"]),
    ],
)
def test_initials_behind_a_name_are_its_bearers(tagged: str, names: list[str]) -> None:
    text, mentions = read_tags(tagged)
    found = join_initials(text, find_persons(load_roles(), mentions))
    assert [person.name for person in found] == names
    assert sum(len(person.mentions) for person in found) == len(mentions)
