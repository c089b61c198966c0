"""From archived pages to the store: nothing twice, nothing lost, the guilty page alone refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nights import Installation, write_about
from sites import Site, make_posts, serve
from test_label_reviews import labels_of, ref_of

from crawler.records import Capture
from pipeline.chunks import chunks
from pipeline.database import fetch
from pipeline.intake import read_files
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.process import ProcessReport, Reading, generations, import_files, process
from pipeline.settings import Settings
from pipeline.store import open_store

PREVENTION = """LAMPUNG TENGAH – Panwaslu Kecamatan Seputih Raman menggelar sosialisasi netralitas aparatur
sipil negara di aula kantor kecamatan, Selasa (15/10/2024). Kegiatan itu diikuti para kepala kampung dan guru.

Ketua Panwaslu Kecamatan Seputih Raman, Wayan Rekaan, mengingatkan peserta agar tidak ikut berkampanye. "Kami
mencegah lebih dahulu, supaya tidak ada yang melanggar," ujarnya. Ia berharap pilkada berjalan jujur dan adil.

Camat Seputih Raman, Sutopo Khayal, menyambut baik kegiatan tersebut dan meminta jajarannya menjaga netralitas
selama masa kampanye berlangsung di seluruh wilayah kecamatan."""


def capture(number: int, part: int, kind: str = "response") -> Capture:
    return Capture(
        id=number, source="contoh", run="r", url=f"http://a.example/x/{part}", part=part, kind=kind,
        article_url="http://a.example/x", status=200, content_type="text/html", sha256="0" * 64,
        fetched_at=datetime(2024, 10, 1, tzinfo=UTC), warc="w", offset=number, length=1,
    )  # fmt: skip


def test_generations_join_pages_and_carry_unchanged_ones_over() -> None:
    first, second, changed = capture(1, 1), capture(2, 2), capture(3, 1)
    assert generations([first]) == [(first,)]
    assert generations([first, second]) == [(first, second)]
    assert generations([first, second, changed]) == [(first, second), (changed, second)]
    assert generations([second]) == []


def test_chunks_lose_nothing() -> None:
    assert list(chunks(range(5), 2)) == [(0, 1), (2, 3), (4,)]


def run(settings: Settings, *files: Path) -> tuple[list[Reading], ProcessReport]:
    readings: list[Reading] = []
    with open_store(settings.store) as store:
        only = import_files(read_files(files), settings, "test")
        report = process(settings, store, {}, only=only, on_reading=readings.append)
    return readings, report


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", workers=1)


def test_files_are_read_and_a_second_time_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    rows = tmp_path / "artikel.jsonl"
    rows.write_text(
        json.dumps({"id": "satu", "text": PREVENTION, "published": "2024-10-16T08:00+07:00"})
        + "\n"
        + json.dumps({"id": "dua", "text": "Pendek."})
        + "\n"
    )
    readings, report = run(settings, rows)
    assert [r.article.id for r in readings if r.article] == ["satu"]
    assert [r.refusal.reason for r in readings if r.refusal] == ["empty"]
    found = readings[0].extraction
    assert found is not None
    assert (found.kind, found.cases) == ("pencegahan", ())
    assert found.event.date == "2024-10-15"
    assert (report.articles, report.pages, sum(report.refused.values())) == (1, 2, 1)

    def content() -> list[tuple[object, ...]]:
        with open_store(settings.store) as store:
            return fetch(store.con, "SELECT article_id, version_id, extraction_id FROM articles ORDER BY ALL")

    before = content()
    run(settings, rows)
    assert content() == before
    assert len(before) == 1


def test_pending_work_is_what_no_run_has_read(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "berita.txt"
    file.write_text(PREVENTION)
    import_files(read_files([file]), settings, "test")
    with open_store(settings.store) as store:
        assert process(settings, store, {}).articles == 1
        assert process(settings, store, {}).articles == 0


def test_a_model_that_was_put_back_is_the_one_that_counts_again(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "berita.txt"
    file.write_text(PREVENTION)
    (reading,), _ = run(settings, file)
    assert reading.article and reading.extraction
    read = labels_of(reading.extraction)
    own = reading.extraction.model_version
    with LabelReviews(settings.reviews) as decided:
        said = Verdict(
            ref_of(reading.article), "confirm", read, read, Model(own, 0.9, read), "sari", "tinjau"
        )
        decided.decide(said, seen=0)
    with open_store(settings.store) as store:
        assert process(settings, store, {}).returned == 0
        store.store_extractions([(reading.article, replace(reading.extraction, model_version="rejected"))])
        revision = fetch(store.con, "SELECT revision FROM articles")
        report = process(settings, store, {})
        assert (report.pages, report.returned) == (0, 1)
        assert fetch(store.con, _CURRENT) == [(own, "dikonfirmasi")]
        assert fetch(store.con, "SELECT revision FROM articles") > revision  # published anew
        assert process(settings, store, {}).returned == 0


_CURRENT = """
SELECT e.model_version, r.review FROM articles JOIN extractions e USING (extraction_id)
LEFT JOIN reviewed_extractions r USING (extraction_id)
"""


def test_a_killed_run_leaves_no_page_behind_that_it_had_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Installation(tmp_path)
    with serve(Site(make_posts(6, etag=False))) as site:
        for slug, post in site.posts.items():
            post.text = write_about(slug)
        at.crawl(source := site.source("sitemap"))
    at.sql("UPDATE captures SET id = id + 9000 WHERE id > 1")
    first = at.captures()[0]
    file = at.settings.archive / first.warc
    whole = file.read_bytes()
    file.write_bytes(whole[: first.offset] + bytes(first.length) + whole[first.offset + first.length :])
    monkeypatch.setattr(
        "pipeline.process.BATCH", 1
    )  # four articles are stored at a time, the failed one at last

    def dies(_: Reading) -> None:
        raise KeyboardInterrupt

    with open_store(at.settings.store) as store, pytest.raises(KeyboardInterrupt):
        process(at.settings, store, {source.slug: source}, on_reading=dies)
    file.write_bytes(whole)
    assert at.process(source).articles == 2
    assert at.process(source).pages == 0
    with open_store(at.settings.store) as store:
        assert fetch(store.con, "SELECT count(*) FROM articles") == [(6,)]
