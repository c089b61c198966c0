"""A snapshot that goes on from the one before holds what one that is made from nothing holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from findings import (
    PREVENTION,
    WIB,
    accused_article,
    make_article,
    make_capture,
    make_case,
    make_extraction,
    make_refusal,
    prevention_article,
)
from stories import case_article, events_of

from crawler.records import Capture
from nlp.records import Extraction, Terlapor
from pipeline import snapshots
from pipeline.article import Article
from pipeline.database import fetch, scalar
from pipeline.decisions import join_events, split_event
from pipeline.events import link_events
from pipeline.published import open_published
from pipeline.reviews import Reviews
from pipeline.search import search_articles
from pipeline.snapshots import Snapshot, publish
from pipeline.store import Store, StoredArticle, open_store
from pipeline.store_erase import remove_articles, rename_pages
from pipeline.store_names import mask_names

WORDS = (
    "kades",
    "sutrasna",
    "wirabaya",
    "netralitas",
    "laporan",
    "dugaan",
    "ralat",
    "desember",
    "bawaslu",
    "camat",
)


def contents(snapshot: Snapshot) -> dict[str, Any]:
    """Return everything that readers of a snapshot can see, in an order that does not depend on how it came there."""
    found: dict[str, Any] = {}
    for restricted in (False, True):
        with closing(snapshot.connect(restricted=restricted)) as db:
            for (table,) in fetch(db, "SELECT table_name FROM duckdb_tables()"):
                if table in ("runs", "regions"):
                    continue
                rows = f"SELECT * FROM {table}"
                if table == "info":
                    rows += " WHERE key NOT IN ('run', 'revision')"
                elif table in ("articles", "events"):
                    rows = f"SELECT * EXCLUDE (written) FROM {table}"
                found[f"{table} {restricted}"] = fetch(db, f"{rows} ORDER BY ALL")
    with closing(duckdb.connect()) as db:
        for file in sorted((snapshot.path / "parquet").rglob("*.*")):
            count = "count(*)" if file.parent.name == "regions" else "*"
            found[f"{file.relative_to(snapshot.path)}"] = (
                fetch(db, f"SELECT {count} FROM '{file}' ORDER BY ALL")
                if file.suffix == ".parquet"
                else file.read_text()
            )
    found["searched"] = {
        word: (
            search_articles(snapshot.search_index, word),
            sorted(search_articles(snapshot.search_index, word, ranked=True)),
        )
        for word in WORDS
    }
    found["figures"] = {
        k: v for k, v in snapshot.manifest.items() if k not in ("number", "published", "revision")
    }
    return found


class Nights:
    """A store with its reviews that is published again and again."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.reviews = folder / "reviews.sqlite"
        self.last: Snapshot | None = None

    def keep(self, article: Article, found: Extraction | None, *, hour: int = 0, number: int = 1) -> Capture:
        page = make_capture(article, hour=hour, number=number)
        self.store.store_articles([StoredArticle(article, (page,))])
        if found:
            self.store.store_extractions([(article, found)])
        return page

    def link(self) -> None:
        link_events(self.store, self.reviews)

    def check(self, after: str = "") -> Snapshot:
        """Publish and compare with a snapshot from nothing."""
        grown = publish(self.store, self.folder / "snapshots", reviews=self.reviews)
        fresh = publish(self.store, self.folder / "anew", reviews=self.reviews, rebuild=True)
        here, there = contents(grown), contents(fresh)
        assert here.keys() == there.keys()
        for part, rows in here.items():
            assert rows == there[part], f"{part} {after}"
        self.last = grown
        return grown

    def decide(self, what: str, *articles: str) -> None:
        events = events_of(self.store)
        assert self.last is not None
        with Reviews(self.reviews) as file, closing(self.last.connect(restricted=True)) as db:
            if what == "join":
                join_events(file, db, *(events[key] for key in articles), reviewer="sari")
            else:
                split_event(file, db, events[articles[0]], articles, reviewer="sari")


@pytest.fixture
def nights(store: Store, tmp_path: Path) -> Nights:
    """Two cases in three articles and a prevention event, published once."""
    made = Nights(store, tmp_path)
    for n, (article, found) in enumerate(
        [case_article("a"), case_article("b", outlet="lain.example", later=40),
         case_article("c", name="Hartono Dwisaputra", day="2024-08-20", village="32.05.12.2004"),
         prevention_article("p")], 1,
    ):  # fmt: skip
        made.keep(article, found, number=n)
    made.link()
    made.last = publish(store, tmp_path / "snapshots")
    return made


