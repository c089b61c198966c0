"""The lake holds what the masked snapshot holds, cut by year, month and province, on disks and in object storage."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from findings import accused_article, make_capture
from moto.server import ThreadedMotoServer
from stories import store_pairs

from nlp.records import EventRef
from pipeline.cli.backfill import lake as command
from pipeline.cli.failure import Failure
from pipeline.database import fetch
from pipeline.lake import FAMILIES, LakeError, write_lake
from pipeline.parquet import WHOLE_TABLES
from pipeline.reader import open_store as open_published
from pipeline.shelf import Snapshot, current_snapshot
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store

CUT = [table for family in FAMILIES for table in (family.table, *family.children)]
NAME = "Sutrasna"


@pytest.fixture
def snapshot(press_var: Path) -> Snapshot:
    return current_snapshot(press_var / "snapshots")


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, Any]]:
    """An S3-compatible server on loopback with a bucket, as options of the file system."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    host, port = server.get_host_and_port()
    options = {"endpoint_url": f"http://{host}:{port}", "key": "x", "secret": "y"}
    import s3fs

    fs = s3fs.S3FileSystem(**options, skip_instance_cache=True)
    fs.mkdir("gudang")
    yield options
    server.stop()


def counts(con: duckdb.DuckDBPyConnection, source: str, tables: Iterable[str]) -> dict[str, int]:
    return {table: fetch(con, f"SELECT count(*) FROM {source.format(table)}")[0][0] for table in tables}


def test_lake_holds_what_the_snapshot_holds(snapshot: Snapshot, tmp_path: Path) -> None:
    report = write_lake(snapshot, str(tmp_path / "danau"))
    root = tmp_path / "danau"
    assert {path.name for path in (snapshot.path / "parquet").iterdir() if path.is_dir()} == {
        *CUT,
        *WHOLE_TABLES,
    }
    with closing(snapshot.connect()) as db, duckdb.connect() as con:
        wanted = {table: n for table, n in counts(db, "{}", (*CUT, *WHOLE_TABLES)).items() if n}
        assert wanted.keys() - report.tables == set()
        read = (
            f"read_parquet('{root}/{{}}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)"
        )
        assert counts(con, read, wanted) == wanted
        assert {"articles", "events", "event_members"} <= wanted.keys()
        cut = "year || '-' || month AS month, province"
        found = fetch(con, f"SELECT article_id, {cut} FROM {read.format('articles')} ORDER BY 1")
        known = fetch(
            db, "SELECT article_id, month, nullif(left(event_place, 2), '') FROM articles ORDER BY 1"
        )
        assert found == known
        # one month of one province is read without touching the others
        month, province = next((m, p) for _, m, p in known if p)
        some = f"read_parquet('{root}/articles/year={month[:4]}/month={month[5:]}/province={province}/*.parquet')"
        assert len(fetch(con, f"SELECT 1 FROM {some}")) == sum(row[1:] == (month, province) for row in known)


def test_lake_is_a_store_for_readers(snapshot: Snapshot, tmp_path: Path) -> None:
    write_lake(snapshot, str(tmp_path / "danau"))
    with open_published(tmp_path / "danau") as lake, open_published(snapshot.path) as known:
        assert lake.facts.articles == known.facts.articles
        for question in ("kasus-per-wilayah", "baru"):
            assert lake.ask(question).equals(known.ask(question))
        for table in ("articles", "evidence", "events", "event_members"):
            months = f"SELECT month, count(*) AS n FROM {table} GROUP BY month ORDER BY month"
            assert lake.sql(months).equals(known.sql(months)), table


