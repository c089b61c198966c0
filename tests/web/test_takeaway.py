"""Form A, the archived page as PDF, the weekly recap, and where outlets contradict each other."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from desks import browse, log_in
from findings import accused_article, make_capture, make_extraction
from pypdf import PdfReader
from starlette.testclient import TestClient
from test_archived import PAGE, installation  # noqa: F401 - a fixture

from nlp.records import Stat
from pipeline.events import link_events
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store
from pipeline.web.accounts import Accounts
from pipeline.web.app import make_app
from pipeline.web.pdf import page_blocks

NAMES = ("Sutrasna Wirabaya", "Yanuar", "0812-3456-7890")


def case_of(client: TestClient) -> str:
    return re.findall(r"/kasus/[0-9a-f]{32}", client.get("/kasus").text)[0]


def test_form_a_is_marked_and_filled_from_what_is_published(desk: TestClient, accounts: Accounts) -> None:
    log_in(desk, "lihat")
    text = desk.get(f"{case_of(desk)}/form-a").text
    assert "BAHAN INFORMASI AWAL" in text
    assert "bukan alat bukti" in text
    assert "32.05.12.2011" in text
    assert "28 September 2024" in text
    assert "S******* W*******" in text
    assert re.search(r"SHA-256 [0-9a-f]{64}", text)
    assert "(diisi pengawas)" in text
    assert not any(name in text for name in NAMES)
    log_in(desk, "tinjau")
    case = case_of(desk)
    assert "Sutrasna Wirabaya" in desk.get(f"{case}/form-a").text
    file = desk.get(f"{case}/form-a.txt")
    assert "attachment" in file.headers["content-disposition"]
    assert not any(name in file.text for name in NAMES), "files travel, so nobody is named in them"


def test_form_a_is_for_cases_only(desk: TestClient) -> None:
    event = re.findall(r"/kasus/[0-9a-f]{32}", desk.get("/pencegahan").text)[0]
    assert desk.get(f"{event}/form-a").status_code == 404
    assert desk.get("/kasus/tidakada/form-a.txt").status_code == 404


def test_the_archived_page_is_given_as_pdf_with_its_hash(installation: Settings) -> None:  # noqa: F811
    accounts = Accounts(installation.var / "desk" / "accounts.sqlite")
    if not accounts.exist():
        for role in ("lihat", "tinjau"):
            accounts.add(role, "kuda-laut-biru-17", role)
    with browse(installation, "tinjau") as client:
        key = re.findall(
            r"/artikel/([^\"?]+)", client.get("/tanya/berita").text + client.get("/cari?kata=rapat").text
        )[0]
        answer = client.get(f"/arsip/{key}/halaman.pdf")
        assert answer.headers["content-type"] == "application/pdf"
        leaves = [leaf.extract_text() for leaf in PdfReader(io.BytesIO(answer.content)).pages]
        sha = re.search(r"[0-9a-f]{64}", client.get(f"/arsip/{key}").text)
        assert sha
        assert all(f"SHA-256 {sha[0]}" in leaf and "diambil" in leaf for leaf in leaves)
        assert "menggelar rapat koordinasi" in " ".join(leaves[0].split())
        assert "alert(1)" not in leaves[0]
        assert accounts.trail()[0].action == "arsip PDF"
        log_in(client, "lihat")
        assert client.get(f"/arsip/{key}/halaman.pdf").status_code == 403


def test_blocks_of_a_page_hold_its_text_once_and_nothing_else() -> None:
    blocks = list(page_blocks(PAGE.encode(), "text/html"))
    assert (True, "Panwascam Cibatu Gelar Rapat") in blocks
    text = " ".join(piece for _, piece in blocks)
    assert text.count("menggelar rapat koordinasi") == 1
    assert "alert" not in text
    assert list(page_blocks(b"", "text/html")) == []
    huge = list(page_blocks(b"<p>" + b"kata " * 500_000, "text/html"))
    assert sum(len(piece) for _, piece in huge) < 2_600_000
    assert any("isi" in piece for _, piece in page_blocks(b"<div>" * 20_000 + b"isi", "text/html"))


def test_the_weekly_recap_opens_as_page_and_as_pdf(desk: TestClient, accounts: Accounts) -> None:
    log_in(desk, "tinjau")
    link = re.findall(r"/rekap/\d{4}-\d\d-\d\d\.html[^\"]*", desk.get("/rekap?wilayah=32").text)[0]
    answer = desk.get(link)
    assert "Rekap mingguan Jawa Barat" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert not any(name in answer.text for name in NAMES)
    assert desk.get(link.replace(".html", ".pdf")).content.startswith(b"%PDF")
    for bad in (
        "/rekap/kemarin.html",
        "/rekap/2024-02-31.pdf",
        "/rekap/2024-10-01.exe",
        "/rekap/0001-01-01.pdf",
    ):
        assert desk.get(bad).status_code == 404


def told_by(folder: Path, *tellings: tuple[str, str, str | None, tuple[float, ...]]) -> TestClient:
    """Return a browser at a desk where outlets tell one case, each with a day, a place and figures of its own."""
    pairs = []
    for n, (outlet, day, place, figures) in enumerate(tellings):
        article, read = accused_article(f"a{n}", outlet=outlet)
        stats = tuple(Stat(float(n), "peserta", None, None, None, False, None, 0, 5) for n in figures)
        case = replace(read.cases[0], event_date=day, place=place or read.cases[0].place)
        pairs.append((article, make_extraction(article, case, stats=stats, officials=read.officials)))
    with open_store(folder / "store" / "work.duckdb") as store:
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        link_events(store)
        publish(store, folder / "snapshots")
    return TestClient(make_app(Settings(var=folder)), base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture
def quarrel(tmp_path: Path) -> TestClient:
    """Return a browser at a desk where three outlets tell one case with different days and numbers."""
    return told_by(
        tmp_path,
        ("satu.example", "2024-09-28", None, (40,)),
        ("dua.example", "2024-09-28", None, (40,)),
        ("tiga.example", "2024-09-27", None, (12.5,)),
    )


def test_who_says_less_exactly_or_less_does_not_differ(tmp_path: Path) -> None:
    vague = told_by(
        tmp_path,
        ("satu.example", "2024-09-28", None, (4, 40)),
        ("dua.example", "2024-09", "32.05.12", (4, 40)),
        ("tiga.example", "2024-09", "32.05", (40,)),
    )
    text = vague.get(case_of(vague)).text
    assert "3 media" in text
    assert "Yang berbeda antarmedia" not in text


def test_figures_that_differ_stand_side_by_side(quarrel: TestClient) -> None:
    text = " ".join(quarrel.get(case_of(quarrel)).text.split())
    assert "Yang berbeda antarmedia" in text
    row = re.search(r"Tanggal kejadian</th>(.*?)</tr>", text)
    assert row
    assert re.findall(r"<strong>(.*?)</strong>.*?small\">(.*?)<", row[1]) == [
        ("28 September 2024", "dua.example, satu.example"),
        ("27 September 2024", "tiga.example"),
    ]
    assert re.search(r"Jumlah peserta</th>.*?<strong>40</strong>.*?<strong>12,50</strong>", text)
    assert ">12,50<" in quarrel.get("/artikel/a2").text and ">40<" in quarrel.get("/artikel/a0").text
    assert "Tempat kejadian</th>" not in text, "all agree on it"
    assert "Yang berbeda antarmedia" in quarrel.get(f"{case_of(quarrel)}/form-a").text


def test_a_case_page_says_why_its_label(desk: TestClient) -> None:
    text = desk.get(case_of(desk)).text
    assert "Mengapa label ini?" in text
    assert "Yang berbeda antarmedia" not in text
