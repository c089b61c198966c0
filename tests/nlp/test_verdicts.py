from __future__ import annotations

import pytest

from nlp.accused import Actor, find_cast
from nlp.reading import read_document
from nlp.records import Document, Mention
from nlp.verdicts import read_verdicts, spare_acquitted

NAMES = ("Bakri Lahai", "Siti Nuraini", "DT")


def _verdicts(text: str) -> tuple[set[str], set[str]]:
    mentions = [Mention("per", at, at + len(name), name) for name in NAMES if (at := text.find(name)) >= 0]
    reading = read_document(Document("x", text), mentions)
    return read_verdicts(reading, find_cast(reading, ()))


@pytest.mark.parametrize(
    ("text", "freed", "punished"),
    [
        ("Hakim memvonis Bakri Lahai tiga bulan penjara.", set(), {"Bakri Lahai"}),
        ("Hakim menjatuhkan hukuman percobaan kepada Bakri Lahai.", set(), {"Bakri Lahai"}),
        ("Bakri Lahai dan Siti Nuraini divonis tiga bulan.", set(), {"Bakri Lahai", "Siti Nuraini"}),
        ("Rekannya, DT, diputus bebas karena terbukti hanya mengantar.", {"DT"}, set()),
        ("Hakim membebaskan Siti Nuraini dari dakwaan.", {"Siti Nuraini"}, set()),
        ("Majelis menyatakan Siti Nuraini tidak terbukti bersalah.", {"Siti Nuraini"}, set()),
        ("Bakri Lahai divonis dua bulan, sedangkan DT dibebaskan.", {"DT"}, {"Bakri Lahai"}),
        ("Bakri Lahai belum divonis.", set(), set()),
        ("Pada pilkada 2020 Bakri Lahai divonis dua bulan.", set(), set()),
        ("Bakri Lahai menonton sidang itu.", set(), set()),
    ],
)
def test_a_verdict_concerns_the_person_beside_it(text: str, freed: set[str], punished: set[str]) -> None:
    assert _verdicts(text) == (freed, punished)


def _accused(*names: str) -> list[Actor]:
    return [Actor(name, None, "warga") for name in names]


def test_who_was_acquitted_leaves_a_case_that_was_proven() -> None:
    left, outcome = spare_acquitted(_accused("A B", "DT"), {"pidana": "terbukti"}, {"DT"}, {"A B"})
    assert [actor.name for actor in left] == ["A B"]
    assert outcome == {"pidana": "terbukti"}


def test_where_all_accused_were_acquitted_nothing_was_proven() -> None:
    left, outcome = spare_acquitted(_accused("DT"), {"pidana": "terbukti"}, {"DT"}, set())
    assert [actor.name for actor in left] == ["DT"]
    assert outcome == {"pidana": "tidak_terbukti"}


def test_who_was_convicted_on_another_track_stays() -> None:
    left, _ = spare_acquitted(_accused("DT"), {"kode_etik": "terbukti"}, {"DT"}, {"DT"})
    assert [actor.name for actor in left] == ["DT"]
