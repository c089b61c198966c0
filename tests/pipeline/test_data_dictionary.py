from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from pipeline import database
from pipeline.labels import load_labels

README = Path(__file__).parents[2] / "data" / "README.md"
PARTS = {"The work file": "schema.sql", "A snapshot": "published.sql"}


def documented(part: str) -> dict[str, list[str]]:
    """Return the columns that data/README.md lists for each table of one of its parts."""
    text = README.read_text(encoding="utf-8")
    (chapter,) = [body for body in re.split(r"^# ", text, flags=re.MULTILINE) if body.startswith(part)]
    tables: dict[str, list[str]] = {}
    for section in re.split(r"^## ", chapter, flags=re.MULTILINE)[1:]:
        name = section.splitlines()[0].strip()
        tables[name] = re.findall(r"^- `(\w+)`: \S", section, flags=re.MULTILINE)
    return tables


def test_every_group_of_labels_is_named() -> None:
    (told,) = re.findall(r"^## labels$.*?^- `group`: (.*?)^- `id`", README.read_text("utf-8"), re.M | re.S)
    assert [
        group for group in {label.group for label in load_labels()} if not re.search(rf"\b{group}\b", told)
    ] == []


@pytest.mark.parametrize("part", PARTS)
def test_every_table_and_column_is_documented_in_order(part: str) -> None:
    with duckdb.connect() as con:
        con.execute(Path(database.__file__).with_name(PARTS[part]).read_text(encoding="utf-8"))
        tables: dict[str, list[str]] = {}
        for table, column in con.execute(
            "SELECT table_name, column_name FROM information_schema.columns ORDER BY 1, ordinal_position"
        ).fetchall():
            tables.setdefault(table, []).append(column)
    assert documented(part) == tables
