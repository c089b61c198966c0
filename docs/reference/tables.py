"""The data dictionary: what data/README.md says of each column, with the type that the schema gives it."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

import duckdb

from crawler.ledger import Ledger
from pipeline import database
from pipeline.audit import add_erasure
from pipeline.label_reviews import LabelReviews
from pipeline.reviews import Reviews
from pipeline.search_index import open_month
from pipeline.web.accounts import Accounts
from reference.markdown import ROOT, code, table

Tables = dict[str, dict[str, str]]  # type or meaning of each column, by table
README = ROOT / "data" / "README.md"
_LINE = r"^- `(\w+)`: (.+(?:\n  +\S.*)*)"  # a meaning may go on in indented lines
_COLUMN = re.compile(_LINE, re.MULTILINE)
_COLUMNS = re.compile(rf"(?:{_LINE}\n?)+", re.MULTILINE)


@cache
def schemas() -> Mapping[str, Tables]:
    """Return the type of each column by table, for each chapter of data/README.md that tells of a database."""
    return {
        "The work file": _duckdb("schema.sql"),
        "A snapshot": _duckdb("published.sql"),
        "The crawl ledger": _sqlite(lambda path: Ledger(path).close()),
        "Reviews": _sqlite(_make_reviews),
        "Erasures": _sqlite(lambda path: add_erasure(path, "names", None, reason="-", who="-", figures={})),
        "Full text": _sqlite(lambda path: open_month(path).close()),
        "Accounts": _sqlite(lambda path: Accounts(path).add("dokumentasi", "0123456789abc", "lihat")),
    }


def documented() -> Mapping[str, Tables]:
    """Return the meaning of each column by table, for each chapter of data/README.md."""
    return {
        title: {name: dict(_COLUMN.findall(body)) for name, body in _sections(chapter)[1:]}
        for title, chapter in _chapters()
    }


def tables_text() -> str:
    """Return data/README.md one level deeper, its lists of columns as tables with types."""
    known = schemas()
    parts = []
    for title, chapter in _chapters():
        types = next((tables for name, tables in known.items() if title.startswith(name)), {})
        sections = _sections(chapter)
        parts.append(f"## {title}\n\n{sections[0][1]}")
        parts += [f"### {name}\n\n{_typed(body, types.get(name, {}))}" for name, body in sections[1:]]
    return "\n".join(parts)


def _typed(body: str, types: Mapping[str, str]) -> str:
    def as_table(found: re.Match[str]) -> str:
        rows = [
            [code(name), code(types.get(name, "")), " ".join(text.split())]
            for name, text in _COLUMN.findall(found[0])
        ]
        return "\n" + table(("column", "type", "meaning"), rows) + "\n"

    return _COLUMNS.sub(as_table, body) if types else body


def _chapters() -> Iterator[tuple[str, str]]:
    """Yield the chapters after the first with their titles."""
    for chapter in re.split(r"^# ", README.read_text(encoding="utf-8"), flags=re.MULTILINE)[2:]:
        title, _, body = chapter.partition("\n")
        yield title.strip(), body


def _sections(chapter: str) -> list[tuple[str, str]]:
    """Return what stands before the first table under "", then each table's text by its name."""
    first, *others = re.split(r"^## ", chapter, flags=re.MULTILINE)
    return [("", first), *((name.strip(), body) for name, _, body in (o.partition("\n") for o in others))]


def _duckdb(file: str) -> Tables:
    tables: Tables = {}
    with duckdb.connect() as con:
        con.execute(Path(database.__file__).with_name(file).read_text(encoding="utf-8"))
        for name, column, kind in con.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY 1, ordinal_position"
        ).fetchall():
            tables.setdefault(name, {})[column] = kind
    return tables


def _make_reviews(path: Path) -> None:
    Reviews(path).close()
    LabelReviews(path).close()


def _sqlite(make: Callable[[Path], object]) -> Tables:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sqlite"
        make(path)
        with closing(sqlite3.connect(path)) as con:
            rows = con.execute(
                "SELECT name FROM pragma_table_list WHERE type <> 'shadow' AND schema = 'main'"
            )
            names = [name for (name,) in rows.fetchall() if not name.startswith("sqlite_")]
            return {
                name: {row[1]: row[2] or "TEXT" for row in con.execute(f'PRAGMA table_info("{name}")')}
                for name in names
            }
