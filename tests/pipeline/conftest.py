from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from findings import accused_article, make_capture, prevention_article

from pipeline.events import link_events
from pipeline.store import Store, StoredArticle, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "work.duckdb") as opened:
        yield opened


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with one alleged case and one prevention event, linked."""
    pairs = [accused_article(), prevention_article()]
    store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs, 1))
    store.store_extractions(pairs)
    link_events(store)
    return store
