"""Settings: which value holds, where it comes from, what is wrong with one, and that no secret is shown."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.config import config
from pipeline.cli.sources import sources
from pipeline.settings import (
    SettingsError,
    Watch,
    keys,
    load_settings,
    read_secret,
    trace_settings,
    value_of,
    variable,
)
from pipeline.settings_text import example_toml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for key in keys():
        monkeypatch.delenv(variable(key), raising=False)


def test_environment_goes_before_file_and_option_before_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("wartawas.toml").write_text(
        'var = "a"\ncontact = "a@example.org"\n[disk]\nbudget_gb = 5\n[smtp]\nport = 25\n'
    )
    monkeypatch.setenv("WARTAWAS_SMTP_PORT", "2525")
    monkeypatch.setenv("WARTAWAS_NIGHT_SOURCES", "poskota, guetilang")
    settings, origins = trace_settings(None, var=Path("b"))
    assert (settings.var, settings.contact, settings.disk.budget_gb) == (Path("b"), "a@example.org", 5)
    assert settings.smtp.port == 2525
    assert settings.night.sources == ("poskota", "guetilang")
    assert str(origins["var"]) == "option --var"
    assert str(origins["disk.budget_gb"]) == "file wartawas.toml"
    assert str(origins["smtp.port"]) == "environment WARTAWAS_SMTP_PORT"
    assert "log_level" not in origins


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kontak = 1", ["wartawas.toml", "'kontak'", "contact"]),
        ("[smtp]\nhots = 'x'", ["wartawas.toml", "smtp.hots", "smtp.host"]),
        (
            "log_level = 'loud'",
            ["log_level", "'loud'", "wartawas.toml", "'debug', 'info', 'warning' or 'error'"],
        ),
        ("[night]\nwindow = '9-5'", ["night.window", "'9-5'", "21:00-05:00"]),
        ("[disk]\nwarn_percent = 200\nbudget_gb = -1", ["disk.warn_percent = 200", "disk.budget_gb = -1"]),
        ("[smtp]\nhost = 'mail.example.org'", ["smtp", "sender", "to"]),
        ("[[watch]]\nname = 'a'\nwilayah = 'Garut'", ["watch.wilayah", "'Garut'", "wartawas.toml"]),
        ("[[watch]]\nname = 'a'\nwilayah = '99.99'", ["watch", "99.99", "wartawas.toml"]),
        (
            "[[watch]]\nname = 'a'\njenis = 'netralitass'",
            ["watch", "netralitass", "netralitas, politik_uang"],
        ),
        ("night = 3", ["wartawas.toml", "night is a table", "[night]"]),
        ("[night]\nsources = 'situs1'", ["night.sources", 'write it as a list: ["situs1"]']),
        ("var = ''", ["var", "wartawas.toml", "is empty"]),
        ("[smtp]\npassword = 'rahasia-sekali'", ["smtp.password", "WARTAWAS_SMTP_PASSWORD"]),
    ],
)
def test_every_wrong_value_is_named_with_what_is_allowed(text: str, told: list[str]) -> None:
    Path("wartawas.toml").write_text(text)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert all(part in str(error.value) for part in told), error.value
    assert "rahasia-sekali" not in str(error.value)


def test_empty_variable_is_not_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTAWAS_VAR", "")
    with pytest.raises(SettingsError, match="environment WARTAWAS_VAR"):
        load_settings()


def test_watch_takes_groups_and_types() -> None:
    for kind in ("netralitas", "netralitas.asn", "politik_uang"):
        assert Watch(name="a", jenis=kind, wilayah="32.05.12.2011").jenis == kind
    with pytest.raises(ValueError, match="no type"):
        Watch(name="a", jenis="netral")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("WARTAWAS_CONTACTS", "WARTAWAS_CONTACT"),
        ("WARTAWAS_SMTP_PASWORD", "WARTAWAS_SMTP_PASSWORD"),
        ("WARTAWAS_NAMES_YEARS", "WARTAWAS_RETENTION_NAMES_YEARS"),
    ],
)
def test_misspelled_variable_is_refused_with_the_near_one(
    monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv(name, "rahasia-sekali")
    with pytest.raises(SettingsError, match=rf"^{name}: no such setting; did you mean {near}\?$"):
        load_settings()


def test_foreign_variable_is_said_to_be_unused_by_every_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WARTAWAS_STORE", str(tmp_path))  # what the Python interface reads
    monkeypatch.setenv("WARTAWAS_XYZ", "1")
    ran = CliRunner().invoke(sources, ["list", "--home", "99"])
    assert ran.exit_code == 0
    assert ran.stderr == "wartawas: WARTAWAS_XYZ names no setting and is not used\n"


def test_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTAWAS_WORKERS", "banyak")
    with pytest.raises(SettingsError, match=r"workers = 'banyak' .environment WARTAWAS_WORKERS"):
        load_settings()


def test_password_over_an_open_line_is_refused() -> None:
    Path("wartawas.toml").write_text(
        "[smtp]\nhost = 'mail.example.org'\nuser = 'u'\nsender = 'a@b.id'\nto = ['c@d.id']\nsecurity = 'none'\n"
    )
    with pytest.raises(SettingsError, match="starttls or tls only"):
        load_settings()


def test_config_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTAWAS_SMTP_PASSWORD", "rahasia-sekali")
    monkeypatch.setenv("WARTAWAS_WEBHOOK_URL", "https://hooks.example.org/rahasia-sekali")
    monkeypatch.setenv("WARTAWAS_KONTAK", "x")
    for arguments in ([], ["--json"]):
        ran = CliRunner().invoke(config, arguments, catch_exceptions=False)
        assert ran.exit_code == 0
        assert "rahasia-sekali" not in ran.output
        assert "WARTAWAS_KONTAK" in ran.stderr
    rows = {row["key"]: row for row in map(json.loads, ran.stdout.splitlines())}
    assert set(rows) == set(keys())
    assert rows["smtp.password"]["value"] == "(set, not shown)"
    assert rows["webhook.secret"]["value"] is None
    assert "rahasia-sekali" not in repr(load_settings())


def test_config_shows_the_folder_that_sources_are_read_from(tmp_path: Path) -> None:
    for arguments, folder in (([], Path("var/sources")), (["--var", str(tmp_path)], tmp_path / "sources")):
        ran = CliRunner().invoke(config, ["--json", *arguments], catch_exceptions=False)
        rows = {row["key"]: row for row in map(json.loads, ran.stdout.splitlines())}
        assert (rows["sources"]["value"], rows["sources"]["origin"]) == (str(folder), "default")


def test_secret_of_a_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("kata sandi\n")
    assert read_secret(None, file) == "kata sandi"
    file.write_text("a\nb\n")
    with pytest.raises(SettingsError, match="one line"):
        read_secret(None, file)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_secret(None, tmp_path / "missing")


def test_example_file_is_complete_and_holds_the_defaults() -> None:
    shipped = (ROOT / "wartawas.example.toml").read_text(encoding="utf-8")
    assert shipped == example_toml(), "run `wartawas config --example > wartawas.example.toml`"
    Path("wartawas.toml").write_text(shipped)
    assert load_settings() == load_settings(_empty())
    keyed = [line for line in shipped.splitlines() if " = " in line or ("[" in line and "Every" not in line)]
    used = "\n".join(line.removeprefix("# ") for line in keyed)
    values = tomllib.loads(used)
    flat = {f"{k}.{i}" for k, v in values.items() if isinstance(v, dict) for i in v}
    flat |= {k for k, v in values.items() if not isinstance(v, dict)}
    secrets = {"smtp.password", "webhook.url", "webhook.secret"}
    assert flat | secrets == set(keys())
    (watch,) = values.pop("watch")
    assert Watch(**watch).wilayah == "32.05"
    flat.discard("watch")
    settings = load_settings(_empty())
    assert value_of(settings, "sources") is None and settings.own_sources == Path(values["sources"])
    assert shipped.count("_file = ") == shipped.count("(example; no default)") == 3
    for key in sorted(flat - {"sources", "workers"}):
        if (value := value_of(settings, key)) is not None:
            table, _, name = key.rpartition(".")
            written = values[table][name] if table else values[name]
            assert (list(value) if isinstance(value, tuple) else value) in (written, Path(str(written))), key


def _empty() -> Path:
    Path("empty.toml").write_text("")
    return Path("empty.toml")


def test_a_file_that_windows_saved_is_read() -> None:
    Path("wartawas.toml").write_text('var = "data"\n', encoding="utf-8-sig")
    assert load_settings().var == Path("data")


@pytest.mark.parametrize(
    ("target", "told"),
    [("tiada.toml", "leads nowhere"), ("wartawas.toml", "cannot be read"), (None, "cannot be read")],
)
def test_settings_that_are_a_broken_link_or_a_folder_are_not_passed_over(
    target: str | None, told: str
) -> None:
    if target is None:
        Path("wartawas.toml").mkdir()
    else:
        Path("wartawas.toml").symlink_to(target)
    with pytest.raises(SettingsError, match=rf"wartawas\.toml: .*{told}"):
        load_settings()
