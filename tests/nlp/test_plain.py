"""Reports among what pages leave around them: found, read and put back where they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.model import load_model
from nlp.plain import plain
from nlp.records import Document

HEAD = "Perangkat Desa di Cilimus Diduga Bagikan Amplop"
LEDE = (
    "KUNINGAN – Seorang perangkat Desa Sampora, Kecamatan Cilimus, Kabupaten Kuningan, diduga membagikan amplop berisi "
    "uang kepada warga, Minggu (24/11/2024)."
)
REST = (
    "Ketua Bawaslu Kabupaten Kuningan, Wawan Sutarya, mengatakan laporan itu sudah diregistrasi dan terlapor, "
    "Asep Rukmana, akan dimintai klarifikasi pada Rabu (27/11/2024)."
)
BODY = f"{LEDE}\n\n{REST}"


def read(text: str, title: str | None = None) -> Document:
    return plain(Document("x", text, title=title)).document


def test_a_report_with_its_title_is_read_as_it_stands() -> None:
    document = Document("x", BODY, title=HEAD)
    assert plain(document).document is document


@pytest.mark.parametrize("title", [None, "", HEAD, HEAD.upper()])
def test_the_headline_above_the_report_is_the_title(title: str | None) -> None:
    document = read(f"{HEAD}\n\n{BODY}", title)
    assert document.text == BODY
    assert document.title == (title or HEAD)


@pytest.mark.parametrize(
    "line",
    [
        "Penulis: Dewi A",
        "Editor : Rudi Hartono",
        "Laporan Wartawan Kabar Ciremai, Dewi A",
        "Senin, 25 November 2024 | 10:15 WIB",
        "25/11/2024 10.15",
        "Diterbitkan 25 November 2024 - 10.15",
        "Baca juga: Kades di Garut Divonis Bersalah karena Bagikan Uang",
        "BACA JUGA : Bawaslu Periksa Camat yang Dukung Paslon",
        "Bagikan:",
        "Facebook Twitter WhatsApp Telegram",
        "Ikuti kami di Google News dan Saluran WhatsApp",
        "Dilihat: 312 kali",
        "(dew/ron)",
        "Advertisement",
        "SCROLL TO CONTINUE WITH CONTENT",
    ],
)
@pytest.mark.parametrize("where", ["{0}\n{1}\n\n{2}", "{1}\n{0}\n{2}", "{1}\n\n{2}\n{0}"])
def test_lines_of_the_page_are_no_part_of_the_report(line: str, where: str) -> None:
    text = read(where.format(line, LEDE, REST), HEAD).text
    assert line not in text
    assert LEDE in text
    assert REST in text


@pytest.mark.parametrize(
    "line",
    [
        "Penulisan nama pemilih dalam daftar itu keliru.",
        "Baca juga larangan itu, kata Wawan, sebelum menerima apa pun dari siapa pun pada masa tenang.",
        "Oleh: Damar Wicaksana, pengajar hukum tata negara",  # an opinion's author
        "Sumber uang itu belum diketahui.",
        "Kronologi",
        "1. Laporan diterima",
        "Bagikan amplop, seorang kades ditangkap warga.",
        "KUNINGAN – Bawaslu belum menerima laporan",
        "Wartawan Radar Contoh, Rudi Misal, diduga membagikan uang kepada warga.",
        "Ikuti kampanye calon bupati lewat kanal YouTube, Camat Cilimus, Rudi Misal, dilaporkan.",
        'Berita terkait camat itu dibenarkan Panwascam. "Ia diduga membagikan uang."',
        'Baca juga pernyataan Wawan: "Ia diduga membagikan uang."',
        "Advertorial",
    ],
)
def test_lines_of_the_report_stay(line: str) -> None:
    assert line in read(f"{LEDE}\n\n{line}\n\n{REST}", HEAD).text


@pytest.mark.parametrize("ends", ["", "?"])
def test_a_first_paragraph_without_its_full_stop_is_no_headline(ends: str) -> None:
    first = (
        "Kepala Desa Sampora, Rudi Misal, diduga membagikan amplop berisi uang kepada warga agar memilih calon bupati "
        f"nomor urut 2{ends}"
    )
    document = read(f"{first}\n\n{REST}")
    assert first in document.text
    assert not document.title


@pytest.mark.parametrize(
    "text", ["", "\n \n", HEAD, "Baca juga: Kades Divonis", f"{HEAD}\n{HEAD}", "KUNINGAN – Bawaslu"]
)
def test_where_nothing_else_is_written_the_text_is_the_report(text: str) -> None:
    document = read(text)
    assert document.text == text
    assert not document.title


def test_blanks_are_set_right() -> None:
    assert read("Ketua\u00a0Bawaslu  Kuningan , Wawan , ( 24/11/2024) hadir,kata dia.").text == (
        "Ketua Bawaslu Kuningan, Wawan, (24/11/2024) hadir, kata dia."
    )


def test_what_is_read_stands_where_it_stands_in_the_text_as_given() -> None:
    model = load_model()
    clean = Document("x", BODY, title=HEAD)
    soiled = f"{HEAD}\nPenulis: Dewi A\n{BODY}\nBaca juga: Kades Divonis\n(dew)".replace(
        "Bawaslu K", "Bawaslu\u00a0 K"
    )
    first, second = model.extract(clean), model.extract(Document("x", soiled))
    assert second.cases
    assert [e.text.split() for e in second.cases[0].evidence] == [
        e.text.split() for e in first.cases[0].evidence
    ]
    found = [*second.mentions, *second.legal_refs, *(e for case in second.cases for e in case.evidence)]
    assert all(soiled[one.start : one.end] == one.text for one in found)
    assert [(o.name, soiled[o.start : o.end]) for o in second.officials] == [("Wawan Sutarya",) * 2]
    proof = second.cases[0].evidence[0]
    assert second.why[0] == f"kalimat {proof.start}-{proof.end}"
    nothing = {"mentions": (), "officials": (), "cases": (), "stats": (), "legal_refs": (), "why": ()}
    assert replace(second, **nothing) == replace(first, **nothing)
    assert [m.text.split() for m in second.mentions] == [m.text.split() for m in first.mentions]
