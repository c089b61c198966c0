"""Answers do not depend on what stands beside a case: other cases of its article, filters, limits, fetch order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import pytest
from findings import WIB, make_article, make_capture, make_case, make_extraction, make_official
from press import Pair, told

from nlp.records import EventRef, Evidence, Stat, Terlapor
from pipeline import handling, query, trends
from pipeline.database import fetch
from pipeline.events import link_events
from pipeline.filters import Filters
from pipeline.recap import weekly_recap
from pipeline.snapshots import current_snapshot, publish
from pipeline.store import StoredArticle, open_store

SENTENCES = {
    "32.05.03": "Camat di Wanaraja diduga membagikan uang.",
    "32.05.12.2011": "Kepala desa di Cibatu diduga mengajak warga memilih.",
    "32.05.09": "Lurah di Leles diduga ikut kampanye.",
}
RUN_ON = "Cisolok Sutrasna Wirabaya"
SPIKE, UNREAD = "32.08", "32.11"


def _stat(value: float, unit: str, area: str | None = None) -> Stat:
    return Stat(value, unit, None, area, None, False, None, 0, 5)


def _three_cases_of_one_article() -> Pair:
    text = " ".join(SENTENCES.values())
    article = make_article("tiga", text, title="Tiga Dugaan di Garut")
    cases = [
        make_case(
            article, place=place, types=(kind,), terlapor=(),
            evidence=(Evidence(text.index(words), text.index(words) + len(words), words),),
        )
        for (place, words), kind in zip(
            SENTENCES.items(), ("politik_uang.uang", "netralitas.kades", "kampanye.luar_jadwal"), strict=True
        )
    ]  # fmt: skip
    return article, make_extraction(article, *cases, stats=(_stat(1e20, "rupiah"),))


def _verdict_changed_on_appeal() -> list[Pair]:
    ruled = {"place": "32.02.02", "types": ("politik_uang.uang",), "outcome": {"pidana": "terbukti"}}
    text = "Pengadilan menghukum seorang relawan di Simpenan. Ia terbukti memberi uang kepada pemilih."
    higher = "Pengadilan tinggi mengubah hukuman relawan di Simpenan. Ia tetap terbukti memberi uang."
    return [
        told("banding", "2024-11-01", higher, event_date="2024-09-20", stage="banding",
             sanction="penjara 12 bulan", **ruled),
        told("tingkat1", "2024-10-05", text, event_date="2024-09-20", stage="putusan_sanksi",
             sanction="penjara 36 bulan", **ruled),
    ]  # fmt: skip


def _side_with_an_officer() -> list[Pair]:
    accused = (
        Terlapor(None, "camat Kedungreja", "pemda.camat", 1),
        Terlapor(None, "calon bupati nomor urut 2", "peserta.paslon", 1),
    )
    return [
        told(f"sisi{n}", f"2024-0{n + 6}-09", f"Laporan nomor {n * 7919} di tempat ke-{n}. Isi tersendiri {n}.",
             place=f"33.01.{n:02}", terlapor=accused)
        for n in (1, 2)
    ]  # fmt: skip


def _two_figures() -> list[Pair]:
    """Figures and a post whose place was read with the name of the accused behind it."""
    text = "Pemilih di Cisolok dijanjikan sembako oleh relawan. Bawaslu menghitung pemilih yang didatangi."
    pairs = [
        told(key, "2024-11-25", text, outlet=outlet, place="32.02.03", types=("politik_uang.barang",))
        for key, outlet in (("angka1", "kabar.example"), ("angka2", "lain.example"))
    ]
    posted = make_official(text, "Cisolok", "Camat", jurisdiction=RUN_ON)
    return [
        (
            article,
            replace(
                found, stats=(_stat(1_234_567 + n, "pemilih", f"Kecamatan {RUN_ON}"),), officials=(posted,)
            ),
        )
        for n, (article, found) in enumerate(pairs)
    ]


def _cases_of_a_region_that_nothing_was_read_of() -> list[Pair]:
    pairs = []
    for n in (1, 2, 3):
        text = f"Amplop nomor {n * 7919} beredar. Hal serupa terjadi di kabupaten tetangga ke-{n}."
        article = make_article(f"amplop{n}", text, published=datetime(2024, 11, 20 + n, 9, tzinfo=WIB))
        cases = [
            make_case(
                article, place=f"{area}.{n:02}", types=("politik_uang.uang",), terlapor=(), event_date=None
            )
            for area in (SPIKE, UNREAD)
        ]
        pairs.append((article, make_extraction(article, *cases)))
    old = make_article("jalan", "Jalan diperbaiki.", published=datetime(2024, 3, 1, 9, tzinfo=WIB))
    return [*pairs, (old, make_extraction(old, kind="lainnya", types=(), event=EventRef(None, UNREAD)))]


def _given_by_hand() -> Pair:
    article, found = told(
        "tangan", "2024-06-03", "Lurah di Jonggol dilaporkan. Ia diduga memihak.", place="32.01.06"
    )
    return replace(article, outlet=None, url=None), found


def _mentioned_before_it_was_told() -> list[Pair]:
    """A case that an article of 3 May, found late, mentions in passing and one of 10 May tells."""
    main = told(
        "pokok", "2024-05-10", "Kepala desa di Cibungbulang dilaporkan. Ia diduga memihak.", place="32.01.09"
    )
    day = datetime(2024, 5, 3, 9, tzinfo=WIB)
    text = "Panwascam menggelar sosialisasi di aula. Disinggung pula dugaan di Cibungbulang."
    article = make_article("lewat", text, published=day)
    found = make_extraction(article, make_case(article, place="32.01.09", event_date="2024-05-10"))
    return [main, (article, replace(found, kind="pencegahan", types=()))]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A snapshot of the articles above; within a group an article is fetched an hour after the one before it."""
    folder = tmp_path_factory.mktemp("answers")
    pairs = [
        _three_cases_of_one_article(), *_verdict_changed_on_appeal(), *_side_with_an_officer(), *_two_figures(),
        *_cases_of_a_region_that_nothing_was_read_of(), *_mentioned_before_it_was_told(),
        _given_by_hand(),
    ]  # fmt: skip
    with open_store(folder / "store" / "work.duckdb") as store:
        fetched = datetime(2024, 12, 1, tzinfo=WIB)
        store.store_articles(
            StoredArticle(
                a,
                (
                    replace(
                        make_capture(a, number=n, source=a.outlet or "berkas"),
                        fetched_at=fetched + timedelta(hours=n),
                    ),
                ),
            )
            for n, (a, _) in enumerate(pairs, 1)
        )
        store.store_extractions(pairs)
        link_events(store)
        publish(store, folder / "snapshots")
    with closing(current_snapshot(folder / "snapshots").connect()) as con:
        yield con


