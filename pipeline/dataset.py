"""A data set to publish: the masked tables as plain Parquet with a dictionary, licence, provenance and checksums.

`wartawas export --dataset DIR` writes it. Persons are pseudonyms unless officials' names are asked for; accused persons
and children are not named at all. Full texts stay out unless asked for: they belong to the outlets. Without them no
mask tells initials or lengths, so places in the text stay out too: what stands between two of them may be a name.
Every column has a plain type, so that pandas, polars, R and DuckDB read the same; a list is a text with `;`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.checksums import file_sha256
from pipeline.database import fetch
from pipeline.datapackage import SUMS, Described, Provenance, write_papers
from pipeline.dataset_tables import PARTS, WITH_TEXTS, Part
from pipeline.drafts import draft_name, errors_of
from pipeline.filters import ANY, Filters, check_filters
from pipeline.pseudonyms import Pseudonyms, Veil, fold, persons_by_article, veil, whole_names
from pipeline.query import invented, totals
from pipeline.shelf import Snapshot, sync_tree

_CHUNK = 5_000
_TYPES = {
    "VARCHAR": pa.string(), "VARCHAR[]": pa.string(), "BOOLEAN": pa.bool_(), "SMALLINT": pa.int32(),
    "INTEGER": pa.int32(), "BIGINT": pa.int64(), "DOUBLE": pa.float64(), "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}  # fmt: skip
_PAPER = "datapackage.json"


class DatasetError(ValueError):
    """A data set cannot be written as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """What a data set holds: `filters` choose articles, `texts` adds full texts, `officials` keeps officials' names."""

    filters: Filters = ANY
    texts: bool = False
    officials: bool = False


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """What was written: the folder, the snapshot behind it, and rows by table."""

    folder: str
    snapshot: int
    rows: dict[str, int]


