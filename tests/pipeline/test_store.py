from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from findings import (
    MODEL,
    accused_article,
    make_article,
    make_capture,
    make_extraction,
    make_refusal,
    prevention_article,
)

from crawler.source import load_sources
from pipeline import ids
from pipeline.article import Article
from pipeline.database import fetch, scalar
from pipeline.store import Store, StoredArticle, StoreError, open_store


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return fetch(store.con, sql)


def test_store_keeps_an_article_and_everything_read_from_it(store: Store) -> None:
    article, found = accused_article()
    store.store_articles([StoredArticle(article, (make_capture(article),))])
    store.store_extractions([(article, found)], "run-1")
    assert rows(store, "SELECT article_id, source, extraction_id IS NOT NULL FROM articles") == [
        ("a1", "kabar", True)
    ]
    assert rows(store, "SELECT published, utc_offset FROM article_versions")[0][1] == 420
    assert str(rows(store, "SELECT published FROM article_versions")[0][0]) == "2024-10-01 02:00:00"
    assert rows(store, "SELECT name, persons FROM case_terlapor") == [("Sutrasna Wirabaya", 1)]
    assert rows(store, "SELECT track, value FROM case_outcomes") == [("pidana", "belum")]
    assert rows(store, "SELECT text FROM case_evidence")[0][0].startswith("Kepala Desa Wanakerta")
    assert rows(store, "SELECT code FROM places") == [("32.05.12.2011",)]
    assert {name for (name,) in rows(store, "SELECT name FROM officials")} == {
        "Lestari Adiguna",
        "Sutrasna Wirabaya",
    }
    assert (
        rows(store, "SELECT sha256 FROM pages JOIN article_pages USING (page_id)")[0][0]
        == make_capture(article).sha256
    )


def test_store_again_changes_nothing(store: Store) -> None:
    article, found = accused_article()
    item = StoredArticle(article, (make_capture(article),))
    assert store.store_articles([item, item]) == 1
    assert store.store_extractions([(article, found)]) == 1
    before = everything(store)
    assert store.store_articles([item]) == 0
    assert store.store_extractions([(article, found)]) == 0
    assert everything(store) == before


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    tables = [name for (name,) in rows(store, "SELECT table_name FROM duckdb_tables() WHERE NOT temporary")]
    return {t: rows(store, f"SELECT * FROM {t} ORDER BY ALL") for t in tables if t != "regions"}


def test_store_keeps_each_state_of_an_article_and_shows_the_newest(store: Store) -> None:
    first, found = accused_article()
    second = replace(first, text=first.text + " Ralat: laporan dicabut.")
    store.store_articles([StoredArticle(second, (make_capture(second, hour=5),))])
    store.store_articles([StoredArticle(first, (make_capture(first, hour=1),))])  # an older page, read later
    store.store_extractions([(first, found)])
    assert scalar(store.con, "SELECT count(*) FROM article_versions") == 2
    assert rows(store, "SELECT version_id, extraction_id FROM articles") == [(ids.version_id(second), None)]
    store.store_extractions([(second, found)])
    assert rows(store, "SELECT extraction_id FROM articles") == [
        (ids.extraction_id(ids.version_id(second), MODEL),)
    ]


def test_what_was_fetched_twice_keeps_its_pages_and_first_day_in_one_batch(store: Store) -> None:
    article, _ = accused_article()
    changed = replace(article, text=article.text + " Ralat: laporan dicabut.")
    pages = [
        replace(make_capture(a, number=n, hour=hour), sha256=f"{n}" * 64)
        for n, (a, hour) in enumerate(((article, 1), (article, 30), (changed, 50)), 1)
    ]
    texts = (article, article, changed)
    assert store.store_articles(StoredArticle(a, (page,)) for a, page in zip(texts, pages, strict=True)) == 2
    assert scalar(store.con, "SELECT count(*) FROM article_pages JOIN pages USING (page_id)") == 3
    assert rows(store, "SELECT first_seen, seen_at FROM articles") == [
        (datetime(2024, 10, 2, 1), datetime(2024, 10, 4, 2))
    ]


def test_store_keeps_what_an_earlier_model_read(store: Store) -> None:
    article, found = accused_article()
    store.store_articles([StoredArticle(article)])
    store.store_extractions([(article, found)])
    store.store_extractions([(article, replace(found, model_version="m2", cases=()))])
    assert scalar(store.con, "SELECT count(*) FROM extractions") == 2
    assert rows(store, "SELECT model_version FROM articles JOIN extractions USING (extraction_id)") == [
        ("m2",)
    ]


