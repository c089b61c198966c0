"""The notebooks on other stores than the demo's, and with other choices: their figures are those of the tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jupytext
import pandas as pd
import pytest
from deciding import decide
from findings import accused_article, make_capture
from press import fill_press
from stories import store_pairs

from crawler.archive import Archive
from pipeline import open_store
from pipeline.events import link_events
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle
from pipeline.store import open_store as open_work

FOLDER = Path(__file__).parents[2] / "notebooks"
Worked = Callable[..., dict[str, Any]]


@pytest.fixture
def worked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worked:
    """Run a notebook's cells on a store, with other values of its choices; return the names that it leaves."""

    def run(number: str, store: Path, **choices: object) -> dict[str, Any]:
        monkeypatch.setenv("WARTAWAS_STORE", str(store))
        monkeypatch.setenv("WARTAWAS_FIGURES", str(tmp_path / "gambar"))
        (file,) = FOLDER.glob(f"{number}-*.py")
        cells = [cell.source for cell in jupytext.read(file).cells if cell.cell_type == "code"]
        source = "\n".join(cells)
        for name, value in choices.items():
            source, changed = re.subn(rf"(?m)^{name} = \S.*$", f"{name} = {value!r}", source)
            assert changed == 1, name
        names: dict[str, Any] = {}
        exec(compile(source, file.name, "exec"), names)
        return names

    return run


def published(folder: Path, fill: Callable[[Store], object] = lambda store: None) -> Path:
    """Return a folder of runs whose snapshot holds what `fill` stores."""
    with open_work(folder / "store" / "work.duckdb") as work:
        fill(work)
        publish(work, folder / "snapshots")
    return folder


@pytest.fixture(scope="module")
def press_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("press"), fill_press)


def test_an_empty_store_is_told_and_no_notebook_breaks(
    tmp_path: Path, worked: Worked, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = published(tmp_path / "kosong")
    for number in ("01", "02", "03", "04", "05", "06", "08"):
        worked(number, empty)
    assert worked("05", empty)["half"] == 0, "no outlet that was never read stands for half of the articles"
    with pytest.raises(SystemExit, match=r"^Simpanan ini belum memuat kasus\.$"):
        worked("07", empty)


def test_a_stage_of_which_nothing_was_read_keeps_its_cases(after_demo: Path, worked: Worked) -> None:
    stages = worked("02", after_demo / "var" / "demo")["stages"].set_index("id")
    row = stages.loc["pendaftaran"]
    assert (row["kasus"], row["pertama_diberitakan"], row["dibaca"]) == (1, 0, 0)
    assert pd.isna(row["per_1000_artikel"])


def test_two_elections_compare_what_was_first_reported(press_runs: Path, worked: Worked) -> None:
    """The act of the transfer fell 33 weeks before the voting, its first report 32 weeks."""
    sums = worked("03", press_runs, JENIS="wewenang.mutasi", MINGGU=34, AKHIR=33)["sums"]
    assert sums.loc["pilkada 2024", "pertama_diberitakan"] == 1
    assert sums.loc["pilkada 2020", "dibaca"] == 1


def test_concentration_counts_the_outlets_that_were_read(press_runs: Path, worked: Worked) -> None:
    sources = worked("05", press_runs)["sources"]
    assert dict(zip(sources["nama"], sources["artikel"], strict=True)) == {
        "kabar.example": 10, "koran.example": 2, "lain.example": 2, "sukabumikab.go.id": 1
    }  # fmt: skip


def test_an_outlet_that_is_crawled_and_given_by_hand_is_one(tmp_path: Path, worked: Worked) -> None:
    def fill(store: Store) -> None:
        pairs = [accused_article(key) for key in ("a1", "a2")]
        store.store_articles(
            StoredArticle(article, (make_capture(article, number=n, source=source),))
            for n, ((article, _), source) in enumerate(zip(pairs, ("kabar", "berkas"), strict=True), 1)
        )
        store.store_extractions(pairs)

    found = worked("05", published(tmp_path, fill))
    assert (list(found["sources"]["artikel"]), found["half"]) == ([2], 1)


def test_each_case_shows_the_sentences_of_all_its_articles(after_demo: Path, worked: Worked) -> None:
    place = after_demo / "var" / "demo"
    with open_store(place) as store:
        cases = store.sql(
            "SELECT event_id, any_value(e.articles) AS articles, bool_and(NOT m.is_primary) AS beside"
            " FROM events e JOIN event_members m USING (event_id)"
            " WHERE kind = 'kasus' GROUP BY event_id HAVING beside OR any_value(e.articles) = 4"
        )
    assert len(cases) == 4, "three that an article tells beside another one, and the most told"
    for event, articles in zip(cases["event_id"], cases["articles"], strict=True):
        found = worked("07", place, KEJADIAN=event)
        assert found["evidence"]["article_id"].nunique() == articles == found["days"]["artikel"].sum()
    with pytest.raises(SystemExit, match=r"^Simpanan ini tidak memuat kasus rekaan\.$"):
        worked("07", place, KEJADIAN="rekaan")


def test_a_file_given_by_hand_is_checked_against_its_archived_record(
    after_demo: Path, tmp_path: Path, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, halaman = b"Bawaslu menerima laporan.", tmp_path / "halaman"
    with closing(Archive(halaman).open("berkas", "tangan")) as file:
        place = file.write_resource(
            "file:///laporan.txt", body, "text/plain", datetime(2024, 10, 1, tzinfo=UTC)
        )
    monkeypatch.setenv("WARTAWAS_ARCHIVE", str(halaman))
    found = worked("07", after_demo / "var" / "demo")
    assert found["folder"] == halaman, "whatever the folder is called"
    page = pd.Series(
        {"warc": place.warc, "warc_offset": place.offset, "page_sha256": hashlib.sha256(body).hexdigest()}
    )
    assert found["checked_page"](halaman, page) == "cocok"
    assert found["checked_page"](halaman, page.replace(page["page_sha256"], "0" * 64)) == "TIDAK COCOK"


def test_what_another_model_had_read_measures_no_reading_of_this_one(tmp_path: Path, worked: Worked) -> None:
    pair, reviews = accused_article(), tmp_path / "reviews.sqlite"

    def measured() -> list[tuple[str, str]]:
        with open_work(tmp_path / "store" / "work.duckdb") as work:
            link_events(work, reviews)
            publish(work, tmp_path / "snapshots", reviews=reviews)
        truth = worked("06", tmp_path)["truth"]
        return list(zip(truth["terbaca"], truth["benar"], strict=True))

    with open_work(tmp_path / "store" / "work.duckdb") as work:
        store_pairs(work, pair)
    decide(reviews, pair, lambda labels: labels, "confirm", drawn=True)
    assert measured() == [("pelanggaran", "pelanggaran")]
    with open_work(tmp_path / "store" / "work.duckdb") as work:
        store_pairs(work, (pair[0], replace(pair[1], model_version="m2", confidence=0.51)), hour=1)
    assert measured() == []


def test_figures_of_a_classifier_say_what_it_was_trained_on(
    press_runs: Path, tmp_path: Path, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever store is open: its articles were not the material."""
    monkeypatch.delenv("WARTAWAS_LABELS", raising=False)
    rows = worked("09", press_runs)["rows"]
    drawn = (tmp_path / "gambar" / "09-kekeliruan.svg").read_text(encoding="utf-8")
    assert f"CONTOH – rekaan · korpus karangan · {len(rows)} artikel" in drawn and "15 artikel" not in drawn
