from __future__ import annotations

import pytest

from nlp.own_case import is_undecided
from tests.nlp.tagged import cast_of

LEAD = "<role>Kepala Desa Toro</role>, <per>Rusman Hadi</per>, dilaporkan ke Bawaslu, Sabtu (23/11/2024). "


def _undecided(told: str) -> bool:
    cast = cast_of(LEAD + told)
    return is_undecided(cast, [person for person in cast.persons if person.name == "Rusman Hadi"])


@pytest.mark.parametrize(
    "told",
    [
        "Pengadilan pekan lalu memvonis <per>Burhan Toba</per> tiga bulan penjara.",
        "Kasus ini mengingatkan warga pada perkara tahun 2019. Saat itu seorang lurah dihukum enam bulan penjara.",
        "Sebelumnya DKPP menjatuhkan sanksi peringatan kepada <role>Ketua KPU Toro</role>, <per>Burhan Toba</per>.",
        "Tahun lalu, seorang kepala dinas diberhentikan karena terbukti tidak netral.",
        "Pengamat politik, <per>Burhan Toba</per>, menilai <per>Rusman Hadi</per> terbukti melanggar.",
        "Pelapor menilai perbuatan itu terbukti melanggar undang-undang.",
    ],
)
def test_others_punishment_and_opinions_decide_nothing(told: str) -> None:
    assert _undecided(told)


@pytest.mark.parametrize(
    "told",
    [
        "Laporan itu sedang dikaji.",
        "Pengadilan memvonis <per>Rusman Hadi</per> tiga bulan penjara.",
        "Bawaslu menilai perbuatan itu terbukti melanggar undang-undang.",
        "Ia diberhentikan karena terbukti tidak netral.",
        "Pengadilan memvonis <per>Burhan Toba</per> tiga bulan. <per>Rusman Hadi</per> dihukum dua bulan.",
        '"Terlapor terbukti melanggar," kata <role>Ketua Bawaslu Toro</role>, <per>Burhan Toba</per>.',
    ],
)
def test_what_is_decided_of_the_case_itself_counts(told: str) -> None:
    assert not _undecided(told)


@pytest.mark.parametrize(
    "told",
    [
        "<role>Mantan bupati terpidana</role> <per>Burhan Toba</per> hadir.",
        "<per>Rusman Hadi</per> pernah divonis dua bulan.",
    ],
)
def test_a_conviction_of_the_past_decides_nothing_now(told: str) -> None:
    assert _undecided(told)