def test_the_sentence_is_of_this_case_and_not_of_another_in_its_article(
    db: duckdb.DuckDBPyConnection,
) -> None:
    for frame in (query.baru(db), query.rekap(db)):
        told_of = {row["kode"]: row["bukti"] for row in frame.to_dict("records") if row["kode"] in SENTENCES}
        assert told_of == SENTENCES


def test_the_newest_article_says_the_sanction_in_whichever_order_they_came(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert list(handling.vonis(db)["hukuman"]) == ["penjara 12 bulan"]
    assert list(query.linimasa(db, "tingkat1")["sanksi"]) == ["penjara 36 bulan", "penjara 12 bulan"]


def test_an_officer_who_is_accused_beside_a_side_is_no_side(db: duckdb.DuckDBPyConnection) -> None:
    frame = handling.peserta_berulang(db)
    assert list(frame["pihak"]) == ["calon bupati nomor urut 2"] and list(frame["kasus"]) == [2]


@pytest.mark.parametrize(
    ("filters", "limit"), [(Filters(), None), (Filters(), 1), (Filters(media="lain.example"), None)]
)
def test_a_figure_differs_whatever_else_was_asked_for(
    db: duckdb.DuckDBPyConnection, filters: Filters, limit: int | None
) -> None:
    frame = query.klaim(db, filters, limit=limit)
    assert {bool(row["berbeda"]) for row in frame.to_dict("records") if row["satuan"] == "pemilih"} == {True}


def test_large_figures_stay_apart_and_can_be_shown(db: duckdb.DuckDBPyConnection) -> None:
    claims = fetch(
        db, "SELECT value, differing FROM event_claims WHERE matter LIKE 'pemilih%' ORDER BY value"
    )
    assert claims == [("1234567", True), ("1234568", True)]
    shown = query.artikel(db, "tiga")
    assert list(shown[shown["bagian"] == "angka"]["isi"]) == ["1e+20 rupiah"]
    shown = query.artikel(db, "angka1")
    assert list(shown[shown["bagian"] == "angka"]["isi"]) == ["1.234.567 pemilih"]


def test_a_region_of_which_nothing_was_read_is_expected_to_have_cases(db: duckdb.DuckDBPyConnection) -> None:
    frame = trends.lonjakan(db, per=date(2024, 11, 26))
    rows = {row["kode"]: (row["dibaca"], row["biasa"], row["lipat"]) for row in frame.to_dict("records")}
    assert rows == {SPIKE: (3, 0.01, 312.0), UNREAD: (0, 0.01, 312.0)}


def test_a_case_is_new_in_one_week_alone(db: duckdb.DuckDBPyConnection) -> None:
    weeks = [
        weekly_recap(db, last, snapshot=1, published="2024-12-02T00:00:00Z").sentences[0]
        for last in (date(2024, 5, 7), date(2024, 5, 14))
    ]
    assert [words.split()[0] for words in weeks] == ["0", "1"]
    assert all("; 0 kasus lama" in words for words in weeks)


def test_a_text_of_no_known_domain_is_found_by_its_source(db: duckdb.DuckDBPyConnection) -> None:
    asked = Filters(media="berkas")
    assert list(query.berita(db, asked)["id"]) == ["tangan"]
    assert len(query.baru(db, asked)) == query.jenis_berita(db, asked)["artikel"].sum() == 1


def test_a_place_that_runs_on_into_a_name_is_masked(db: duckdb.DuckDBPyConnection) -> None:
    frame = query.klaim(db)
    assert set(frame["wilayah"].dropna()) == {"Kecamatan Cisolok S******* W*******"}
    places = fetch(db, "SELECT DISTINCT jurisdiction FROM officials WHERE jurisdiction IS NOT NULL")
    assert places == [("Cisolok S******* W*******",)]
    assert fetch(db, "SELECT count(*) FROM event_claims WHERE contains(matter, 'Sutrasna')") == [(0,)]
