from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.database import (
    MIGRATIONS,
    StoreError,
    fetch,
    limit_memory,
    migrations,
    newest_version,
    open_work_file,
    scalar,
)

SCHEMAS = Path(__file__).with_name("schemas")


def columns(path: Path) -> list[tuple[str, ...]]:
    con = open_work_file(path)
    found = fetch(
        con,
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " ORDER BY table_name, column_name",
    )
    rules = fetch(con, "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL")
    con.close()
    return found + rules


def old_database(path: Path, version: int) -> Path:
    con = open_work_file(path, folder=path.parent / "none")
    for (name,) in fetch(con, "SELECT view_name FROM duckdb_views() WHERE NOT internal"):
        con.execute(f"DROP VIEW {name}")
    for (name,) in fetch(con, "SELECT table_name FROM duckdb_tables()"):
        con.execute(f"DROP TABLE {name}")
    con.execute("DROP SEQUENCE revisions")
    con.execute((SCHEMAS / f"{version:04}.sql").read_text(encoding="utf-8"))
    con.execute("INSERT INTO schema_versions VALUES (?, TIMESTAMP '2026-01-01')", [version])
    con.close()
    return path


def test_migrations_are_numbered_without_gaps() -> None:
    assert sorted(migrations()) == list(range(2, newest_version() + 1))


@pytest.mark.parametrize("version", range(1, newest_version() + 1))
def test_every_earlier_schema_is_brought_to_the_present_one(version: int, tmp_path: Path) -> None:
    old = columns(old_database(tmp_path / "old.duckdb", version))
    assert old == columns(tmp_path / "new.duckdb")


def test_migrations_run_once_each_in_order_and_keep_the_rows(tmp_path: Path) -> None:
    path, folder = tmp_path / "work.duckdb", tmp_path / "steps"
    con = open_work_file(path, folder=folder)
    con.execute("INSERT INTO regions VALUES ('99', 'province', 'Contoh', NULL)")
    con.close()
    folder.mkdir()
    (folder / "0003_second.sql").write_text("UPDATE regions SET note = note || '!'")
    (folder / "0002_first.sql").write_text(
        "ALTER TABLE regions ADD COLUMN note VARCHAR; UPDATE regions SET note = 'a'"
    )
    for _ in range(2):
        con = open_work_file(path, folder=folder)
        assert fetch(con, "SELECT name, note FROM regions") == [("Contoh", "a!")]
        assert fetch(con, "SELECT version FROM schema_versions ORDER BY version") == [(1,), (2,), (3,)]
        con.close()


def test_a_broken_migration_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    path, folder = tmp_path / "work.duckdb", tmp_path / "steps"
    open_work_file(path, folder=folder).close()
    folder.mkdir()
    (folder / "0002_bad.sql").write_text("ALTER TABLE regions ADD COLUMN note VARCHAR; SELECT nonsense")
    with pytest.raises(StoreError, match="could not be brought up to date"):
        open_work_file(path, folder=folder)
    con = open_work_file(path, folder=tmp_path / "none")
    assert scalar(con, "SELECT count(*) FROM information_schema.columns WHERE column_name = 'note'") == 0
    con.close()


def test_a_newer_schema_is_refused_with_one_line_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    con = open_work_file(path)
    con.execute("INSERT INTO schema_versions VALUES (99, TIMESTAMP '2030-01-01')")
    con.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        open_work_file(path)
    assert "schema version 99" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_store_that_another_process_writes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    con = open_work_file(path)
    script = (
        "import sys; from pathlib import Path; from pipeline.database import StoreError, open_work_file\n"
        "try: open_work_file(Path(sys.argv[1]))\n"
        "except StoreError as error: print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    ).stdout
    con.close()
    assert "is in use by process" in told
    assert len(told.splitlines()) == 1


def test_the_work_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "store" / "work.duckdb"
    open_work_file(path).close()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_writers_memory_grows_with_the_indexes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    con = open_work_file(path)
    small = _limit(con)
    large = tmp_path / "large.duckdb"
    with large.open("wb") as file:
        file.truncate(10_000_000_000)  # 3.4 million articles, whose indexes take 1.4 GB
    limit_memory(con, large)
    assert small < 1_000
    assert 1_900 < _limit(con) < 2_500
    con.close()


def _limit(con: duckdb.DuckDBPyConnection) -> float:
    value, unit = str(scalar(con, "SELECT current_setting('memory_limit')")).split()
    return float(value) * {"MiB": 1.049, "GiB": 1074}[unit]


def test_the_folder_of_migrations_holds_nothing_else() -> None:
    assert {file.suffix for file in MIGRATIONS.glob("*")} <= {".sql"}
