"""A text that an outlet changes becomes a second state with its difference; one that stays makes none."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from nights import CHANGED, DECORATED, NEW, OLD, REMOVED, SAME, WITHDRAWN, Installation

from pipeline.database import fetch
from pipeline.query import artikel
from pipeline.store import open_store


@dataclass
class World:
    """An installation after two nights, and the ids of its articles by the end of their URLs."""

    at: Installation
    articles: dict[str, str]


@pytest.fixture(scope="module")
def world(two_nights: Installation) -> World:
    at = two_nights
    with open_store(at.settings.store) as store:
        rows = fetch(store.con, "SELECT url, article_id FROM articles")
    return World(at, {url.rpartition("/")[2]: key for url, key in rows})


def states(world: World, slug: str) -> int:
    with open_store(world.at.settings.store) as store:
        ids = [world.articles[slug]]
        return len(fetch(store.con, "SELECT 1 FROM article_versions WHERE article_id = ?", ids))


def test_only_a_changed_text_makes_a_second_state(world: World) -> None:
    assert {slug: states(world, slug) for slug in world.articles} == {
        CHANGED: 2, DECORATED: 1, REMOVED: 1, SAME: 1,
    }  # fmt: skip
    kinds = [(c.article_url.rpartition("/")[2], c.kind) for c in world.at.captures()]
    assert kinds.count((CHANGED, "response")) == kinds.count((DECORATED, "response")) == 2
    assert kinds.count((SAME, "revisit")) == 1


def test_removed_page_is_gone_and_its_article_stays(world: World) -> None:
    assert world.at.pages(REMOVED) == ["gone"]
    assert world.at.pages(CHANGED) == ["archived"]
    with closing(world.at.snapshot().connect()) as db:
        assert not artikel(db, world.articles[REMOVED]).empty


def test_difference_is_published_without_names(world: World) -> None:
    with closing(world.at.snapshot().connect()) as db:
        rows = fetch(
            db, "SELECT article_id, n, change, paragraph, text FROM revisions ORDER BY paragraph, change DESC"
        )
        shown = artikel(db, world.articles[CHANGED])
    assert {row[0] for row in rows} == {world.articles[CHANGED]}
    found = [row[1:] for row in rows]
    assert found[:2] == [
        (2, "removed", 0, "Kabar rekaan nomor 0"),
        (2, "added", 0, "Judul yang sudah diralat"),
    ]
    assert [text for _, change, _, text in found[2:] if change == "added"] == [NEW]
    removed = [text for _, change, _, text in found[2:] if change == "removed"]
    assert OLD in removed
    (child,) = [text for text in removed if "siswi" in text]
    assert "Mentari" not in child and "Kusumawardhani" not in child and len(child) == len(WITHDRAWN)
    changes = shown[shown["bagian"] == "perubahan"]
    assert list(changes["isi"]) == [text for *_, text in found]
    assert changes["rincian"].iloc[0].startswith("dihapus · judul · terlihat 20")


def test_reading_again_is_no_change_of_the_outlet(world: World, tmp_path: Path) -> None:
    copy = world.at.copy(tmp_path)
    with open_store(copy.settings.store) as store:
        # as if an earlier cleaning had read the same pages a little otherwise
        store.con.execute(
            "INSERT INTO article_versions SELECT * REPLACE (md5(version_id) AS version_id,"
            " sha256(version_id) AS text_hash, text || ' Baca juga' AS text) FROM article_versions"
        )
        store.con.execute("INSERT INTO article_pages SELECT md5(version_id), page_id FROM article_pages")
        store.con.execute(
            "INSERT INTO extractions SELECT * REPLACE (md5(extraction_id) AS extraction_id,"
            " md5(version_id) AS version_id, 'lama' AS model_version, TIMESTAMP '2020-01-01' AS read_at)"
            " FROM extractions"
        )
    copy.publish(rebuild=True)
    with closing(copy.snapshot().connect()) as db, closing(world.at.snapshot().connect()) as before:
        query = "SELECT article_id, n, change, paragraph, text FROM revisions ORDER BY ALL"
        assert fetch(db, query) == fetch(before, query)
