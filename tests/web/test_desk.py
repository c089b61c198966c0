from __future__ import annotations

import io
import re
import shutil
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desks import PASSWORD, browse, log_in
from findings import WIB, prevention_article
from starlette.testclient import TestClient
from stories import case_article, store_pairs

from pipeline.events import link_events
from pipeline.settings import Settings
from pipeline.shelf import SnapshotError
from pipeline.snapshots import publish
from pipeline.store import open_store
from pipeline.web.accounts import Accounts, Session
from pipeline.web.app import make_app
from pipeline.web.desk import Desk
from pipeline.web.render import web_address
from pipeline.web.review_form import _count
from pipeline.web.warm import keep_warm, warm
from pipeline.web.words import cell, joined, spoken

PAGES = (
    "/",
    "/kasus",
    "/pencegahan",
    "/tren",
    "/peta",
    "/tanya",
    "/tanya/baru",
    "/pejabat",
    "/sumber",
    "/proses",
    "/metode",
)
NAMES = ("Sutrasna", "Wirabaya", "Yanuar", "0812-3456-7890")


def event_of(client: TestClient) -> str:
    return re.findall(r"/kasus/[0-9a-f]{32}", client.get("/kasus").text)[0]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_loads_nothing_foreign(desk: TestClient, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 200
    assert "snapshot 1" in answer.text.lower()
    assert not re.findall(r"(?:src|href)=\"https?://(?!kabar\.example)", answer.text)
    assert len(answer.content) < 150_000
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_counts_and_days_say_what_they_are_of(desk: TestClient) -> None:
    total = desk.get("/tanya/total").text
    assert "Kejadian (semua)" in total
    assert "/kasus/" not in total.partition("<tbody>")[2], "a count is no id"
    assert "Hasil terbukti (pada suatu jalur)" in desk.get("/tanya/corong").text
    assert "Pertama diberitakan sejak</label>" in desk.get("/kasus").text
    assert "Terbit sejak</label>" in desk.get("/cari").text
    assert "14 hari sebelum pembacaan terakhir" in desk.get("/sumber").text


@pytest.mark.parametrize(("days", "shown"), [(14, True), (40, False)])
def test_cases_told_again_are_counted_back_from_the_newest_article(
    days: int, shown: bool, tmp_path: Path
) -> None:
    newest = datetime(2024, 10, 6, 9, tzinfo=WIB) + timedelta(days=days)
    settings = Settings(var=tmp_path)
    with open_store(settings.store) as store:
        store_pairs(
            store, case_article("a"), case_article("b", later=5), prevention_article("p", published=newest)
        )
        link_events(store)
        publish(store, settings.snapshots)
    with TestClient(make_app(settings), base_url="http://127.0.0.1") as client:
        told = client.get("/").text.partition('id="gerak"')[2].partition("</section>")[0]
    assert ("/kasus/" in told) == shown
    assert f"sampai {newest.day} {'Oktober' if shown else 'November'} 2024" in told


def test_a_case_shows_its_evidence_in_the_text(desk: TestClient) -> None:
    text = desk.get(event_of(desk)).text
    assert "<mark" in text
    assert "diduga" in text
    assert re.search(r"[0-9a-f]{64}", text), "the archived page is named by its hash"


def test_names_show_for_reviewers_only(settings: Settings, accounts: Accounts) -> None:
    for role, shown in (("lihat", False), ("tinjau", True)):
        with browse(settings, role) as client:
            texts = [client.get(path).text for path in (*PAGES, event_of(client), "/artikel/a1")]
            assert any("Sutrasna Wirabaya" in text for text in texts) == shown
            assert shown or not any(name in text for name in NAMES for text in texts)


def test_without_accounts_names_are_masked(desk: TestClient) -> None:
    text = desk.get(event_of(desk)).text
    assert not any(name in text for name in NAMES)
    assert "S******* W*******" in text


def test_hostile_text_stays_text(desk: TestClient) -> None:
    answer = desk.get("/artikel/jahat")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert 'href="javascript' not in answer.text
    assert "{{7*7}}" in answer.text, "nothing of it is run as a template"


@pytest.mark.parametrize(
    "name",
    "wilayah jenis bentuk tahap status jabatan media pemilihan asal hasil tahapan sejak sampai q urut hal "
    "snapshot".split(),
)
@pytest.mark.parametrize("value", ["' OR 1=1 --", '"; DROP TABLE events; --', "%00", "a" * 5000, "😀"])
def test_no_filter_breaks_a_page(desk: TestClient, name: str, value: str) -> None:
    for path in ("/kasus", "/pencegahan"):
        answer = desk.get(path, params={name: value})
        assert answer.status_code in (200, 400, 503), answer.text
        assert "Traceback" not in answer.text
    assert desk.get("/kasus").status_code == 200


def test_numbers_of_thousands_of_digits_are_refused(desk: TestClient) -> None:
    assert desk.get("/kasus", params={"hal": "1" * 5000}).status_code == 400
    assert _count("000000001" + "9" * 9) is None and _count("000000001" + "9" * 5000) is None
    assert (_count("0012"), _count("beberapa")) == (12, None)


def test_an_answer_without_places_is_no_geojson(desk: TestClient) -> None:
    assert desk.get("/unduh/rekap.geojson").status_code == 200
    answer = desk.get("/unduh/total.geojson")
    assert answer.status_code == 404 and "tidak menyebut tempat" in answer.text


def test_what_is_no_web_address_leads_nowhere() -> None:
    for address in ("http://[kabar", "javascript:alert(1)", "", None):
        assert web_address(address) == "#"
    assert web_address(" https://kabar.example/a ") == "https://kabar.example/a"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "parquet"])