def test_no_name_of_an_accused_reaches_the_lake(tmp_path: Path) -> None:
    article, found = accused_article()
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        store.store_articles([StoredArticle(article, (make_capture(article),))])
        store.store_extractions([(article, found)])
        made = publish(store, tmp_path / "snapshots")
    write_lake(made, str(tmp_path / "danau"))
    with duckdb.connect() as con:
        for path in (tmp_path / "danau").rglob("*.parquet"):
            assert NAME not in str(fetch(con, f"FROM read_parquet('{path}')")), path
        assert "Panwas" in article.text or fetch(
            con, f"SELECT text FROM '{tmp_path}/danau/articles/**/*.parquet'"
        )


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    target = tmp_path / "danau"
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        for number in range(3):
            add(store, number)
        first = write_lake(publish(store, tmp_path / "snapshots"), str(target))
        times = {path: path.stat().st_mtime_ns for path in target.rglob("*.parquet")}
        add(store, 0, "Ralat kecil.")
        second = write_lake(publish(store, tmp_path / "snapshots"), str(target))
        again = write_lake(current_snapshot(tmp_path / "snapshots"), str(target))
        assert write_lake(current_snapshot(tmp_path / "snapshots"), str(target), whole=True).kept == 0
    assert first.kept == 0
    assert second.kept > 0
    assert again.written == len(WHOLE_TABLES)
    articles = [
        p.parent.parent.name for p, t in times.items() if "articles" in str(p) and p.stat().st_mtime_ns == t
    ]
    assert not articles  # `whole` wrote them all in the end
    listed = json.loads((target / "lake.json").read_text())["files"]
    assert sorted(listed) == sorted(p.relative_to(target).as_posix() for p in target.rglob("*.parquet"))


def test_other_rules_and_another_store_leave_no_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = str(tmp_path / "danau")
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        add(store, 0)
        write_lake(publish(store, tmp_path / "snapshots"), target)
        assert write_lake(publish(store, tmp_path / "snapshots"), target).kept > 0
        with monkeypatch.context() as later:
            later.setattr("pipeline.snapshots.layout", lambda: "later")
            assert write_lake(publish(store, tmp_path / "snapshots"), target).kept == 0
    with open_store(tmp_path / "other" / "work.duckdb") as other:
        for number in range(3):
            add(other, number)
        with monkeypatch.context() as later:
            later.setattr("pipeline.snapshots.layout", lambda: "later")
            assert write_lake(publish(other, tmp_path / "others"), target).kept == 0


def test_files_that_a_killed_run_removed_or_left_are_put_right(snapshot: Snapshot, tmp_path: Path) -> None:
    target = tmp_path / "danau"
    write_lake(snapshot, str(target))
    files = {p.relative_to(target): p.stat().st_size for p in target.rglob("*.parquet")}
    lost = next(target.glob("articles/**/*.parquet"))
    left = target / "articles" / "year=1999" / "month=01" / "province=32" / "part.parquet"
    left.parent.mkdir(parents=True)
    lost.rename(left)
    write_lake(snapshot, str(target))
    assert {p.relative_to(target): p.stat().st_size for p in target.rglob("*.parquet")} == files


def add(store: Any, number: int, more: str = "") -> None:
    from dataclasses import replace
    from datetime import timedelta

    article, found = accused_article(f"a{number}")
    assert article.published
    article = replace(
        article, published=article.published + timedelta(days=40 * number), text=article.text + more
    )
    store.store_articles([StoredArticle(article, (make_capture(article, hour=len(more)),))])
    store.store_extractions([(article, found)])


def test_object_storage_is_written_and_read(
    snapshot: Snapshot, tmp_path: Path, bucket: dict[str, Any]
) -> None:
    import s3fs

    first = write_lake(snapshot, "s3://gudang/danau", options=bucket)
    assert first.written > len(WHOLE_TABLES)
    assert write_lake(snapshot, "s3://gudang/danau", options=bucket).written == len(WHOLE_TABLES)
    with duckdb.connect() as con, closing(snapshot.connect()) as db:
        con.register_filesystem(s3fs.S3FileSystem(**bucket))
        read = "read_parquet('s3://gudang/danau/{}/**/*.parquet', hive_partitioning = true)"
        full = [table for table in first.tables if counts(db, "{}", [table])[table]]
        assert counts(con, read, full) == counts(db, "{}", full)
    with open_published("s3://gudang/danau", storage_options=bucket) as lake:
        assert lake.facts.articles == snapshot.manifest["articles"]


