"""Questions about the handling of cases, on the press of press.py counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipeline import handling, query
from pipeline.snapshots import current_snapshot


@pytest.fixture
def db(press_var: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(current_snapshot(press_var / "snapshots").connect()) as con:
        yield con


def pairs(frame: pd.DataFrame, key: str, *values: str) -> dict[Any, Any]:
    return {row[key]: tuple(row[v] for v in values) for row in frame.to_dict("records")}


def test_recap_by_origin_and_result(db: duckdb.DuckDBPyConnection) -> None:
    row = handling.temuan_laporan(db).iloc[0]
    assert [int(row[c]) for c in ("kasus", "temuan", "laporan", "asal_lain")] == [8, 2, 5, 1]
    # registered: kades, guru, vonis, ppk, and baliho, which was stopped; proven: vonis; open: all but baliho and vonis
    results = ("diregistrasi", "tidak_diregistrasi", "hasil_terbukti", "hasil_tidak_terbukti", "proses")
    assert [int(row[c]) for c in results] == [5, 0, 1, 0, 6]
    funnel = pairs(handling.corong(db), "langkah", "kasus", "hasil_terbukti")
    assert funnel["diregistrasi"] == (row["diregistrasi"], row["hasil_terbukti"]), "one definition"
    ((newest,),) = db.execute("SELECT max(day) FROM articles").fetchall()
    one = handling.temuan_laporan(db, query.Filters(jenis="netralitas.kades")).iloc[0]
    assert one["per_tanggal"].date() == newest, "what was read, not only of these cases"


def test_the_four_boxes(db: duckdb.DuckDBPyConnection) -> None:
    results = ("kasus", "hasil_terbukti", "hasil_tidak_terbukti", "dihentikan", "proses")
    rows = pairs(handling.kotak(db), "id", *results)
    assert rows == {
        "administrasi": (0, 0, 0, 0, 0), "pidana": (3, 1, 0, 1, 1), "kode_etik": (1, 0, 0, 0, 1),
        "hukum_lainnya": (1, 0, 0, 0, 1), "tidak_disebut": (3, 0, 0, 0, 3),
    }  # fmt: skip
    top = query.bentuk_teratas(db, teratas=1)
    assert len(top) == 3 and set(top["peringkat"]) == {1}


def test_the_funnel_counts_a_step_only_where_it_is_known(db: duckdb.DuckDBPyConnection) -> None:
    rows = pairs(handling.corong(db), "langkah", "kasus", "hasil_terbukti")
    assert rows["diberitakan"] == (8, 1)
    assert rows["dilaporkan atau temuan"] == (7, 1)
    assert rows["diregistrasi"] == (5, 1)  # a case that was stopped had been registered
    assert rows["diteruskan atau direkomendasikan"] == (2, 1)
    assert "penyidikan" not in rows
    assert rows["putusan atau sanksi"] == (1, 1)
    criminal = pairs(handling.corong(db, jalur="pidana"), "langkah", "kasus")
    # kades and baliho were registered, the verdict came after investigation and trial
    assert (criminal["diberitakan"], criminal["diregistrasi"], criminal["penyidikan"]) == ((3,), (3,), (1,))


def test_stalled_cases_have_no_news_for_more_than_the_days_asked(db: duckdb.DuckDBPyConnection) -> None:
    frame = handling.mandek(db)  # the newest day read is 26 November 2024
    assert pairs(frame, "kode", "hari") == {"32.02.04": (16,), "33.01.02": (47,), "32.05.12.2011": (55,),
                                            "33.01": (228,)}  # fmt: skip
    assert set(frame["status"]) == {"diduga"}
    assert len(handling.mandek(db, hari=50)) == 2
    assert len(handling.mandek(db, per=date(2024, 10, 20))) == 2  # kades (18 days) and mutasi


def test_cases_with_bkn_without_sanction(db: duckdb.DuckDBPyConnection) -> None:
    assert list(handling.tanpa_sanksi(db)["kode"]) == ["33.01.02"]
    assert len(handling.tanpa_sanksi(db, lembaga="dkpp")) == 0


def test_why_cases_were_stopped(db: duckdb.DuckDBPyConnection) -> None:
    rows = pairs(handling.alasan_henti(db), "id", "kasus", "persen")
    assert rows == {"unsur": (1, 100.0), "kedaluwarsa": (1, 100.0)}


def test_candidates_for_initial_information(db: duckdb.DuckDBPyConnection) -> None:
    frame = handling.informasi_awal(db)
    assert pairs(frame, "kode", "media", "naskah", "artikel") == {"32.02.01": (3, 1, 3)}
    assert len(handling.informasi_awal(db, minimal=4)) == 0


def test_clocks_count_working_days_only_where_the_law_does(db: duckdb.DuckDBPyConnection) -> None:
    rows = pairs(handling.tenggat(db), "kode", "sisa_hari", "langkah")
    assert rows["32.02.04"] == (-14, "kajian awal")  # two days from 10 November, seen on the 26th
    assert rows["32.05.09"] == (-1, "penanganan setelah registrasi")  # 3 + 2 days from the 20th
    assert rows["32.02.01"] == (7, "pelaporan atau penetapan temuan")
    assert list(handling.tenggat(db, limit=1)["sisa_hari"]) == [-14]  # what is cut has more time left
    national = next(d for d in handling.load_deadlines() if d.general and d.workdays and d.days == 7)
    assert national.ends(date(2024, 2, 5)) == (date(2024, 2, 14), False)  # one weekend; holidays not known
    assert national.ends(date(2026, 8, 13)) == (date(2026, 8, 26), True)  # two weekends, 17 and 25 August


def test_verdicts_transfers_organisers_and_repeated_sides(db: duckdb.DuckDBPyConnection) -> None:
    verdict = handling.vonis(db).iloc[0]
    assert (verdict["pasal"], verdict["hukuman"]) == ("UU 10/2016 pasal 187A", "penjara 36 bulan")
    assert verdict["status"].startswith("terbukti")
    moved = handling.mutasi(db).iloc[0]
    assert (moved["larangan"], moved["pemilihan"], str(moved["hari_mutasi"].date())) == (
        "ya", "pilkada 2024", "2024-04-10"
    )  # fmt: skip
    assert list(handling.penyelenggara(db)["kode"]) == ["32.05.09"]
    sides = handling.peserta_berulang(db)
    assert pairs(sides, "pihak", "kode", "kasus", "status") == {
        "relawan pasangan calon nomor urut 1": ("32.02", 2, "diduga")
    }
