"""`wartawas clean`: one page or many, the documented object, one line for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from pages import PARAGRAPHS, TITLE, page

from pipeline.cli import wartawas
from pipeline.cli.failure import Failure

URL = "https://kabarmekarwangi.example/daerah/12/saksi"
FIELDS = (
    "id url outlet title author published modified dateline text language quality flags provenance dropped"
).split()


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "clean", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_clean_prints_the_documented_object(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    head = '<meta property="article:published_time" content="2024-10-16T02:00:30+00:00">'
    lines = (*PARAGRAPHS, "Editor: Laras Wicaksana")
    file.write_bytes(page(head=head, body="".join(f"<p>{line}</p>" for line in lines)))
    done = run(file, "--url", URL, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    row = json.loads(done.stdout)
    assert list(row) == FIELDS
    assert row["title"] == TITLE
    assert row["published"] == "2024-10-16T09:00+07:00"
    assert row["text"] == "\n\n".join(PARAGRAPHS)
    assert row["provenance"]["published"] == "opengraph"
    assert {"kind": "editor", "text": "Editor: Laras Wicaksana"} in row["dropped"]


def test_clean_reads_text_and_rows_in_utf_16(tmp_path: Path) -> None:
    text, rows = tmp_path / "naskah.txt", tmp_path / "baris.jsonl"
    whole = "\n\n".join(PARAGRAPHS)
    text.write_bytes(whole.encode("utf-16"))
    rows.write_bytes(json.dumps({"id": "a", "text": whole}).encode("utf-16"))
    done = run(text, rows, "--json")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == [whole, whole]


def test_clean_reads_json_lines_in_order_and_names_refused_pages(tmp_path: Path) -> None:
    file = tmp_path / "pages.jsonl"
    rows = [
        {"id": "a", "url": URL, "html": page().decode()},
        {"id": "b", "url": URL, "html": "<html><body></body></html>"},
        {"id": "c", "text": "\n\n".join(PARAGRAPHS), "published": "2024-10-16"},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run(file, "--json")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["a", "b", "c"]
    assert found[1] == {"id": "b", "url": URL, "refused": "empty", "detail": "0 words of text after cleaning"}
    assert found[2]["text"] == found[0]["text"]


def test_clean_shows_a_readable_view_without_control_characters(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page(title="Judul \x1b[31mMerah tentang Kepala Dusun").replace(b"\x1b", b"&#x202e;"))
    done = run(file)
    assert done.returncode == 0, done.stderr
    assert PARAGRAPHS[0] in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_clean_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    broken, binary, empty = tmp_path / "rows.jsonl", tmp_path / "a.bin", tmp_path / "empty.html"
    broken.write_text(json.dumps({"html": "<p>x</p>"}) + "\nnot json\n", encoding="utf-8")
    binary.write_bytes(bytes(range(256)) * 20)
    empty.write_bytes(b"<html><body></body></html>")
    for arguments, says in (
        ((tmp_path / "missing.html",), "missing.html"),
        ((broken,), "line 2: not JSON"),
        ((binary,), "binary"),
        ((empty,), "no article (empty)"),
        ((empty, "--url", "kabar"), "http"),
        ((empty, empty, "--url", URL), "FILES hold 2"),
    ):
        done = CliRunner().invoke(wartawas, ["clean", *map(str, arguments)])
        assert isinstance(done.exception, Failure), (arguments, done)
        assert says in str(done.exception)
        assert "\n" not in str(done.exception)


def test_clean_ends_with_one_line_and_exit_code_1(tmp_path: Path) -> None:
    done = run(tmp_path / "missing.html")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_clean_without_files_is_wrong_usage() -> None:
    assert run().returncode == 2
