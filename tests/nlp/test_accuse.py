from __future__ import annotations

from datetime import UTC, datetime

from nlp import extract
from nlp.records import Extraction


def _read(title: str, text: str) -> Extraction:
    return extract(text, datetime(2024, 11, 20, 3, tzinfo=UTC), "kabarcontoh.example", title=title)


def _accused(found: Extraction) -> list[tuple[str | None, str | None]]:
    return [(one.name, one.category) for case in found.cases for one in case.terlapor]


def test_both_of_a_pair_are_accused() -> None:
    found = _read(
        "Pasangan Nomor Dua Dilaporkan Bagi Sembako",
        "GARUT - Pasangan calon bupati dan wakil bupati Garut nomor urut 2, Dadan Ruhendi dan Lilis Suryaningsih, "
        "dilaporkan ke Bawaslu. Pasangan itu diduga membagikan 300 paket sembako kepada warga Kecamatan Cibatu, "
        "Minggu (17/11/2024).\n\nKetua Bawaslu Garut Asep Rahmat mengatakan laporan diterima Senin (18/11/2024).",
    )
    assert _accused(found) == [
        ("Dadan Ruhendi", "peserta.paslon"),
        ("Lilis Suryaningsih", "peserta.paslon"),
    ]


def test_whom_an_official_directs_is_not_accused_beside_him() -> None:
    found = _read(
        "Camat Arahkan Ketua RT Pilih Paslon Dua",
        "PANDEGLANG - Bawaslu Pandeglang memeriksa Camat Sukarindu, Hendi Fauzan, Senin (18/11/2024). Ia diduga "
        "mengarahkan para ketua RT dan ketua RW untuk memilih pasangan calon nomor urut 2 dalam pertemuan di aula "
        "kantor kecamatan pada 12 November 2024.\n\nAnggota Bawaslu, Rika Damayanti, mengatakan laporan itu sudah "
        "diregistrasi. Para ketua RT akan dimintai keterangan.",
    )
    assert _accused(found) == [("Hendi Fauzan", "pemda.camat")]


def test_where_some_are_cleared_whoever_is_proceeded_against_is_accused() -> None:
    found = _read(
        "Tiga PNS Berfoto Bareng Calon, Dua Bersih, Satu Diproses",
        "AMUNTAI - Tiga PNS Hulu Sungai Utara dipanggil karena satu foto bersama calon bupati.\n\nRahmatika dan "
        "Gusti Fadlan dinyatakan tidak melanggar. Keduanya tidak membuat isyarat apa pun.\n\nLain cerita Arif "
        "Rahmadi. Ia mengacungkan telunjuk, lalu mengunggah foto itu dengan kalimat dukungan. Bawaslu menilai ada "
        "keberpihakan. Berkas Arif dikirim ke BKN, Selasa (8/10/2024).",
    )
    assert [name for name, _ in _accused(found)] == ["Arif Rahmadi"]


def test_a_case_of_which_no_step_is_told_has_neither_stage_nor_source_nor_favoured_accused() -> None:
    found = _read(
        "Camat Sukarindu Bergaya Dua Jari Bareng Cawabup, Warganet Ribut",
        "PANDEGLANG - Sebuah foto Camat Sukarindu, Hendi Fauzan, berpose dua jari bersama calon wakil bupati nomor "
        "urut 2, Lilis Suryani, ramai dibagikan di Facebook sejak Minggu (17/11/2024) malam.\n\nDalam foto itu Hendi "
        'mengenakan seragam dinas.\n\n"Seragam dibayar rakyat kok dipakai kampanye," tulis seorang warganet.\n\nHendi '
        "belum menjawab pesan yang dikirim wartawan sampai Senin (18/11/2024) sore.",
    )
    assert _accused(found) == [("Hendi Fauzan", "pemda.camat")]
    assert [(case.stage, case.source) for case in found.cases] == [("tidak_disebut", None)]
