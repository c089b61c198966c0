"""What a program or a notebook is told where it asks the Python interface wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import Filters, PublishedStore, QuestionError, SnapshotError, open_store


@pytest.fixture(scope="module")
def store(press_var: Path) -> Iterator[PublishedStore]:
    with open_store(press_var) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("wilayah", 32, 'wilayah 32: berikan teks, misalnya wilayah="32"'),
        ("jenis", ["netralitas"], "jenis .* berikan teks"),
        ("sejak", "2024-10-01", r"sejak '2024-10-01': berikan hari, misalnya sejak=date\("),
        ("sampai", datetime(2024, 10, 1, 12), "sampai .* berikan hari"),
    ],
)
def test_filters_of_another_type_are_told(name: str, value: Any, told: str) -> None:
    with pytest.raises(QuestionError, match=told):
        Filters(**{name: value})


def test_a_wrong_question_is_told_with_what_is_near(store: PublishedStore) -> None:
    anything: Any = store
    with pytest.raises(QuestionError, match=r"tren: '32' bukan saringan; .*Filters\(wilayah=\"32\"\)"):
        anything.tren("32")
    with pytest.raises(QuestionError, match=r"'trend' tidak ada \(mungkin tren\?\)"):
        store.ask("trend")
    with pytest.raises(QuestionError, match=r"--wilyah \(mungkin wilayah\?\)"):
        store.ask("tren", wilyah="32")
    with pytest.raises(QuestionError, match=r"--stuan \(mungkin satuan\?\)"):
        store.ask("tren", stuan="bulan")
    with pytest.raises(QuestionError, match="sejak 'kemarin': berikan hari sebagai YYYY-MM-DD"):
        store.ask("tren", sejak="kemarin")


def test_a_file_is_told_from_a_place_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "work.duckdb").touch()
    with pytest.raises(SnapshotError, match=r"work\.duckdb: is a file, .* give the folder"):
        open_store(tmp_path / "work.duckdb")
    with pytest.raises(SnapshotError, match="there is no such folder"):
        open_store(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ({"memory_mb": 1}, "needs more memory to open; give a larger `memory_mb`"),
        ({"memory_mb": -1}, "memory_mb -1: give a number above 0"),
        ({"threads": -1}, "threads -1: give a number above 0"),
        ({"seconds": 0}, "seconds 0: give a number above 0"),
    ],
)
def test_bounds_that_allow_nothing_are_told(bounds: dict[str, Any], told: str, press_var: Path) -> None:
    with pytest.raises(SnapshotError, match=told):
        open_store(press_var, **bounds)


@pytest.mark.parametrize("folder", ["", "parquet"])
def test_a_closed_store_says_so(folder: str, press_var: Path, tmp_path: Path) -> None:
    opened = open_store(press_var / "snapshots" / "snap-1" / folder)
    opened.close()
    opened.close()
    for asked in (
        lambda: opened.sql("SELECT 1"),
        lambda: opened.ask("cari", kata="amplop"),
        lambda: opened.to_parquet("SELECT 1", tmp_path / "x.parquet"),
    ):
        with pytest.raises(QuestionError, match="the store is closed; open it again"):
            asked()
    assert list(tmp_path.iterdir()) == []


def test_a_file_goes_into_a_folder_that_is_there(store: PublishedStore, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"x\.parquet: the folder .*baru is not there; make it first"):
        store.to_parquet("SELECT 1 AS n", tmp_path / "baru" / "x.parquet")
