from __future__ import annotations

import pytest
from tagged import read_tags

from nlp.role_borders import settle_borders
from nlp.roles import load_roles


@pytest.mark.parametrize(
    ("tagged", "wanted"),
    [
        (
            "<role>Ketua Koperasi Mitra</role> <per>Melati</per>, <per>Rudi Contoh</per>, hadir.",
            "role:Ketua Koperasi Mitra Melati|per:Rudi Contoh",
        ),
        (
            "<role>Anggota KPU Agam</role> <per>Divisi Teknis Penyelenggaraan</per>, <per>Rudi Contoh</per>.",
            "role:Anggota KPU Agam Divisi Teknis Penyelenggaraan|per:Rudi Contoh",
        ),
        (
            "<role>Ketua PPK Way</role> Contoh, <per>Rudi Misal</per>.",
            "role:Ketua PPK Way Contoh|per:Rudi Misal",
        ),
        ("<role>Dandim 0801/</role><per>Contoh</per> hadir.", "role:Dandim 0801/Contoh"),
        (
            "<role>Dandim 0801 Letkol Inf</role> <per>Rudi Contoh</per> hadir.",
            "role:Dandim 0801|role:Letkol Inf|per:Rudi Contoh",
        ),
        (
            "<role>Rudi Contoh</role>, <role>Kapolres Agam</role>, hadir.",
            "per:Rudi Contoh|role:Kapolres Agam",
        ),
        ("<role>Camat Agam</role>, <org>Rudi Contoh</org>, datang.", "role:Camat Agam|per:Rudi Contoh"),
        (
            "<role>Kaur</role> <per>Kesra Rudi Contoh</per> hadir.",
            "role:Kaur Kesra|per:Rudi Contoh",
        ),
        (
            "<role>Dukuh Agam</role> <per>Kidul</per>, <per>Rudi</per>, hadir.",
            "role:Dukuh Agam Kidul|per:Rudi",
        ),
        ("<role>pengawas TPS</role> <per>Rudi</per> Contoh yang lewat.", "role:pengawas TPS|per:Rudi Contoh"),
    ],
)
def test_settle_borders_gives_tails_back(tagged: str, wanted: str) -> None:
    text, mentions = read_tags(tagged)
    settled = settle_borders(load_roles(), text, mentions)
    assert [f"{m.label}:{m.text}" for m in settled] == wanted.split("|")
    assert all(text[m.start : m.end] == m.text for m in settled)


@pytest.mark.parametrize(
    "tagged",
    [
        "<role>Anggota KPU Agam</role> <per>Rudi</per>, <per>Siti Contoh</per>, dan <per>Budi Misal</per>.",
        "<role>Kuasa hukum</role> <per>Rudi</per>, <per>Siti Contoh</per>, bicara.",
        "<per>Rudi</per> hadir. Kata <role>Ketua KPU Agam</role> <per>Rudi</per>, <per>Siti Contoh</per> absen.",
        "<role>Ketua KPU Agam</role> <per>Rudi</per> Senin lalu hadir.",
        "<role>Camat Agam</role> <per>Rudi Contoh</per> S.Sos hadir.",
        "<role>Ketua KPU Agam</role>, <org>Lembaga Contoh</org> dan warga hadir.",
    ],
)
def test_settle_borders_leaves_right_borders_alone(tagged: str) -> None:
    text, mentions = read_tags(tagged)
    assert settle_borders(load_roles(), text, mentions) == mentions
