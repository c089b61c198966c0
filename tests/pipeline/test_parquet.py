"""The Parquet copy of a snapshot: how its files are cut."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from pipeline.database import fetch
from pipeline.parquet import write_parquet
from pipeline.projected import SCHEMA
from pipeline.published import open_published

_ARTICLES = """
INSERT INTO articles BY NAME
SELECT 'a' AS article_id, repeat(md5(range::VARCHAR), ?) AS text, '2024-10' AS month, 'id' AS language, 1 AS quality,
    []::VARCHAR[] AS flags, 'lainnya' AS kind, 1 AS confidence, []::VARCHAR[] AS types,
    []::VARCHAR[] AS bentuk, []::VARCHAR[] AS roles_present, []::VARCHAR[] AS why, 'm' AS model_version,
    'v' AS version_id, 'e' AS extraction_id, 'h' AS text_hash, 1 AS states, now()::TIMESTAMP AS first_seen,
    '' AS mask_key, 1 AS written
FROM range(?)
"""
_NOTHING: dict[str, set[str]] = {"articles": set(), "events": set()}


def test_the_texts_of_a_month_need_not_fit_in_memory(tmp_path: Path) -> None:
    with closing(open_published(tmp_path / "wartawas.duckdb")) as published:
        db = published.con
        db.execute(_ARTICLES, [100, 24_000])
        db.execute("CHECKPOINT published; SET memory_limit = '64MB'")  # of texts there are 77
        write_parquet(db, tmp_path / "parquet", before=None, changed=_NOTHING)
        file = tmp_path / "parquet" / "articles" / "month=2024-10" / "part.parquet"
        found = fetch(db, "SELECT count(*), min(length(text)) FROM read_parquet(?)", [str(file)])
    assert found == [(24_000, 3_200)]


def test_a_busy_month_is_written_in_groups_that_fit_in_memory(tmp_path: Path) -> None:
    with closing(duckdb.connect()) as db:
        db.execute("ATTACH ':memory:' AS published")
        db.execute(f"USE published; {SCHEMA.read_text(encoding='utf-8')}")
        db.execute(
            "INSERT INTO mentions BY NAME SELECT 'a' AS article_id, range AS n, 'per' AS label, 0 AS start_at, "
            "1 AS end_at, 'x' AS text, []::VARCHAR[] AS codes, '2024-10' AS month FROM range(60_000)"
        )
        db.execute(_ARTICLES, [1, 1])
        write_parquet(db, tmp_path / "parquet", before=None, changed=_NOTHING)
        file = tmp_path / "parquet" / "mentions" / "month=2024-10" / "part.parquet"
        groups = fetch(
            db, "SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(?)", [str(file)]
        )
    assert sum(rows for _, rows in groups) == 60_000
    assert max(rows for _, rows in groups) <= 20_480
