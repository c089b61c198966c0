from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from findings import (
    accused_article,
    find,
    make_article,
    make_capture,
    make_case,
    make_extraction,
    make_official,
    prevention_article,
)
from stories import case_article, store_pairs

from nlp.records import Terlapor
from pipeline.database import fetch, scalar
from pipeline.events import link_events
from pipeline.search import search_articles
from pipeline.shelf import current_number
from pipeline.snapshots import (
    SnapshotError,
    current_snapshot,
    list_snapshots,
    prune_snapshots,
    publish,
    roll_back,
)
from pipeline.store import Store, StoredArticle, StoreError

NAMES_READ = ("Sutrasna Wirabaya",)
NAMES = ("Sutrasna", "SUTRASNA", "Wirabaya", "sutrasna-wirabaya", "0812-3456-7890", "Yanuar", "Kertapati")


def test_publish_makes_a_snapshot_with_all_its_parts(filled: Store, tmp_path: Path) -> None:
    snapshot = publish(filled, tmp_path / "snapshots")
    assert snapshot.number == current_number(tmp_path / "snapshots") == 1
    made = snapshot.manifest
    assert (made["articles"], made["cases"], made["prevention"], made["events"]) == (2, 1, 1, 2)
    assert (snapshot.path / "restricted.duckdb").stat().st_mode & 0o777 == 0o600
    assert search_articles(snapshot.search_index, "sosialisasi netralitas") == ["p1"]
    with closing(duckdb.connect()) as db:
        files = str(snapshot.path / "parquet" / "articles" / "*" / "*.parquet")
        assert fetch(db, f"SELECT article_id, month FROM '{files}' ORDER BY 1") == [
            ("a1", "2024-10"),
            ("p1", "2024-10"),
        ]
        assert scalar(db, f"SELECT count(*) FROM '{snapshot.path}/parquet/events/month=*/part.parquet'") == 2


def test_the_day_of_a_page_is_that_of_the_night_which_fetched_it(store: Store, tmp_path: Path) -> None:
    (one, _), (other, _) = accused_article("a1"), prevention_article("p1")
    pages = (
        make_capture(one, number=1, hour=16),
        make_capture(other, number=2, hour=18),
    )  # 23.00 and 1.00 WIB
    store.store_articles(StoredArticle(a, (page,)) for a, page in zip((one, other), pages, strict=True))
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        days = fetch(db, "SELECT day::VARCHAR, pages FROM coverage ORDER BY day")
    assert days == [("2024-10-02", 1), ("2024-10-03", 1)]


def test_nothing_that_is_published_names_the_accused(store: Store, tmp_path: Path) -> None:
    article, found = accused_article(url="https://kabar.example/kades-sutrasna-wirabaya-dilaporkan")
    store.store_articles([StoredArticle(article, (make_capture(article),))])
    store.store_extractions([(article, found)])
    link_events(store)
    snapshot = publish(store, tmp_path / "snapshots")
    with closing(snapshot.connect()) as db:
        dump = repr(
            [
                fetch(db, f"SELECT * FROM {table}")
                for (table,) in fetch(db, "SELECT table_name FROM duckdb_tables()")
                if table != "regions"
            ]
        )
        assert "S******* W*******" in dump
        assert scalar(db, "SELECT reporter FROM cases") == "Y***** K********"
        assert "Lestari Adiguna" in dump, "officials who are not accused keep their names"
        text, spans = (
            scalar(db, "SELECT text FROM articles"),
            fetch(db, "SELECT start_at, end_at, text FROM mentions"),
        )
        assert len(text) == len(article.text)
        assert all(text[start:end] == piece for start, end, piece in spans)
        assert scalar(db, "SELECT text FROM evidence") == text[: text.index(".") + 1]
    with closing(duckdb.connect()) as db:
        files = [f for f in (snapshot.path / "parquet").rglob("*.parquet") if "regions" not in f.parts]
        dump += repr([fetch(db, f"SELECT * FROM '{file}'") for file in files])
    for name in NAMES:
        assert name not in dump
    with closing(snapshot.connect(restricted=True)) as db:
        assert scalar(db, "SELECT terlapor[1] FROM cases") == "Sutrasna Wirabaya"
    assert search_articles(snapshot.search_index, "Wirabaya") == []


