from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desks import HOSTILE, PASSWORD
from findings import accused_article, make_capture, prevention_article
from starlette.testclient import TestClient

from pipeline.events import link_events
from pipeline.settings import Settings
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store
from pipeline.web.accounts import Accounts
from pipeline.web.app import make_app


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs with one case, one prevention event and an article made of hostile text."""
    var = tmp_path_factory.mktemp("desk")
    hostile, read = prevention_article("jahat")
    hostile = replace(
        hostile,
        title=f"Judul {HOSTILE}",
        url="javascript:alert(3)//kabar.example",
        text=f"{hostile.text}\n\n{HOSTILE}",
    )
    pairs = [accused_article("a1"), prevention_article("p1"), (hostile, read)]
    with open_store(var / "store" / "work.duckdb") as store:
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        link_events(store)
        publish(store, var / "snapshots")
    return var


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """Return settings over the published folder whose accounts are this test's own."""
    (tmp_path / "snapshots").symlink_to(published / "snapshots")
    return Settings(var=tmp_path)


@pytest.fixture
def desk(settings: Settings) -> Iterator[TestClient]:
    """Return a browser at a desk without accounts."""
    with TestClient(make_app(settings), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.fixture
def accounts(settings: Settings) -> Accounts:
    """Return the accounts of the desk: one of each role."""
    made = Accounts(settings.var / "desk" / "accounts.sqlite")
    for role in ("lihat", "tinjau", "admin"):
        made.add(role, PASSWORD, role)
    return made
