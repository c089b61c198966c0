"""The Parquet copy of a snapshot: how its files are cut."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from pipeline.database import fetch
from pipeline.parquet import write_parquet
from pipeline.projected import SCHEMA


def test_a_busy_month_is_written_in_groups_that_fit_in_memory(tmp_path: Path) -> None:
    with closing(duckdb.connect()) as db:
        db.execute("ATTACH ':memory:' AS published")
        db.execute(f"USE published; {SCHEMA.read_text(encoding='utf-8')}")
        db.execute(
            "INSERT INTO mentions BY NAME SELECT 'a' AS article_id, range AS n, 'per' AS label, 0 AS start_at, "
            "1 AS end_at, 'x' AS text, []::VARCHAR[] AS codes, '2024-10' AS month FROM range(60_000)"
        )
        db.execute(
            "INSERT INTO articles BY NAME SELECT 'a' AS article_id, 'x' AS text, '2024-10' AS month, 'id' AS language, "
            "1 AS quality, []::VARCHAR[] AS flags, 'lainnya' AS kind, 1 AS confidence, []::VARCHAR[] AS types, "
            "[]::VARCHAR[] AS bentuk, []::VARCHAR[] AS roles_present, []::VARCHAR[] AS why, 'm' AS model_version, "
            "'v' AS version_id, 'e' AS extraction_id, 'h' AS text_hash, 1 AS states, now()::TIMESTAMP AS first_seen, "
            "'' AS mask_key, 1 AS written"
        )
        write_parquet(db, tmp_path / "parquet", before=None, changed={"articles": set(), "events": set()})
        file = tmp_path / "parquet" / "mentions" / "month=2024-10" / "part.parquet"
        groups = fetch(
            db, "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(?)", [str(file)]
        )
    assert sum(rows for _, rows in groups) == 60_000
    assert max(rows for _, rows in groups) <= 20_480
