"""Every question against figures that were counted by hand from the table in press.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from press import fill_press

from pipeline import query, trends
from pipeline.answer import LIST
from pipeline.filters import Filters, QuestionError, check_filters
from pipeline.questions import QUESTIONS, ask, named_words
from pipeline.search_query import cari
from pipeline.snapshots import current_snapshot, publish
from pipeline.store import open_store

KASN_2024 = Filters(pemilihan="pilkada 2024")
GARUT, SUKABUMI, CILACAP = "32.05", "32.02", "33.01"


@pytest.fixture
def db(press_var: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(current_snapshot(press_var / "snapshots").connect()) as con:
        yield con


def pairs(frame: pd.DataFrame, key: str, *values: str) -> dict[Any, Any]:
    return {row[key]: tuple(row[v] for v in values) for row in frame.to_dict("records")}


def example(name: str) -> dict[str, str]:
    words = {"id": "kades1", "kata": "amplop", "pertama": GARUT, "kedua": SUKABUMI}
    if name == "banding-pemilihan":
        words |= {"pertama": "pilkada 2020", "kedua": "pilkada 2024"}
    return {need: words[need] for need in QUESTIONS[name].needs}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers_and_documents_its_columns(name: str, db: duckdb.DuckDBPyConnection) -> None:
    frame = ask(db, name, Filters(), example(name))
    told = QUESTIONS[name].ask.__doc__ or ""
    assert [column for column in frame.columns if column not in told] == []
    assert len(frame) > 0 or name in ("perubahan", "lonjakan", "ketepatan", "beda-tinjauan")


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if question.filters])
def test_every_question_takes_every_filter(name: str, db: duckdb.DuckDBPyConnection) -> None:
    everything = Filters(
        wilayah="32", sejak=date(2024, 1, 1), sampai=date(2024, 12, 31), jenis="netralitas",
        bentuk="asn.medsos_unggah", tahap="registrasi", hasil="belum", jabatan="desa", media="koran.example",
        asal="media", pemilihan="pilkada 2024", tahapan="kampanye pilkada 2024",
    )  # fmt: skip
    ask(db, name, everything, example(name))


def test_filters_narrow_to_the_cases_counted_by_hand(db: duckdb.DuckDBPyConnection) -> None:
    def cases(**values: Any) -> int:
        return len(query.baru(db, Filters(**values)))

    assert cases() == 8
    assert (cases(wilayah="32"), cases(wilayah=GARUT), cases(wilayah="32.05.12")) == (6, 3, 1)
    assert (cases(jenis="politik_uang"), cases(jenis="politik_uang.uang")) == (3, 2)
    assert (cases(bentuk="asn.medsos_unggah"), cases(tahap="diteruskan"), cases(hasil="belum")) == (1, 1, 3)
    assert (cases(jabatan="peserta"), cases(jabatan="desa.kepala")) == (4, 1)
    assert (cases(media="koran.example"), cases(asal="resmi"), cases(asal="media")) == (2, 0, 8)
    assert (cases(pemilihan="pilkada 2020"), cases(pemilihan="pilkada 2024")) == (1, 7)
    # the campaign of 2024 lasted from 25 September to 23 November
    assert cases(tahapan="kampanye pilkada 2024") == 5
    assert cases(tahapan="masa_tenang pilkada 2024", jenis="politik_uang") == 1
    assert cases(sejak=date(2024, 10, 1), tahapan="kampanye pilkada 2024") == 4


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"bentuk": "asn.tidur"}, "bentuk 'asn.tidur'"),
        ({"tahap": "selesai"}, "tahap 'selesai'"),
        ({"hasil": "kalah"}, "hasil 'kalah'"),
        ({"jabatan": "raja"}, "jabatan 'raja'"),
        ({"asal": "warung"}, "asal 'warung'"),
        ({"media": "koran rekaan"}, "media 'koran rekaan'"),
        ({"pemilihan": "pilkada 1999"}, "pemilihan 'pilkada 1999'"),
        ({"tahapan": "kampanye"}, "tahapan 'kampanye'"),
        ({"tahapan": "kampanye pilkada 2024", "sejak": date(2025, 1, 1)}, "lebih awal"),
    ],
)
def test_a_filter_that_can_match_nothing_is_refused(
    db: duckdb.DuckDBPyConnection, wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(QuestionError, match=named):
        check_filters(db, Filters(**wrong))


def test_kinds_of_articles_with_their_shares(db: duckdb.DuckDBPyConnection) -> None:
    frame = query.jenis_berita(db)
    assert pairs(frame, "id", "artikel", "jumlah_kejadian", "media") == {
        "pelanggaran": (12, 8, 3), "pencegahan": (2, 2, 1), "informasi": (0, 0, 0), "lainnya": (1, 0, 1)
    }  # fmt: skip
    # Wilson for 12 of 15: (0.8 + z²/30 ± z√(0.16/15 + z²/900)) / (1 + z²/15) = 54.8 to 93.0 %
    first = frame.iloc[0]
    assert (first["persen"], first["bawah"], first["atas"]) == (80.0, 54.8, 93.0)


def test_articles_of_an_office_or_kind(db: duckdb.DuckDBPyConnection) -> None:
    assert set(query.berita(db, Filters(jabatan="desa.kepala"))["id"]) == {"kades1", "kades2", "kades3"}
    assert set(query.berita(db, jenis_berita="pencegahan")["id"]) == {"cegah1", "cegah2"}
    assert list(query.berita(db, Filters(asal="resmi"))["id"]) == ["lain"]
    newest = query.berita(db, limit=1).iloc[0]
    assert (newest["id"], newest["media"], len(newest["sha256"])) == ("amplop3", "koran.example", 64)


def test_regions_with_rank_denominator_and_sources(db: duckdb.DuckDBPyConnection) -> None:
    frame = query.kasus_per_wilayah(db)
    assert pairs(frame, "kode", "peringkat", "kasus", "artikel", "media", "dibaca", "sumber") == {
        SUKABUMI: (1, 3, 5, 3, 5, 3), GARUT: (1, 3, 5, 3, 7, 3), CILACAP: (3, 2, 2, 1, 2, 1)
    }  # fmt: skip
    only_october = query.kasus_per_wilayah(db, Filters(sejak=date(2024, 10, 1), sampai=date(2024, 10, 31)))
    assert pairs(only_october, "kode", "kasus", "dibaca") == {GARUT: (1, 4), CILACAP: (1, 1)}


def test_intensity_is_a_rate_with_a_poisson_interval(db: duckdb.DuckDBPyConnection) -> None:
    rows = pairs(trends.intensitas(db), "kode", "per_1000_artikel", "bawah", "atas")
    # 3 cases: 0.6187 to 8.7673 expected (exact Poisson), for 5 articles read
    assert rows[SUKABUMI] == (600.0, 123.7, 1753.5)
    assert next(iter(rows)) == CILACAP


def test_months_between_are_gaps_and_name_the_election_stages(db: duckdb.DuckDBPyConnection) -> None:
    frame = trends.kasus_per_bulan(db)
    assert len(frame) == 48  # December 2020 to November 2024
    rows = pairs(frame, "bulan", "kasus", "artikel_dibaca", "sumber", "celah")
    assert rows["2020-12"][:3] == (1, 1, 1)
    assert rows["2021-01"] == (0, 0, 0, "tidak ada yang dibaca")
    assert rows["2024-11"][:3] == (3, 7, 4)
    november = frame[frame["bulan"] == "2024-11"].iloc[0]
    assert "Masa tenang (pilkada 2024)" in november["tahapan"]
    assert pd.isna(frame["per_1000_artikel"].iloc[1])
    weeks = trends.tren(db, Filters(sejak=date(2024, 11, 1)))
    assert [day.strftime("%m-%d") for day in weeks["mulai"]] == ["11-04", "11-11", "11-18", "11-25"]
    assert list(weeks["kasus"]) == [1, 0, 1, 1]
    # what was read before the first case and after the last is told too, and lies within the days asked for
    torn = trends.kasus_per_bulan(db, Filters(jenis="apk.perusakan", sejak=date(2024, 4, 1)))
    assert pairs(torn, "bulan", "kasus", "artikel_dibaca") == {
        "2024-04": (0, 1), "2024-05": (0, 0), "2024-06": (0, 0), "2024-07": (0, 0), "2024-08": (0, 0),
        "2024-09": (1, 1), "2024-10": (0, 5), "2024-11": (0, 7),
    }  # fmt: skip
    with pytest.raises(QuestionError, match="satuan 'tahun'"):
        trends.tren(db, satuan="tahun")  # type: ignore[arg-type]


def test_a_source_that_fell_silent_is_told(tmp_path: Path, empty_store: Path) -> None:
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        fill_press(store)
        store.con.execute(
            "UPDATE articles SET first_seen = TIMESTAMP '2024-10-02' WHERE outlet = 'lain.example'"
        )
        with closing(publish(store, tmp_path / "snapshots").connect()) as con:
            weeks = pairs(trends.tren(con, Filters(sejak=date(2024, 10, 1))), "mulai", "sumber_berhenti")
            elsewhere = trends.tren(con, Filters(media="koran.example"))["sumber_berhenti"].sum()
    stopped = {str(week.date()): n for week, (n,) in weeks.items() if n}
    assert stopped == {
        "2024-11-25": 1
    }  # the outlet's last article was published then and fetched long before
    assert elsewhere == 0


def test_cases_fall_into_the_stages_of_their_elections(db: duckdb.DuckDBPyConnection) -> None:
    rows = {
        (r["pemilihan"], r["id"]): (r["kasus"], r["temuan"], r["laporan"], r["dibaca"], r["sumber"])
        for r in trends.tahapan(db).to_dict("records")
    }
    assert rows["pilkada 2024", "masa_tenang"] == (1, 0, 0, 4, 4)
    # kades (act on 28 September), guru, baliho, ppk, sarung
    assert rows["pilkada 2024", "kampanye"] == (5, 2, 3, 9, 3)
    assert rows["pilkada 2020", "masa_tenang"] == (1, 0, 1, 1, 1)
    assert rows["pilkada 2024", "larangan_mutasi"][0] == 7
    for row in trends.tahapan(db).to_dict("records"):  # as the list of cases counts with this filter
        stage = Filters(tahapan=f"{row['id']} {row['pemilihan']}")
        assert row["pertama_diberitakan"] == len(query.rekap(db, stage, limit=None)), stage
        assert row["dibaca"] == 0 or row["per_1000_artikel"] == round(
            1000 * row["pertama_diberitakan"] / row["dibaca"], 1
        )
    assert set(trends.tahapan(db, Filters(pemilihan="pilkada 2020"))["pemilihan"]) == {"pilkada 2020"}


def test_two_elections_are_laid_on_each_other_by_weeks_before_voting(db: duckdb.DuckDBPyConnection) -> None:
    frame = trends.banding_pemilihan(
        db, Filters(jenis="politik_uang"), pertama="pilkada 2020", kedua="pilkada 2024", minggu=3
    )
    rows = {(r["pemilihan"], r["minggu"]): (r["kasus"], r["dibaca"]) for r in frame.to_dict("records")}
    assert len(rows) == 12  # weeks -3 to 2 of both
    # 7 December 2020 and 25 November 2024 both lie in the week that ends on the day of voting
    assert rows["pilkada 2020", 0] == (1, 1)
    assert rows["pilkada 2024", 0] == (1, 4)
    assert rows["pilkada 2024", -2] == (1, 1)  # sarung, 10 November
    assert "Masa tenang" in frame[frame["minggu"] == 0].iloc[0]["tahapan"]
    with pytest.raises(QuestionError, match="pilkada 1999"):
        trends.banding_pemilihan(db, pertama="pilkada 1999", kedua="pilkada 2024")
    with pytest.raises(QuestionError, match="'psu 2025': dipungut pada banyak hari"):
        trends.banding_pemilihan(db, pertama="pilkada 2024", kedua="psu 2025")


def test_rates_of_two_elections_are_of_cases_first_reported_then(db: duckdb.DuckDBPyConnection) -> None:
    frame = trends.banding_pemilihan(
        db, Filters(jenis="wewenang.mutasi"), pertama="pilkada 2020", kedua="pilkada 2024", minggu=34
    )
    columns = ["kasus", "pertama_diberitakan", "dibaca", "per_1000_artikel"]
    act, told = (
        frame[(frame["pemilihan"] == "pilkada 2024") & (frame["minggu"] == week)].iloc[0]
        for week in (-33, -32)
    )
    # the act on 10 April ends week -33, of which nothing was read; the only report came on 12 April
    assert list(act[columns])[:3] == [1, 0, 0] and pd.isna(act["per_1000_artikel"])
    assert list(told[columns]) == [0, 1, 1, 1000.0]


def test_an_election_beside_itself_counts_once(db: duckdb.DuckDBPyConnection) -> None:
    alone = trends.banding_pemilihan(db, pertama="pilkada 2024", kedua="pilkada 2024")
    both = trends.banding_pemilihan(db, pertama="pilkada 2024", kedua="pilkada 2020")
    assert alone["kasus"].sum() == both[both["pemilihan"] == "pilkada 2024"]["kasus"].sum() > 0


def test_two_regions_side_by_side(db: duckdb.DuckDBPyConnection) -> None:
    rows = pairs(trends.banding_wilayah(db, pertama=GARUT, kedua=SUKABUMI), "ukuran", "nilai_1", "nilai_2")
    assert rows["artikel dibaca"] == (7, 5)
    assert rows["dugaan kasus"] == (3, 3)
    assert rows["kasus diputus terbukti"] == (0, 1)
    assert rows["kegiatan pencegahan"] == (2, 0)
    assert rows["media per kasus"] == (1.67, 1.67)
    assert [values for name, values in rows.items() if name.startswith("dugaan: Politik uang")] == [(0, 3)]


def test_a_spike_is_measured_against_the_regions_own_year(db: duckdb.DuckDBPyConnection) -> None:
    frame = trends.lonjakan(db, minimal=1, per=date(2024, 11, 26))
    # Sukabumi: 1 case of 3 articles in the last week; 1 case of 1 article in the 52 weeks before: 3 expected
    assert SUKABUMI not in set(frame["kode"])
    quiet = trends.lonjakan(db, Filters(jenis="politik_uang"), minimal=1, per=date(2020, 12, 7))
    assert pairs(quiet, "kode", "kasus", "biasa", "lipat") == {SUKABUMI: (1, 0.01, 104.0)}
    assert quiet["peluang"].iloc[0] == pytest.approx(1 - 2.718281828 ** (-0.5 / 52), rel=1e-6)


def test_blind_spots_list_every_region_beside_the_published_index(db: duckdb.DuckDBPyConnection) -> None:
    frame = trends.titik_buta(db, tingkat="provinsi", limit=None)
    rows = pairs(frame, "kode", "dibaca", "kasus", "kelas_ikp")
    assert len(rows) == 38
    assert rows["32"] == (12, 6, "tinggi")
    assert rows["31"][:2] == (0, 0)
    assert list(frame["dibaca"]) == sorted(frame["dibaca"])
    assert pd.isna(frame.set_index("kode").loc["11", "ikp"])


def test_offices_and_forms_never_name_a_person(db: duckdb.DuckDBPyConnection) -> None:
    rows = pairs(query.jabatan(db), "id", "kasus", "persen")
    assert rows["peserta.relawan"] == (3, 37.5)
    assert rows["desa.kepala"] == (1, 12.5)
    forms = query.bentuk_per_jabatan(db)
    assert pairs(forms, "id", "id_jabatan", "kasus", "artikel") == {"asn.medsos_unggah": ("asn.guru", 1, 1)}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_names_an_accused_person(name: str, db: duckdb.DuckDBPyConnection) -> None:
    assert "Wirabaya" not in str(ask(db, name, Filters(), example(name)).to_dict())


def test_prevention_with_participants_beside_cases(db: duckdb.DuckDBPyConnection) -> None:
    row = query.pencegahan(db).iloc[0]
    assert [int(row[c]) for c in ("kegiatan", "peserta", "artikel", "kasus")] == [2, 200, 2, 1]
    assert list(query.kegiatan(db)["peserta"]) == [80, 120]


def test_figures_on_which_outlets_differ_come_first(tmp_path: Path, empty_store: Path) -> None:
    with open_store(tmp_path / "store" / "work.duckdb") as store:
        fill_press(store)
        store.con.execute("""
            INSERT INTO stats SELECT extraction_id, 1, CASE article_id WHEN 'amplop1' THEN 289 ELSE 976 END, 'amplop',
                NULL, NULL, NULL, false, NULL, 0, 5
            FROM articles WHERE article_id IN ('amplop1', 'amplop2')
        """)
        # both state the same two figures, and one of them again
        store.con.execute("""
            INSERT INTO stats SELECT extraction_id, 2 + n, 5 + n, 'paket', NULL, NULL, NULL, false, NULL, 0, 5
            FROM articles, range(2) t(n)
            WHERE article_id IN ('amplop1', 'amplop2') OR (article_id = 'amplop3' AND n = 0)
        """)
        with closing(publish(store, tmp_path / "snapshots").connect()) as con:
            frame = query.klaim(con)
    assert list(frame["angka"].head(2)) == [289, 976] or list(frame["angka"].head(2)) == [976, 289]
    assert list(frame["berbeda"]) == [True, True] + [False] * 7


def test_timeline_and_spread_of_a_case(db: duckdb.DuckDBPyConnection) -> None:
    line = query.linimasa(db, "kades2")
    assert list(line["id"]) == ["kades1", "kades2", "kades3"]
    assert set(line["tahap"]) == {"Diregistrasi"} and bool(line["dibantah"].all())
    spread = query.sebaran(db, "kades1")
    assert list(spread["jam_sejak_pertama"]) == [0.0, 5.0, 10.0]
    assert next(iter(spread["waktu_setempat"])) == "2024-10-01 14:00"
    with pytest.raises(QuestionError, match="'x': tidak ada dalam terbitan ini"):
        query.linimasa(db, "x")


def test_rekap_gives_the_archived_page_behind_each_case(db: duckdb.DuckDBPyConnection) -> None:
    frame = query.rekap(db, aktif_sejak="2024-11-20", aktif_sampai="2024-11-26")
    assert list(frame["kode_kabupaten"]) == [SUKABUMI, GARUT]
    assert all(len(value) == 64 for value in frame["sha256"]) and set(frame["model"]) == {"m1"}


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mandek", {"hari": "banyak"}, "hari 'banyak'"),
        ("mandek", {"hari": "-1"}, "hari '-1'"),
        ("mandek", {"hari": "9" * 400}, "hari '999"),
        ("mandek", {"per": "2024-02-30"}, "per '2024-02-30'"),
        ("berita", {"jenis_berita": "gosip"}, "jenis_berita 'gosip'"),
        ("tanpa-sanksi", {"lembaga": "'; DROP TABLE events; --"}, "lembaga"),
        ("corong", {"jalur": "cepat"}, "jalur 'cepat'"),
        ("kotak", {"hari": 3}, "tidak menerima --hari"),
        ("linimasa", {}, "berikan id"),
        ("artikel", {"id": "\ud800"}, "id: berisi karakter"),
        ("apa", {}, "pertanyaan 'apa' tidak ada"),
    ],
)
def test_options_from_anywhere_are_checked(
    db: duckdb.DuckDBPyConnection, name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        ask(db, name, Filters(), options)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a" * 5000, "' OR 1=1 --", "%", "🗳"])
def test_hostile_filters_are_refused_or_match_nothing(db: duckdb.DuckDBPyConnection, text: str) -> None:
    for field in Filters.__slots__:
        if field in ("sejak", "sampai"):
            continue
        try:
            assert len(ask(db, "baru", Filters(**{field: text}), {})) == 0
        except QuestionError as error:
            assert field in str(error)


def test_lists_stop_at_their_limit_and_zero_lifts_it(db: duckdb.DuckDBPyConnection) -> None:
    assert len(ask(db, "berita", Filters(), {"limit": 3})) == 3
    assert len(ask(db, "berita", Filters(), {"limit": 0})) == 15 < LIST
    assert len(ask(db, "kasus-per-jenis", Filters(), {"limit": 2})) == 2


def test_words_after_a_name_are_what_the_question_needs() -> None:
    assert named_words("cari", ["serangan", "fajar"]) == {"kata": "serangan fajar"}
    assert named_words("banding-wilayah", [GARUT, CILACAP]) == {"pertama": GARUT, "kedua": CILACAP}
    with pytest.raises(QuestionError, match="tidak menerima 'lagi'"):
        named_words("artikel", ["a", "lagi"])


def test_search_combines_words_with_every_filter(db: duckdb.DuckDBPyConnection) -> None:
    assert list(cari(db, kata="membagikan amplop")["id"]) == ["amplop3", "amplop2", "amplop1"]
    assert set(cari(db, kata="pembagian")["id"]) == {"amplop1", "amplop2", "amplop3", "sarung"}
    assert list(cari(db, Filters(media="lain.example"), kata="pembagian")["id"]) == ["amplop2"]
    assert list(cari(db, Filters(tahap="laporan_temuan"), kata="pembagian", limit=1)["id"]) == ["sarung"]
    assert "pembagian amplop" in cari(db, kata='"pembagian amplop"')["cuplikan"].iloc[0]
    with pytest.raises(QuestionError, match="sedikitnya satu kata"):
        cari(db, kata="?!")


def test_the_guide_lists_every_question_with_its_options() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(" `"): line for line in guide.splitlines() if line.startswith("| `")}
    for name, question in QUESTIONS.items():
        assert question.summary in rows[name]
        assert all(f"`--{option.replace('_', '-')}`" in rows[name] for option in question.options), name
