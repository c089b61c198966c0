"""Hand-written articles that are easily taken for one event: read by the shipped model, they stay apart."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from findings import WIB, make_article
from stories import events_of, store_pairs

from nlp.model import load_model
from pipeline.article import Article
from pipeline.events import link_events
from pipeline.process import document
from pipeline.store import Store

FILE = Path(__file__).with_name("decoys.toml")


def load_decoys() -> list[list[Article]]:
    """Return the groups of articles, each of one event of its own; the first of a group is no decoy."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = [group["stories"] for group in table["group"]]
    groups += [[_filled(form, row) for row in form["rows"]] for form in table["form"]]
    return [
        [_article(f"g{n}-{m}", story, m) for m, story in enumerate(group)] for n, group in enumerate(groups)
    ]


def _filled(form: dict[str, Any], row: dict[str, str]) -> dict[str, Any]:
    return {"at": form["at"], "title": form["title"].format(**row), "text": form["text"].format(**row)}


def _article(key: str, story: dict[str, Any], outlet: int) -> Article:
    published = datetime.fromisoformat(story["at"]).replace(tzinfo=WIB)
    return make_article(
        key, story["text"], title=story["title"], outlet=f"media{outlet}.example", published=published
    )


def test_at_most_one_decoy_in_twenty_is_merged(store: Store) -> None:
    groups = load_decoys()
    articles = [article for group in groups for article in group]
    found = load_model().extract_many(document(article, None) for article in articles)
    store_pairs(store, *zip(articles, found, strict=True))
    link_events(store)
    event = events_of(store)
    told = {article.id for article in articles if article.id in event}
    assert len(told) >= 0.95 * len(articles), "what is not read as an event cannot be merged"
    seen: set[str] = set()
    merged = []
    for article in articles:
        if event.get(article.id) in seen:
            merged.append((article.id, article.title))
        seen.add(event.get(article.id, article.id))
    decoys = len(articles) - len(groups)
    assert decoys >= 40
    assert len(merged) <= 0.05 * decoys, merged
