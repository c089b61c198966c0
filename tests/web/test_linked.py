"""Reading a link on the desk: by a real process, from a real site on loopback; and who may ask."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desks import csrf_of, log_in
from sites import Post, Site, serve
from starlette.testclient import TestClient

from crawler.probe import write_source
from pipeline.audit import add_erasure
from pipeline.settings import Settings
from pipeline.web.accounts import Accounts
from pipeline.web.app import make_app
from pipeline.web.linked import KEPT, WAITING, Links, explain

TEXT = (
    "Kepala Desa Wanakerta, Sutrasna Wirabaya, dilaporkan ke Bawaslu Garut karena diduga mengajak warga memilih satu "
    "pasangan calon dalam rapat desa, Senin (30/9/2024). Ia membantah. Laporan itu diterima staf Bawaslu Kabupaten "
    "Garut dan akan dikaji bersama Sentra Gakkumdu dalam beberapa hari ke depan, kata petugas penerima laporan."
)


@pytest.fixture
def site() -> Iterator[Site]:
    moment = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)
    post = Post(
        "kades-wanakerta-dilaporkan-warga", "Kades Wanakerta Dilaporkan Warga", moment, moment, text=TEXT
    )
    with serve(Site([post])) as running:
        yield running


@pytest.fixture
def reader(settings: Settings, accounts: Accounts, site: Site, tmp_path: Path) -> Iterator[TestClient]:
    """Return a reviewer's browser at a desk whose one source is the site on loopback."""
    folder = tmp_path / "sources"
    write_source(site.source(), folder)
    app = make_app(settings.model_copy(update={"sources": folder}))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        assert log_in(client, "tinjau") == 303
        yield client


def ask(client: TestClient, url: str) -> str:
    """Ask for a link and return the page that tells what came of it."""
    answer = client.post("/baca", data={"csrf": csrf_of(client), "alamat": url})
    assert answer.status_code == 303, answer.text
    end = time.monotonic() + 120
    while time.monotonic() < end:
        text = client.get(answer.headers["location"]).text
        if "http-equiv" not in text:
            return text
        time.sleep(0.2)
    raise AssertionError("nothing came of the link")


def test_a_link_is_fetched_archived_and_read(reader: TestClient, site: Site, settings: Settings) -> None:
    text = ask(reader, f"{site.url}/kades-wanakerta-dilaporkan-warga/")
    assert "Kades Wanakerta Dilaporkan Warga" in text
    assert "<mark" in text, "its evidence is marked"
    assert "Dugaan kasus:" in text
    assert re.search(r"<code>[0-9a-f]{64}</code>", text)
    assert list(settings.archive.glob("*/*.warc.gz"))
    trail = [row.action for row in Accounts(settings.var / "desk" / "accounts.sqlite").trail()]
    assert "baca tautan" in trail


def test_a_link_that_cannot_be_read_says_why(reader: TestClient, site: Site) -> None:
    text = ask(reader, "http://127.0.0.1:1/berita")
    assert "tidak berada di web umum" in text
    assert site.log == []


def test_only_reviewers_may_ask(reader: TestClient) -> None:
    for role in ("lihat",):
        log_in(reader, role)
        assert reader.get("/baca").status_code == 403
        form = {"csrf": csrf_of(reader), "alamat": "https://contoh.example/"}
        assert reader.post("/baca", data=form).status_code == 403


@pytest.mark.parametrize("url", ["", "contoh.example/a", "javascript:alert(1)", "ftp://contoh.example/"])
def test_what_is_no_address_is_not_tried(reader: TestClient, url: str) -> None:
    answer = reader.post("/baca", data={"csrf": csrf_of(reader), "alamat": url})
    assert answer.status_code == 400
    assert "Tulis alamat lengkap" in answer.text


def test_links_that_wait_are_bounded(settings: Settings) -> None:
    gate = time.monotonic() + 1.0
    links = Links(
        settings, read=lambda url, _: {"reason": "link", "wait": time.sleep(max(0, gate - time.monotonic()))}
    )
    assert [links.ask(f"https://contoh.example/{n}", "sari") is None for n in range(WAITING + 1)] == [
        *[False] * WAITING,
        True,
    ]
    while any(link.result is None for link in links.of("sari")):
        time.sleep(0.05)
    for n in range(KEPT + 3):
        while links.ask(f"https://contoh.example/{n}", "budi") is None:
            time.sleep(0.01)
    assert len([*links.of("sari"), *links.of("budi")]) == KEPT


def test_every_reason_is_told_in_indonesian() -> None:
    assert explain({"reason": "http_503"}) == "situs menjawab 503"
    assert explain({"reason": "fetch", "detail": "x: robots.txt forbids it"}) == (
        "robots.txt situs itu melarang halaman ini diambil; itu dipatuhi"
    )
    assert explain({"text": "isi"}) is None


def test_readings_are_forgotten_when_something_is_erased(settings: Settings) -> None:
    links = Links(settings, read=lambda url, _: {"text": f"isi {url}"})
    before = links.ask("https://contoh.example/1", "sari")
    assert before and links.of("sari") == [before]
    add_erasure(settings.erasures, "article", before.url, reason="diminta", who="uji", figures={})
    assert links.find(before.id) is None
    time.sleep(0.02)
    after = links.ask("https://contoh.example/2", "sari")
    assert links.of("sari") == [after]
