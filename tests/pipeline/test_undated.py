"""Articles without a date are of the day of their fetching, as their outlet's clock has it, not as UTC does."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from findings import make_capture
from stories import case_article

from crawler.source import Discovery, Source
from pipeline import facets, query
from pipeline.database import fetch
from pipeline.events import link_events
from pipeline.filters import Filters
from pipeline.reader import open_store
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle

# Hours after the midnight of 2 October 2024 in UTC; a page of 18.30 UTC is fetched at 01.30 in Jakarta.
_NIGHT, _LATE, _EARLY = 29 * 24 + 18, 29 * 24 + 16, 29 * 24 + 12
_DAY = date(2024, 10, 31)


@pytest.mark.parametrize(
    ("zone", "hour", "local"),
    [
        (None, _NIGHT, date(2024, 11, 1)),
        (None, _LATE, _DAY),
        ("Asia/Jakarta", _NIGHT, date(2024, 11, 1)),
        ("Asia/Makassar", _LATE, date(2024, 11, 1)),
        ("Asia/Jayapura", _LATE, date(2024, 11, 1)),
        ("Asia/Jayapura", _EARLY, _DAY),
    ],
)
def test_an_undated_article_is_of_the_local_day_of_its_fetching(
    zone: str | None, hour: int, local: date, store: Store, tmp_path: Path
) -> None:
    if zone:
        feed = Discovery(method="feed", url="/feed")
        known = Source(slug="kabar", name="Kabar", domains=("kabar.example",), zone=zone, discovery=(feed,))  # type: ignore[arg-type]
        store.store_sources([known])
    article, read = case_article("a", day=None)
    article = replace(article, published=None)
    read = replace(read, event=replace(read.event, date=None))
    store.store_articles([StoredArticle(article, (make_capture(article, hour=hour),))])
    store.store_extractions([(article, read)])
    assert [one.day for batch in facets.unlinked_batches(store, 9) for one in batch] == [local.toordinal()]
    link_events(store)
    root = tmp_path / "snapshots"
    with closing(publish(store, root).connect()) as con:
        assert fetch(con, "SELECT first_day, last_day, month FROM events") == [
            (local, local, f"{local:%Y-%m}")
        ]
        assert fetch(con, "SELECT day, month FROM articles") == [(None, f"{local:%Y-%m}")]
        assert fetch(con, "SELECT day FROM readings") == [(local,)]
        assert fetch(con, "SELECT first_day, last_day FROM outlets") == [(local, local)]
        timeline = query.linimasa(con, "a")
        assert [day.date() for day in timeline["tanggal"]] == [local]
        assert len(query.berita(con, Filters(sejak=local, sampai=local))) == 1
    with open_store(root / "snap-1" / "parquet") as parquet:
        assert len(parquet.ask("berita", sejak=local, sampai=local)) == 1
