"""The data set of `wartawas export --dataset`: who can read it, who is named in it, what is said about it."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from findings import accused_article, make_capture, prevention_article

from pipeline import dataset
from pipeline.cli import wartawas
from pipeline.dataset import DatasetError, DatasetOptions, write_dataset
from pipeline.dataset_tables import LEFT_OUT, PARTS
from pipeline.events import link_events
from pipeline.filters import Filters
from pipeline.pseudonyms import MASKED, Pseudonyms, Veil, veil, whole_names
from pipeline.shelf import Snapshot, current_snapshot
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store

OFFICIAL, PRIVATE, ACCUSED, REPORTER = "Lestari Adiguna", "Darmawan Sukmajaya", "Sutrasna", "Yanuar"
PLAIN = {"string", "bool", "int32", "int64", "double", "date32[day]", "timestamp[us]"}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs whose articles name an accused, a reporter, an official and somebody without office."""
    folder = tmp_path_factory.mktemp("named")
    pairs = [
        accused_article(url="https://kabar.example/2024/ketua-lestari-adiguna-terima-laporan"),
        prevention_article(),
    ]
    titled = replace(
        pairs[1][0], title="Ketua Bawaslu Lestari Adiguna dan Darmawan Sukmajaya Hadiri Sosialisasi"
    )
    pairs[1] = (titled, pairs[1][1])
    with open_store(folder / "store" / "work.duckdb") as store:
        store.store_articles(
            StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs, 1)
        )
        store.store_extractions(pairs)
        link_events(store)
        publish(store, folder / "snapshots")
    return folder


@pytest.fixture(scope="module")
def snapshot(named: Path) -> Snapshot:
    return current_snapshot(named / "snapshots")


