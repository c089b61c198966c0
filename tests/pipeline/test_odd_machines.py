"""Commands on machines unlike ours: other locales and accounts, little memory, no terminal, no loopback, no network."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipeline.cli.common import failures
from pipeline.cli.failure import Failure

COMMAND = (sys.executable, "-c", "from pipeline.cli import main; main()")
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ROOT_MAY_ALL = os.geteuid() == 0  # root reads everything, unless it gives that up
AS_OTHERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if ROOT_MAY_ALL else ()


def run(
    *arguments: object, cwd: Path, under: Sequence[str] = (), env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*under, *COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})},
    )  # fmt: skip


def told(ran: subprocess.CompletedProcess[bytes], code: int = 1) -> str:
    """Return the one line that a failed command printed."""
    text = ran.stderr.decode()
    assert ran.returncode == code, text
    assert "Traceback" not in text
    (line,) = [line for line in text.splitlines() if line.startswith("wartawas: ")]
    return line


def on_terminal(*arguments: str, cwd: Path, env: Mapping[str, str]) -> bytes:
    """Return what a command shows on a terminal."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, stdout=theirs, stderr=theirs, stdin=theirs,
        env={**os.environ, "TERM": "xterm-256color", **env},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 1 << 16):
            shown += piece
    except OSError:  # how Linux tells that the other side closed it
        pass
    finally:
        os.close(ours)
        child.wait()
    return shown


@pytest.mark.parametrize("env", [{}, ASCII])
def test_a_pipe_gets_utf_8_whatever_the_locale(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "naskah.txt").write_text("Ketua “Panwaslu” – Agam – hadir…", encoding="utf-8")
    ran = run("extract", "naskah.txt", cwd=tmp_path, env=env)
    assert ran.returncode == 0, ran.stderr
    assert "Ketua “Panwaslu” – Agam – hadir…" in ran.stdout.decode("utf-8")


def test_an_encoding_that_was_asked_for_is_kept(tmp_path: Path) -> None:
    (tmp_path / "naskah.txt").write_text("Ketua – é", encoding="utf-8")
    ran = run("extract", "naskah.txt", cwd=tmp_path, env={"PYTHONIOENCODING": "latin-1"})
    assert ran.returncode == 0, ran.stderr
    assert "Ketua ? é" in ran.stdout.decode("latin-1")


def test_a_terminal_that_shows_ascii_alone_ends_no_command(tmp_path: Path) -> None:
    (tmp_path / "naskah.txt").write_text("Ketua – hadir", encoding="utf-8")
    assert b"Ketua ? hadir" in on_terminal("extract", "naskah.txt", cwd=tmp_path, env=ASCII)


def test_a_folder_that_duckdb_would_not_find_by_this_locale_is_named(tmp_path: Path) -> None:
    (tmp_path / "naskah.txt").write_text("Ketua hadir.", encoding="utf-8")
    line = told(run("process", "naskah.txt", "--var", "vå", cwd=tmp_path, env=ASCII))
    assert "LC_ALL=C.UTF-8" in line


@pytest.mark.skipif(bool(AS_OTHERS) and not shutil.which("setpriv"), reason="root cannot give up its rights")
@pytest.mark.parametrize(
    "command",
    [
        "query baru",
        "process",
        "crawl --all",
        "doctor",
        "nightly",
        "morning",
        "backup cadangan",
        "config",
        "user list",
    ],
)
def test_the_folder_of_another_account_is_named_with_its_owner(tmp_path: Path, command: str) -> None:
    closed = tmp_path / "var"
    (closed / "demo").mkdir(parents=True)
    closed.chmod(0)
    line = told(run(*command.split(), "--var", "var/demo", cwd=tmp_path, under=AS_OTHERS))
    assert "var/demo" in line
    assert f"{closed} belongs to {closed.owner()}" in line


@pytest.mark.skipif(bool(AS_OTHERS) and not shutil.which("setpriv"), reason="root cannot give up its rights")
def test_the_ledger_of_another_account_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "ledger.sqlite").touch()
    (tmp_path / "var" / "ledger.sqlite").chmod(0)
    assert "var/ledger.sqlite" in told(run("sources", "health", cwd=tmp_path, under=AS_OTHERS))


def test_too_little_memory_is_one_line() -> None:
    import duckdb

    for error in (duckdb.OutOfMemoryException("Out of Memory Error: no block\n\nSee also"), MemoryError()):
        with pytest.raises(Failure, match=r"^not enough memory \([^\n]+\)") as caught, failures():
            raise error
        assert "\n" not in str(caught.value)


def test_a_password_without_a_terminal_is_asked_for_in_a_file(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*COMMAND, "user", "add", "sari"], cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL,
        timeout=60, check=False, start_new_session=True,
    )  # fmt: skip
    assert ran.returncode == 2
    assert b"There is no terminal to ask: give --password-file" in ran.stderr
    assert b"interrupted" not in ran.stderr


def test_a_link_that_leads_nowhere_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "var").symlink_to("tiada")
    assert "leads nowhere" in told(run("demo", cwd=tmp_path))


def test_a_back_fill_from_object_storage_says_what_it_reads(tmp_path: Path) -> None:
    assert "http(s)" in told(run("backfill", "s3://ember/a.warc.gz", "--out", "parts", cwd=tmp_path))


@pytest.mark.parametrize(("env", "styled"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_no_color_is_bare_text(tmp_path: Path, env: dict[str, str], styled: bool) -> None:
    (tmp_path / "naskah.txt").write_text("Ketua hadir", encoding="utf-8")
    assert (b"\x1b[" in on_terminal("extract", "naskah.txt", cwd=tmp_path, env=env)) is styled


def test_a_table_on_a_terminal_shows_no_codes(tmp_path: Path) -> None:
    shown = on_terminal("config", cwd=tmp_path, env={})
    assert b"origin" in shown
    assert "�".encode() not in shown
