from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from desks import HOSTILE, PASSWORD, borrow, browse
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
    return borrow(published, tmp_path, "snapshots")


@pytest.fixture
def desk(settings: Settings) -> Iterator[TestClient]:
    """Return a browser at a desk without accounts."""
    with browse(settings) as client:
        yield client


@pytest.fixture
def accounts(settings: Settings) -> Accounts:
    """Return the accounts of the desk: one of each role."""
    made = Accounts(settings.var / "desk" / "accounts.sqlite")
    for role in ("lihat", "tinjau", "admin"):
        made.add(role, PASSWORD, role)
    return made


@pytest.fixture(scope="module")
def address(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a running desk with one account of each role."""
    folder = tmp_path_factory.mktemp("meja")
    settings = borrow(published, folder, "snapshots")
    accounts = Accounts(settings.var / "desk" / "accounts.sqlite")
    for role in ("lihat", "tinjau", "admin"):
        accounts.add(role, PASSWORD, role)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    tools_of = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with tools_of.sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: object, address: str) -> Iterator[object]:
    """Return a tab whose every request beyond the desk, and every complaint of the browser, fails the test."""
    context = browser.new_context(base_url=address, locale="id-ID")  # type: ignore[attr-defined]
    page = context.new_page()
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith((address, "data:")) else None)
    page.on("console", lambda m: foreign.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert foreign == []
