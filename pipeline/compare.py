"""What changed between two snapshots, and why: news, model, reviews, or another grouping of the same readings.

A case or prevention event of the one snapshot that the other lacks, or has otherwise, is put down to the first
of these that holds for its articles: a reviewer decided about one between the two publications (`tinjauan`); only one
snapshot has an article, or a state of it (`berita`); the same text was read by another model version (`model`). What is
left was grouped otherwise from the same readings (`penggabungan`), as a new article in between may bring about.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.database import fetch, quoted, scalar
from pipeline.shelf import MASKED, Snapshot

CAUSES = ("berita", "model", "tinjauan", "penggabungan")
_SQL = Path(__file__).with_name("compare.sql")
DETAILS = 1_000


class CompareError(ValueError):
    """Two snapshots cannot be compared; the message says why."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from snapshot `old` to `new`.

    `totals` has a row for each kind of event: ukuran, lama, baru, selisih, and how much of the difference each cause
    brings (berita, model, tinjauan, penggabungan; they sum to selisih). `changes` lists changed events: kejadian,
    jenis_kejadian, perubahan (muncul, hilang, berubah), sebab, bagian, lama, baru, wilayah, kode; at most DETAILS.
    `changed` counts all of them by perubahan and sebab.
    """

    old: int
    new: int
    models: tuple[tuple[str, ...], tuple[str, ...]]
    totals: pd.DataFrame
    changed: pd.DataFrame
    changes: pd.DataFrame


def compare_snapshots(old: Snapshot, new: Snapshot, reviews: Path | None = None) -> Comparison:
    """Return what changed from one snapshot to the other; `reviews` is the file of reviewers' decisions.

    Raises CompareError for snapshots of different layouts.
    """
    with closing(duckdb.connect(config={"autoinstall_known_extensions": "false"})) as con:
        for name, snapshot in (("lama", old), ("baru", new)):
            con.execute(f"ATTACH {quoted(snapshot.path / MASKED)} AS {name} (READ_ONLY)")
        decided = _decided(reviews, old, new) if reviews and reviews.is_file() else []
        con.execute("CREATE TEMP TABLE decided AS SELECT unnest(?::VARCHAR[]) AS text_hash", [decided])
        try:
            con.execute(_SQL.read_text(encoding="utf-8"))
        except (duckdb.CatalogException, duckdb.BinderException):
            raise CompareError(
                f"snapshots {old.number} and {new.number} were published by different versions of wartawas; "
                "publish again and compare newer ones"
            ) from None
        changed = con.execute(_CHANGED).df()
        con.execute("USE baru")  # whose macros name the places
        changes = con.execute(_CHANGES, [DETAILS]).df()
        totals = _totals(con)
        models = tuple(
            tuple(
                str(key)
                for (key,) in fetch(con, f"SELECT DISTINCT model_version FROM {name}.articles ORDER BY 1")  # noqa: S608
            )
            for name in ("lama", "baru")
        )
    return Comparison(old.number, new.number, (models[0], models[1]), totals, changed, changes)


def _decided(reviews: Path, old: Snapshot, new: Snapshot) -> list[str]:
    """Return the hashes of the texts about which reviewers decided, or undid it, between two publications."""
    with closing(sqlite3.connect(f"{reviews.absolute().as_uri()}?mode=ro", uri=True)) as con:
        rows = con.execute(
            "SELECT d.sides, x.decided_at FROM decisions x JOIN decisions d ON d.id = coalesce(x.withdraws, x.id)"
        ).fetchall()
        labelled = con.execute("SELECT 1 FROM sqlite_master WHERE name = 'labels'").fetchone()
        texts = con.execute("SELECT text_hash, decided_at FROM labels").fetchall() if labelled else []
    first, last = (datetime.fromisoformat(str(snapshot.manifest["published"])) for snapshot in (old, new))
    decided = {
        text_hash
        for sides, moment in rows
        if first < datetime.fromisoformat(moment) <= last
        for side in json.loads(sides)
        for _, text_hash in side
    }
    decided |= {text for text, moment in texts if first < datetime.fromisoformat(moment) <= last}
    return sorted(decided)


def _totals(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for kind, name in (
        ("kasus", "dugaan kasus"),
        ("pencegahan", "kegiatan pencegahan"),
        ("informasi", "informasi"),
    ):
        before, after = (
            int(scalar(con, f"SELECT count(*) FROM {side}.events WHERE kind = ?", [kind]))  # noqa: S608
            for side in ("lama", "baru")
        )
        parts = dict(fetch(con, _PARTS, [kind, kind]))
        rows.append({"ukuran": name, "lama": before, "baru": after, "selisih": after - before,
                     **{cause: int(parts.get(cause, 0)) for cause in CAUSES}})  # fmt: skip
    counted = [int(scalar(con, f"SELECT count(*) FROM {side}.articles")) for side in ("lama", "baru")]  # noqa: S608
    rows.append({"ukuran": "artikel dibaca", "lama": counted[0], "baru": counted[1],
                 "selisih": counted[1] - counted[0], "berita": counted[1] - counted[0],
                 "model": 0, "tinjauan": 0, "penggabungan": 0})  # fmt: skip
    return pd.DataFrame(rows)


# An event that changes its kind leaves one count and enters another.
_PARTS = """
SELECT sebab, sum(n)::BIGINT FROM (
    SELECT sebab, 1 AS n FROM differences WHERE kind_new = ? AND kind_new IS DISTINCT FROM kind_old
    UNION ALL
    SELECT sebab, -1 FROM differences WHERE kind_old = ? AND kind_new IS DISTINCT FROM kind_old
)
GROUP BY sebab
"""
_CHANGED = """
SELECT coalesce(kind_new, kind_old) AS jenis_kejadian, perubahan, sebab, count(*) AS jumlah_kejadian
FROM differences GROUP BY ALL ORDER BY ALL
"""
_CHANGES = """
SELECT event_id AS kejadian, coalesce(kind_new, kind_old) AS jenis_kejadian, perubahan, sebab, bagian, lama, baru,
    place_name(place) AS wilayah, place AS kode
FROM differences
ORDER BY jenis_kejadian, perubahan, sebab, kejadian
LIMIT ?
"""
