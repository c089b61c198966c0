"""Saved views, their digests by mail, feed keys, feeds and files of a filtered list."""

from __future__ import annotations

import io
import json
import re
import zipfile
from email import message_from_string, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from desks import HOSTILE, csrf_of, log_in
from lxml import etree
from receivers import serve_smtp
from starlette.testclient import TestClient

from pipeline.night_record import NightRecord, Stage
from pipeline.notify import NotifyError, send_watches
from pipeline.settings import Settings, Smtp
from pipeline.web.accounts import AccountError, Accounts
from pipeline.web.saved import MAX_KEYS, MAX_SAVED, Saved, SavedError

ATOM = {"a": "http://www.w3.org/2005/Atom"}
NAMES = ("Sutrasna", "Wirabaya", "Yanuar", "0812-3456-7890")


def make_key(client: TestClient) -> str:
    answer = client.post("/saringan/kunci", data={"csrf": csrf_of(client), "nama": "pembaca umpan"})
    found = re.search(r"<code>([\w-]{40,})</code>", answer.text)
    assert found
    return found[1]


def test_a_view_is_saved_and_opened_again(desk: TestClient, accounts: Accounts) -> None:
    log_in(desk, "lihat")
    form = {
        "csrf": csrf_of(desk),
        "judul": "Garut",
        "alamat": "/kasus?wilayah=32.05&hal=7&jenis=",
        "ringkasan": "ya",
    }
    assert desk.post("/saringan", data=form).status_code == 303
    text = desk.get("/saringan").text
    assert 'href="/kasus?wilayah=32.05"' in text, "empty filters and the page number are not kept"
    assert "menunggu alamat surel; batalkan" in text
    log_in(desk, "tinjau")
    assert "Garut" not in desk.get("/saringan").text, "each sees their own"


@pytest.mark.parametrize(
    "address",
    [
        "https://jahat.example/kasus",
        "//jahat.example/kasus",
        "/audit",
        "/keluar",
        "javascript:alert(1)",
        "",
        "//[",
    ],
)
def test_only_pages_of_this_desk_are_saved(desk: TestClient, accounts: Accounts, address: str) -> None:
    log_in(desk, "lihat")
    form = {"csrf": csrf_of(desk), "judul": "x", "alamat": address}
    assert desk.post("/saringan", data=form).status_code == 400


def test_nobody_changes_what_is_another_s(accounts: Accounts) -> None:
    saved = Saved(accounts)
    saved.save("lihat", "punya lihat", "/kasus", "wilayah=32", digest=True)
    number = saved.views("lihat")[0].id
    key = saved.make_key("lihat", "x")
    saved.remove("tinjau", number)
    saved.set_digest("tinjau", number, digest=False)
    saved.revoke("tinjau", saved.keys("lihat")[0].id)
    assert saved.views("lihat")[0].digest
    assert saved.owner_of(key) == "lihat"


def test_what_is_kept_is_bounded(accounts: Accounts) -> None:
    saved = Saved(accounts)
    for n in range(MAX_SAVED):
        saved.save("lihat", f"saringan {n}", "/kasus", "")
    with pytest.raises(SavedError, match="paling banyak"):
        saved.save("lihat", "satu lagi", "/kasus", "")
    with pytest.raises(SavedError, match="judul"):
        saved.save("tinjau", " ", "/kasus", "")
    with pytest.raises(SavedError, match="ringkasan"):
        saved.save("tinjau", "tren", "/tren", "", digest=True)
    for n in range(MAX_KEYS):
        saved.make_key("lihat", str(n))
    with pytest.raises(SavedError, match="paling banyak"):
        saved.make_key("lihat", "satu lagi")


def test_keys_stand_as_hashes_and_end_with_their_account(accounts: Accounts) -> None:
    saved = Saved(accounts)
    key = saved.make_key("lihat", "x")
    assert key.encode() not in accounts.path.read_bytes()
    assert saved.owner_of(key) == "lihat"
    assert saved.owner_of("tebakan") is None
    accounts.remove("lihat")
    assert saved.owner_of(key) is None
    assert saved.views("lihat") == []


def test_feeds_want_a_key_or_a_session(desk: TestClient, accounts: Accounts) -> None:
    for path in ("/umpan/kasus.atom", "/umpan/kasus.json"):
        assert desk.get(path).status_code == 401
        assert desk.get(path, params={"kunci": "tebakan"}).status_code == 401
    log_in(desk, "tinjau")
    key = make_key(desk)
    assert desk.get("/umpan/kasus.json").status_code == 200
    desk.cookies.clear()
    assert desk.get("/umpan/kasus.json", params={"kunci": key}).json()["jumlah"] == 1
    bearer = {"authorization": f"Bearer {key}"}
    assert desk.get("/umpan/kasus.json", headers=bearer).json()["jumlah"] == 1
    assert desk.get("/kasus", params={"kunci": key}).status_code == 303, "a key opens feeds alone"
    assert desk.get("/unduh/rekap.csv", params={"kunci": key}).status_code == 303
    assert desk.get("/daftar/kasus.csv", params={"kunci": key}, headers=bearer).status_code == 303
    log_in(desk, "tinjau")
    number = Saved(accounts).keys("tinjau")[0].id
    desk.post("/saringan/kunci/cabut", data={"csrf": csrf_of(desk), "id": str(number)})
    desk.cookies.clear()
    assert desk.get("/umpan/kasus.json", params={"kunci": key}).status_code == 401