def test_downloads_name_nobody_even_for_reviewers(desk: TestClient, accounts: Accounts, kind: str) -> None:
    assert log_in(desk, "tinjau") == 303
    answer = desk.get(f"/unduh/rekap.{kind}")
    assert answer.status_code == 200
    assert f'filename="wartawas-rekap-snapshot-1.{kind}"' in answer.headers["content-disposition"]
    body = answer.content
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
        assert b"<f>" not in body
    assert not any(name.encode() in body for name in NAMES)
    assert desk.get(f"/unduh/../../accounts.{kind}").status_code == 404
    assert desk.get("/unduh/rekap.exe").status_code == 404


def test_the_map_tells_unread_from_quiet(desk: TestClient) -> None:
    text = desk.get("/peta").text
    unread = '<span class="unread">tak dibaca</span>'
    assert text.count(f"{unread}</a>") == 37  # tiles of the map
    assert text.count(f"{unread}</td>") == 37  # rows below it
    assert "– – –" not in text
    assert "Jawa Barat: 1 dugaan kasus dari 3 artikel" in text


def test_charts_are_specifications_and_pictures(desk: TestClient) -> None:
    for name in ("tren", "jenis", "corong"):
        spec = desk.get(f"/grafik/{name}.json").json()
        assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert desk.get("/grafik/jenis.png").content.startswith(b"\x89PNG")
    assert desk.get("/grafik/jenis.svg").text.startswith("<svg")
    assert desk.get("/grafik/jenis.json?wilayah=32.02").status_code == 204
    assert desk.get("/grafik/jenis.svg?wilayah=32.02").status_code == 404
    assert "banding" in desk.get("/tren").text
    for name in ("bentuk", "wilayah", "banding", "pencegahan", "peta"):
        assert desk.get(f"/grafik/{name}.json").status_code in (200, 204), name
    assert "tak dibaca" in desk.get("/grafik/peta.svg").text
    assert desk.get("/grafik/peta.png").content.startswith(b"\x89PNG")


def test_filters_choose_events(desk: TestClient) -> None:
    def count(**params: str) -> int:
        return len(set(re.findall(r"/kasus/[0-9a-f]{32}", desk.get("/kasus", params=params).text)))

    assert count() == 1
    assert count(wilayah="32.05") == count(jenis="netralitas") == count(status="diduga") == 1
    assert count(wilayah="32.02") == count(jenis="politik_uang") == count(status="terbukti") == 0
    assert count(q="rekaman") == 1
    assert count(q="tidakadakataini") == 0
    assert count(sejak="2024-12-31") == 0


def test_a_page_beyond_the_end_is_no_empty_answer(desk: TestClient) -> None:
    text = desk.get("/kasus?hal=7&urut=pertama").text
    assert "Tidak ada yang cocok" not in text
    assert '<a href="/kasus?urut=pertama">Ke halaman terakhir</a>' in text