def test_an_accused_person_whom_the_reading_missed_is_not_published(store: Store, tmp_path: Path) -> None:
    article, found = accused_article(url="https://kabar.example/kades-sutrasna-wirabaya-dilaporkan")
    nobody = (Terlapor(None, "Kepala Desa Wanakerta", "desa.kepala"),)
    passing = tuple(replace(o, capacity="disebut") if o.name in NAMES_READ else o for o in found.officials)
    missed = replace(found, cases=tuple(replace(c, terlapor=nobody) for c in found.cases), officials=passing)
    store.store_articles([StoredArticle(article, (make_capture(article),))])
    store.store_extractions([(article, missed)])
    link_events(store)
    snapshot = publish(store, tmp_path / "snapshots")
    with closing(snapshot.connect()) as db:
        tables = [t for (t,) in fetch(db, "SELECT table_name FROM duckdb_tables()") if t != "regions"]
        dump = repr([fetch(db, f"SELECT * FROM {table}") for table in tables])
    assert "Lestari Adiguna" in dump
    for name in NAMES:
        assert name not in dump
    assert search_articles(snapshot.search_index, "Wirabaya") == []


def test_a_name_is_hidden_in_every_article_of_its_event(store: Store, tmp_path: Path) -> None:
    first, found = accused_article("a")
    second = make_article(
        "b", "Bawaslu Garut meregistrasi laporan. Sutrasna Wirabaya akan dimintai keterangan."
    )
    unnamed = make_case(second, terlapor=(Terlapor(None, "kepala desa", "desa.kepala"),))
    store.store_articles([StoredArticle(second)])
    store.store_extractions([(second, make_extraction(second, unnamed))])
    link_events(store)
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        assert "Sutrasna" in scalar(db, "SELECT text FROM articles"), "nobody has said yet that he is accused"
    store.store_articles([StoredArticle(first)])
    store.store_extractions([(first, found)])
    link_events(store)
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        assert scalar(db, "SELECT count(DISTINCT event_id) FROM event_members") == 1
        assert "Sutrasna" not in scalar(db, "SELECT text FROM articles WHERE article_id = 'b'")


def test_suspects_in_other_news_are_not_named(store: Store, tmp_path: Path) -> None:
    text = (
        "Kasat Reskrim Polres Garut, Dadan Rekapala, menetapkan Bonar Sudiwirya sebagai tersangka pencurian. "
        "Menurut istrinya, Ratih Puspalaya, ia sudah lama menganggur."
    )
    article = make_article("t", text, title="Pencuri Motor Dibekuk")
    names = ("Dadan Rekapala", "Bonar Sudiwirya", "Ratih Puspalaya")
    officer = make_official(text, names[0], "Kasat Reskrim", category="polri.perwira")
    read = replace(
        make_extraction(article),
        kind="lainnya",
        types=(),
        officials=(officer,),
        mentions=tuple(find(text, "per", name) for name in names),
    )
    store.store_articles([StoredArticle(article)])
    store.store_extractions([(article, read)])
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        shown = scalar(db, "SELECT text FROM articles")
    assert [name in shown for name in names] == [True, False, False]


def test_children_are_not_named(store: Store, tmp_path: Path) -> None:
    article = make_article(
        "c", "Panwascam Cibatu menegur tim kampanye. Bunga Rekayasa (14 tahun) membawa bendera."
    )
    store.store_articles([StoredArticle(article)])
    store.store_extractions([(article, make_extraction(article))])
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        assert "B**** R******* (14 tahun)" in scalar(db, "SELECT text FROM articles")


def test_a_child_whom_only_the_headline_names_is_not_named(store: Store, tmp_path: Path) -> None:
    title = "Siswi SMP Bernama Kinanti Puspaningrum Ikut Dibawa ke Arena Kampanye"
    article = make_article("s1", "Bawaslu mengingatkan orang tua.", title=title)
    store.store_articles([StoredArticle(article)])
    store.store_extractions([(article, make_extraction(article))])
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        shown = str(scalar(db, "SELECT title FROM articles"))
    assert shown.startswith("Siswi SMP") and "Kinanti" not in shown and "Puspaningrum" not in shown


def test_a_case_that_is_only_mentioned_in_passing_is_still_an_event(store: Store, tmp_path: Path) -> None:
    article, found = accused_article("a")
    mixed, mixed_found = prevention_article("p")
    mixed_found = replace(mixed_found, cases=(make_case(mixed),))
    for n, pair in enumerate(
        [
            (article, found),
            (mixed, mixed_found),
            (article, replace(found, kind="lainnya", cases=(), model_version="m2")),
        ]
    ):
        store.store_articles([StoredArticle(pair[0], (make_capture(pair[0], hour=n),))])
        store.store_extractions([pair])
        link_events(store)
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        assert fetch(db, "SELECT kind, articles FROM events ORDER BY kind") == [
            ("kasus", 1),
            ("pencegahan", 1),
        ]


