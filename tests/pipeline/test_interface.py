"""The Python interface against the press of press.py: a snapshot, its Parquet alone, over HTTP and S3."""

from __future__ import annotations

import functools
import http.server
import inspect
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

import pipeline
from pipeline import Filters, PublishedStore, QuestionError, SnapshotError, open_store
from pipeline.answer import LIST
from pipeline.questions import QUESTIONS
from pipeline.reader_questions import Questions

NEEDED = {"id": "kades1", "kata": "amplop", "pertama": "32.05", "kedua": "32.02"}
ELECTIONS = {"pertama": "pilkada 2020", "kedua": "pilkada 2024"}


def needs(name: str) -> dict[str, str]:
    """Return the words that a question needs."""
    words = NEEDED | ELECTIONS if name == "banding-pemilihan" else NEEDED
    return {need: words[need] for need in QUESTIONS[name].needs}


@pytest.fixture(scope="module")
def store(press_var: Path) -> Iterator[PublishedStore]:
    with open_store(press_var) as opened:
        yield opened


@pytest.fixture(scope="module")
def parquet(press_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Parquet folder of the snapshot, alone."""
    folder = tmp_path_factory.mktemp("lake") / "berkas"
    shutil.copytree(press_var / "snapshots" / "snap-1" / "parquet", folder)
    return folder


@pytest.fixture(scope="module")
def lake(parquet: Path) -> Iterator[PublishedStore]:
    with open_store(parquet) as opened:
        yield opened


def test_every_question_is_a_method_with_its_signature_and_words(store: PublishedStore) -> None:
    methods = {name.replace("_", "-") for name in vars(Questions) if not name.startswith("_")}
    assert methods == set(QUESTIONS)
    told = inspect.signature(store.kasus_per_wilayah)
    assert list(told.parameters) == ["filters", "tingkat"] and told.return_annotation is pd.DataFrame
    for name, question in QUESTIONS.items():
        method = getattr(store, name.replace("-", "_"))
        assert question.summary in method.__doc__ and (question.ask.__doc__ or "?") in method.__doc__
        pd.testing.assert_frame_equal(method(**needs(name)), store.ask(name, **needs(name)))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_parquet_folder_alone_answers_alike(
    name: str, store: PublishedStore, lake: PublishedStore
) -> None:
    frames = [one.ask(name, **needs(name)) for one in (lake, store)]
    if name == "membership":  # which comes in no order
        frames = [frame.sort_values("id", ignore_index=True) for frame in frames]
    pd.testing.assert_frame_equal(*frames)


def test_filters_options_and_limits(store: PublishedStore) -> None:
    typed = store.kasus_per_wilayah(Filters(wilayah="32", sejak=date(2024, 10, 1)), tingkat="kecamatan")
    asked = store.ask("kasus-per-wilayah", wilayah="32", sejak="2024-10-01", tingkat="kecamatan")
    pd.testing.assert_frame_equal(typed, asked)
    assert len(asked) == 4
    assert (len(store.rekap()), len(store.rekap(limit=None)), len(store.rekap(limit=3))) == (8, 8, 3)
    assert len(store.rekap()) < LIST and len(store.ask("kasus-per-jenis", limit=2)) == 2
    for wrong, told in [
        ({"wilayah": "99"}, "wilayah '99'"), ({"sejak": "besok"}, "sejak 'besok'"), ({"warna": "biru"}, "warna"),
    ]:  # fmt: skip
        with pytest.raises(QuestionError, match=told):
            store.ask("baru", **wrong)
    with pytest.raises(QuestionError, match="apa-kabar"):
        store.ask("apa-kabar")


def test_facts_tables_and_questions_are_told(store: PublishedStore, lake: PublishedStore) -> None:
    facts = store.facts
    assert (facts.snapshot, facts.articles, facts.cases, facts.prevention) == (1, 15, 8, 2)
    assert (facts.missing, facts.invented, facts.models) == ((), False, ("m1",))
    assert (lake.facts.snapshot, lake.facts.articles) == (None, 15)
    assert "snapshot 1, 15 articles, 8 cases" in repr(store)
    tables = store.tables()
    assert {"articles", "events", "cases"} <= set(tables["table"]) and "rowid" not in set(
        lake.tables()["column"]
    )
    told = tables[(tables["table"] == "events") & (tables["column"] == "decided")].iloc[0]
    assert (told["type"], "competent body" in told["description"]) == ("BOOLEAN", True)
    assert set(store.questions()["name"]) == set(QUESTIONS)


def test_sql_reads_and_large_results_become_arrow_and_parquet(store: PublishedStore, tmp_path: Path) -> None:
    query = "SELECT event_id, types FROM events WHERE kind = $kind ORDER BY 1"
    assert len(store.sql(query, {"kind": "kasus"})) == 8
    assert store.to_arrow(query, {"kind": "kasus"}).num_rows == 8
    file = store.to_parquet("SELECT range AS n FROM range(250_000)", tmp_path / "n.parquet")
    assert pq.read_table(file).num_rows == 250_000 and list(tmp_path.iterdir()) == [file]
    assert store.sql("SELECT label_of('kind', 'pencegahan') AS nama")["nama"][0] == "Pencegahan"


@pytest.mark.parametrize("kind", ["store", "lake"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE x (a INT)", "DROP TABLE articles", "DELETE FROM articles", "UPDATE articles SET title = ''",
        "INSERT INTO info VALUES ('a', 'b')", "COPY (SELECT 1) TO '{folder}/x.csv'", "ATTACH '{folder}/x.db'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/x.csv'", "SET enable_external_access = true",
        "CALL pragma_version()",
        "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM '/etc/hostname'", "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_csv('https://127.0.0.1/x.csv')", "SELECT 1; SELECT 2", "", "SELEC 1", "INSTALL httpfs",
        "SELECT * FROM hidden_frame", "PRAGMA database_list",
        "SELECT * FROM query('SELECT * FROM read_text(''/etc/hostname'')')",
    ],
)  # fmt: skip
def test_sql_can_do_nothing_but_read_the_store(
    kind: str, statement: str, request: pytest.FixtureRequest, parquet: Path
) -> None:
    opened: PublishedStore = request.getfixturevalue(kind)
    hidden_frame = pd.DataFrame({"a": [1]})
    before = sorted(parquet.rglob("*"))
    with pytest.raises(QuestionError, match="sql: "):
        opened.sql(statement.format(folder=parquet))
    assert sorted(parquet.rglob("*")) == before and len(hidden_frame) == 1


def test_the_restricted_copy_beside_a_snapshot_cannot_be_reached(press_var: Path) -> None:
    folder = press_var / "snapshots" / "snap-1"
    with open_store(folder) as opened:
        for statement in (
            f"ATTACH '{folder}/restricted.duckdb' AS r",
            f"SELECT * FROM '{folder}/restricted.duckdb'",
        ):
            with pytest.raises(QuestionError):
                opened.sql(statement)
        assert not opened.sql("SELECT text FROM articles")["text"].str.contains("Sutrasna").any()


def test_time_and_memory_are_bounded_and_the_store_goes_on(press_var: Path) -> None:
    with open_store(press_var, seconds=0.5) as opened:
        with pytest.raises(QuestionError, match=r"longer than 0\.5 seconds"):
            opened.sql("SELECT count(*) FROM range(10_000_000_000) a, range(1000) b WHERE hash(a, b) = 1")
        assert len(opened.sql("SELECT 1")) == 1
    with open_store(press_var, memory_mb=200, threads=1) as opened:
        with pytest.raises(QuestionError, match="more memory"):
            opened.sql("SELECT string_agg(repeat('x', 100000)) FROM range(1_000_000)")
        assert len(opened.baru()) == 8


def test_a_store_opens_beside_the_desk_in_one_process(press_var: Path, store: PublishedStore) -> None:
    with duckdb.connect(str(press_var / "snapshots" / "snap-1" / "wartawas.duckdb"), read_only=True) as desk:
        assert desk.execute("SELECT count(*) FROM articles").fetchall() == [(15,)]
        with open_store(press_var) as other:
            assert len(other.baru()) == len(store.baru()) == 8


def test_closing_removes_what_was_made(parquet: Path) -> None:
    opened = open_store(parquet)
    made = opened._found.file
    assert made.is_file() and not made.is_relative_to(parquet)
    opened.close()
    assert not made.exists()
    with pytest.raises(QuestionError):
        opened.sql("SELECT 1")


def recut(source: Path, target: Path, cuts: dict[str, str]) -> Path:
    """Write the tables of a Parquet folder anew, cut by other columns; those columns stand in the paths alone."""
    with duckdb.connect() as con:
        for folder in sorted(source.iterdir()):
            if not folder.is_dir():
                continue
            files = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = false)"
            cut = cuts.get(folder.name)
            (target / folder.name).parent.mkdir(parents=True, exist_ok=True)
            if cut is None:
                (target / folder.name).mkdir()
                con.execute(f"COPY (FROM {files}) TO '{target}/{folder.name}/semua.parquet'")
            else:
                con.execute(
                    f"COPY (SELECT *, {cut} FROM {files}) TO '{target}/{folder.name}' (FORMAT parquet, PARTITION_BY"
                    " (year, month, province))"
                )
    return target


def test_a_lake_by_year_month_and_province_answers_alike(
    parquet: Path, store: PublishedStore, tmp_path: Path
) -> None:
    cuts = {
        "articles": "year(day) AS year, month(day) AS month, coalesce(event_place[:2], '00') AS province",
        "events": "year(first_day) AS year, month(first_day) AS month",
    }
    source = tmp_path / "plain"
    shutil.copytree(parquet, source)
    with duckdb.connect() as con:  # the month stands in the path alone, as 10 and not 2024-10
        files = f"read_parquet('{parquet}/articles/**/*.parquet', hive_partitioning = false)"
        shutil.rmtree(source / "articles")
        (source / "articles").mkdir()
        con.execute(f"COPY (SELECT * EXCLUDE (month) FROM {files}) TO '{source}/articles/a.parquet'")
    folder = recut(source, tmp_path / "lake", cuts)
    assert len(list(folder.glob("articles/year=*/month=*/province=*/*.parquet"))) > 3
    with open_store(folder) as opened:
        for table in ("articles", "events"):
            months = f"SELECT month, count(*) AS n FROM {table} GROUP BY month ORDER BY month"
            pd.testing.assert_frame_equal(opened.sql(months), store.sql(months))
        for name in ("kasus-per-wilayah", "kasus-per-bulan", "rekap", "cari", "total"):
            pd.testing.assert_frame_equal(opened.ask(name, **needs(name)), store.ask(name, **needs(name)))


def test_tables_in_parquet_tell_their_month(parquet: Path, store: PublishedStore) -> None:
    tables = store.tables()
    with open_store(parquet) as opened:
        for table in tables.loc[tables["column"] == "month", "table"]:
            months = f"SELECT month, count(*) AS n FROM {table} GROUP BY month ORDER BY month"
            pd.testing.assert_frame_equal(opened.sql(months), store.sql(months))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Unlisted(_Quiet):
    def list_directory(self, path: Any) -> Any:
        self.send_error(404)


def served(folder: Path, handler: type[_Quiet]) -> Iterator[str]:
    bound = functools.partial(handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), bound)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site(press_var: Path) -> Iterator[str]:
    """The address of a web server that lists no folders and gives the snapshots."""
    yield from served(press_var, _Unlisted)


@pytest.mark.parametrize("place", ["", "/snapshots", "/snapshots/snap-1", "/snapshots/snap-1/parquet"])
def test_a_store_over_http_answers_alike(
    place: str, site: str, store: PublishedStore, tmp_path: Path
) -> None:
    with open_store(site + place, cache=tmp_path) as opened:
        for name in ("rekap", "cari", "artikel"):
            pd.testing.assert_frame_equal(opened.ask(name, **needs(name)), store.ask(name, **needs(name)))
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert kept and not any("restricted" in path.name for path in kept)
    with open_store(site + place, cache=tmp_path) as again:
        assert again.facts.articles == 15
    assert {path: path.stat().st_mtime_ns for path in kept} == kept  # nothing was fetched twice


def test_a_lake_over_http_is_found_by_its_listing(
    parquet: Path, store: PublishedStore, tmp_path: Path
) -> None:
    folder = recut(parquet, tmp_path / "lake", {})
    for site in served(folder, _Quiet):
        with open_store(site) as opened:
            pd.testing.assert_frame_equal(opened.rekap(), store.rekap())


def test_a_store_in_s3_answers_alike(
    parquet: Path, press_var: Path, store: PublishedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs
    from moto.server import ThreadedMotoServer

    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        options = {"key": "x", "secret": "y", "client_kwargs": {"endpoint_url": f"http://{host}:{port}"}}
        bucket = s3fs.S3FileSystem(**options)
        bucket.mkdir("arsip")
        bucket.put(str(parquet), "arsip/danau", recursive=True)
        bucket.rm("arsip/danau/state.json")
        snapshots = press_var / "snapshots"
        bucket.put(str(snapshots / "CURRENT"), "arsip/terbit/CURRENT")
        for name in ("manifest.json", "wartawas.duckdb", "search"):
            bucket.put(str(snapshots / "snap-1" / name), f"arsip/terbit/snap-1/{name}", recursive=True)
        for place in ("s3://arsip/danau", "s3://arsip/terbit"):
            with open_store(place, storage_options=options) as opened:
                pd.testing.assert_frame_equal(opened.rekap(), store.rekap())
        with pytest.raises(SnapshotError, match="neither a published snapshot"):
            open_store("s3://arsip/kosong", storage_options=options)
    finally:
        server.stop()


def test_hostile_addresses_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "CURRENT").write_text("../../etc\n")
    for site in served(folder, _Quiet):
        with pytest.raises(SnapshotError, match="names no snapshot"):
            open_store(site)
        (folder / "CURRENT").unlink()
        (folder / "state.json").write_text('{"articles": {"../../../../x": 1}}')
        with pytest.raises(SnapshotError, match=r"neither|odd name"):
            open_store(site)
        (folder / "state.json").write_text("[1, ")
        with pytest.raises(SnapshotError, match="cannot be read"):
            open_store(site)
    with pytest.raises(SnapshotError, match="cannot be read"):
        open_store("http://127.0.0.1:9/x")
    with pytest.raises(SnapshotError, match="no such kind of address"):
        open_store("gopherx://a/b")


def test_what_cannot_be_opened_says_what_to_do(tmp_path: Path, press_var: Path, parquet: Path) -> None:
    (tmp_path / "var" / "snapshots").mkdir(parents=True)
    for place, told in [
        (tmp_path / "tidak-ada", "no such folder"),
        (tmp_path / "var", "nothing has been published yet; run `wartawas publish`"),
        (tmp_path / "var" / "snapshots", "nothing has been published yet"),
        (tmp_path, "holds neither a published snapshot"),
    ]:
        with pytest.raises(SnapshotError, match=told):
            open_store(place)
    with pytest.raises(SnapshotError, match="no snapshot 7"):
        open_store(press_var, snapshot=7)
    with pytest.raises(SnapshotError, match="no snapshot 7 to choose"):
        open_store(parquet, snapshot=7)
    broken = tmp_path / "snap-3"
    broken.mkdir()
    (broken / "manifest.json").write_text("{}")
    (broken / "wartawas.duckdb").write_text("bukan")
    with pytest.raises(SnapshotError, match="is no database"):
        open_store(broken)
    (broken / "wartawas.duckdb").unlink()
    with pytest.raises(SnapshotError, match="copy it whole"):
        open_store(broken)
    part = tmp_path / "part"
    shutil.copytree(parquet / "articles", part / "articles")
    with pytest.raises(SnapshotError, match="holds no Parquet of events, event_members, cases"):
        open_store(part)
    next((part / "articles").rglob("*.parquet")).write_text("rusak")
    for name in ("events", "event_members", "cases", "sources", "labels", "regions"):
        shutil.copytree(parquet / name, part / name)
    with pytest.raises(SnapshotError, match="cannot be read"):
        open_store(part)


def test_the_store_of_the_environment_or_the_demo_is_the_default(
    press_var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WARTAWAS_STORE", raising=False)
    with pytest.raises(SnapshotError, match="run `wartawas demo`"):
        open_store()
    monkeypatch.setenv("WARTAWAS_STORE", str(press_var))
    with open_store() as opened:
        assert opened.facts.articles == 15


def test_without_the_extra_an_address_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(SnapshotError, match=r"pip install 'wartawas\[remote\]'"):
        open_store("https://kabar.example/snapshots")


def test_the_package_offers_it_and_imports_it_only_then() -> None:
    heavy = ("pandas", "duckdb", "pipeline.reader")
    code = f"import sys, pipeline, pipeline.cli; print([m for m in {heavy} if m in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(Path(pipeline.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == "[]"
    assert set(pipeline.__all__) <= set(dir(pipeline)) and all(
        getattr(pipeline, name) for name in pipeline.__all__
    )
    with pytest.raises(AttributeError, match="no attribute 'buka'"):
        pipeline.buka  # noqa: B018
