from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from findings import make_capture, make_extraction
from press import fill_press, press, told

from pipeline.cli import wartawas
from pipeline.compare import CAUSES, Comparison, compare_snapshots
from pipeline.decisions import split_event
from pipeline.events import link_events
from pipeline.reviews import Reviews
from pipeline.snapshots import current_snapshot, publish
from pipeline.store import StoredArticle, open_store


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The press; with one article more; one re-read by another model as prevention; one article split off; the same."""
    folder = tmp_path_factory.mktemp("compared")
    with open_store(folder / "store" / "work.duckdb") as store:
        fill_press(store)
        publish(store, folder / "snapshots")
        news = told(
            "baru", "2024-11-26",
            "Camat di Adipala disebut mengumpulkan kepala dusun. Ia diduga meminta mereka memenangkan satu calon.",
            types=("netralitas.asn",), place="33.01.03", source="temuan", stage="laporan_temuan",
        )  # fmt: skip
        store.store_articles([StoredArticle(news[0], (make_capture(news[0], number=90),))])
        store.store_extractions([news])
        link_events(store)
        publish(store, folder / "snapshots")
        article, read = next(pair for pair in press() if pair[0].id == "sarung")
        again = replace(make_extraction(article, event=read.event), model_version="m2")
        store.store_extractions([(article, again)])
        link_events(store)
        publish(store, folder / "snapshots")
        published = current_snapshot(folder / "snapshots").manifest["published"]
        with (
            closing(current_snapshot(folder / "snapshots").connect(restricted=True)) as db,
            Reviews(folder / "reviews.sqlite") as reviews,
        ):
            (event,) = db.execute(
                "SELECT event_id FROM event_members WHERE article_id = 'kades3'"
            ).fetchone() or ("",)
            while (
                f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}" <= published
            ):  # publications are told to the second
                time.sleep(0.1)
            split_event(reviews, db, event, ["kades3"], reviewer="Peninjau")
        for _ in range(2):
            publish(store, folder / "snapshots", reviews=folder / "reviews.sqlite")
    return folder


def compared(var: Path, old: int, new: int) -> Comparison:
    sides = (current_snapshot(var / "snapshots", number) for number in (old, new))
    return compare_snapshots(*sides, var / "reviews.sqlite")


def totals(found: Comparison) -> dict[str, tuple[int, ...]]:
    columns = ["lama", "baru", "selisih", *CAUSES]
    return {row["ukuran"]: tuple(int(row[c]) for c in columns) for row in found.totals.to_dict("records")}


def test_a_new_article_is_news(var: Path) -> None:
    found = compared(var, 1, 2)
    assert totals(found)["dugaan kasus"] == (8, 9, 1, 1, 0, 0, 0)
    assert totals(found)["artikel dibaca"][:3] == (15, 16, 1)
    (change,) = found.changes.to_dict("records")
    assert (change["perubahan"], change["sebab"], change["kode"]) == ("muncul", "berita", "33.01.03")


def test_another_reading_of_the_same_text_is_the_model(var: Path) -> None:
    found = compared(var, 2, 3)
    assert totals(found)["dugaan kasus"] == (9, 8, -1, 0, -1, 0, 0)
    assert totals(found)["kegiatan pencegahan"] == (2, 3, 1, 0, 1, 0, 0)
    assert found.models == (("m1",), ("m1", "m2"))
    assert set(found.changed["sebab"]) == {"model"}


def test_what_a_reviewer_split_is_review(var: Path) -> None:
    found = compared(var, 3, 4)
    assert totals(found)["dugaan kasus"] == (8, 9, 1, 0, 0, 1, 0)
    assert set(found.changed["sebab"]) == {"tinjauan"}
    assert {change["perubahan"] for change in found.changes.to_dict("records")} == {"muncul", "berubah"}


def test_the_parts_sum_to_the_difference(var: Path) -> None:
    for row in totals(compared(var, 1, 3)).values():
        assert sum(row[3:]) == row[2]


def test_equal_snapshots_do_not_differ(var: Path) -> None:
    found = compared(var, 4, 5)
    assert len(found.changes) == 0 and set(found.totals["selisih"]) == {0}


def test_the_command_prints_what_changed(var: Path) -> None:
    answer = CliRunner().invoke(wartawas, ["compare", "1", "3", "--details", "--json", "--var", str(var)])
    told = json.loads(answer.output)
    assert {change["sebab"] for change in told["changes"]} == {"berita", "model"}
    assert "model m1" in CliRunner().invoke(wartawas, ["compare", "2", "3", "--var", str(var)]).output
