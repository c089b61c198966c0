"""What became of a case on one track says nothing of another: a sanction of an office is no sentence of a court."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from findings import make_capture
from press import told

from pipeline import handling
from pipeline.events import link_events
from pipeline.snapshots import current_snapshot, publish
from pipeline.store import StoredArticle, open_store

OTHER = {"hukum_lainnya": "terbukti"}
RULED = "putusan_sanksi"
# place, stage, outcome, sanction: a case each
CASES = (
    ("32.02.01", RULED, {"pidana": "dihentikan", **OTHER}, "sanksi teguran tertulis"),
    ("32.02.02", RULED, {"pidana": "belum", "kode_etik": "terbukti"}, "pemberhentian tetap"),
    ("32.02.03", RULED, {"pidana": "tidak_terbukti", **OTHER}, None),
    ("32.02.04", RULED, {"pidana": "terbukti"}, "penjara 36 bulan"),
    ("32.02.05", "banding", {"pidana": "belum"}, None),
    ("32.02.06", "sidang_administrasi_etik", {"pidana": "belum", "kode_etik": "belum"}, None),
    ("32.02.07", "penyidikan", {"pidana": "belum", "administrasi": "belum"}, None),
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder: Path = tmp_path_factory.mktemp("tracks")
    pairs = [
        told(f"kasus{n}", f"2024-0{n}-15", f"Perkara nomor {n} di kecamatan itu. Isinya berbeda {n}.",
             place=place, stage=stage, outcome=outcome, sanction=sanction, terlapor=())
        for n, (place, stage, outcome, sanction) in enumerate(CASES, 1)
    ]  # fmt: skip
    # of the case that a court decided, an office says something later
    pairs.append(
        told("susul", "2024-04-20", "Perkara nomor 4 di kecamatan itu. Isinya berbeda 4, dan ia ditegur.",
             place="32.02.04", event_date="2024-04-15", stage=RULED, outcome=OTHER, terlapor=(),
             sanction="sanksi teguran tertulis")
    )  # fmt: skip
    with open_store(folder / "store" / "work.duckdb") as store:
        store.store_articles(StoredArticle(a, (make_capture(a, number=n),)) for n, (a, _) in enumerate(pairs))
        store.store_extractions(pairs)
        link_events(store)
        publish(store, folder / "snapshots")
    with closing(current_snapshot(folder / "snapshots").connect()) as con:
        yield con


def test_only_courts_give_verdicts(db: duckdb.DuckDBPyConnection) -> None:
    rows = {row["kode"]: row for row in handling.vonis(db).to_dict("records")}
    assert {code: row["status"].partition(" (")[0] for code, row in rows.items()} == {
        "32.02.03": "tidak terbukti", "32.02.04": "terbukti", "32.02.05": "diduga"
    }  # fmt: skip
    assert rows["32.02.04"]["hukuman"] == "penjara 36 bulan"


def test_the_funnel_of_a_track_counts_no_step_of_another(db: duckdb.DuckDBPyConnection) -> None:
    def funnel(track: str | None) -> list[int]:
        return [int(n) for n in handling.corong(db, jalur=track)["kasus"]]

    assert funnel(None) == [7, 7, 7, 7, 5]
    assert funnel("pidana") == [7, 7, 7, 4, 3, 3]
    assert funnel("kode_etik") == [2, 2, 2, 2, 1]
    assert funnel("administrasi") == [1, 1, 1, 0, 0]
