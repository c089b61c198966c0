"""`wartawas extract`: texts and JSON Lines, the documented object, hostile and broken input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.extract import extract
from pipeline.cli.failure import Failure

KEYS = (
    "id kind confidence flags election types bentuk event cases officials roles_present "
    "mentions stats legal_refs"
).split()
TEXT = (
    "PRINGSEWU – Panwaslu Kecamatan Adiluwih menggelar sosialisasi netralitas ASN di "
    "Kecamatan Adiluwih, Kabupaten "
    "Pringsewu, Rabu (16/10/2024).\n\nKetua Panwaslu Kecamatan Adiluwih, Budi Contohnya, "
    "mengatakan ASN harus netral."
)
CASE = (
    "Bawaslu Kabupaten Pringsewu meregistrasi laporan dugaan politik uang. Seorang perangkat "
    "desa diduga membagikan amplop "
    "berisi uang kepada warga di Kecamatan Adiluwih, Rabu (16/10/2024). Laporan diregistrasi "
    "Senin (21/10/2024)."
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(extract, list(map(str, arguments)), catch_exceptions=True)


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text(
        "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8"
    )
    return path


def test_extract_prints_the_documented_object_for_each_line_in_order(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "rows.jsonl",
        {"id": "b", "text": TEXT, "published": "2024-10-17T08:00+07:00", "flags": ["adv"], "url": None},
        {"id": "a", "text": "Harga cabai naik."},
        {
            "id": 7,
            "text": CASE,
            "title": "Perangkat Desa Diduga Bagikan Amplop",
            "published": "2024-10-22T08:00",
        },
    )
    done = run(file, "--json")
    assert done.exit_code == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["b", "a", "7"]
    assert all(list(row) == KEYS for row in rows)
    assert rows[0]["event"] == {"date": "2024-10-16", "place": "18.10.07"}
    assert "adv" in rows[0]["flags"]
    official = rows[0]["officials"][0]
    assert (official["name"], official["institution"]) == ("Budi Contohnya", "Panwaslu Kecamatan Adiluwih")
    assert list(official) == (
        "name role institution jurisdiction category status_prefix rank capacity start end".split()
    )
    assert list(rows[0]["mentions"][0]) == (
        "label start end text code codes iso precision role function method conflict".split()
    )
    assert set(rows[2]["cases"][0]) >= {"terlapor", "stage", "outcome", "evidence", "confidence"}


def test_extract_shows_findings_and_text_in_indonesian(tmp_path: Path) -> None:
    file = tmp_path / "artikel.txt"
    file.write_text(TEXT, encoding="utf-8")
    done = run(file)
    assert done.exit_code == 0
    for line in (
        "artikel.txt",
        "Jenis: pencegahan",
        "Peristiwa: 2024-10-16 · 18.10.07",
        "Pejabat:",
        "Tempat:",
        "Tanggal:",
    ):
        assert line in done.output
    assert "Budi Contohnya – Ketua, Panwaslu Kecamatan Adiluwih [bawaslu.panwascam" in done.output


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "cp1252"])
def test_extract_reads_a_text_in_whatever_encoding_windows_saved_it(tmp_path: Path, encoding: str) -> None:
    plain, other = tmp_path / "naskah é.txt", tmp_path / "lain" / "naskah é.txt"
    other.parent.mkdir()
    plain.write_text(TEXT, encoding="utf-8")
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    other.write_bytes((mark + TEXT).encode(encoding))
    assert run(other).stdout == run(plain).stdout
    assert run(other).stdout.startswith("naskah é.txt\n")


def test_extract_calls_an_undecided_act_alleged(tmp_path: Path) -> None:
    file = tmp_path / "kasus.txt"
    file.write_text(CASE, encoding="utf-8")
    assert "Perkara (diduga)" in run(file).output


def test_extract_shows_no_control_characters_and_reads_no_markup(tmp_path: Path) -> None:
    file = tmp_path / "jahat.txt"
    file.write_text("\x1b[31mKetua\x1b[0m [red]Bawaslu[/red] \u202eAgam\x07 hadir. [/nope]", encoding="utf-8")
    done = run(file)
    assert done.exit_code == 0
    assert not any(char in done.output for char in ("\x1b", "\x07", "\u202e"))
    assert "[red]Bawaslu[/red]" in done.output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (['{"id": "a", "text": "x"}', "{bukan json"], "line 2"),
        (['{"id": "a"}'], "line 1"),
        (['{"id": "a", "html": "<p>x</p>"}'], "wartawas clean"),
        (['{"id": "a", "text": "x", "published": "kemarin"}'], "published must be an ISO time"),
        (['{"id": "a", "text": "x", "flags": "adv"}'], "flags must be a list"),
        ([], "no line"),
    ],
)
def test_extract_names_what_is_wrong_with_a_line(tmp_path: Path, rows: list[str], said: str) -> None:
    done = run(write_lines(tmp_path / "rows.jsonl", *rows), "--json")
    assert isinstance(done.exception, Failure)
    assert said in str(done.exception)
    assert "\n" not in str(done.exception)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("x.txt", b"\x00\x01\x02" * 50, "binary"),
        ("y.txt", b"", "empty"),
        ("z.html", b"<html><p>x</p></html>", "wartawas clean"),
    ],
)
def test_extract_refuses_files_that_are_no_text(tmp_path: Path, name: str, body: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(body)
    done = run(tmp_path / name)
    assert isinstance(done.exception, Failure)
    assert said in str(done.exception)


def test_extract_refuses_a_file_that_is_missing(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path / "tiada.txt").exception, Failure)
