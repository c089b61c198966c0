"""Invented case articles for tests of linking: what one outlet reports of one village head's case."""

from __future__ import annotations

from datetime import datetime, timedelta

from findings import WIB, make_article, make_capture, make_case, make_extraction

from nlp.records import Extraction, Terlapor
from pipeline.article import Article
from pipeline.database import fetch
from pipeline.store import Store, StoredArticle

Pair = tuple[Article, Extraction]


def case_article(
    key: str, *, name: str | None = "Sutrasna Wirabaya", village: str = "32.05.12.2011",
    day: str | None = "2024-09-28", stage: str = "laporan_temuan", outlet: str = "kabar.example", later: int = 0,
    types: tuple[str, ...] = ("netralitas.kades",), text: str = "", model: str = "m1",
) -> Pair:  # fmt: skip
    """Return an article about a case, published so many days after 1 October 2024, with its reading."""
    words = text or f"Berita {key} tentang {name} di {village} pada {day}. Uraian {key * 3} tersendiri."
    article = make_article(
        key, words, outlet=outlet, published=datetime(2024, 10, 1, 9, tzinfo=WIB) + timedelta(days=later)
    )
    case = make_case(
        article, types=types, place=village, event_date=day, stage=stage,
        terlapor=(Terlapor(name, "Kepala Desa", "desa.kepala", 1),),
    )  # fmt: skip
    return article, make_extraction(article, case, model_version=model)


def store_pairs(store: Store, *pairs: Pair, hour: int = 0) -> None:
    """Store articles with their readings, as fetched so many hours after midnight."""
    store.store_articles(StoredArticle(a, (make_capture(a, hour=hour),)) for a, _ in pairs)
    store.store_extractions(pairs)


def events_of(store: Store) -> dict[str, str]:
    """Return each article's main event."""
    return dict(fetch(store.con, "SELECT article_id, event_id FROM event_members WHERE is_primary"))


def groups_of(store: Store) -> set[frozenset[str]]:
    """Return the articles of each event."""
    events: dict[str, set[str]] = {}
    for article, event in events_of(store).items():
        events.setdefault(event, set()).add(article)
    return {frozenset(articles) for articles in events.values()}
