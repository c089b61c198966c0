"""What the desk says of sources: those that fell silent, those that never gave anything, and where they are at home."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from stories import case_article, store_pairs

from crawler.source import Source
from pipeline.events import link_events
from pipeline.filters import Filters, QuestionError, check_filters
from pipeline.settings import Settings
from pipeline.shelf import current_snapshot
from pipeline.snapshots import publish
from pipeline.store import open_store
from pipeline.web.app import make_app

_PLAIN = {"domains": ["jauh.example"], "discovery": [{"method": "feed", "url": "/rss"}]}
NEVER = [
    Source.model_validate({**_PLAIN, "slug": "jauh", "name": "Kabar Jauh", "home": "32.05"}),
    Source.model_validate({**_PLAIN, "slug": "sepi", "name": "Kabar Sepi"}),
]


@pytest.mark.parametrize("never", [NEVER, []])
def test_sources_that_never_gave_an_article_are_counted(tmp_path: Path, never: list[Source]) -> None:
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        store_pairs(store, case_article("a"))
        link_events(store)
        store.store_sources(never)
        publish(store, tmp_path / "snapshots")
    with TestClient(make_app(Settings(var=tmp_path)), base_url="http://127.0.0.1") as client:
        today = client.get("/").text
        assert ("Dari semua sumber ada yang dibaca" in today) == (not never)
        assert ('<a href="/sumber">2 sumber</a> belum pernah memberi artikel' in today) == bool(never)
        for path in ("/sumber", *(f"/sumber/{source.slug}" for source in never)):
            assert not re.search(r"\bnan\b", client.get(path).text), path


def test_a_medium_is_found_by_its_name_and_an_unknown_one_refused(tmp_path: Path) -> None:
    described = Source.model_validate(
        {**_PLAIN, "slug": "kabar", "name": "Kabar Garut", "domains": ["kabar.example"]}
    )
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        store_pairs(store, case_article("a"), case_article("b", outlet="lain.example", name="Hartono"))
        link_events(store)
        store.store_sources([described, *NEVER])
        publish(store, tmp_path / "snapshots")
    with TestClient(make_app(Settings(var=tmp_path)), base_url="http://127.0.0.1") as client:
        counts = {
            written: re.findall(r'role="status">(\d+) dugaan', client.get("/kasus", params={"media": written}).text)
            for written in (
                "kabar.example", "Kabar.Example", " kabar garut ", "https://www.kabar.example/kasus/", "lain.example",
                "kabar", "Kabar Jauh", "sepi",
            )
        }  # fmt: skip
        assert all(counts.values()), counts
        assert [
            counts[w] for w in ("Kabar.Example", " kabar garut ", "https://www.kabar.example/kasus/")
        ] == [counts["kabar.example"]] * 3
        unknown = client.get("/kasus", params={"media": "Koran Rekaan"})
        assert unknown.status_code == 400
        assert "tidak ada yang dibaca dengan nama ini" in unknown.text
        assert '<option value="kabar.example">Kabar Garut</option>' in client.get("/kasus").text
    with (
        closing(current_snapshot(tmp_path / "snapshots").connect()) as db,
        pytest.raises(QuestionError, match=r"maksudnya kabar\.example"),
    ):
        check_filters(db, Filters(media="Kabar Garut"))


def test_the_table_of_a_province_accounts_for_every_case_and_marks_the_unread(tmp_path: Path) -> None:
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        store_pairs(
            store, case_article("a"), case_article("b", name="Hartono", village="32.05", day="2024-07-01",
                         types=("politik_uang.uang",)),
            case_article("c", name="Darmo", village="32", outlet="lain.example"),
        )  # fmt: skip
        link_events(store)
        publish(store, tmp_path / "snapshots")
    with TestClient(make_app(Settings(var=tmp_path)), base_url="http://127.0.0.1") as client:
        for path, lost in (
            ("/peta", None),
            ("/peta?wilayah=32", "kabupaten atau kota"),
            ("/peta?wilayah=32.05", "kecamatan"),
        ):
            page = client.get(path).text
            total = int(
                re.findall(r'role="status">(\d+) dugaan', client.get(path.replace("peta", "kasus")).text)[0]
            )
            body = page.rpartition("<tbody>")[2]
            counts = re.findall(r'<tr><td>.*?</td><td>[^<]*</td><td class="n">(\d+)</td>', body)
            assert sum(map(int, counts)) == total, path
            assert "tak dibaca" in body, path
            assert (f"Tanpa {lost} yang disebut" in body) == (lost is not None), path