def test_what_cannot_be_written_is_one_line(
    snapshot: Snapshot, tmp_path: Path, bucket: dict[str, Any]
) -> None:
    with pytest.raises(LakeError, match="s3://kosong/danau"):
        write_lake(snapshot, "s3://kosong/danau", options={**bucket, "endpoint_url": "http://127.0.0.1:9"})
    with pytest.raises(LakeError, match="nosuch"):
        write_lake(snapshot, "nosuch://x/danau")
    (tmp_path / "file").write_text("x")
    with pytest.raises(LakeError, match="file"):
        write_lake(snapshot, str(tmp_path / "file" / "danau"))


def test_only_a_lake_or_an_empty_place_is_written_to(
    snapshot: Snapshot, tmp_path: Path, bucket: dict[str, Any]
) -> None:
    import s3fs

    kept = tmp_path / "gambar" / "articles" / "foto.parquet"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x")
    s3fs.S3FileSystem(**bucket).pipe_file("s3://gudang/lain/foto.png", b"x")
    for target, options in ((str(tmp_path / "gambar"), {}), ("s3://gudang/lain", bucket)):
        for whole in (False, True):
            with pytest.raises(LakeError, match="is not empty and is no lake"):
                write_lake(snapshot, target, whole=whole, options=options)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    # a first run that was killed left files, and the mark before them
    torn = tmp_path / "danau" / "articles"
    torn.mkdir(parents=True)
    (torn.parent / "lake.json").write_text("{}")
    (torn / "part.parquet").write_bytes(b"x")
    assert write_lake(snapshot, str(torn.parent)).removed == 1
    (tmp_path / "kosong").mkdir()
    assert write_lake(snapshot, str(tmp_path / "kosong")).written


def test_the_mark_stands_before_the_first_file(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.lake._put_whole", dies)
    with pytest.raises(KeyboardInterrupt):
        write_lake(snapshot, str(tmp_path / "danau"))
    assert (tmp_path / "danau" / "articles").is_dir()
    monkeypatch.undo()
    assert write_lake(snapshot, str(tmp_path / "danau")).written


def test_command_writes_the_current_snapshot(press_var: Path, tmp_path: Path) -> None:
    given = [str(tmp_path / "danau"), "--var", str(press_var)]
    assert "berkas ditulis" in CliRunner().invoke(command, given).output
    row = json.loads(CliRunner().invoke(command, [*given, "--json"]).output)
    assert (row["written"], row["removed"]) == (len(WHOLE_TABLES), 0)
    failed = CliRunner().invoke(command, [str(tmp_path / "x"), "--var", str(tmp_path / "nothing")])
    assert isinstance(failed.exception, Failure)
    assert not (tmp_path / "x").exists()


def test_a_kept_copy_follows_the_lake_and_belongs_to_one_address(tmp_path: Path) -> None:
    """What left the lake is not counted in its copy, and another store's snapshot 1 is another snapshot."""
    for name, place in (("satu", "32.05.12"), ("dua", "33.01.01")):
        article, found = accused_article(name)
        pair = (article, replace(found, event=EventRef("2024-09-28", place)))
        with open_store(tmp_path / name / "work.duckdb") as store:
            store_pairs(store, pair)
            write_lake(publish(store, tmp_path / name / "snapshots"), str(tmp_path / "danau"))
        for address in ("danau", f"{name}/snapshots"):
            with open_published(f"file://{tmp_path}/{address}", cache=tmp_path / "kept") as kept:
                assert kept.sql("SELECT article_id FROM articles").values.tolist() == [[name]], address