def test_a_wrong_filter_leads_back_to_the_rest_of_the_form(desk: TestClient) -> None:
    answer = desk.get("/kasus?wilayah=32.05&sejak=2024-12-01&sampai=2024-11-01")
    assert answer.status_code == 400
    assert "/kasus?wilayah=32.05&amp;sampai=2024-11-01" in answer.text
    feed = desk.get("/umpan/kasus.atom?sejak=kemarin")
    assert (feed.status_code, feed.headers["content-type"].split(";")[0]) == (400, "text/plain")


def test_the_desk_names_pages_not_commands(desk: TestClient) -> None:
    assert "--jalur" not in desk.get("/tanya/corong").text + desk.get("/tanya").text
    text = desk.get("/tanya/linimasa?id=abc").text
    assert "salin dari alamat halaman kasus" in text
    assert "wartawas query" not in text


def test_reasons_and_figures_are_written_for_readers() -> None:
    reasons = ["kalimat 5-10", "isyarat 'suap'", "model j1"]
    assert spoken(reasons, "Kata lurah.") == ["“lurah”", "isyarat 'suap'"]
    assert joined(["laporan_pertama"], 0.0) == "laporan pertama"
    assert joined(["tempat sama (+0.5)"], 17.0) == "tempat sama (+0,5) (nilai 17,00)"
    assert [cell("5571,6", True), cell("2024-08"), cell("1200")] == ["5.571,6", "Agustus 2024", "1200"]


def test_a_foreign_host_name_gets_nothing(desk: TestClient) -> None:
    answer = desk.get("/kasus", headers={"host": "jahat.example"})
    assert answer.status_code == 421
    assert "kasus" not in answer.text
    assert desk.get("/kasus", headers={"host": "["}).status_code == 421
    for origin in ("http://[", "null", "https://jahat.example"):
        assert desk.post("/keluar", headers={"origin": origin}).status_code == 403


def test_with_accounts_every_page_asks_to_log_in(desk: TestClient, accounts: Accounts) -> None:
    for path in (*PAGES, "/artikel/a1", "/audit"):
        answer = desk.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/masuk?ke=")


def test_roles_hold_by_direct_address(desk: TestClient, accounts: Accounts) -> None:
    for path in ("/audit", "/metrik"):
        assert log_in(desk, "tinjau") == 303
        assert desk.get(path).status_code == 403
        assert log_in(desk, "admin") == 303
        assert desk.get(path).status_code == 200


def test_a_login_gets_a_new_token_that_scripts_cannot_read(desk: TestClient, accounts: Accounts) -> None:
    desk.cookies.set("wartawas_session", "token-yang-ditanam")
    desk.get("/masuk")
    form = {"nama": "lihat", "sandi": PASSWORD, "csrf": desk.cookies["wartawas_form"], "ke": "/kasus"}
    answer = desk.post("/masuk", data=form)
    cookie = answer.headers["set-cookie"]
    assert "token-yang-ditanam" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    "goal", ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "jahat", "", "/a\r\nX: y"]
)
def test_a_login_leads_to_this_desk_only(desk: TestClient, accounts: Accounts, goal: str) -> None:
    desk.get("/masuk")
    form = {"nama": "lihat", "sandi": PASSWORD, "csrf": desk.cookies["wartawas_form"], "ke": goal}
    assert desk.post("/masuk", data=form).headers["location"] == "/"


def test_forms_without_their_token_are_refused(desk: TestClient, accounts: Accounts) -> None:
    assert desk.post("/masuk", data={"nama": "lihat", "sandi": PASSWORD}).status_code == 403
    assert log_in(desk, "lihat") == 303
    assert desk.post("/keluar", data={"csrf": "tebakan"}).status_code == 403
    assert desk.get("/kasus").status_code == 200, "still logged in"
    token = re.search(r'name="csrf" value="([^"]+)"', desk.get("/kasus").text)
    assert token
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://jahat.example"}
    assert desk.post("/keluar", data={"csrf": token[1]}, headers=foreign).status_code == 403
    assert desk.post("/keluar", data={"csrf": token[1]}).status_code == 303
    assert desk.get("/kasus").status_code == 303


def test_a_form_that_is_too_large_is_refused(desk: TestClient) -> None:
    assert desk.post("/masuk", data={"nama": "x" * 1_100_000}).status_code == 413


