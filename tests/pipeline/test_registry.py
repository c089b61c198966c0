from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from findings import (
    accused_article,
    find,
    make_article,
    make_capture,
    make_case,
    make_extraction,
    make_official,
)

from nlp.records import Extraction
from pipeline.article import Article
from pipeline.database import fetch, scalar
from pipeline.events import link_events
from pipeline.registry import official_id
from pipeline.snapshots import publish
from pipeline.store import Store, StoredArticle

BAWASLU = "Bawaslu Kabupaten Garut"
CHAIR = official_id("Lestari Adiguna", BAWASLU, "bawaslu.anggota", "32.05.12")

SAME = [
    ("Lestari Adiguna", BAWASLU, "bawaslu.anggota", "32.05"),
    ("LESTARI ADIGUNA", "BAWASLU Kabupaten Garut", "bawaslu.anggota", "32.02"),
    ("Lestari Adiguna", BAWASLU, None, None),
]
OTHER = [
    ("Lestari Adiguna", "Bawaslu Kabupaten Ciamis", "bawaslu.anggota", "32.05"),
    ("Lestari Wiraguna", BAWASLU, "bawaslu.anggota", "32.05"),
    ("Lestari", BAWASLU, "bawaslu.anggota", "32.05"),
    ("Lestari Adiguna", None, "bawaslu.anggota", "32.05"),
    ("LA", BAWASLU, "bawaslu.anggota", "32.05"),
]


@pytest.mark.parametrize("official", SAME, ids=str)
def test_one_official_has_one_id(official: tuple[str, str, str, str]) -> None:
    assert official_id(*official) == CHAIR is not None


@pytest.mark.parametrize("official", OTHER, ids=str)
def test_whoever_is_in_doubt_is_another_or_nobody(official: tuple[str, str | None, str, str]) -> None:
    assert official_id(*official) != CHAIR


def test_shortened_given_names_are_read_in_full() -> None:
    first, second = (official_id(f"{given} Kurnia", BAWASLU, None, None) for given in ("Moh.", "Muhammad"))
    assert first == second is not None
    assert official_id("Ya'aro Gulo", BAWASLU, None, None) == official_id("Ya’aro Gulo", BAWASLU, None, None)


def test_an_institution_of_a_common_name_needs_its_regency() -> None:
    village = ("Sutrasna Wirabaya", "Desa Sukamaju", "desa.kepala")
    assert official_id(*village, None) is None
    assert official_id(*village, "32") is None
    assert official_id(*village, "32.05.12") == official_id(*village, "32.05") is not None
    assert official_id(*village, "32.05.12") != official_id(*village, "32.02.12")


def test_one_word_is_enough_of_a_name_in_a_small_body_only() -> None:
    assert official_id("Sunarsih", BAWASLU, "bawaslu.anggota", "32.05") is not None
    assert official_id("Sunarsih", "Polres Garut", "polri.anggota", "32.05") is None


def naming(key: str, role: str, *, outlet: str = "kabar.example", day: int = 1) -> tuple[Article, Extraction]:
    """Return an article in which the chair of Garut's Bawaslu speaks."""
    text = f"Berita {key}: {role} Bawaslu Garut, Lestari Adiguna, memberi keterangan."
    article = make_article(key, text, outlet=outlet)
    article = replace(article, published=article.published and article.published.replace(day=day))
    official = make_official(text, "Lestari Adiguna", role, institution=BAWASLU, category="bawaslu.anggota")
    mention = find(text, "per", "Lestari Adiguna")
    return article, replace(make_extraction(article), officials=(official,), mentions=(mention,))


def add(store: Store, *pairs: tuple[Article, Extraction]) -> None:
    store.store_articles(StoredArticle(a, (make_capture(a),)) for a, _ in pairs)
    store.store_extractions(pairs)
    link_events(store)


def test_the_registry_tells_who_held_which_office_when(store: Store, tmp_path: Path) -> None:
    add(store, naming("a", "Anggota"), naming("b", "Ketua", outlet="lain.example", day=9))
    publish(store, tmp_path / "snapshots")
    add(store, naming("c", "Ketua", day=20))
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        rows = fetch(
            db, "SELECT official_id, name, roles, articles, outlets, last_day - first_day FROM registry"
        )
        assert rows == [(CHAIR, "Lestari Adiguna", ["Anggota", "Ketua"], 3, 2, 19)]
        evidence = fetch(db, "SELECT article_id FROM officials WHERE official_id = ? ORDER BY 1", [CHAIR])
        assert evidence == [("a",), ("b",), ("c",)]


def test_the_registry_is_the_same_however_many_officials_are_told_together(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Berita d: Camat Cibatu, Harjono Prawira, hadir."
    article = make_article("d", text)
    host = make_official(
        text, "Harjono Prawira", "Camat", institution="Kecamatan Cibatu", category="pemda.camat"
    )
    add(store, naming("a", "Ketua"), (article, replace(make_extraction(article), officials=(host,))))
    told = []
    for size in (1, 200_000):
        monkeypatch.setattr("pipeline.published._OFFICIALS", size)
        with closing(publish(store, tmp_path / str(size)).connect()) as db:
            told.append(fetch(db, "SELECT * FROM registry ORDER BY official_id"))
    assert told[0] == told[1]
    assert [row[1] for row in told[0]].count("Harjono Prawira") == 1
    assert len(told[0]) == 2


def test_a_better_reading_takes_an_official_out_again(store: Store, tmp_path: Path) -> None:
    article, found = naming("a", "Ketua")
    add(store, (article, found))
    publish(store, tmp_path / "snapshots")
    add(store, (article, replace(found, model_version="m2", officials=())))
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        assert scalar(db, "SELECT count(*) FROM registry") == 0


def test_an_id_never_leads_from_a_masked_name_to_a_legible_one(store: Store, tmp_path: Path) -> None:
    accused, found = accused_article("a")
    named = tuple(
        replace(o, institution="Desa Wanakerta", category="desa.kepala") if o.capacity == "terlapor" else o
        for o in found.officials
    )
    text = "Kepala Desa Wanakerta, Sutrasna Wirabaya, membuka lomba. Warga datang."
    other = make_article("b", text)
    host = make_official(
        text, "Sutrasna Wirabaya", "Kepala Desa", institution="Desa Wanakerta", category="desa.kepala"
    )
    add(
        store,
        (accused, replace(found, officials=named)),
        (
            other,
            replace(
                make_extraction(other), officials=(host,), mentions=(find(text, "per", "Sutrasna Wirabaya"),)
            ),
        ),
    )
    snapshot = publish(store, tmp_path / "snapshots")
    with closing(snapshot.connect()) as db:
        shown = fetch(
            db, "SELECT article_id, name, official_id IS NULL FROM officials WHERE name LIKE 'S%' ORDER BY 1"
        )
        assert shown == [("a", "S******* W*******", True), ("b", "Sutrasna Wirabaya", False)]
        assert fetch(db, "SELECT articles FROM registry WHERE name LIKE 'Sutrasna%'") == [(1,)]
    with closing(snapshot.connect(restricted=True)) as db:
        assert fetch(db, "SELECT articles FROM registry WHERE name LIKE 'Sutrasna%'") == [(2,)]


def test_the_accused_of_a_case_is_not_listed(store: Store, tmp_path: Path) -> None:
    accused, found = accused_article("a")
    add(store, (accused, replace(found, cases=(make_case(accused),))))
    with closing(publish(store, tmp_path / "snapshots").connect()) as db:
        assert "Sutrasna" not in str(fetch(db, "SELECT * FROM registry"))
