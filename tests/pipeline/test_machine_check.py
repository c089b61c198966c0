"""The doctor names an open folder, a full disk, a clock that went back, and nights that stopped."""

from __future__ import annotations

import os
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from nights import Installation
from sites import Site, make_posts, serve

from crawler.sourcetext import write_source
from pipeline.checks import Check
from pipeline.cli import wartawas
from pipeline.lock import hold_lock
from pipeline.machine_check import examine_machine
from pipeline.metrics import metrics_text
from pipeline.night_record import NightRecord, Stage, load_records, save_record
from pipeline.settings import Disk, Settings, Smtp, load_settings


@pytest.fixture
def at(two_nights: Installation, tmp_path: Path) -> Installation:
    return two_nights.copy(tmp_path)


def found(settings: Settings, name: str) -> Check:
    return next(check for check in examine_machine(settings) if check.name == name)


def add_night(settings: Settings, hours_ago: float, status: str = "done", *stages: Stage) -> None:
    began = datetime.now(UTC) - timedelta(hours=hours_ago)
    run = f"{began:%Y%m%dT%H%M%SZ}-aaaaaa"
    save_record(
        settings.nights, NightRecord(run, "2026-03-02", began.isoformat(), status, stages=list(stages))
    )


def test_sound_installation_is_ok(at: Installation) -> None:
    add_night(at.settings, 3)
    levels = {check.name: check.level for check in examine_machine(at.settings)}
    del levels["dns"]  # there may be no network
    assert levels == dict.fromkeys(("model", "izin", "disk", "jam", "malam"), "ok")


def test_open_folders_and_secrets_are_named(at: Installation, tmp_path: Path) -> None:
    at.settings.store.parent.chmod(0o755)
    secret = tmp_path / "password"
    secret.write_text("rahasia")
    secret.chmod(0o644)
    settings = at.settings.model_copy(update={"smtp": Smtp(password_file=secret)})
    texts = [c.text for c in examine_machine(settings) if c.level == "error"]
    assert any(f"chmod 700 {settings.store.parent}" in text for text in texts)
    assert any(f"chmod 600 {secret}" in text for text in texts)
    assert not any("rahasia" in text for text in texts)


def test_folder_for_runs_is_made_for_this_account_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sumber").mkdir()
    monkeypatch.setenv("WARTAWAS_SOURCES", str(tmp_path / "sumber"))
    before = os.umask(0o022)
    try:
        with serve(Site(make_posts(1))) as site:
            write_source(site.source("sitemap").model_copy(update={"slug": "rekaan"}), tmp_path / "sumber")
            CliRunner().invoke(wartawas, ["crawl", "--source", "rekaan"])  # makes it from below
        assert os.umask(0o022) == 0o022, "the umask is as it was"
    finally:
        os.umask(before)
    made = load_settings(var=tmp_path / "var")
    assert [path for path in made.var.rglob("*") if path.is_file()], "something was written"
    assert found(made, "izin").level == "ok"
    made.var.chmod(0o755)
    assert f"chmod 700 {made.var}" in found(made, "izin").text


def test_clock_that_went_back_is_an_error(at: Installation) -> None:
    at.sql("UPDATE captures SET fetched_at = '2099-01-01T00:00:00+00:00'")
    check = found(at.settings, "jam")
    assert check.level == "error" and "NTP" in check.text


@pytest.mark.parametrize(
    ("limits", "level"),
    [({"min_free_gb": 900_000}, "error"), ({"budget_gb": 0.000001}, "error"), ({"budget_gb": 900_000}, "ok")],
)
def test_full_disk_is_an_error(at: Installation, limits: dict[str, float], level: str) -> None:
    settings = at.settings.model_copy(update={"disk": Disk(**limits)})
    assert found(settings, "disk").level == level


def test_disk_warns_before_its_budget_is_spent(at: Installation) -> None:
    used = found(at.settings, "disk").figures["used"]
    disk = Disk(budget_gb=used * 1.1 / 1e9, min_free_gb=0)
    assert found(at.settings.model_copy(update={"disk": disk}), "disk").level == "warning"


def test_nights_that_stopped_or_failed_are_named(at: Installation) -> None:
    assert found(at.settings, "malam").level == "warning"
    add_night(at.settings, 50)
    assert "list-timers" in found(at.settings, "malam").text
    add_night(at.settings, 5, "done", Stage("publish", "failed", problem="cakram rusak"))
    check = found(at.settings, "malam")
    assert check.level == "error" and "cakram rusak" in check.text
    add_night(at.settings, 4, "done", Stage("crawl", "skipped", problem="outside of the window"))
    check = found(at.settings, "malam")
    assert check.level == "warning" and "tidak merayapi: outside of the window" in check.text


def test_night_that_was_killed_is_told_from_one_that_runs(at: Installation) -> None:
    add_night(at.settings, 1, "running", Stage("process"))
    for holder in (None, "backup"):
        with hold_lock(at.settings.var / "nightly.lock", holder) if holder else nullcontext():
            check = found(at.settings, "malam")
            shown = CliRunner().invoke(wartawas, ["morning", "--var", str(at.settings.var)])
        assert check.level == "error" and "terputus (process)" in check.text
        assert "it was killed" in str(shown.exception)
        assert "wartawas_night_running 0" in metrics_text(at.settings)
    with hold_lock(at.settings.var / "nightly.lock", "nightly"):
        assert found(at.settings, "malam").level == "ok"
        shown = CliRunner().invoke(wartawas, ["morning", "--var", str(at.settings.var)])
        assert "wartawas_night_running 1" in metrics_text(at.settings)
    assert "it still runs (process)" in str(shown.exception)


def test_nights_of_a_clock_that_ran_ahead_are_named_and_hide_no_other(at: Installation) -> None:
    add_night(at.settings, 3)
    add_night(at.settings, -24 * 4000, "done", Stage("publish", "failed", problem="cakram rusak"))
    checks = [check for check in examine_machine(at.settings) if check.name == "malam"]
    assert [check.level for check in checks] == ["error", "ok"]
    assert "masa depan" in checks[0].text
    (newest,) = load_records(at.settings.nights)
    assert newest.exit_code == 0


def test_names_that_do_not_resolve_are_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.toml").write_text("")
    monkeypatch.setattr("pipeline.machine_check.socket.getaddrinfo", lambda *_: [])
    assert found(Settings(var=tmp_path), "dns").level == "warning"
    monkeypatch.setattr("pipeline.machine_check.socket.getaddrinfo", lambda *_: [1])
    assert found(Settings(var=tmp_path), "dns").level == "ok"


def test_a_source_written_first_leaves_no_folder_open(tmp_path: Path) -> None:
    """`sources add` may be what makes `var`."""
    settings = Settings(var=tmp_path / "var")
    old = os.umask(0o022)
    try:
        with serve(Site(make_posts(1))) as site:
            write_source(site.source("sitemap"), settings.own_sources)
    finally:
        os.umask(old)
    assert [c for c in examine_machine(settings) if c.name == "izin" and c.level == "error"] == []