def accuse_by_another(n: Nights) -> None:
    second = make_article("s", "Bawaslu Garut meregistrasi laporan. Sutrasna Wirabaya dimintai keterangan.")
    unnamed = make_case(second, terlapor=(Terlapor(None, "kepala desa", "desa.kepala"),))
    n.keep(second, make_extraction(second, unnamed), number=11)
    n.link()
    n.check()
    n.keep(*accused_article("t", outlet="baru.example"), number=12)
    n.link()


def correct_text(n: Nights) -> None:
    article, found = prevention_article("p")
    article = replace(article, text=PREVENTION + " Ralat: acara selesai pukul sembilan.")
    n.keep(article, found, hour=30, number=21)
    n.link()


def read_anew(n: Nights) -> None:
    article, found = case_article("a", stage="klarifikasi", model="m2")
    n.store.store_extractions([(article, replace(found, kind="informasi", cases=(), types=()))])
    n.link()


def move_stage(n: Nights) -> None:
    n.keep(*case_article("d", stage="putusan_sanksi", later=50, outlet="baru.example"), number=31)
    n.link()


def stop_case(n: Nights) -> None:
    n.keep(
        *case_article(
            "d", stage="dihentikan", text="Kasus dihentikan karena tidak cukup bukti. " * 3, later=3
        ),
        number=32,
    )
    n.link()


def read_without_linking(n: Nights) -> None:
    article, found = case_article("b", outlet="lain.example", later=40, name="Bonar Sudiwirya", model="m2")
    n.store.store_extractions([(article, found)])
    n.keep(make_article("u", "Kabar yang belum dibaca siapa pun."), None, number=41)


def split(n: Nights) -> None:
    n.decide("split", "a")
    n.link()


def join(n: Nights) -> None:
    n.decide("join", "a", "c")
    n.link()
    n.check()
    with Reviews(n.reviews) as file:
        file.withdraw(file.decisions()[0].id, reviewer="sari")
    n.link()


def erase(n: Nights) -> None:
    remove_articles(n.store, ["a"], [make_capture(case_article("a")[0])])
    n.link()


def erase_last_of_a_month(n: Nights) -> None:
    remove_articles(n.store, ["b"], [])
    n.link()


def move_to_another_month(n: Nights) -> None:
    article, found = case_article("c", name="Hartono Dwisaputra", day="2024-08-20", village="32.05.12.2004")
    later = replace(
        article, published=datetime(2024, 12, 24, 9, tzinfo=WIB), text=article.text + " Desember."
    )
    n.keep(later, found, hour=60, number=51)
    n.link()


def find_older_page(n: Nights) -> None:
    article, found = case_article("c", name="Hartono Dwisaputra", day="2024-08-20", village="32.05.12.2004")
    n.keep(article, found, hour=-900, number=61)
    earlier = replace(article, text="Keadaan lain. Nama: Ganjar Rekapermana.")
    n.keep(earlier, make_extraction(earlier, make_case(earlier)), hour=-500, number=62)
    n.link()


def see_again(n: Nights) -> None:
    article, found = case_article("c", name="Hartono Dwisaputra", day="2024-08-20", village="32.05.12.2004")
    n.keep(article, found, hour=48, number=63)


def forget_names(n: Nights) -> None:
    mask_names(n.store, ["a", "p"])


def empty_page(n: Nights) -> None:
    page = make_capture(case_article("a")[0])
    rename_pages(n.store, [(page, replace(page, sha256="0" * 64))])


def refuse_pages(n: Nights) -> None:
    page = make_capture(make_article("r", "Daftar tautan."), number=71, source="sumber")
    n.store.store_refusals([(make_refusal(page), page)], "m1")


def first_outlet_by_name(n: Nights) -> None:
    n.keep(*prevention_article("q", outlet="aaa.example"), number=81)
    n.link()


def nothing(n: Nights) -> None:
    pass


ALONE = (
    nothing,
    accuse_by_another,
    move_stage,
    read_anew,
    refuse_pages,
    correct_text,
    join,
    see_again,
    empty_page,
)
AND_MORE = (first_outlet_by_name, stop_case, read_without_linking, split, find_older_page, move_to_another_month,
            forget_names, erase, erase_last_of_a_month)  # fmt: skip


