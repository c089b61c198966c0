from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from pipeline import export
from pipeline.cli import wartawas
from pipeline.export import About, ExportError, load_points, write_export


@pytest.fixture
def var(press_var: Path) -> Path:
    return press_var


def run(var: Path, *arguments: str) -> Result:
    return CliRunner().invoke(wartawas, ["export", *arguments, "--var", str(var)])


ABOUT = About(
    pertanyaan="rekap", ringkasan="kasus", saringan={"wilayah": "32"}, snapshot=7, diterbitkan="2024-12-01T00:00:00Z",
    dibuat="2024-12-02T00:00:00Z", artikel_dibaca=15, sumber=4, sumber_hidup=3, baris=3, lengkap=True, catatan=(),
)  # fmt: skip
HOSTILE = pd.DataFrame({
    "judul": ['=HYPERLINK("https://x.example")', "+62\x1b[31m812", "@SUM(A1)"],
    "alamat": ["https://kabar.example/a", "https://kabar.example/" + "a" * 3000, None],
    "kode": ["32.05", "32.02", None],
    "tanggal": pd.to_datetime(["2024-10-01", None, "2024-10-03 08:30"], format="ISO8601"),
    "dibantah": [True, False, True],
    "kasus": [1, 2, 3],
    "bukti": ["x" * 40_000, "https://y.example", "mailto:a@b.example"],
})  # fmt: skip


def test_xlsx_holds_texts_only_and_says_what_it_was_made_from(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_export(HOSTILE, ABOUT, path) == [path]
    book = openpyxl.load_workbook(path)
    sheet = book["Data"]
    assert [cell.value for cell in sheet[1]] == [
        "Judul", "Alamat (URL)", "Kode Kemendagri", "Tanggal", "Dibantah terlapor", "Dugaan kasus", "Kalimat bukti",
        "Snapshot",
    ]  # fmt: skip
    rows = list(sheet.iter_rows(min_row=2))
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for row in rows for cell in row)
    assert rows[0][0].value == '=HYPERLINK("https://x.example")' and rows[0][0].data_type == "s"
    assert rows[1][0].value == "+62 [31m812"
    assert [rows[n][3].value for n in (0, 2)] == [datetime(2024, 10, 1), datetime(2024, 10, 3, 8, 30)]
    assert (rows[0][4].value, rows[0][5].value, rows[0][7].value) == ("ya", 1, 7)
    assert len(rows[0][6].value) == 32_767
    told = {str(row[0].value): str(row[1].value) for row in book["Keterangan"].iter_rows()}
    assert told["Saringan"] == "wilayah = 32" and told["Baris"] == "3 – lengkap"
    assert told["Snapshot"] == "7, diterbitkan 1 Desember 2024 00.00 UTC"


def test_codes_that_look_like_numbers_are_told_to_be_texts(var: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert run(var, str(file), "kasus-per-wilayah").exit_code == 0
    told = json.loads((tmp_path / "a.csv.keterangan.json").read_text(encoding="utf-8"))
    assert any("32.10 bukan 32.1" in note for note in told["catatan"])
    assert set(pd.read_csv(file, dtype={"kode": str})["kode"]) == {"32.02", "32.05", "33.01"}


def test_xlsx_shows_days_and_months_in_indonesian_and_json_keeps_iso(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "bulan": ["2024-10", "semua"],
        "hari_kejadian": ["2024-10-06", "2024-09/2024-10"],
        "kode": ["2024-99", "32.05"],
    })  # fmt: skip
    write_export(frame, ABOUT, tmp_path / "a.xlsx")
    first, second = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["Data"].iter_rows(min_row=2))
    assert [cell.value for cell in first[:2]] == [datetime(2024, 10, 1), datetime(2024, 10, 6)], "they sort"
    assert [cell.number_format for cell in first[:2]] == ["[$-421]mmmm yyyy", "[$-421]d mmmm yyyy"]
    assert [cell.value for cell in second[:2]] == ["semua", "September 2024 – Oktober 2024"]
    assert first[2].value == "2024-99", "no month of any year"
    write_export(frame, ABOUT, tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0])["bulan"] == "2024-10"


def test_csv_and_json_lines_are_told_about_beside_them(tmp_path: Path) -> None:
    for name in ("a.csv", "a.jsonl"):
        written = write_export(HOSTILE, ABOUT, tmp_path / name)
        assert json.loads(written[1].read_text())["saringan"] == {"wilayah": "32"}
    text = (tmp_path / "a.csv").read_bytes()
    assert text.startswith("\ufeff".encode())
    rows = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    assert rows[0]["judul"].startswith("'=HYPERLINK") and rows[0]["snapshot"] == "7"
    assert json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0])["kode"] == "32.05"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_no_cell_runs_whatever_a_spreadsheet_parts_cells_by(tmp_path: Path, mark: str) -> None:
    """Excel in Indonesian parts the cells of a CSV by semicolons; then quotes stand in the middle of a cell."""
    titles = ["Kades;=1+1;x", "Kades; +1", 'Kades;"=1+1"', "Kades\n=1+1", "Kades\t@SUM(A1)", "=1;-2"]
    frame = pd.DataFrame({"nomor": range(len(titles)), "judul": titles, "jenis": ["a; b"] * len(titles)})
    write_export(frame, ABOUT, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    lines = text.splitlines() if mark != "," else [text]
    cells = [
        cell
        for line in lines
        for row in csv.reader(line.splitlines(keepends=True), delimiter=mark)
        for cell in row
    ]
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.lstrip(' "\n').startswith(("=", "+", "@", "-"))]
    assert "a; b" in text


