"""Wrong input to the command line: one clear line, exit code 1 or 2, nothing half written."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import wartawas

WARTAWAS = Path(sys.executable).parent / "wartawas"


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WARTAWAS, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120
    )


def told(ran: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failed command printed."""
    assert ran.returncode == 1, (ran.stdout, ran.stderr)
    lines = [line for line in ran.stderr.splitlines() if line.startswith("wartawas: ")]
    assert len(lines) == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    return lines[0]


def test_unknown_source_names_near_ones(tmp_path: Path) -> None:
    assert "poskota" in told(run("crawl", "--source", "poskoto", cwd=tmp_path))
    assert not (tmp_path / "var").exists()


def test_broken_source_file_is_named_with_key_and_value(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "rusak.toml").write_text('name = "Rusak"\ndomains = ["rusak.example"]\nzone = "Asia/Tokyo"\n')
    (tmp_path / "wartawas.toml").write_text('sources = "sources"\n')
    line = told(run("crawl", "--source", "rusak", cwd=tmp_path))
    assert "rusak.toml" in line
    assert "Asia/Tokyo" in line
    (folder / "rusak.toml").write_text("name = \n")
    assert "TOML" in told(run("sources", "list", cwd=tmp_path))


def test_unreachable_host_fails_and_keeps_the_ledger(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mati.toml").write_text(
        f'name = "Mati"\ndomains = ["127.0.0.1:{port}"]\nsite = "http://127.0.0.1:{port}"\n'
        "allow_private = true\npoliteness = { delay_s = 0 }\n"
        '[[discovery]]\nmethod = "feed"\nurl = "/feed/"\n'
    )
    (tmp_path / "wartawas.toml").write_text('sources = "sources"\n')
    ran = run("crawl", "--source", "mati", cwd=tmp_path)
    assert ran.returncode == 1
    assert "mati" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_empty_folder_and_binary_file_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    assert "no readable file" in told(run("process", "kosong", cwd=tmp_path))
    (tmp_path / "biner.txt").write_bytes(b"\x7fELF\x00\x01\x02\x00" * 100)
    assert "biner.txt" in told(run("process", "biner.txt", cwd=tmp_path))
    assert not (tmp_path / "var").exists()


def test_files_of_which_none_is_an_article_end_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "kosong.html").write_text("<p>Tidak ada berita.</p>")
    ran = run("process", "kosong.html", cwd=tmp_path)
    assert "kosong.html: ditolak (empty)" in ran.stdout
    assert ran.returncode == 1
    assert ran.stderr.strip() == "wartawas: no page that was given is an article; the reasons stand above"


def test_process_without_a_crawl_says_what_to_do(tmp_path: Path) -> None:
    assert "wartawas crawl" in told(run("process", cwd=tmp_path))


def test_newer_schema_is_refused_untouched(tmp_path: Path) -> None:
    file = tmp_path / "var" / "store" / "work.duckdb"
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as con:
        con.execute(
            "CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, applied_at TIMESTAMP NOT NULL)"
        )
        con.execute("INSERT INTO schema_versions VALUES (9999, now()::TIMESTAMP)")
    before = file.read_bytes()
    assert "9999" in told(run("publish", cwd=tmp_path))
    assert file.read_bytes() == before


@pytest.mark.parametrize("text", ["kontak = 1", "workers = 0", 'workers = "banyak"', "= rusak"])
def test_wrong_settings_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "wartawas.toml").write_text(text)
    line = told(run("query", "baru", cwd=tmp_path))
    assert "wartawas.toml" in line or "setting workers" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "--json", "--csv", "baru"),
        ("tidak-ada",),
        ("query", "tidak-ada"),
        ("crawl", "--sinc", "x"),
        ("export", "kasus.docx"),
        ("export", "kasus"),
        ("evaluate", "--split", "news"),
        ("erase", "--person", "Satu", "--reason", "surat 1", "--by", "Sekretariat", "--yes"),
    ],
)
def test_wrong_usage_is_one_line_and_exits_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1
    assert ran.stderr.startswith("wartawas: ")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [(), ("snapshots",), ("sources",), ("user",)])
def test_group_alone_shows_its_commands(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(" ".join(["Usage: wartawas", *arguments, "[OPTIONS] COMMAND"]))
    assert "\nCommands:\n" in ran.stderr


def test_interrupt_is_one_line_and_exits_130(tmp_path: Path, heard: None) -> None:
    # interrupted while it is still starting or already reading: never a trace
    for pause in (0.5, 2.0):
        ran = subprocess.Popen(
            [WARTAWAS, "demo", "--json"],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(pause)
        ran.send_signal(signal.SIGINT)
        _, told_of = ran.communicate(timeout=60)
        assert ran.returncode == 130, told_of
        assert "Traceback" not in told_of
        assert "wartawas: interrupted" in told_of


def test_every_command_shows_an_example() -> None:
    for name, command in wartawas.commands.items():
        commands = getattr(command, "commands", {name: command})
        for inner, one in commands.items():
            assert one.epilog, f"{name} {inner} has no example"
            assert "Example" in one.epilog


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in told(run("serve", "--port", port, cwd=tmp_path))