def write_dataset(
    snapshot: Snapshot, folder: Path, options: DatasetOptions = DatasetOptions(), *, force: bool = False
) -> DatasetReport:
    """Write the data set of a snapshot into `folder` and return what it holds.

    It is written beside its place and moved there when it is whole. A folder that is there already is replaced only
    with `force`, and only if it holds a data set. Raises DatasetError, and QuestionError for a wrong filter.
    """
    _check_target(folder, force=force)
    folder = folder.absolute()
    draft = draft_name(folder)
    try:
        with errors_of(folder, draft):
            draft.mkdir(parents=True)
            tables, about = _write_tables(snapshot, draft, options)
            write_papers(draft, tables, about)
            _write_sums(draft)
            sync_tree(draft)
            _check_target(folder, force=force)  # another export may have been faster
            _put(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return DatasetReport(str(folder), snapshot.number, {table.name: table.rows for table in tables})


def _write_tables(
    snapshot: Snapshot, draft: Path, options: DatasetOptions
) -> tuple[list[Described], Provenance]:
    """Write the tables and return them, with what stands behind them."""
    with closing(snapshot.connect()) as db:
        check_filters(db, options.filters)
        _choose(db, options.filters)
        names = _Names(db, options)
        tables = [_write(db, part, draft, names) for part in _parts(db, options)]
        read = totals(snapshot.path)
        return tables, Provenance(
            snapshot=snapshot.number, published=str(snapshot.manifest.get("published", "?")),
            models=tuple(snapshot.manifest.get("models", ())), filters=options.filters.given(),
            articles_read=read.articles, sources=read.sources, living_sources=read.living_sources,
            texts=options.texts, officials=options.officials, invented=invented(db),
        )  # fmt: skip


def _check_target(folder: Path, *, force: bool) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() and not force:
        raise DatasetError(f"{folder}: is there already; give another folder, or --force to replace it")
    if folder.exists() and not (folder / _PAPER).is_file():
        raise DatasetError(f"{folder}: holds no data set ({_PAPER} is missing), so it is not replaced")


def _put(draft: Path, folder: Path) -> None:
    """Move the finished folder to its place; an earlier one goes only when the new one stands there."""
    old = draft.with_suffix(".old")
    if folder.exists():
        folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        if old.exists() and not folder.exists():  # else another export was faster
            old.rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _choose(db: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """Put the articles that the filters ask for, and the events that they tell, into temporary tables."""
    db.execute(
        "CREATE TEMP TABLE chosen_articles AS SELECT article_id FROM articles_where($f)",
        {"f": filters.values()},
    )
    db.execute(
        "CREATE TEMP TABLE chosen_events AS SELECT DISTINCT event_id FROM event_members"
        " SEMI JOIN chosen_articles USING (article_id)"
    )


def _parts(db: duckdb.DuckDBPyConnection, options: DatasetOptions) -> Iterator[Part]:
    """Yield the tables to write: those that this snapshot has, texts and places in them only where asked for."""
    known = {name for (name,) in fetch(db, "SELECT DISTINCT table_name FROM duckdb_columns()")}
    for part in PARTS:
        if part.table in known:
            yield (
                replace(part, out=tuple(c for c in part.out if c not in WITH_TEXTS))
                if options.texts
                else part
            )


class _Names:
    """The persons of the chosen articles: who is hidden in which, and how they are called instead."""

    def __init__(self, db: duckdb.DuckDBPyConnection, options: DatasetOptions) -> None:
        officials = fetch(db, "SELECT article_id, name FROM officials")
        self.kept = frozenset(fold(name) for _, name in officials) if options.officials else frozenset()
        self.pseudonyms = Pseudonyms(self.kept)
        self.everybody = whole_names(() if options.officials else (name for _, name in officials))
        chosen = "SELECT article_id, text FROM mentions SEMI JOIN chosen_articles USING (article_id) WHERE"
        self.persons = persons_by_article([*fetch(db, f"{chosen} label = 'per'"), *officials])
        self.places = persons_by_article(fetch(db, f"{chosen} label = 'loc' AND code IS NOT NULL"))

    def veil(self, article: str) -> Veil:
        """Return what hides the persons of an article."""
        return veil(self.persons.get(article, ()), self.places.get(article, ()), self.everybody, self.kept)


def _write(db: duckdb.DuckDBPyConnection, part: Part, folder: Path, names: _Names) -> Described:
    """Write one table and return it with its columns."""
    told = fetch(db, "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ?"
                     " ORDER BY column_index", [part.table])  # fmt: skip
    columns = [(str(name), str(kind), bool(null)) for name, kind, null in told if name not in part.out]
    schema = pa.schema([pa.field(name, _TYPES[kind], nullable=null) for name, kind, null in columns])
    order = [name for name, _, _ in columns]
    listed = ", ".join(f't."{name}"' for name in order)
    cursor = db.execute(f"SELECT {listed} FROM {part.table} t {part.chosen}")  # noqa: S608 – names of ours
    file, rows = folder / f"{part.table}.parquet", 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := cursor.fetchmany(_CHUNK):
            plain = [_plain(part, order, row, names) for row in batch]
            arrays = [
                pa.array(list(values), field.type)
                for values, field in zip(zip(*plain, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            rows += len(batch)
    return Described(part.table, rows, tuple(columns), part.key, part.links, part.out)


def _plain(part: Part, columns: Sequence[str], row: Sequence[Any], names: _Names) -> list[Any]:
    """Return a row as it is published: without names, lists as texts."""
    values = dict(zip(columns, row, strict=True))
    named = part.names if part.named(values) else ()
    veiled = {c: values[c] for c in (*part.texts, *part.urls) if c not in named and values.get(c)}
    if veiled:
        hiding = names.veil(str(values.get("article_id", "")))
        for column, value in veiled.items():
            values[column] = _hidden(column, value, part, hiding)
    for column in named:
        values[column] = names.pseudonyms.of(values[column])
    for column in part.codes:
        if values.get(column):
            values[column] = names.pseudonyms.code(str(values[column]))
    return [_joined(value) if isinstance(value, list) else value for value in values.values()]


def _hidden(column: str, value: Any, part: Part, hiding: Veil) -> Any:
    if isinstance(value, list):
        return [hiding.text(item) for item in value]
    if column in part.urls:
        return hiding.url(value)
    return hiding.same_length(value) if (part.table, column) == ("articles", "text") else hiding.text(value)


def _joined(items: Sequence[Any]) -> str:
    return ";".join(str(item).replace(";", ",") for item in items)


def _write_sums(folder: Path) -> None:
    """Write the SHA-256 of every file as `sha256sum -c` reads it."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{file_sha256(path)}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="ascii")
