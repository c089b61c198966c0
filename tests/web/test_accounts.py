from __future__ import annotations

import sqlite3
import stat
import time
from pathlib import Path

import pytest
from desks import PASSWORD

from pipeline.names import person_name
from pipeline.web import accounts as module
from pipeline.web.accounts import AccountError, Accounts
from pipeline.web.saved import Saved


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    made = Accounts(tmp_path / "desk" / "accounts.sqlite")
    made.add("sari", PASSWORD, "tinjau")
    return made


def test_an_account_logs_in_and_out(accounts: Accounts) -> None:
    token = accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert token
    session = accounts.session(token)
    assert session
    assert (session.name, session.may("lihat"), session.may("tinjau"), session.may("admin")) == (
        "sari", True, True, False
    )  # fmt: skip
    accounts.log_out(token)
    assert accounts.session(token) is None
    assert [row.action for row in accounts.trail()] == ["masuk"]


def test_the_file_holds_no_password_and_no_token(accounts: Accounts) -> None:
    token = accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert token
    folder = accounts.path.parent
    stored = b"".join(file.read_bytes() for file in folder.iterdir())
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "password"), [("sari", "salah-sekali-1"), ("tidakada", PASSWORD), ("", "")])
def test_wrong_name_or_password_opens_nothing(accounts: Accounts, name: str, password: str) -> None:
    assert accounts.log_in(name, password, "10.0.0.1") is None
    assert accounts.trail()[0].action == "gagal masuk"


def test_many_failures_close_the_door_for_a_while(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(module.MAX_AT_DOOR):
        assert accounts.log_in("sari", "salah-sekali-1", "10.0.0.1") is None
    with pytest.raises(AccountError, match="menit"):
        accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert accounts.log_in("sari", PASSWORD, "10.0.0.2"), "the owner comes in at another door"
    with pytest.raises(AccountError, match="menit"):
        accounts.log_in("sari", PASSWORD, "10.0.0.1")
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + module.WINDOW_S + 1)
    assert accounts.log_in("sari", PASSWORD, "10.0.0.1")


def test_failures_at_many_doors_close_a_name_and_at_many_names_a_door(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_hashed", lambda password, salt: b"")  # slow by intent
    for n in range(module.MAX_BY_NAME):
        assert accounts.log_in("sari", "salah-sekali-1", f"10.0.0.{n}") is None
    with pytest.raises(AccountError, match="menit"):
        accounts.log_in("sari", PASSWORD, "10.0.1.1")
    for n in range(module.MAX_BY_ADDRESS):
        assert accounts.log_in(f"orang{n}", "salah-sekali-1", "10.0.2.1") is None
    with pytest.raises(AccountError, match="menit"):
        accounts.log_in("budi", PASSWORD, "10.0.2.1")


def test_an_ipv6_network_is_one_door_and_a_mapped_address_is_its_ipv4(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_hashed", lambda password, salt: b"")  # slow by intent
    for n in range(module.MAX_BY_ADDRESS):
        assert accounts.log_in(f"orang{n}", "salah-sekali-1", f"2001:db8:0:7::{n:x}") is None
    with pytest.raises(AccountError, match="menit"):
        accounts.log_in("budi", "salah-sekali-1", "2001:db8:0:7:ffff::1")
    assert accounts.log_in("budi", "salah-sekali-1", "2001:db8:0:8::1") is None, (
        "another network is another door"
    )
    for _ in range(module.MAX_AT_DOOR):
        assert accounts.log_in("wati", "salah-sekali-1", "::ffff:10.0.0.9") is None
    with pytest.raises(AccountError, match="menit"):
        accounts.log_in("wati", "salah-sekali-1", "10.0.0.9")
    assert accounts.trail()[0].address == "::ffff:10.0.0.9", "the trail keeps the address as it was"


def test_sessions_end_when_idle_and_after_a_day(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    token = accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert token
    now = time.time()
    for hour in range(1, 25):
        monkeypatch.setattr(module.time, "time", lambda hour=hour: now + hour * 3600)
        assert (accounts.session(token) is None) == (hour == 24)
    token = accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert token
    monkeypatch.setattr(module.time, "time", lambda: now + 24 * 3600 + module.IDLE_S + 1)
    assert accounts.session(token) is None


def test_a_changed_account_is_logged_out(accounts: Accounts) -> None:
    token = accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert token
    accounts.change("sari", role="lihat")
    assert accounts.session(token) is None
    accounts.change("sari", password="gunung-api-tua-9")
    assert accounts.log_in("sari", PASSWORD, "10.0.0.1") is None
    assert accounts.log_in("sari", "gunung-api-tua-9", "10.0.0.1")


def test_a_removed_account_leaves_its_trail(accounts: Accounts) -> None:
    token = accounts.log_in("sari", PASSWORD, "10.0.0.1")
    assert token
    accounts.remove("sari")
    assert accounts.session(token) is None
    assert accounts.users() == []
    assert accounts.trail()


@pytest.mark.parametrize(
    ("name", "password", "role", "told"),
    [
        ("sari", PASSWORD, "lihat", "exists already"),
        ("a b", PASSWORD, "lihat", "letters"),
        ("budi", "pendek", "lihat", "10 to 1000"),
        ("budi", PASSWORD, "raja", "tinjau"),
    ],
)
def test_a_wrong_account_is_refused(
    accounts: Accounts, name: str, password: str, role: str, told: str
) -> None:
    with pytest.raises(AccountError, match=told):
        accounts.add(name, password, role)  # type: ignore[arg-type]
    with pytest.raises(AccountError, match="no account"):
        accounts.change("tidakada", role="lihat")


def test_an_erasure_reaches_the_trail_and_saved_views(accounts: Accounts) -> None:
    saved = Saved(accounts)
    saved.save("sari", "Cari", "/cari", "kata=Gatotkaca+Wijayakusuma")
    saved.save("sari", "Garut", "/kasus", "wilayah=32.05")
    accounts.note("sari", "baca tautan", "https://kabar.example/kades-gatotkaca-wijayakusuma", "::1")
    accounts.note("sari", "arsip", "https://kabar.example/lain", "::1")
    accounts.note("sari", "unduh", "kasus.csv?terlapor=Gatotkaca%20Wijayakusuma", "::1")
    assert accounts.forget(person_name("Gatotkaca Wijayakusuma", common=frozenset()).stands_in) == 3
    assert [view.title for view in saved.views("sari")] == ["Garut"]
    trail = [(row.action, row.target) for row in accounts.trail()]
    assert trail == [
        ("unduh", "(dihapus)"),
        ("arsip", "https://kabar.example/lain"),
        ("baca tautan", "(dihapus)"),
    ]
    for file in accounts.path.parent.iterdir():
        assert b"gatotkaca" not in file.read_bytes().lower()


def test_a_damaged_file_is_an_error_and_no_open_door(tmp_path: Path) -> None:
    file = tmp_path / "accounts.sqlite"
    file.write_bytes(b"bukan sqlite" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Accounts(file).exist()