@pytest.mark.parametrize(
    "path", ["/kasus/tidakada", "/artikel/tidakada", "/nihil", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_what_is_not_there_is_said(desk: TestClient, path: str) -> None:
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize("published", [False, True])
def test_what_is_missing_is_told_to_analysts_without_a_command(published: bool, tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    if published:
        with open_store(settings.store) as store:
            publish(store, settings.snapshots)
    paths = ("/", "/pejabat", "/rekap", "/sumber", "/kasus?snapshot=77")
    with browse(settings) as client:
        assert "wartawas nightly" in client.get("/").text, "whoever sits at the machine is told the command"
        accounts = Accounts(settings.var / "desk" / "accounts.sqlite")
        for role in ("lihat", "admin"):
            accounts.add(role, PASSWORD, role)
            log_in(client, role)
            pages = [client.get(path) for path in paths]
            assert [page.status_code for page in pages[:4]] == [200 if published else 503] * 4
            assert all(("pengelola Wartawas" in page.text) == (role == "lihat") for page in pages[:4])
            assert any("wartawas nightly" in page.text for page in pages) == (role == "admin")
            gone = pages[4]
            assert ("Snapshot 77 tidak disimpan lagi" in gone.text) == (gone.status_code == 404) == published


def test_a_new_snapshot_is_made_ready_before_anybody_asks(published: Path, settings: Settings) -> None:
    desk = Desk(settings)
    desk.accounts.add("sari", PASSWORD, "tinjau")
    with keep_warm(desk, every_s=0.02):
        views = [desk.view(session) for session in (None, Session("sari", "tinjau", ""))]
        for _ in range(500):
            if any(name.startswith("review ") for name in views[1].kept):
                break
            time.sleep(0.02)
    assert all({"choices", "today", "offices", "sources"} <= view.kept.keys() for view in views)
    assert any(name.startswith("review ") for name in views[1].kept)
    assert not any(name.startswith("review ") for name in views[0].kept), "for reviewers only"


def test_readers_of_an_earlier_snapshot_go_on(published: Path, tmp_path: Path) -> None:
    for number in (1, 2, 3, 4):
        shutil.copytree(published / "snapshots" / "snap-1", tmp_path / "snapshots" / f"snap-{number}")
    current = tmp_path / "snapshots" / "CURRENT"
    current.write_text("snap-1\n")
    desk = Desk(Settings(var=tmp_path))
    reading = desk.view(None)
    warm(desk)
    assert "today" in reading.kept
    current.write_text("snap-2\n")
    warm(desk)
    assert "today" in desk.view(None).kept
    assert "today" not in desk.view(None, 1).kept, "opened anew"
    assert reading.row("SELECT count(*) AS n FROM articles")
    second = desk.view(None)
    for number in (3, 4):
        current.write_text(f"snap-{number}\n")
        desk.view(None)
    assert second.row("SELECT count(*) AS n FROM articles"), "more are open than are held"


def test_a_removed_snapshot_is_not_read_on(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published / "snapshots", tmp_path / "snapshots")
    desk = Desk(Settings(var=tmp_path))
    for role in ("lihat", "tinjau"):
        view = desk.view(Session("sari", role, ""), 1)
        assert view.row("SELECT count(*) AS n FROM articles")
    shutil.rmtree(tmp_path / "snapshots" / "snap-1")
    for role in ("lihat", "tinjau"):
        with pytest.raises(SnapshotError, match="no snapshot 1"):
            desk.view(Session("sari", role, ""), 1)


def test_a_question_offers_what_may_be_chosen(desk: TestClient) -> None:
    regions = desk.get("/tanya/banding-wilayah?pertama=32.05&kedua=32.05.12").text
    assert '<option value="32.05" selected>\u2003Kabupaten Garut</option>' in regions
    assert '<option value="32.05.12" selected>' in regions, "also one that is not offered"
    offered = desk.get("/tanya/banding-pemilihan").text.partition('name="kedua"')[2].partition("</select>")[0]
    assert '<option value="pilkada 2024">' in offered and "psu 2025" not in offered, "voted on many days"
    assert '<option value="bulan" selected>bulan</option>' in desk.get("/tanya/tren?satuan=bulan").text
    assert '<option value="pidana">' in desk.get("/tanya/corong").text
    assert re.search(r'name="hari" type="number"', desk.get("/tanya/mandek").text)
    assert desk.get("/tanya/tren?satuan=abad").status_code == 400
