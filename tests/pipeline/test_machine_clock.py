"""A clock in the past is told before it falsifies every date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from pages import PARAGRAPHS, TITLE

from pipeline.article import Article
from pipeline.clean import clean_page
from pipeline.cli import wartawas
from pipeline.cli.failure import Failure
from pipeline.machine_check import examine_machine
from pipeline.machine_clock import RELEASED, VERSION
from pipeline.settings import Settings

ROOT = Path(__file__).parents[2]
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def past(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of this machine stand before the release, by moving that."""
    monkeypatch.setattr("pipeline.machine_clock.RELEASED", TOMORROW)


def test_the_release_is_that_of_this_version_and_not_older_than_the_changelog() -> None:
    assert version("wartawas") == VERSION
    newest = re.search(
        r"^## (\S+) \((.+)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert newest and newest[1] == VERSION
    if newest[2] != "unreleased":
        assert datetime.fromisoformat(newest[2]).replace(tzinfo=UTC) <= RELEASED
    assert datetime.now(UTC) > RELEASED


@pytest.mark.parametrize(
    "command",
    [
        ("crawl", "--all"),
        ("process",),
        ("nightly", "--now"),
        ("demo",),
        ("backfill", "a.warc.gz", "--out", "parts"),
    ],
    ids=lambda command: command[0],
)
def test_nothing_is_fetched_or_read_by_a_clock_in_the_past(
    past: None, command: tuple[str, ...], tmp_path: Path
) -> None:
    result = CliRunner().invoke(wartawas, [*command, "--var", str(tmp_path / "var")])
    assert isinstance(result.exception, Failure) and "set it, by NTP" in str(result.exception)
    assert not (tmp_path / "var").exists()


def test_the_doctor_says_that_the_clock_is_wrong(past: None, tmp_path: Path) -> None:
    (check,) = (check for check in examine_machine(Settings(var=tmp_path)) if check.name == "jam")
    assert check.level == "error" and f"lebih awal dari wartawas {VERSION}" in check.text


def _page(day: datetime) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    head = f'<meta property="article:published_time" content="{day.isoformat()}">'
    return (
        f"<html><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{body}</body></html>".encode()
    )


def test_a_page_given_by_hand_keeps_its_date_under_a_clock_in_the_past(past: None) -> None:
    day = TOMORROW + timedelta(days=300)
    found = clean_page(_page(day), url="https://kabarmekarwangi.example/berita/1")
    assert isinstance(found, Article) and found.published == day.replace(second=0, microsecond=0)
    fetched = clean_page(
        _page(day), url="https://kabarmekarwangi.example/berita/1", fetched_at=datetime.now(UTC)
    )
    assert isinstance(fetched, Article) and fetched.published is None


def test_cleaning_a_page_under_a_clock_in_the_past_says_so(past: None, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(_page(datetime.now(UTC)))
    result = CliRunner().invoke(wartawas, ["clean", str(tmp_path / "a.html"), "--var", str(tmp_path / "var")])
    assert result.exit_code == 0 and "the clock of this machine is wrong" in result.stderr


def test_no_time_of_the_future_counts_where_the_clock_is_right() -> None:
    found = clean_page(_page(TOMORROW), url="https://kabarmekarwangi.example/berita/1")
    assert isinstance(found, Article) and found.published is None