@pytest.mark.parametrize("changes", [ALONE, AND_MORE], ids=["events", "states"])
def test_what_changed_is_published_as_if_from_nothing(
    nights: Nights, changes: tuple[Callable[[Nights], None], ...]
) -> None:
    for change in changes:
        change(nights)
        nights.check(change.__name__)


def test_the_index_of_many_changes_is_written_by_a_process_of_its_own(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_MANY", -1)
    accuse_by_another(nights)
    made = nights.check("written elsewhere")
    assert search_articles(made.search_index, "meregistrasi")


def test_only_what_changed_is_written(nights: Nights) -> None:
    first = nights.last
    assert first is not None
    nights.keep(*prevention_article("q", published=datetime(2025, 1, 5, 9, tzinfo=WIB)), number=91)
    nights.link()
    second = publish(nights.store, nights.folder / "snapshots")
    with closing(first.connect()) as db, closing(second.connect()) as new:
        since = scalar(db, "SELECT value::BIGINT FROM info WHERE key = 'revision'")
        assert fetch(new, "SELECT article_id FROM articles WHERE written > ?", [since]) == [("q",)]
    for kept in ("search/2024-10.sqlite", "parquet/articles/month=2024-10/part.parquet"):
        assert (first.path / kept).stat().st_ino == (second.path / kept).stat().st_ino


def test_a_name_that_is_hidden_later_is_in_no_row_of_the_index(nights: Nights) -> None:
    article, found = prevention_article("v")
    article = replace(article, text=article.text + " Budiman Hartawan hadir.")
    accused = make_case(article, terlapor=(Terlapor("Budiman Hartawan", "kepala desa", "desa.kepala"),))
    seen = []
    for hour, reading in enumerate([found, replace(make_extraction(article, accused), model_version="m2")]):
        nights.keep(article, reading, hour=hour, number=97)
        made = publish(nights.store, nights.folder / "snapshots")
        month = f"{article.published:%Y-%m}.sqlite"
        with closing(sqlite3.connect(made.search_index / month)) as con:
            query = "SELECT count(*) FROM words WHERE words MATCH 'budiman'"
            seen.append(con.execute(query).fetchone()[0])
    assert seen == [1, 0]


def test_words_of_an_article_that_is_gone_are_in_no_row_of_the_index(nights: Nights) -> None:
    article, found = prevention_article("v")
    page = nights.keep(replace(article, text=article.text + " Budiman Hartawan hadir."), found, number=97)
    seen = []
    for gone in (False, True):
        if gone:
            remove_articles(nights.store, ["v"], [page])
        made = publish(nights.store, nights.folder / "snapshots")
        with closing(sqlite3.connect(made.search_index / f"{article.published:%Y-%m}.sqlite")) as con:
            seen.append(con.execute("SELECT count(*) FROM words WHERE words MATCH 'budiman'").fetchone()[0])
    assert seen == [1, 0]


def test_a_transaction_holds_no_rows_that_were_written(tmp_path: Path) -> None:
    before = pa.total_allocated_bytes()
    with closing(open_published(tmp_path / "x.duckdb")) as made:
        made.con.execute("BEGIN")
        for _ in range(3):
            codes = pa.array([f"{n:0200}" for n in range(10_000)])
            made.add({"regions": pa.table({"code": codes, "level": codes, "name": codes, "parent": codes})})
            del codes
        assert pa.total_allocated_bytes() - before < 1_000_000


def test_a_snapshot_of_another_state_or_layout_is_nothing_to_go_on_from(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.duckdb"
    nights.store.con.execute("CHECKPOINT")
    kept.write_bytes(nights.store.path.read_bytes())
    nights.keep(*accused_article("x"), number=95)
    nights.link()
    nights.check()
    nights.store.close()
    with open_store(kept) as restored:  # a backup: it has never heard of the last publication
        other = Nights(restored, tmp_path)
        other.keep(*prevention_article("y", published=datetime(2024, 10, 9, 9, tzinfo=WIB)), number=95)
        other.link()
        shown = other.check()
        with closing(shown.connect()) as db:
            assert scalar(db, "SELECT count(*) FROM articles WHERE article_id IN ('x', 'y')") == 1
        monkeypatch.setattr("pipeline.snapshots.layout", lambda: "later")
        again = publish(restored, tmp_path / "snapshots")
        inodes = [(s.path / "search" / "2024-10.sqlite").stat().st_ino for s in (shown, again)]
        assert inodes[0] != inodes[1]
