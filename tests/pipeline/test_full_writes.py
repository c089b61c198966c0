"""A full disk ends every command that writes with one line that names what was to be written, and leaves nothing."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from small_disk import small_disk
from test_export import ABOUT

from pipeline.checksums import file_sha256
from pipeline.cli import wartawas
from pipeline.cli.failure import Failure
from pipeline.dataset import DatasetError, write_dataset
from pipeline.export import write_export
from pipeline.shelf import SnapshotError, add_snapshot, current_snapshot

WARTAWAS = Path(sys.executable).parent / "wartawas"


def run(var: Path, *arguments: str) -> Result:
    return CliRunner().invoke(wartawas, [*arguments, "--var", str(var)])


def told(result: Result) -> str:
    assert isinstance(result.exception, Failure), result.exception
    return str(result.exception)


# the limit holds for temporary files too, over which the zip file of a spreadsheet stumbles once more as it goes
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl", "geojson"])
def test_an_export_to_a_full_disk_names_its_file(press_var: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"rekap.{kind}"
    with small_disk(300):
        result = run(press_var, "export", str(target))
    gc.collect()
    assert told(result) == f"{target}: File too large"
    assert not list(tmp_path.iterdir())


def test_a_data_set_on_a_full_disk_names_its_folder(press_var: Path, tmp_path: Path) -> None:
    with small_disk(300):
        result = run(press_var, "export", "--dataset", str(tmp_path / "ds"))
    assert told(result) == f"{tmp_path / 'ds'}: File too large"
    assert not list(tmp_path.iterdir())


def test_a_report_on_a_full_disk_names_its_file(press_var: Path, tmp_path: Path) -> None:
    with small_disk(300):
        result = run(press_var, "report", "--weekly", "--out", str(tmp_path))
    assert told(result).endswith(".html: File too large")
    assert not list(tmp_path.iterdir())


def test_a_pdf_on_a_full_disk_names_its_file(
    press_var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.report.render_html", lambda _: "pendek")
    with small_disk(300):
        result = run(press_var, "report", "--weekly", "--out", str(tmp_path))
    assert told(result).endswith(".pdf: File too large")
    assert [path.suffix for path in tmp_path.iterdir()] == [".html"]


def test_standard_output_on_a_full_device_is_one_line(press_var: Path) -> None:
    for unbuffered in ("", "1"):
        with Path("/dev/full").open("w") as full:
            ran = subprocess.run(
                [WARTAWAS, "query", "baru", "--var", str(press_var)],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            )
        assert ran.returncode == 1
        assert ran.stderr.startswith("wartawas: standard output: No space left on device")
        assert len(ran.stderr.splitlines()) == 1


def test_a_first_publication_that_fails_promises_no_earlier_snapshot(tmp_path: Path) -> None:
    def full(folder: Path) -> dict[str, object]:
        raise OSError(28, "No space left on device")

    with pytest.raises(SnapshotError, match="there is no earlier snapshot"):
        add_snapshot(tmp_path / "snapshots", full)
    add_snapshot(tmp_path / "snapshots", lambda _: {})
    with pytest.raises(SnapshotError, match="the earlier snapshot stays current"):
        add_snapshot(tmp_path / "snapshots", full)


def test_two_exports_to_one_file_at_once_do_not_meet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"kasus": range(2000)})

    def export(number: int) -> None:
        write_export(frame, ABOUT, tmp_path / "k.xlsx")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(export, range(8)))
    assert [path.name for path in tmp_path.iterdir()] == ["k.xlsx"]
    sheet = openpyxl.load_workbook(tmp_path / "k.xlsx")["Data"]
    assert sheet.max_row == 2001


def test_of_two_data_sets_for_one_folder_at_once_one_is_written_whole(
    press_var: Path, tmp_path: Path
) -> None:
    def export(number: int) -> int:
        try:
            return write_dataset(current_snapshot(press_var / "snapshots"), tmp_path / "ds").rows["articles"]
        except DatasetError as error:
            assert "is there already" in str(error)
            return 0

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(export, range(2))
    assert first or second
    assert [path.name for path in tmp_path.iterdir()] == ["ds"]
    for line in (tmp_path / "ds" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert file_sha256(tmp_path / "ds" / name) == digest
