"""`wartawas crawl` says what it did, and one clear line where it could not."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sites import Site, make_posts, serve

from crawler.ledger import Ledger
from crawler.run import CrawlReport, SourceReport
from pipeline.cli.crawl import _end_of, _table, crawl
from pipeline.cli.failure import Failure

Command = Callable[..., Result]

SOURCE = """
name = "Situs Rekaan"
domains = ["127.0.0.1:{port}"]
site = "http://127.0.0.1:{port}"
allow_private = true
discovery = [{{ method = "sitemap", url = "/wp-sitemap.xml" }}]
politeness = {{ delay_s = 0 }}
"""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs the command in an empty folder, with the folder `sumber` of sources."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sumber").mkdir()
    monkeypatch.setenv("WARTAWAS_SOURCES", str(tmp_path / "sumber"))
    return lambda *arguments: CliRunner().invoke(crawl, arguments)


def add_source(slug: str, port: int) -> None:
    (Path("sumber") / f"{slug}.toml").write_text(SOURCE.format(port=port))


def message(result: Result) -> str:
    """Return the one line of a Failure."""
    assert isinstance(result.exception, Failure), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_a_problem_in_square_brackets_is_told_as_it_stands() -> None:
    told = SourceReport(problem="http://situs.example/[/umpan] answers [bold]503[/bold]")
    assert told.problem in _table(CrawlReport("r1", "finished", 1.0, 0, 1, {"situs": told}))


def test_crawl_reports_what_it_fetched(command: Command) -> None:
    with serve(Site(make_posts(4))) as site:
        add_source("rekaan", int(site.url.rpartition(":")[2]))
        shown = command("--source", "rekaan", "--limit", "3")
        result = command("--source", "rekaan", "--json")
    assert shown.exit_code == 0, shown.output
    assert "3 halaman diambil dengan" in shown.output
    report = json.loads(result.output)
    assert (report["status"], report["fetched"]) == ("finished", 1)
    assert report["sources"]["rekaan"]["waiting"] == 0
    with Ledger(Path("var/ledger.sqlite")) as ledger:
        assert len(list(ledger.captures(source="rekaan"))) == 4


def test_terminated_crawl_ends_in_order_with_its_own_process(command: Command) -> None:
    with serve(Site(make_posts(400))) as site:
        add_source("rekaan", int(site.url.rpartition(":")[2]))
        Path("sumber/rekaan.toml").write_text(
            Path("sumber/rekaan.toml").read_text().replace("delay_s = 0", "delay_s = 0.05")
        )
        # the module's folder, and the fixture's WARTAWAS_SOURCES
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
        program = "from pipeline.cli import main; main()"
        ran = subprocess.Popen(
            [sys.executable, "-c", program, "crawl", "--source", "rekaan"], env=environment
        )
        while len(site.pages_asked()) < 3 and ran.poll() is None:
            time.sleep(0.02)
        ran.send_signal(signal.SIGTERM)
        assert ran.wait(60) == 130
    with Ledger(Path("var/ledger.sqlite")) as ledger, ledger.exclusive():  # nobody holds it any more
        assert ledger.audit() == []
        assert 0 < len(list(ledger.captures())) < 400


def test_unreachable_host_is_named_with_its_reason(command: Command) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        add_source("mati", sock.getsockname()[1])
        result = command("--source", "mati", "--json")
    assert "mati: unreachable: the host refuses connections" in message(result)
    assert json.loads(result.output)["fetched"] == 0


def test_unknown_source_names_near_ones(command: Command) -> None:
    text = message(command("--source", "poskotaa"))
    assert "no such source" in text and "poskota" in text
    assert not Path("var").exists()


def test_broken_source_file_is_named(command: Command) -> None:
    Path("sumber/rusak.toml").write_text("name = ")
    assert "rusak.toml" in message(command("--source", "rusak"))


def test_file_that_is_no_ledger_is_named_and_kept(command: Command) -> None:
    add_source("rekaan", 9)
    Path("var").mkdir()
    Path("var/ledger.sqlite").write_bytes(b"bukan basis data" * 100)
    assert "ledger.sqlite: not usable as a crawl ledger" in message(command("--source", "rekaan"))
    assert Path("var/ledger.sqlite").read_bytes() == b"bukan basis data" * 100


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--all", "--source", "poskota"),
        ("--all", "--window", "malam"),
        ("--limit", "0"),
        ("--all", "--since", "2026-02-10", "--until", "2026-02-01"),
    ],
)
def test_wrong_usage_is_exit_2(command: Command, arguments: tuple[str, ...]) -> None:
    assert command(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("window", "clock", "end"),
    [
        ("22:00-05:00", "23:30", "02T05:00"),
        ("22:00-05:00", "03:00", "01T05:00"),
        ("01:00-05:00", "03:00", "01T05:00"),
        ("22:00-05:00", "12:00", None),
    ],
)
def test_window_ends_the_night_in_wib(window: str, clock: str, end: str | None) -> None:
    now = datetime.fromisoformat(f"2026-03-01T{clock}+07:00").astimezone(UTC)
    if end is None:
        with pytest.raises(Failure, match=r"12:00 WIB, outside the window"):
            _end_of(window, now)
    else:
        assert _end_of(window, now) == datetime.fromisoformat(f"2026-03-{end}:00+07:00")
