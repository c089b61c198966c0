"""A backup comes back byte for byte, gives the same answers, and is refused where a byte differs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from nights import Installation

from pipeline.backup import MANIFEST, BackupError, check_backup, load_backup, make_backup, restore_backup
from pipeline.database import connect
from pipeline.doctor import examine
from pipeline.lock import LockError, hold_lock
from pipeline.morning import write_morning
from pipeline.night_record import NightRecord, load_records, save_record
from pipeline.reviews import Reviews, TextRef
from pipeline.settings import Settings

NIGHT = NightRecord("20260302T140000Z-aaaaaa", "2026-03-02", "2026-03-02T14:00:00+00:00", "done")


@pytest.fixture
def at(two_nights: Installation, tmp_path: Path) -> Installation:
    copy = two_nights.copy(tmp_path)
    with Reviews(copy.settings.reviews) as reviews:
        reviews.decide(
            "join", [TextRef("https://a.example/1", "a" * 64)], [TextRef(None, "b" * 64)], reviewer="p"
        )
    write_morning(copy.settings, NIGHT)
    save_record(copy.settings.nights, NIGHT)
    (copy.settings.var / "sources").mkdir()
    (copy.settings.var / "sources" / "contoh.toml").write_text("name = 'Contoh'\n")
    return copy


def answers(at: Installation) -> str:
    """Return the hash of every row of every table that readers of the snapshot see."""
    hasher = hashlib.sha256()
    with closing(connect(at.snapshot().path / "wartawas.duckdb", read_only=True)) as db:
        tables = [t for (t,) in db.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        for table in tables:
            if table in {"info", "runs"}:  # when it was published, and by which run
                continue
            columns = [c for (c,) in db.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?"
                                                " AND column_name <> 'written'", [table]).fetchall()]  # fmt: skip
            names = ", ".join(f'"{column}"' for column in columns)
            rows = db.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()
            hasher.update(repr((table, columns, rows)).encode())
        assert len(tables) > 10
    return hasher.hexdigest()


@pytest.mark.parametrize("target", ["cadangan", "cadangan.tar"])
def test_restored_installation_gives_the_same_answers(at: Installation, tmp_path: Path, target: str) -> None:
    at.publish()
    place = tmp_path / "elsewhere" / target
    made = make_backup(at.settings, place, archive=True)
    empty = Installation(tmp_path / "new")
    assert restore_backup(empty.settings, place) == made
    empty.publish(rebuild=True)
    assert answers(empty) == answers(at)
    assert [c.sha256 for c in empty.captures()] == [c.sha256 for c in at.captures()]
    assert {check.level for check in examine(empty.settings, samples=None)} == {"ok"}
    with Reviews(empty.settings.reviews) as reviews:
        assert len(reviews.decisions()) == 1
    assert (empty.settings.var / "sources" / "contoh.toml").is_file()
    ((record,), page) = load_records(empty.settings.nights), f"nights/{NIGHT.run}.html"
    assert record == NIGHT
    assert (empty.settings.var / page).read_bytes() == (at.settings.var / page).read_bytes()
    assert empty.settings.store.parent.stat().st_mode & 0o077 == 0


def test_backup_is_open_to_nobody_else(at: Installation, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere" / "cadangan"
    before = os.umask(0o022)
    try:
        make_backup(at.settings, place, archive=True)
        (place / "archive").chmod(0o755)  # as earlier versions left it
        make_backup(at.settings, place, archive=True)
        make_backup(at.settings, place.with_suffix(".tar"), archive=True)
    finally:
        os.umask(before)
    made = [path for path in (place.parent, *place.parent.rglob("*")) if path.stat().st_mode & 0o077]
    assert made == []
    assert any(path.suffix == ".gz" for path in place.rglob("*"))


def test_without_the_archive_its_files_are_listed(at: Installation, tmp_path: Path) -> None:
    made = make_backup(at.settings, tmp_path / "b")
    assert not made.whole and not (tmp_path / "b" / "archive").exists()
    files = {f"archive/{capture.warc}" for capture in at.captures()}
    assert set(made.archive) == files
    name = min(files)
    stored = at.settings.var / name
    assert made.archive[name].sha256 == hashlib.sha256(stored.read_bytes()).hexdigest()


def test_folder_is_brought_up_to_date_and_forgets_removed_pages(at: Installation, tmp_path: Path) -> None:
    place = tmp_path / "b"
    make_backup(at.settings, place, archive=True)
    extra = at.settings.archive / "situs" / "baru.warc.gz"
    extra.parent.mkdir()
    extra.write_bytes(b"baru")
    make_backup(at.settings, place, archive=True)
    assert (place / "archive" / "situs" / "baru.warc.gz").read_bytes() == b"baru"
    extra.unlink()
    make_backup(at.settings, place, archive=True)
    assert not (place / "archive" / "situs" / "baru.warc.gz").exists()
    assert len(list(place.glob("data-*"))) == 1
    check_backup(place)


def test_archived_pages_of_a_backup_are_not_lost_by_one_without_them(
    at: Installation, tmp_path: Path
) -> None:
    place = tmp_path / "b"
    make_backup(at.settings, place)
    before = make_backup(at.settings, place, archive=True)
    with pytest.raises(BackupError, match=r"holds the archived pages too.*add --archive"):
        make_backup(at.settings, place)
    assert check_backup(place) == before


@pytest.mark.parametrize("target", ["cadangan", "cadangan.tar"])
def test_one_wrong_byte_is_found_and_nothing_is_restored(
    at: Installation, tmp_path: Path, target: str
) -> None:
    place = tmp_path / target
    make_backup(at.settings, place)
    if place.is_dir():
        (file,) = place.glob("data-*/store/work.duckdb")
        change_byte(file, 5000)
    else:
        with tarfile.open(place) as tar:
            change_byte(place, tar.getmember("store/work.duckdb").offset_data + 5000)
    empty = Settings(var=tmp_path / "new" / "var")
    with pytest.raises(BackupError, match=r"work\.duckdb: differs from what was backed up"):
        restore_backup(empty, place)
    assert not empty.var.exists() and not list(empty.var.parent.iterdir())


def change_byte(file: Path, at: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        byte = opened.read(1)
        opened.seek(at)
        opened.write(bytes([byte[0] ^ 1]))


def test_folder_that_is_not_empty_is_never_overwritten(at: Installation, tmp_path: Path) -> None:
    make_backup(at.settings, tmp_path / "b")
    with pytest.raises(BackupError, match="is not empty"):
        restore_backup(at.settings, tmp_path / "b")
    for absent in (tmp_path / "nosuch", tmp_path / "nosuch.tar"):
        with pytest.raises(BackupError, match=rf"{absent}: no such backup"):
            restore_backup(at.settings, absent)


def test_hostile_names_are_refused(at: Installation, tmp_path: Path) -> None:
    place = tmp_path / "b"
    make_backup(at.settings, place)
    row = json.loads((place / MANIFEST).read_text())
    row["files"]["../lari"] = [1, "x", 0]
    (place / MANIFEST).write_text(json.dumps(row))
    with pytest.raises(BackupError, match="outside of the backup"):
        restore_backup(Settings(var=tmp_path / "new"), place)
    for text in ("{", "[]", '{"format": 99}'):
        (place / MANIFEST).write_text(text)
        with pytest.raises(BackupError):
            load_backup(place)
    with pytest.raises(BackupError, match="no readable backup"):
        load_backup(at.settings.ledger)


def test_a_folder_of_other_things_is_left_alone(at: Installation, tmp_path: Path) -> None:
    """A backup removes what it does not know: in `archive`, and every `data-…` of an earlier one."""
    place = tmp_path / "b"
    for name in ("data-pemilih/dpt.csv", "archive/foto.jpg"):
        (place / name).parent.mkdir(parents=True)
        (place / name).write_text("milik orang")
        with pytest.raises(BackupError, match="give an empty folder"):
            make_backup(at.settings, place)
    assert len(list(place.rglob("*.*"))) == 2
    shutil.rmtree(place)
    for left in ("data-2026-03-02T140000Z/store", ".wartawas-ab12"):  # a first backup that was killed
        (place / left).mkdir(parents=True)
    make_backup(at.settings, place)
    (place / "data-pemilih").mkdir()
    make_backup(at.settings, place)
    assert sorted(path.name for path in place.glob("data-*")) == [load_data(place), "data-pemilih"]


def load_data(place: Path) -> str:
    return str(json.loads((place / MANIFEST).read_text())["data"])


def test_nothing_is_backed_up_into_itself_or_while_a_night_runs(at: Installation, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="inside of"):
        make_backup(at.settings, at.settings.var / "b")
    with hold_lock(at.settings.var / "nightly.lock", "nightly"), pytest.raises(LockError, match="nightly"):
        make_backup(at.settings, tmp_path / "b")
    with pytest.raises(BackupError, match="nothing to keep"):
        make_backup(Settings(var=tmp_path / "leer"), tmp_path / "b")


def test_ledger_is_copied_whole_while_a_transaction_is_open(at: Installation, tmp_path: Path) -> None:
    con = sqlite3.connect(at.settings.ledger, isolation_level=None)
    con.execute("BEGIN IMMEDIATE")
    con.execute("DELETE FROM outcomes")
    try:
        make_backup(at.settings, tmp_path / "b")
    finally:
        con.execute("ROLLBACK")
        con.close()
    restored = Settings(var=tmp_path / "new")
    restore_backup(restored, tmp_path / "b")
    with closing(sqlite3.connect(restored.ledger)) as copy:
        assert copy.execute("SELECT count(*) FROM outcomes").fetchone()[0] > 0


def test_failed_backup_leaves_the_earlier_one(at: Installation, tmp_path: Path) -> None:
    place = tmp_path / "b"
    before = make_backup(at.settings, place)
    (at.settings.var / "rusak.sqlite").write_bytes(b"bukan basis data" * 500)
    with pytest.raises(BackupError, match=r"rusak\.sqlite: cannot be copied"):
        make_backup(at.settings, place)
    assert check_backup(place) == before
    assert not list(place.glob(".wartawas-*"))
    shutil.rmtree(place)
    assert os.path.lexists(at.settings.ledger)


@pytest.mark.parametrize("step", ["copy", "move"])
def test_backup_that_breaks_off_leaves_a_whole_one(
    at: Installation, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of the archive were rewritten since the backup before, as an erasure does it."""
    place = tmp_path / "b"
    before = make_backup(at.settings, place, archive=True)
    for path in at.settings.archive.rglob("*.gz"):
        change_byte(path, 30)

    def full(*paths: Path) -> None:
        # the first file is written, the second one finds the disk full
        done.append(paths[0])
        if "archive" in paths[0].parts and sum("archive" in path.parts for path in done) == 2:
            raise OSError(28, "No space left on device")
        (copy if step == "copy" else move)(*paths)

    done: list[Path] = []
    copy, move = shutil.copyfile, Path.replace
    with monkeypatch.context() as patched:
        patched.setattr(*((shutil, "copyfile") if step == "copy" else (Path, "replace")), full)
        with pytest.raises(OSError, match="No space left"):
            make_backup(at.settings, place, archive=True)
    found = check_backup(place)
    assert (found == before) is (step == "copy")
    made = make_backup(at.settings, place, archive=True)
    assert check_backup(place) == made
    assert not list(place.glob("data-*/archive/**/*.gz"))
