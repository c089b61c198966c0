"""What tests of reviewing share: a snapshot with cases, prevention events and a queue of many articles."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

from findings import PREVENTION, accused_article, make_capture, prevention_article
from starlette.testclient import TestClient
from stories import case_article

from pipeline.events import link_events
from pipeline.snapshots import publish
from pipeline.store import StoredArticle, open_store

Form = dict[str, str]


def publish_for_review(var: Path) -> None:
    """Publish one case alone (a1), one in two articles (b, c), and 61 prevention events (p1, q0, …)."""
    pairs = [accused_article("a1"), prevention_article("p1")]
    pairs += [
        case_article(key, village="32.05.13.2001", outlet=outlet)
        for key, outlet in (("b", "kabar.example"), ("c", "lain.example"))
    ]
    for n in range(60):
        article, found = prevention_article(f"q{n}")
        pairs.append((replace(article, text=f"{PREVENTION} Kegiatan nomor {n}."), found))
    with open_store(var / "store" / "work.duckdb") as store:
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        link_events(store)
        publish(store, var / "snapshots")


def form_on(client: TestClient, path: str, action: str | None = None) -> Form:
    """Return what a browser would send from the form of a page that leads to `action`."""
    html = client.get(path).text
    goal = action or path.partition("?")[0]
    (body,) = re.findall(
        rf'<form method="post" action="{re.escape(goal)}"[^>]*>(.*?)</form>', html, re.DOTALL
    )[:1]
    form = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name = re.search(r'name="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            form[unescape(name[1])] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', body, re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        form[name] = next((value for value, chosen in values if chosen), values[0][0])
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        form[name] = unescape(text)
    return form
