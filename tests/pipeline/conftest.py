from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from findings import accused_article, make_capture, prevention_article
from nights import Installation, run_two_nights
from press import fill_press

from pipeline.events import link_events
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle, open_store


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work file with nothing but its regions, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "work.duckdb"
    open_store(path).close()
    return path


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation to look at; a test that changes something takes a copy."""
    return run_two_nights(tmp_path_factory.mktemp("nights"))


@pytest.fixture(scope="session")
def press_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs with one snapshot of the press of press.py, to look at."""
    folder = tmp_path_factory.mktemp("press")
    with open_store(folder / "store" / "work.duckdb") as opened:
        fill_press(opened)
        publish(opened, folder / "snapshots")
    return folder


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """An open store in `tmp_path`/store."""
    path = tmp_path / "store" / "work.duckdb"
    path.parent.mkdir(mode=0o700)
    shutil.copyfile(empty_store, path)
    with open_store(path) as opened:
        yield opened


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with one alleged case and one prevention event, linked."""
    pairs = [accused_article(), prevention_article()]
    store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs, 1))
    store.store_extractions(pairs)
    link_events(store)
    return store
