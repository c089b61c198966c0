"""Parts become what the nightly way would have stored: piece by piece, once, whatever interrupts it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from backfilling import make_plan
from click.testing import CliRunner
from findings import (
    accused_article,
    make_article,
    make_capture,
    make_extraction,
    make_refusal,
    prevention_article,
)
from nights import Installation, write_about
from sites import Site, make_posts, serve

from crawler.ledger import Ledger
from pipeline import events
from pipeline.audit import add_erasure
from pipeline.backfill import ingest
from pipeline.backfill.ingest import ingest_parts
from pipeline.backfill.parts import Found, PartError, join_rows, make_row, part_line, read_part, write_rows
from pipeline.backfill.unit import UnitReader
from pipeline.backfill.units import find_units
from pipeline.cli.backfill import ingest_parts as command
from pipeline.cli.failure import Failure
from pipeline.database import connect, fetch
from pipeline.lake import write_lake
from pipeline.reader import open_store as open_published
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import Store, open_store
from pipeline.store_check import count_fates

_CONTENT = (
    "SELECT article_id, url, source, outlet, version_id, extraction_id FROM articles ORDER BY 1",
    "SELECT * EXCLUDE (seen_at) FROM article_versions ORDER BY 1",
    "SELECT * EXCLUDE (run_id, read_at) FROM extractions ORDER BY 1",
    "SELECT * FROM mentions ORDER BY ALL",
    "SELECT * FROM officials ORDER BY ALL",
    "SELECT * FROM cases ORDER BY ALL",
    "SELECT * FROM case_evidence ORDER BY ALL",
    "SELECT * EXCLUDE (capture_id) FROM pages ORDER BY ALL",
    "SELECT event_id, article_id, part, score FROM event_members ORDER BY ALL",
    "SELECT event_id, kind, place, event_date, stage, first_seen FROM events ORDER BY 1",
    "SELECT page_id, reason FROM refusals ORDER BY ALL",
)


def content(store: Store | Path) -> list[list[tuple[Any, ...]]]:
    """Return what a store holds, without moments of writing and numbers of machines."""
    if isinstance(store, Store):
        return [fetch(store.con, query) for query in _CONTENT]
    with closing(connect(store, read_only=True)) as con:
        return [fetch(con, query) for query in _CONTENT]


def make_part(folder: Path, name: str, first: int, count: int) -> Path:
    """Write a part of so many invented articles: a fifth accuse, a tenth are refused."""
    rows = []
    for number in range(first, first + count):
        make = accused_article if number % 5 == 0 else prevention_article
        article, found = make(f"n{number}", outlet=f"media{number % 7}.example")
        article = replace(article, text=f"{article.text} Nomor {number}.", title=f"{article.title} {number}")
        capture = replace(make_capture(article, number=number, hour=number), warc="jauh.warc.gz")
        if number % 10 == 9:
            rows.append(make_row(Found((capture,), None, None, make_refusal(capture))))
        else:
            rows.append(make_row(Found((capture,), article, found, None)))
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    write_rows(folder / "rows", rows)
    target = folder / "parts" / f"{name}.parquet"
    line = {
        "unit": f"/{name}.warc.gz",
        "id": name,
        "model": "m1",
        "records": count,
        "passed": {},
        "broken": {},
    }
    join_rows([folder / "rows"], target, line)
    return target


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    article, found = accused_article()
    assert article.published
    later = article.published + timedelta(0, 1, 5)
    odd = replace(article, text=article.text + " \ud800 \u2028 \x00", published=later)
    capture = make_capture(article)
    write_rows(tmp_path / "rows", [make_row(Found((capture, capture), odd, found, None))])
    join_rows([tmp_path / "rows"], tmp_path / "x.parquet", {"unit": "x"})
    ((back,),) = read_part(tmp_path / "x.parquet", 10)
    assert back == Found((capture, capture), replace(odd, text=odd.text.replace("\ud800", "?")), found, None)
    line = part_line(tmp_path / "x.parquet")
    assert line
    assert (line["rows"], line["kinds"], line["cases"]) == (1, {"pelanggaran": 1}, 1)


def test_own_archive_gives_what_a_night_gives(tmp_path: Path) -> None:
    at = Installation(tmp_path)
    with serve(Site(make_posts(4, pages=2, etag=False))) as site:
        for slug, post in site.posts.items():
            post.text = write_about(slug)
        source = site.source("wp_rest")
        at.crawl(source)
        at.process(source)
    plan = make_plan(tmp_path / "out")
    plan = replace(plan, sources={source.slug: source})
    reader = UnitReader(plan)
    for unit in find_units([str(at.settings.archive)], plan.how):
        reader.read(unit)
    reader.close()
    with open_store(tmp_path / "other" / "work.duckdb") as store:
        report = ingest_parts(store, tmp_path / "out")
        assert report.articles == report.states == report.readings == 4
        assert content(store) == content(at.settings.store)
        assert fetch(store.con, "SELECT DISTINCT capture_id FROM pages") == [(0,)]
        assert store.looked_up_to(plan.model) == 0  # the crawl of this machine is not taken for read


def test_parts_of_invented_sources_keep_their_mark(tmp_path: Path) -> None:
    article, found = accused_article("contoh", outlet="127.0.0.1:8201")
    capture = make_capture(article)
    local = replace(capture, source="media-contoh", article_url=capture.article_url.replace("https", "http"))
    write_rows(tmp_path / "rows", [make_row(Found((local,), article, found, None))])
    (tmp_path / "in").mkdir()
    join_rows([tmp_path / "rows"], tmp_path / "in" / "x.parquet", {"unit": "x", "model": "m1"})
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        make_part(tmp_path / "real", "a", 0, 5)
        ingest_parts(store, tmp_path / "real")
        assert fetch(store.con, "SELECT source FROM sources") == []
        ingest_parts(store, tmp_path / "in")
        rows = fetch(store.con, "SELECT source, domains, invented FROM sources")
        assert rows == [("media-contoh", ["127.0.0.1:8201"], True)]
        published = publish(store, tmp_path / "snapshots")
    write_lake(published, str(tmp_path / "danau"))
    for place in (published.path, tmp_path / "danau"):
        with open_published(place) as opened:
            assert opened.facts.invented


def test_interrupted_ingest_goes_on_and_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_part(tmp_path, "cab"[number], 20 * number, 20)
    with open_store(tmp_path / "one" / "work.duckdb") as store:
        whole = ingest_parts(store, tmp_path)
        before = content(store)
        assert (whole.parts, whole.fresh, whole.articles, whole.refused) == (3, 3, 54, 6)
        assert ingest_parts(store, tmp_path).fresh == 0
        assert content(store) == before
    monkeypatch.setattr(ingest, "BATCH", 7)
    link = events.link_events
    calls = []

    def dies(*given: Any, **options: Any) -> int:
        calls.append(link(*given, **options))
        if len(calls) % 2:
            raise KeyboardInterrupt
        return calls[-1]

    monkeypatch.setattr(ingest.events, "link_events", dies)
    path = tmp_path / "two" / "work.duckdb"
    for _ in range(9):
        with open_store(path) as store:
            try:
                ingest_parts(store, tmp_path, link_every=10)
                break
            except KeyboardInterrupt:
                continue
    assert len(calls) > 2
    assert content(path) == before


def test_order_of_files_does_not_decide_events(tmp_path: Path) -> None:
    for number in range(3):
        make_part(tmp_path / "x", "cab"[number], 20 * number, 20)
        make_part(tmp_path / "y", "bca"[number], 20 * number, 20)
    found = []
    for name in "xy":
        with open_store(tmp_path / name / "work.duckdb") as store:
            ingest_parts(store, tmp_path / name, link_every=15)
            found.append(content(store))
    assert found[0] == found[1]


def test_another_store_beside_the_notes_takes_everything_in(tmp_path: Path) -> None:
    make_part(tmp_path, "a", 0, 10)
    path = tmp_path / "store" / "work.duckdb"
    with open_store(path) as store:
        ingest_parts(store, tmp_path)
    path.unlink()
    with (path.parent / "parts.jsonl").open("a") as file:
        file.write('{"store": ')
    with open_store(path) as store:
        assert ingest_parts(store, tmp_path).fresh == 1
        assert ingest_parts(store, tmp_path).fresh == 0


def test_erased_articles_stay_out(tmp_path: Path) -> None:
    make_part(tmp_path, "a", 0, 9)
    url = "https://media3.example/n3"
    add_erasure(tmp_path / "erasures.sqlite", "article", url, reason="diminta", who="petugas", figures={})
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        report = ingest_parts(store, tmp_path, erasures=tmp_path / "erasures.sqlite")
        assert (report.erased, report.articles) == (1, 8)
        assert fetch(store.con, "SELECT count(*) FROM pages WHERE url = ?", [url]) == [(0,)]


def test_pages_of_other_archives_are_no_fault(tmp_path: Path) -> None:
    make_part(tmp_path, "a", 0, 10)
    with (
        open_store(tmp_path / "store" / "work.duckdb") as store,
        Ledger(tmp_path / "ledger.sqlite") as ledger,
    ):
        ingest_parts(store, tmp_path)
        assert count_fates(store.con, ledger, ledger.captures()).unknown == 0
        store.con.execute("UPDATE pages SET capture_id = 7 WHERE url LIKE '%n3'")
        assert count_fates(store.con, ledger, ledger.captures()).unknown == 1


def test_damaged_and_foreign_parts_are_named(tmp_path: Path) -> None:
    article, found = make_article("x", "Teks."), make_extraction(make_article("x", "Teks."))
    assert found.id == article.id
    path = make_part(tmp_path, "a", 0, 5)
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        with pytest.raises(PartError, match="no part"):
            ingest_parts(store, tmp_path / "store")
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(PartError, match=r"a\.parquet"):
            ingest_parts(store, tmp_path)


def test_command_says_what_was_taken_in(tmp_path: Path) -> None:
    make_part(tmp_path, "a", 0, 10)
    given = [str(tmp_path), "--var", str(tmp_path / "var")]
    first, second = (CliRunner().invoke(command, given) for _ in range(2))
    assert "1 bagian baru dari 1: 9 artikel, 9 pembacaan baru, 1 halaman ditolak" in first.output
    assert "kejadian di simpanan" in first.output
    assert "0 bagian baru dari 1" in second.output
    store = Settings(var=tmp_path / "var").store
    assert len(content(store)[0]) == 9
    failed = CliRunner().invoke(command, [str(tmp_path / "var"), "--var", str(tmp_path / "var")])
    assert isinstance(failed.exception, Failure)