@pytest.fixture(scope="module")
def folder(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("set") / "data"
    write_dataset(snapshot, target)
    return target


def everything(folder: Path) -> str:
    """Return every value of every table, and every paper, as one text."""
    files = (file for file in sorted(folder.glob("*.parquet")) if file.stem not in ("regions", "labels"))
    tables = [pd.read_parquet(file).to_csv() for file in files]
    papers = [file.read_text() for file in folder.iterdir() if file.suffix != ".parquet"]
    return "\n".join([*tables, *papers])


def run(var: Path, *arguments: str) -> Result:
    return CliRunner().invoke(wartawas, ["export", *arguments, "--var", str(var)])


def test_every_table_of_a_snapshot_is_in_it_or_left_out_with_a_reason(snapshot: Snapshot) -> None:
    with closing(snapshot.connect()) as db:
        known = {
            name
            for (name,) in db.execute(
                "SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal"
            ).fetchall()
        }
    assert known == {part.table for part in PARTS} | set(LEFT_OUT)


def test_only_plain_types_that_pandas_polars_and_duckdb_read_alike(folder: Path) -> None:
    files = sorted(folder.glob("*.parquet"))
    assert [file.stem for file in files] == sorted(part.table for part in PARTS)
    for file in files:
        schema = pq.read_schema(file)
        assert {str(kind) for kind in schema.types} <= PLAIN
        metadata = pq.ParquetFile(file).metadata
        assert {metadata.schema.column(n).max_repetition_level for n in range(len(schema))} == {0}
        frames: list[Any] = [pd.read_parquet(file), pl.read_parquet(file), duckdb.read_parquet(str(file))]
        assert {tuple(frame.columns) for frame in frames} == {tuple(schema.names)}
        assert {len(frame) for frame in frames} == {metadata.num_rows}
    events = pl.read_parquet(folder / "events.parquet")
    assert events["first_day"].dtype == pl.Date and events["decided"].dtype == pl.Boolean
    (types,) = duckdb.sql(f"SELECT types FROM '{folder}/events.parquet' WHERE kind = 'kasus'").fetchall()
    assert types == ("netralitas.kades",)


def test_persons_are_pseudonyms_and_the_accused_are_nowhere(folder: Path) -> None:
    said = everything(folder)
    for name in (OFFICIAL, PRIVATE, ACCUSED, REPORTER, *OFFICIAL.split(), "S*******", "sutrasna", "adiguna"):
        assert name not in said, name
    officials = pd.read_parquet(folder / "officials.parquet")
    assert set(officials["name"].str.replace(r"[0-9a-f]{12}$", "#", regex=True)) == {"orang-#", MASKED}
    mentions = pd.read_parquet(folder / "mentions.parquet")
    persons = mentions[mentions["label"] == "per"]["text"]
    assert persons.str.match(r"orang-[0-9a-f]{12}$|\[disamarkan\]$").all()
    # one person, one pseudonym: as an official and as a mention
    assert set(officials["name"]) - {MASKED} <= set(persons)
    known = set(pd.read_parquet(folder / "registry.parquet")["official_id"])
    assert known and set(officials["official_id"].dropna()) == known
    titles = set(pd.read_parquet(folder / "articles.parquet")["title"])
    assert titles == {"Kades [nama] Dilaporkan", "Ketua Bawaslu [nama] dan [nama] Hadiri Sosialisasi"}
    urls = pd.read_parquet(folder / "articles.parquet")["url"]
    assert urls.str.contains(r"ketua-\*-terima", regex=True).any()
    assert not {"terlapor", "korban", "reporter"} & set(pd.read_parquet(folder / "cases.parquet").columns)


def test_officials_keep_their_names_only_where_asked(snapshot: Snapshot, tmp_path: Path) -> None:
    write_dataset(snapshot, tmp_path / "a", DatasetOptions(officials=True))
    said = everything(tmp_path / "a")
    assert OFFICIAL in said and "Officials are named" in said
    for name in (PRIVATE, ACCUSED, REPORTER):
        assert name not in said
    assert "name of the official" in (tmp_path / "a" / "dictionary.md").read_text()


def test_texts_only_where_asked_and_their_offsets_hold(
    snapshot: Snapshot, tmp_path: Path, folder: Path
) -> None:
    assert "text" not in pd.read_parquet(folder / "articles.parquet").columns
    # where a mention stands, and where its neighbours do, tells how long the name behind a mask is
    for file in folder.glob("*.parquet"):
        assert not {"start_at", "end_at"} & set(pq.read_schema(file).names), file.stem
    write_dataset(snapshot, tmp_path / "a", DatasetOptions(texts=True))
    said = everything(tmp_path / "a")
    for name in (OFFICIAL, PRIVATE, ACCUSED, REPORTER):
        assert name not in said
    articles = pd.read_parquet(tmp_path / "a" / "articles.parquet").set_index("article_id")
    mentions = pd.read_parquet(tmp_path / "a" / "mentions.parquet")
    place = mentions[mentions["label"] == "loc"].iloc[0]
    text = articles.loc[place["article_id"], "text"]
    assert text[place["start_at"] : place["end_at"]] == "Wanakerta"
    with closing(snapshot.connect()) as db:
        lengths = dict(db.execute("SELECT article_id, length(text) FROM articles").fetchall())
    assert {key: len(value) for key, value in articles["text"].items()} == lengths


def test_pseudonyms_hold_within_an_export_and_not_beyond(
    snapshot: Snapshot, tmp_path: Path, folder: Path
) -> None:
    write_dataset(snapshot, tmp_path / "a")
    first, second = (
        set(pd.read_parquet(f / "officials.parquet")["name"]) - {MASKED} for f in (folder, tmp_path / "a")
    )
    assert first and not first & second
    names = Pseudonyms()
    assert names.of("Sri Wahyuni") == names.of("SRI WAHYUNI") != names.of("Sri Rahayu")
    assert (names.of("S** W******"), names.of(None), names.of("")) == (MASKED, None, "")
    assert "key" not in repr(names)


def test_a_veil_hides_names_whole_alone_and_already_masked() -> None:
    hiding = veil(
        ["Budi Santoso", "M. Rizal"], ["Santoso"], whole_names(["Wahyu Kencana", "Ketua"]), frozenset()
    )
    assert hiding.text("Budi bertemu Santoso dan Budi Santoso") == "[nama] bertemu Santoso dan [nama]"
    assert hiding.text("kata Wahyu Kencana kepada Ketua Wahyu") == "kata [nama] kepada Ketua Wahyu"
    assert hiding.text("S******* W******** dan A.B. bertemu M*'*** R****") == "[nama] dan A.B. bertemu [nama]"
    assert hiding.text("M. Rizal dan M Rizal hadir") == "[nama] dan [nama] hadir"
    assert hiding.text("nilai 3*4 dan **tebal**") == "nilai 3*4 dan **tebal**"
    assert len(hiding.same_length("Budi Santoso")) == len("Budi Santoso")
    assert isinstance(hiding, Veil)
    assert (
        hiding.url("https://a.example/kades-m-rizal-dan-s******-w*****/2")
        == "https://a.example/kades-*-dan-*/2"
    )
    many = [f"{a}{b}rana Pertiwi" for a in "ABCDEFGHIJKLMNOP" for b in "aeiouyrlnthskmpg"]
    crowd = veil([*many, "Rini Astuti"], [], whole_names([]), frozenset())
    assert crowd.text("kata Rini Astuti") == "kata [nama]"


def test_the_datapackage_describes_every_column_and_file(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "CC-BY-4.0" and package["name"] == "wartawas-snapshot-1"
    kinds = {"string": "string", "list": "string", "boolean": "bool", "integer": "int", "number": "double",
             "date": "date32", "datetime": "timestamp"}  # fmt: skip
    paths = {}
    for resource in package["resources"]:
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        file = folder / resource["path"]
        paths[file.stem] = resource
        schema = pq.read_schema(file)
        assert [field["name"] for field in resource["schema"]["fields"]] == schema.names
        for field, kind in zip(resource["schema"]["fields"], schema.types, strict=True):
            assert str(kind).startswith(kinds[field["type"]]) and len(field["description"]) > 1
        assert resource["hash"] == "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
        assert resource["bytes"] == file.stat().st_size
        rows = pd.read_parquet(file)
        if key := resource["schema"].get("primaryKey"):
            assert not rows.duplicated(key).any(), file.stem
        required = [f["name"] for f in resource["schema"]["fields"] if f.get("constraints")]
        assert not rows[required].isna().any().any()
    for name, resource in paths.items():  # every link leads to a row
        for link in resource["schema"].get("foreignKeys", ()):
            column, to = link["fields"][0], link["reference"]["resource"]
            there = set(pd.read_parquet(folder / f"{to}.parquet")[column])
            assert set(pd.read_parquet(folder / f"{name}.parquet")[column].dropna()) <= there, (name, column)


def test_papers_say_where_it_comes_from_and_sums_hold(folder: Path, snapshot: Snapshot) -> None:
    told = json.loads((folder / "provenance.json").read_text())
    assert (told["snapshot"], told["articles_read"], told["sources"], told["models"]) == (1, 2, 1, ["m1"])
    assert told["rows"]["articles"] == 2 and told["filters"] == {}
    readme = (folder / "README.md").read_text()
    assert "Chosen: none: everything that was read. 2 of 2 articles read" in readme and "$" not in readme
    assert "Alleged" in readme and "quotations" in (folder / "LICENCE.txt").read_text()
    names = {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == names
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert "Left out: `text`" in (folder / "dictionary.md").read_text()


def test_filters_choose_articles_and_what_belongs_to_them(press_var: Path, tmp_path: Path) -> None:
    done = run(
        press_var, "--dataset", str(tmp_path / "a"), "--wilayah", "32.02", "--sejak", "2024-01-01", "--json"
    )
    told = json.loads(done.output)
    assert (told["rows"]["articles"], told["rows"]["events"], told["rows"]["cases"]) == (4, 2, 4)
    assert told["rows"]["event_members"] == 4 and told["snapshot"] == 1
    provenance = json.loads((tmp_path / "a" / "provenance.json").read_text())
    assert provenance["filters"] == {"wilayah": "32.02", "sejak": "2024-01-01"}
    assert provenance["articles_read"] == 15
    readme = (tmp_path / "a" / "README.md").read_text()
    assert "4 of 15 articles read" in readme and "Filters take denominators away" in readme


def test_the_command_refuses_what_is_there_and_wrong_usage(press_var: Path, tmp_path: Path) -> None:
    target = tmp_path / "a"
    done = run(press_var, "--dataset", str(target))
    assert done.exit_code == 0 and "15 artikel" in done.output
    before = (target / "SHA256SUMS").read_text()
    done = run(press_var, "--dataset", str(target))
    assert done.exit_code == 1 and "is there already" in str(done.exception)
    assert (target / "SHA256SUMS").read_text() == before
    assert run(press_var, "--dataset", str(target), "--force").exit_code == 0
    assert (target / "SHA256SUMS").read_text() != before and [p.name for p in tmp_path.iterdir()] == ["a"]
    (tmp_path / "surat").mkdir()
    (tmp_path / "surat" / "penting.txt").write_text("jangan hilang")
    done = run(press_var, "--dataset", str(tmp_path / "surat"), "--force")
    assert done.exit_code == 1 and (tmp_path / "surat" / "penting.txt").read_text() == "jangan hilang"
    for wrong in (["a.csv", "--dataset", "x"], ["--dataset", "x", "--limit", "3"], ["a.csv", "--texts"], [],
                  ["--dataset", "x", "--tingkat", "provinsi"], ["--dataset", "x", "--wilayah", "99"]):  # fmt: skip
        done = run(press_var, *wrong)
        assert done.exit_code == 2 or getattr(done.exception, "code", 0) == 2, wrong


def test_what_goes_wrong_leaves_the_earlier_data_set(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(snapshot, tmp_path / "a")
    before = (tmp_path / "a" / "SHA256SUMS").read_text()

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(dataset, "sync_tree", full)
    with pytest.raises(OSError, match="No space"):
        write_dataset(snapshot, tmp_path / "a", force=True)
    assert (tmp_path / "a" / "SHA256SUMS").read_text() == before and [p.name for p in tmp_path.iterdir()] == [
        "a"
    ]
    with pytest.raises(DatasetError, match="is there already"):
        write_dataset(snapshot, tmp_path / "a", DatasetOptions(Filters(wilayah="32")))