def test_parquet_keeps_types_and_what_it_was_made_from(tmp_path: Path) -> None:
    write_export(HOSTILE, ABOUT, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.column("kasus").to_pylist() == [1, 2, 3]
    assert json.loads(table.schema.metadata[b"keterangan"])["snapshot"] == 7


def test_geojson_has_points_only_where_coordinates_are_known(tmp_path: Path) -> None:
    points = tmp_path / "titik.csv"
    points.write_text("kode,lon,lat\n32.05,107.9,-7.2\n")
    write_export(HOSTILE, ABOUT, tmp_path / "a.geojson", load_points(points))
    document = json.loads((tmp_path / "a.geojson").read_text())
    assert [feature["geometry"] for feature in document["features"]] == [
        {"type": "Point", "coordinates": [107.9, -7.2]}, None, None
    ]  # fmt: skip
    assert (
        document["keterangan"]["titik"]
        == "1 dari 3 baris memiliki koordinat, 0 di antaranya dari wilayah di atasnya (kode_titik)"
    )
    assert document["features"][1]["properties"]["kode"] == "32.02"
    with pytest.raises(ExportError, match="no places"):
        write_export(HOSTILE.drop(columns="kode"), ABOUT, tmp_path / "b.geojson")


def test_a_place_without_a_point_stands_at_the_one_around_it_and_says_so(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"kode": ["51.08.04.2006", "51.08", "51.0", "510", "52.01", "51.08.04.2006.1", None]}
    )
    write_export(frame, ABOUT, tmp_path / "a.geojson", {"51.08": (115.1, -8.2), "51.08.04": (115.0, -8.1)})
    document = json.loads((tmp_path / "a.geojson").read_text())
    rows = document["features"]
    assert [row["properties"]["kode_titik"] for row in rows] == [
        "51.08.04", "51.08", None, None, None, "51.08.04", None
    ]  # fmt: skip
    assert rows[0]["geometry"]["coordinates"] == [115.0, -8.1]
    assert document["keterangan"]["titik"].startswith(
        "3 dari 7 baris memiliki koordinat, 2 di antaranya dari"
    )


@pytest.mark.parametrize("text", ["kode,x\n1,2\n", "kode,lon,lat\n32,abc,1\n", "kode,lon,lat\n32,1000,1\n"])
def test_coordinates_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "titik.csv").write_text(text)
    with pytest.raises(ExportError):
        load_points(tmp_path / "titik.csv")


def test_invented_data_are_marked_in_every_row(tmp_path: Path) -> None:
    about = replace(ABOUT, catatan=(export.INVENTED,))
    for name in ("a.csv", "a.xlsx", "a.jsonl"):
        write_export(HOSTILE, about, tmp_path / name)
    assert (tmp_path / "a.csv").read_text().count(export.INVENTED) == 3
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Data"]
    assert [row[-1].value for row in sheet.iter_rows(min_row=2)] == [export.INVENTED] * 3
    assert (tmp_path / "a.jsonl").read_text().count(export.INVENTED) == 3


def test_a_failed_export_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text("lama")
    with pytest.raises(ExportError):
        write_export(HOSTILE.drop(columns="kode"), ABOUT, path)
    assert path.read_text() == "lama" and list(tmp_path.iterdir()) == [path]


def test_the_command_exports_everything_or_says_that_it_does_not(var: Path, tmp_path: Path) -> None:
    answer = run(var, str(tmp_path / "semua.csv"))
    assert "8 baris (lengkap), tanpa saringan" in answer.output
    answer = run(var, str(tmp_path / "b.csv"), "berita", "--wilayah", "32", "--limit", "5", "--json")
    told = json.loads(answer.output)
    assert (told["baris"], told["lengkap"], told["saringan"]) == (5, False, {"wilayah": "32"})
    assert len((tmp_path / "b.csv").read_text().splitlines()) == 6
    answer = run(var, str(tmp_path / "c.csv"), "kasus-per-jenis", "--limit", "2")
    assert "2 baris (TIDAK LENGKAP)" in answer.output
    answer = run(var, str(tmp_path / "d.csv"), "kasus-per-jenis", "--limit", "200")
    assert "7 baris (lengkap)" in answer.output
    answer = run(var, str(tmp_path / "e.xlsx"), "cari", "amplop", "--urut", "cocok")
    assert "3 baris (lengkap), urut cocok" in answer.output
    answer = run(var, str(tmp_path / "f.csv"), "mandek", "--per", "2024-11-30", "--json")
    assert json.loads(answer.output)["saringan"] == {"per": "2024-11-30"}


def test_exports_hold_codes_pages_and_hashes(var: Path, tmp_path: Path) -> None:
    run(var, str(tmp_path / "a.parquet"), "rekap", "--wilayah", "32.02")
    frame = pd.read_parquet(tmp_path / "a.parquet")
    assert set(frame["kode_kabupaten"]) == {"32.02"} and set(frame["snapshot"]) == {1}
    assert frame["sha256"].str.len().eq(64).all() and frame["alamat"].str.startswith("https://").all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.pdf"], "end its name in one of"),
        (["x.csv", "apa"], "pertanyaan 'apa' tidak ada"),
        (["x.csv", "rekap", "--wilayah", "99"], "tidak ada wilayah"),
        (["x.csv", "kotak", "--hari", "3"], "tidak menerima --hari"),
    ],
)
def test_wrong_use_gives_one_line(var: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    answer = run(var, str(tmp_path / arguments[0]), *arguments[1:])
    assert message in str(answer.exception)
    assert not list(tmp_path.iterdir())
