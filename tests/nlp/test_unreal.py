from __future__ import annotations

import pytest

from nlp.reading import read_document
from nlp.records import Document
from nlp.unreal import is_denied, is_staged


@pytest.mark.parametrize(
    ("title", "text", "staged"),
    [
        ("Simulasi Gakkumdu", "Caleg itu ditangkap. Pemeran caleg adalah seorang polisi.", True),
        ("", "Siswa menggelar sidang semu. Terdakwa diperankan seorang murid.", True),
        ("Pentas di Balai Desa", "Kades dalam lakon itu membagi uang.", True),
        ("Simulasi Pencoblosan", "Petugas menghitung surat suara. Seorang kades dilaporkan membagi uang.", False),
        ("Kades Dilaporkan", "Ia berperan sebagai koordinator pembagian uang.", False),
        ("Kades Dilaporkan", "Dalam naskah pidato itu ia mengajak warga memilih.", False),
        ("Massa Bakar Kotak", "Kotak dibakar. Polisi datang. Rangkaian kejadian itu merupakan skenario latihan.", True),
        ("Coblos Dua Kali", "Ia mencoblos lagi. Adegan itu bagian dari gladi pemungutan suara KPU.", True),
        ("Kades Dilaporkan", "Ia berdalih pembagian uang itu bagian dari simulasi.", False),
        ("Novel Baru", "Riri meluncurkan novel. Dalam novel itu, camat dilaporkan ke Bawaslu.", True),
        ("Drama Radio", "Drama radio berjudul Janji diputar. Lurah membagikan beras.", True),
        ("Drama Politik", "Lurah membagikan beras. Drama itu berakhir di Bawaslu.", False),
    ],
)  # fmt: skip
def test_what_is_played_is_told_from_what_happened(title: str, text: str, staged: bool) -> None:
    assert is_staged(read_document(Document("x", text, title))) is staged


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Polres Toli membantah kabar bahwa caleg itu sudah ditetapkan sebagai tersangka.", True),
        ("Bawaslu menepis isu penggerebekan gudang beras milik calon bupati.", True),
        ("KPU memastikan informasi mundurnya calon itu tidak benar.", True),
        ("Camat itu membantah kabar bahwa ia membagikan uang.", False),
        ("Camat itu membantah tuduhan Bawaslu bahwa ia membagikan uang.", False),
        ("Polres membenarkan kabar bahwa caleg itu tersangka.", False),
        ("Foto itu diklaim menunjukkan camat membagi uang.", False),
        ("Kabar yang menyebut camat diperiksa tidak benar. Hal itu ditegaskan Ketua Bawaslu.", True),
        ("Pesan berantai menyebut camat ditangkap. Pesan itu hoaks, kata Kapolres.", True),
        ("Bawaslu Toli membantah telah menerima laporan tentang calon itu.", True),
        ("Kabar bahwa ia diperiksa tidak benar, kata camat itu. Bawaslu memanggilnya.", False),
        (
            "RS menyebarkan video yang memperlihatkan surat suara tercoblos. Polisi memastikan video itu hoaks.",
            False,
        ),
    ],
)
def test_a_denied_rumour_is_told_from_the_answer_to_a_charge(text: str, denied: bool) -> None:
    reading = read_document(Document("x", text))
    assert is_denied(reading, reading.sentences[0]) is denied


def test_a_checked_claim_is_no_charge() -> None:
    text = "Foto itu diklaim menunjukkan camat membagi uang. Hasil cek fakta: foto itu buatan mesin."
    reading = read_document(Document("x", text))
    assert [is_denied(reading, sentence) for sentence in reading.sentences] == [True, False]