def test_pending_names_captures_that_this_model_has_neither_read_nor_refused(store: Store) -> None:
    article, found = accused_article()
    read, refused, waiting = (
        make_capture(article, number=7),
        make_capture(other("b"), number=8),
        make_capture(other("c")),
    )
    store.store_articles([StoredArticle(article, (read,))])
    store.store_extractions([(article, found)])
    store.store_refusals([(make_refusal(refused), refused)], MODEL)
    assert store.pending([read, refused, waiting], MODEL) == [waiting]
    assert store.pending([read, refused, waiting], "m2") == [read, refused, waiting]
    assert store.pending([], MODEL) == []
    assert store.looked_up_to(MODEL) == 0, "no run says that nothing waits before what was read"
    assert rows(store, "SELECT reason FROM refusals") == [("listing",)]


def test_only_runs_that_ended_tell_how_far_the_archive_was_looked_through(store: Store) -> None:
    for last, model in ((7, MODEL), (9, "m2"), (4, MODEL)):
        store.end_run(store.begin_run("process", model), {"last": last})
    store.end_run(store.begin_run("process", MODEL), {"pages": 3})  # files given by hand
    store.end_run(store.begin_run("ingest-parts", MODEL), {"last": 99})
    store.begin_run("process", MODEL)
    assert [store.looked_up_to(model) for model in (MODEL, "m2", "m3")] == [7, 9, 0]


def other(key: str) -> Article:
    return make_article(key, f"Teks {key}.")


def test_store_refuses_wrong_values_whole(store: Store) -> None:
    good, found = prevention_article()
    bad = make_article("bad", "Teks.")
    wrong = make_extraction(bad, kind="lelucon")
    store.store_articles([StoredArticle(good), StoredArticle(bad)])
    with pytest.raises(StoreError, match="extractions were refused"):
        store.store_extractions([(good, found), (bad, wrong)])
    assert scalar(store.con, "SELECT count(*) FROM extractions") == 0
    assert store.store_extractions([(good, found)]) == 1


def test_store_takes_text_that_is_no_valid_unicode(store: Store) -> None:
    article = make_article("x", "Rusak \ud800 dan nol \x00 serta kutip ' \".")
    store.store_articles([StoredArticle(article)])
    assert rows(store, "SELECT text FROM article_versions") == [("Rusak ? dan nol \x00 serta kutip ' \".",)]


def test_runs_and_sources_are_recorded(store: Store) -> None:
    run = store.begin_run("process", MODEL)
    store.end_run(run, {"articles": 3}, problem=None)
    assert rows(store, "SELECT command, model_version, counts, ended_at >= started_at FROM runs") == [
        ("process", MODEL, '{"articles": 3}', True)
    ]
    sources = load_sources()
    store.store_sources(sources.values())
    store.store_sources(sources.values())
    assert scalar(store.con, "SELECT count(*) FROM sources") == len(sources) > 0


def test_regions_are_filled_with_their_parents(store: Store) -> None:
    assert rows(store, "SELECT level, name, parent FROM regions WHERE code = '32.02.23'") == [
        ("district", "Kalibunder", "32.02")
    ]
    assert rows(store, "SELECT level, count(*) FROM regions GROUP BY level ORDER BY 2") == [
        ("province", 38), ("regency", 514), ("district", 7285), ("village", 83762)
    ]  # fmt: skip


def test_open_store_reopens_with_everything(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    article, _ = accused_article()
    with open_store(path) as first:
        first.store_articles([StoredArticle(article)])
    with open_store(path, create=False) as again:
        assert scalar(again.con, "SELECT count(*) FROM articles") == 1


def test_open_store_refuses_what_is_no_store(tmp_path: Path) -> None:
    binary = tmp_path / "gambar.duckdb"
    binary.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(StoreError, match="is no DuckDB database"):
        open_store(binary)
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="no such store; run `wartawas process` first"):
        open_store(tmp_path / "none.duckdb", create=False)
    foreign = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(foreign)) as con:
        con.execute("CREATE TABLE t (x INTEGER)")
    before = foreign.read_bytes()
    with pytest.raises(StoreError, match="not written by wartawas"):
        open_store(foreign)
    assert foreign.read_bytes() == before
