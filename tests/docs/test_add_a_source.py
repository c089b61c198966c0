"""A source is added by the guide alone: its TOML and its saved page, against a fresh site on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from guides import DOCS, ROOT, blocks, command_lines
from sites import Answer, Post, Site, serve

from pipeline.cli import wartawas

GUIDE = DOCS / "add-a-source.md"
HOST = "kabar-rekaan.example"


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with one article: the page that the guide saves."""
    (page,) = [block for block in blocks(GUIDE, "html") if block.file == "page.html"]
    written = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=5)
    slug = "2024/10/panwascam-rekaan-awasi-rapat-terbatas"

    def article(path: str, _: dict[str, str]) -> Answer | None:
        html = {"Content-Type": "text/html; charset=utf-8"}
        return Answer(200, page.text.encode(), html) if path.rstrip("/") == f"/{slug}" else None

    fresh = Site([Post(slug, "Panwascam Rekaan Awasi Rapat Terbatas", written, written)])
    fresh.rules.append(article)
    with serve(fresh) as running:
        yield running


def test_a_source_is_added_by_the_guide_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (file,) = [block for block in blocks(GUIDE, "toml") if block.file]
    assert file.file is not None
    place = tmp_path / file.file
    place.parent.mkdir(parents=True)
    host = urlsplit(site.url).netloc
    # what differs from the guide: where the site stands, and that it is one of this machine
    place.write_text(
        f'site = "{site.url}"\nallow_private = true\n'
        + file.text.replace(HOST, host).replace("delay_s = 3.0", "delay_s = 0"),
        encoding="utf-8",
    )
    said = {}
    for words in following("## Check it"):
        command = [host if word == HOST else word for word in words]
        ran = CliRunner().invoke(wartawas, command)
        assert ran.exit_code == 0, (command, ran.output, ran.exception)
        said[words[0]] = " ".join(ran.stdout.split())
    assert "baik" in said["sources"]
    assert "1 halaman diambil" in said["crawl"]
    assert "Panwascam Rekaan Awasi Rapat Terbatas" in said["query"]


def following(heading: str) -> list[list[str]]:
    """Return the command lines of the guide's first block after a heading."""
    text = GUIDE.read_text(encoding="utf-8")
    line = text[: text.index(heading)].count("\n")
    (block,) = [block for block in blocks(GUIDE, "sh") if block.line > line][:1]
    shown = [line.split()[1:] for line in block.text.splitlines()]
    assert all(words in list(command_lines(GUIDE)) for words in shown)
    return shown


def test_the_saved_page_reads_as_the_guide_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(GUIDE, "toml", "html"):
        if block.file:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    (script,) = blocks(GUIDE, "python")
    (tmp_path / "baca.py").write_text(script.text, encoding="utf-8")
    subprocess.run([sys.executable, "baca.py"], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    saved = tmp_path / "tests" / "pages" / "kabar-rekaan"
    expected = json.loads((saved / "2024-10-17.json").read_text(encoding="utf-8"))
    assert (saved / "2024-10-17.html.gz").is_file()
    assert expected["title"] == "Panwascam Rekaan Awasi Rapat Terbatas"
    assert expected["published"] == "2024-10-17T09:12+07:00"
    assert expected["author"] == "Wulan Nirwana"
    assert "Baca juga" not in expected["text"]
    assert expected["text"].endswith("kabupaten pada malam hari.")
