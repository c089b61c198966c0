"""Erasing articles that no ledger knows: what parts brought, and a text without an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from findings import accused_article, make_capture, prevention_article

from crawler.ledger import Ledger
from crawler.records import Entry, Hints
from nlp.records import Extraction
from pipeline.article import Article
from pipeline.audit import list_erasures
from pipeline.backfill.ingest import ingest_parts
from pipeline.backfill.parts import Found, join_rows, make_row, write_rows
from pipeline.erase import erase_article, erase_person
from pipeline.ids import text_hash
from pipeline.label_reviews import LabelReviews, Model, Verdict
from pipeline.labelling import Labels
from pipeline.reviews import TextRef
from pipeline.settings import Settings
from pipeline.store import StoredArticle, open_store

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
Pair = tuple[Article, Extraction]
LABELS = Labels("informasi", None, (), (), None, None, ())


def write_part(folder: Path) -> list[Pair]:
    """Write a part of two invented articles, of which only the first names an accused person."""
    pairs = [accused_article("satu"), prevention_article("dua")]
    rows = [
        make_row(Found((replace(make_capture(a, number=n), warc="jauh.warc.gz"),), a, found, None))
        for n, (a, found) in enumerate(pairs)
    ]
    (folder / "parts").mkdir()
    write_rows(folder / "rows", rows)
    join_rows([folder / "rows"], folder / "parts" / "a.parquet", {"unit": "a", "model": "m1"})
    return pairs


def review(settings: Settings, *refs: TextRef) -> None:
    with LabelReviews(settings.reviews) as file:
        for ref in refs:
            file.decide(
                Verdict(ref, "confirm", LABELS, LABELS, Model("m1", 0.5, LABELS), "s", "tinjau"), seen=0
            )


def reviewed(settings: Settings) -> list[TextRef]:
    with LabelReviews(settings.reviews) as file:
        return [row.ref for row in file.verdicts()]


def ref_of(article: Article) -> TextRef:
    return TextRef(article.url, text_hash(article))


@pytest.mark.parametrize("how", ["id", "address", "person"])
def test_article_of_a_part_goes_with_its_labels_and_stays_out(tmp_path: Path, how: str) -> None:
    (first, _), (second, _) = write_part(tmp_path)
    settings = Settings(var=tmp_path / "var")
    with open_store(settings.store) as store:
        assert ingest_parts(store, tmp_path).articles == 2
    earlier = TextRef(first.url, "e" * 64)  # a text that the store no longer has
    review(settings, ref_of(first), earlier, ref_of(second))
    if how == "person":
        erase_person(settings, "Sutrasna Wirabaya", reason="diminta", who="petugas")
    else:
        told = first.id if how == "id" else f"{first.url}/?utm_source=x"
        erase_article(settings, told, reason="diminta", who="petugas")
    assert reviewed(settings) == [ref_of(second)]
    assert len(list_erasures(settings.erasures, first.url)) == 1
    with open_store(tmp_path / "new" / "work.duckdb") as store:
        report = ingest_parts(store, tmp_path, erasures=settings.erasures)
        assert (report.erased, report.articles) == (1, 1)


@pytest.mark.parametrize("waits", [True, False])
def test_article_of_a_part_is_not_fetched_once_it_was_erased(tmp_path: Path, waits: bool) -> None:
    (first, _), _ = write_part(tmp_path)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "kabar.toml").write_text(
        'name = "Kabar"\ndomains = ["kabar.example"]\n[[discovery]]\nmethod = "feed"\nurl = "/feed/"\n'
    )
    settings = Settings(var=tmp_path / "var", sources=tmp_path / "sources")
    with open_store(settings.store) as store:
        ingest_parts(store, tmp_path)
    listed = [Entry(str(first.url), Hints("feed"), None, f"{first.url}/")]
    with Ledger(settings.ledger) as ledger:
        if waits:
            with ledger.transaction():
                found = ledger.pages.add_entries("kabar", "r1", listed, NOW)
                ledger.tally.add_outcome("r1", "kabar", "discovered", n=found.new)
        erase_article(settings, str(first.url), reason="diminta", who="petugas")
        ledger.pages.add_entries("kabar", "r2", listed, NOW)
        assert ledger.pages.queue("kabar") == 0
        assert ledger.is_erased(str(first.url))
        assert ledger.audit() == []


def test_labels_of_a_text_without_address_are_erased_with_it(tmp_path: Path) -> None:
    article, found = accused_article("x")
    article = replace(article, url=None)
    settings = Settings(var=tmp_path / "var")
    with open_store(settings.store) as store:
        store.store_articles([StoredArticle(article, (make_capture(accused_article("x")[0]),))])
        store.store_extractions([(article, found)])
    other = TextRef(None, "0" * 64)
    review(settings, ref_of(article), other)
    erase_article(settings, article.id, reason="diminta", who="petugas")
    assert reviewed(settings) == [other]