def test_feeds_are_titled_with_names_not_codes(desk: TestClient) -> None:
    query = (
        "wilayah=32.05&jenis=netralitas&tahap=laporan_temuan&sejak=2024-09-01&tahapan=kampanye+pilkada+2024"
    )
    title = re.findall(r"<title>(.*?)</title>", desk.get(f"/umpan/kasus.atom?{query}").text)[0]
    assert title == (
        "Wartawas: Dugaan kasus (Kabupaten Garut; sejak 1 September 2024; Netralitas aparatur/pejabat; "
        "Laporan diterima / temuan dicatat; Masa kampanye pilkada 2024)"
    )
    found = desk.get(f"/umpan/kasus.json?{query}").json()
    assert found["judul"] == title
    assert found["saringan"]["wilayah"] == "32.05", "programs get what they asked for"


def test_feeds_obey_the_filters_and_name_nobody(desk: TestClient, accounts: Accounts) -> None:
    log_in(desk, "tinjau")
    found = desk.get("/umpan/kasus.json?wilayah=32.05").json()
    assert found["saringan"] == {"wilayah": "32.05"}
    assert (found["baris"][0]["status"], found["baris"][0]["kode"]) == ("diduga", "32.05.12.2011")
    assert desk.get("/umpan/kasus.json?wilayah=11").json()["baris"] == []
    answer = desk.get("/umpan/kasus.atom?wilayah=32.05")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    tree = etree.fromstring(answer.content)
    (entry,) = tree.findall("a:entry", ATOM)
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert desk.get(urlsplit(link.get("href") or "").path).status_code == 200
    assert (entry.findtext("a:title", None, ATOM) or "").startswith("diduga: ")
    assert not any(name in answer.text or name in json.dumps(found) for name in NAMES)


def test_hostile_titles_make_no_markup_in_a_feed(desk: TestClient) -> None:
    answer = desk.get("/umpan/pencegahan.atom", params={"q": "sosialisasi"})
    assert etree.fromstring(answer.content).findall("a:entry", ATOM)
    assert "<script>" not in answer.text
    strange = desk.get("/umpan/pencegahan.atom", params={"q": HOSTILE})
    assert etree.fromstring(strange.content) is not None


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "parquet"])
def test_a_filtered_list_is_taken_along(desk: TestClient, accounts: Accounts, kind: str) -> None:
    log_in(desk, "tinjau")
    full = desk.get(f"/daftar/kasus.{kind}?q=rekaman&status=diduga").content
    none = desk.get(f"/daftar/kasus.{kind}?q=tidakadakataini").content
    assert len(full) > len(none)
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(full)) as book:
            full = b"".join(book.read(name) for name in book.namelist())
    assert not any(name.encode() in full for name in NAMES)
    assert accounts.trail()[0].action == "unduh"


@pytest.mark.parametrize(
    "path", ["/umpan/kasus.exe", "/umpan/../x.json", "/daftar/accounts.csv", "/daftar/kasus.sqlite"]
)
def test_there_are_no_other_files(desk: TestClient, path: str) -> None:
    assert desk.get(path).status_code == 404


def night(snapshot: int = 1) -> NightRecord:
    record = NightRecord("20260302T140000Z-aaaaaa", "2026-03-02", "2026-03-02T14:00:00+00:00", "done")
    record.stages.append(Stage("publish", "done", figures={"snapshot": snapshot}))
    return record


def test_digests_tell_each_user_of_their_own_filter(settings: Settings, accounts: Accounts) -> None:
    saved = Saved(accounts)
    accounts.set_mail("lihat", "sari@example.org")
    accounts.set_mail("tinjau", "budi@example.org")
    saved.save("lihat", "Garut saja", "/kasus", "wilayah=32.05&q=rekaman", digest=True)
    saved.save("lihat", "tanpa ringkasan", "/kasus", "", digest=False)
    saved.save("tinjau", "Aceh", "/kasus", "wilayah=11", digest=True)
    with serve_smtp() as box:
        smtp = Smtp.model_validate(
            {
                "host": "127.0.0.1",
                "port": box.port,
                "security": "none",
                "sender": "w@example.org",
                "to": ("a@example.org",),
            }
        )
        assert send_watches(settings.model_copy(update={"smtp": smtp}), night()) == 1
    (mail,) = [message_from_string(text, policy=policy.default) for text in box.mails]
    assert mail["To"] == "sari@example.org"
    assert "Garut saja: 1 dugaan kasus" in mail["Subject"]
    assert not any(name in mail.as_string() for name in NAMES)


def test_a_saved_filter_that_is_not_known_any_more_is_told(settings: Settings, accounts: Accounts) -> None:
    Saved(accounts).save("lihat", "Lama", "/kasus", "wilayah=99.99", digest=True)
    with pytest.raises(NotifyError, match="'Lama' of lihat"):
        send_watches(settings, night())


@pytest.mark.parametrize(
    "address", ["tanpa-at", "a@b\nBcc: c@d.example", "a b@c.example", "a@b, c@d.example"]
)
def test_a_mail_address_is_one_address(accounts: Accounts, address: str) -> None:
    with pytest.raises(AccountError, match="mail"):
        accounts.set_mail("lihat", address)


def test_accounts_of_an_older_desk_get_the_new_tables(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "a.sqlite")
    accounts.add("lihat", "kuda-laut-biru-17", "lihat")
    with accounts.opened() as db:
        db.executescript("DROP TABLE saved; DROP TABLE feed_keys; DROP TABLE mails")
    Saved(accounts).save("lihat", "x", "/kasus", "")
    assert accounts.users()[0].name == "lihat"
