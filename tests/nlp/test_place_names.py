"""Places read as names: what stands behind the office of a village's head is its name, not his."""

from __future__ import annotations

import pytest

from tests.nlp.tagged import cast_of


@pytest.mark.parametrize(
    ("tagged", "left"),
    [
        (
            "Perbekel <per>Tista Kaja</per>, Kecamatan Abang, ditegur. Perbekel <per>Tista Kaja</per> diam.",
            [],
        ),
        ("Kepala Desa Doro <per>Wila</per>, Kecamatan Langgudu, ditegur.", []),
        ("Kades <per>Budi</per>, yang datang dari Kecamatan Langgudu, ditegur.", ["Budi"]),
        (
            "<per>Yohan Bere</per>, anggota BPD <per>Wedu</per>, dan <per>Piter Mau</per>, Ketua BPD <per>Lakan</per>, "
            "hadir.",
            ["Yohan Bere", "Piter Mau"],
        ),
        ("<per>Samsul</per>, Kepala Desa <per>Parit Jelu</per>, ditegur.", ["Samsul"]),
        ("Kemarin, Kepala Desa <per>Samsul</per> ditegur.", ["Samsul"]),
        (
            "Mereka Kades <loc>Lamokula</loc>, <per>Puuroda Baru</per>, <per>Anggon</per>, serta <per>Wawoo</per>.",
            [],
        ),
        (
            "Para kades, <per>Budi</per>, <per>Anton</per>, dan <per>Cahyo</per>, hadir.",
            ["Budi", "Anton", "Cahyo"],
        ),
        ("Kades <loc>Toro</loc>, <per>Budi</per>, dan Camat <per>Ani</per> hadir.", ["Budi", "Ani"]),
    ],
)
def test_names_of_places_are_nobodys(tagged: str, left: list[str]) -> None:
    assert [actor.name for actor in cast_of(tagged).persons] == left