def test_months_without_change_share_their_parquet_file(filled: Store, tmp_path: Path) -> None:
    first = publish(filled, tmp_path / "snapshots")
    store_pairs(
        filled,
        case_article("n", name="Hartono Dwisaputra", village="32.05.13.2001", day="2024-11-29", later=61),
    )
    second = publish(filled, tmp_path / "snapshots")
    for table in ("articles", "officials", "cases", "evidence", "events", "event_members"):
        october = f"parquet/{table}/month=2024-10/part.parquet"
        assert (first.path / october).stat().st_ino == (second.path / october).stat().st_ino
    assert (second.path / "parquet/articles/month=2024-12/part.parquet").is_file()
    assert not (first.path / "parquet/articles/month=2024-12").exists()


@pytest.mark.parametrize("many", [2_000, -1], ids=["index by a thread", "index by a process"])
def test_a_full_disk_leaves_the_earlier_snapshot_current(filled: Store, tmp_path: Path, many: int) -> None:
    root = tmp_path / "snapshots"
    publish(filled, root)
    filled.close()
    script = Path(__file__).with_name("full_disk.py")
    for limit in (2_000_000, 300_000):  # the copies do not fit; not even the masked database fits
        told = subprocess.run(
            [sys.executable, str(script), str(filled.path), str(root), str(limit), str(many)],
            capture_output=True,
            text=True,
        )
        assert told.returncode == 3, told.stderr
        assert "the earlier" in told.stdout
        assert len(told.stdout.splitlines()) == 1
        assert current_number(root) == 1
        assert [s.number for s in list_snapshots(root)] == [1]
        assert [p.name for p in root.iterdir() if p.name.startswith(".")] == []
    with closing(current_snapshot(root).connect()) as db:
        assert scalar(db, "SELECT count(*) FROM articles") == 2


def test_readers_in_another_process_never_see_a_half_snapshot(filled: Store, tmp_path: Path) -> None:
    root = tmp_path / "snapshots"
    publish(filled, root)
    reader = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("reading.py")), str(root)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    for n in range(3):
        article, found = accused_article(f"r{n}", outlet=f"o{n}.example")
        filled.store_articles([StoredArticle(article)])
        filled.store_extractions([(article, found)])
        link_events(filled)
        publish(filled, root)
    reader.send_signal(signal.SIGTERM)
    seen = json.loads(reader.stdout.read())
    assert reader.wait() == 0
    reader.stdout.close()
    assert seen["wrong"] == []
    assert seen["reads"] > 3
    assert len(seen["numbers"]) > 1


def test_roll_back_and_prune_keep_the_current_snapshot(filled: Store, tmp_path: Path) -> None:
    root = tmp_path / "snapshots"
    for _ in range(4):
        publish(filled, root)
    roll_back(root, 1)
    assert current_snapshot(root).number == 1
    assert prune_snapshots(root, keep=1) == [2, 3]
    assert [s.number for s in list_snapshots(root)] == [1, 4]
    prune_snapshots(root, keep=1)
    (root / "snap-4" / "manifest.json").unlink()
    assert publish(filled, root).number == 5, "a number is never used twice"
    with pytest.raises(SnapshotError, match="there is no snapshot 3"):
        roll_back(root, 3)
    with pytest.raises(SnapshotError, match="at least one"):
        prune_snapshots(root, keep=0)


def test_without_a_snapshot_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="run `wartawas publish`"):
        current_snapshot(tmp_path / "snapshots")
    assert list_snapshots(tmp_path / "snapshots") == []


def test_a_damaged_snapshot_is_not_gone_on_from(filled: Store, tmp_path: Path) -> None:
    first = publish(filled, tmp_path / "snapshots")
    (first.path / "wartawas.duckdb").write_bytes(b"\x00" * 5000)
    assert publish(filled, tmp_path / "snapshots").manifest["articles"] == 2


def test_nothing_but_the_parts_of_a_snapshot_is_left(filled: Store, tmp_path: Path) -> None:
    for name in ("masked.duckdb", "restricted.duckdb", "search.sqlite"):  # as an earlier version left them
        (filled.path.parent / name).write_bytes(b"x")
    for _ in range(2):
        found = {path.name for path in publish(filled, tmp_path / "snapshots").path.iterdir()}
        assert found == {"manifest.json", "parquet", "restricted.duckdb", "search", "wartawas.duckdb"}
    assert {path.name for path in filled.path.parent.iterdir()} <= {"work.duckdb", "work.duckdb.wal"}


def test_an_unwritable_folder_gives_one_line(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((SnapshotError, StoreError), match="no snapshot can be written there"):
        publish(filled, tmp_path / "file")
