"""A published store for programs and notebooks: the desk's questions as DataFrames, and SQL that can only read.

`open_store` takes whatever was published: the folder of runs, `snapshots`, one snapshot, its Parquet folder alone, or
the address of one of them (https://, s3://). Names of accused persons and of children are masked in all of them.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline import query as questions
from pipeline.database import scalar
from pipeline.filters import Filters, QuestionError
from pipeline.parquet_store import is_parquet_folder, make_parquet_store
from pipeline.questions import QUESTIONS, ask
from pipeline.reader_questions import Questions
from pipeline.remote import fetch_store, is_remote
from pipeline.sandbox import Values, bounded, connect_locked, selected
from pipeline.shelf import MANIFEST, MASKED, PARQUET, SEARCH, SnapshotError, current_snapshot

VARIABLE = "WARTAWAS_STORE"
_BATCH = 100_000  # rows that are written at a time
DEMO = ("var/demo", "../var/demo")
_FILTERS = frozenset(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """What a store is: where it lies, its snapshot, what it holds, whether its articles are invented.

    `snapshot` and `published` are None for a Parquet folder without manifest; `missing` are tables that it lacks and
    that are empty therefore. Counts are of articles read, events and outlets.
    """

    place: str
    snapshot: int | None
    published: str | None
    models: tuple[str, ...]
    articles: int
    cases: int
    prevention: int
    sources: int
    living_sources: int
    invented: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found at a place: the database, the folders that it reads besides, its manifest, missing tables.

    Where it is not `searchable` the index is made when something is searched for.
    """

    file: Path
    folders: tuple[Path, ...]
    manifest: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    searchable: bool = True


class PublishedStore(Questions):
    """An open store; use it in a `with` block, or close it. Made by `open_store`.

    Each question of `wartawas query` is a method (`store.kasus_per_wilayah()`), or asked by its name with `ask`.
    One store may be used from several threads; one question runs at a time.
    """

    def __init__(
        self, place: str, found: _Found, con: duckdb.DuckDBPyConnection, own: ExitStack, *, seconds: float
    ) -> None:
        self._connection, self._found, self._lock, self._seconds = con, found, threading.RLock(), seconds
        self._closed = False
        try:
            self.facts = self._read_facts(place)
        except duckdb.OutOfMemoryException:
            raise SnapshotError(f"{place}: needs more memory to open; give a larger `memory_mb`") from None
        except duckdb.Error:
            raise SnapshotError(
                f"{place}: was published by another version of wartawas; run `wartawas publish` again"
            ) from None
        self._own = own.pop_all()

    def ask(self, name: str, **options: Any) -> pd.DataFrame:
        """Return the answer to a question by its name: `store.ask("kasus-per-wilayah", wilayah="32.02", limit=10)`.

        Filters (wilayah, sejak, sampai, jenis, …) and options go by keyword; days may be written "2024-10-01". The
        columns and units are those of the method of the same name (`help(store.kasus_per_wilayah)`). `limit` cuts every
        answer, 0 lifts the limit that lists have. Raises QuestionError for an unknown name, filter or value.
        """
        filters = {key: _day(key, options.pop(key)) for key in list(options) if key in _FILTERS}
        return self.answer(name, Filters(**filters), options)

    def answer(self, name: str, filters: Filters, options: dict[str, Any]) -> pd.DataFrame:
        """Return the answer to a question whose filters and options are told apart already."""
        with self._lock:
            con = self._con
            if name == "cari" and not self._found.searchable:
                _index(self._found.file)
            with bounded(con, self._seconds):
                return ask(con, name, filters, options)

    def sql(self, query: str, values: Values = None) -> pd.DataFrame:
        """Return the result of one SELECT over the tables that data/README.md describes (`store.tables()`).

        `values` fill `?` or `$name` in it. Nothing else can be run, no file or address read. Raises QuestionError
        for a mistake, and where it takes more time or memory than the store was opened with.
        """
        with self._lock, selected(self._con, query, values, seconds=self._seconds) as rows:
            frame: pd.DataFrame = rows.df()
            return frame

    def to_arrow(self, query: str, values: Values = None) -> pa.Table:
        """Return the result of one SELECT as an Arrow table, which holds large results in less memory than pandas."""
        with self._lock, selected(self._con, query, values, seconds=self._seconds) as rows:
            return rows.to_arrow_table()

    def to_parquet(self, query: str, file: str | Path, values: Values = None) -> Path:
        """Write the result of one SELECT to a Parquet file piece by piece, however large it is; return the file."""
        import pyarrow.parquet as pq

        path = Path(file)
        if not path.parent.is_dir():
            raise QuestionError(f"{path}: the folder {path.parent} is not there; make it first")
        draft = path.with_name(f".{path.name}.draft")
        try:
            with self._lock, selected(self._con, query, values, seconds=self._seconds) as rows:
                reader = rows.to_arrow_reader(_BATCH)
                with pq.ParquetWriter(draft, reader.schema, compression="zstd") as writer:
                    for batch in reader:
                        writer.write_batch(batch)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return path

    def tables(self) -> pd.DataFrame:
        """Return what can be selected: table, column, type, and what the column holds (data/README.md)."""
        from pipeline.dictionary import load_dictionary

        told = load_dictionary()
        frame = self.sql(
            'SELECT table_name AS "table", column_name AS "column", data_type AS type FROM duckdb_columns()'
            " WHERE database_name = current_database() AND column_name <> 'rowid' ORDER BY 1, column_index"
        )
        frame["description"] = [
            told[table].columns.get(column, "") if table in told else ""
            for table, column in zip(frame["table"], frame["column"], strict=True)
        ]
        return frame

    def questions(self) -> pd.DataFrame:
        """Return the questions: name, summary, whether filters apply, options, and what each needs."""
        rows = [
            (name, one.summary, one.filters, ", ".join(one.options), ", ".join(one.needs))
            for name, one in QUESTIONS.items()
        ]
        return pd.DataFrame(rows, columns=["name", "summary", "filters", "options", "needs"])

    def close(self) -> None:
        """Close the store and remove what was made for it."""
        with self._lock:
            self._closed = True
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _con(self) -> duckdb.DuckDBPyConnection:
        if self._closed:
            raise QuestionError(
                "the store is closed; open it again with open_store, and ask inside its `with` block"
            )
        return self._connection

    def _read_facts(self, place: str) -> StoreFacts:
        row = questions.total(self._con).iloc[0]
        manifest = self._found.manifest
        models = self._con.execute("SELECT DISTINCT model_version FROM articles ORDER BY 1").fetchall()
        return StoreFacts(
            place=place,
            snapshot=manifest.get("number"),
            published=manifest.get("published"),
            models=tuple(str(model) for (model,) in models),
            articles=int(row["artikel"]),
            cases=int(row["kasus"]),
            prevention=int(row["pencegahan"]),
            sources=int(row["sumber"]),
            living_sources=int(row["sumber_hidup"]),
            invented=bool(scalar(self._con, "SELECT count(*) FROM sources WHERE invented")),
            missing=self._found.missing,
        )

    def __repr__(self) -> str:
        facts = self.facts
        what = f"snapshot {facts.snapshot}" if facts.snapshot else "Parquet"
        mark = ", CONTOH – rekaan" if facts.invented else ""
        return f"<store {facts.place}: {what}, {facts.articles} articles, {facts.cases} cases{mark}>"


def open_store(
    where: str | Path | None = None,
    *,
    snapshot: int | None = None,
    cache: str | Path | None = None,
    storage_options: Mapping[str, Any] | None = None,
    memory_mb: int = 2_000,
    threads: int | None = None,
    seconds: float = 300,
) -> PublishedStore:
    """Return the published store at a path or address, open for reading.

    `where` is a folder of runs (`var`, `var/demo`), its `snapshots`, one `snap-N`, a Parquet folder, or the address of
    one of the last three; without it WARTAWAS_STORE counts, else the demo's folder. `snapshot` takes an earlier one.
    What is remote is brought into `cache` (a folder that is kept; without it one that `close` removes);
    `storage_options` go to fsspec. `memory_mb`, `threads` and `seconds` bound each question.
    Raises SnapshotError with what to do.
    """
    for name, bound in (("memory_mb", memory_mb), ("threads", threads), ("seconds", seconds)):
        if bound is not None and bound <= 0:
            raise SnapshotError(f"{name} {bound}: give a number above 0")
    place = str(where or os.environ.get(VARIABLE) or _demo())
    with ExitStack() as opened:
        made = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="wartawas-")))
        path = Path(place)
        if is_remote(place):
            if snapshot is not None:
                raise SnapshotError(f"{place}: give the address of snap-{snapshot} itself")
            path = fetch_store(place, Path(cache or made / "fetched"), storage_options or {})
        found = _find(path, snapshot, made)
        cores = threads or os.cpu_count() or 1
        con = connect_locked(found.file, folders=found.folders, memory_mb=memory_mb, threads=cores)
        opened.callback(con.close)
        return PublishedStore(place, found, con, opened, seconds=seconds)


def _demo() -> str:
    found = next((place for place in DEMO if Path(place).is_dir()), None)
    if found is None:
        raise SnapshotError(
            f"no store given: run `wartawas demo`, or name a published store in {VARIABLE} or open_store(…)"
        )
    return found


def _find(path: Path, number: int | None, made: Path) -> _Found:
    """Return what there is to open at a path; raises SnapshotError that says what was looked for."""
    if path.name == MASKED:
        path = path.parent
    if not path.is_dir():
        what = "is a file, and a published store is a folder" if path.exists() else "there is no such folder"
        raise SnapshotError(f"{path}: {what}; give the folder of runs, of snapshots or of Parquet")
    for root in (path, path / "snapshots"):
        if (root / "CURRENT").is_file():
            return _in_snapshot(current_snapshot(root, number).path, made)
    if number is not None:
        raise SnapshotError(f"{path}: is no folder of snapshots, so there is no snapshot {number} to choose")
    if (path / MANIFEST).is_file():
        return _in_snapshot(path, made)
    folder = path / PARQUET if is_parquet_folder(path / PARQUET) else path
    if is_parquet_folder(folder):
        return _in_parquet(folder, made, {})
    if (path / "store").is_dir() or (path / "snapshots").is_dir() or path.name == "snapshots":
        raise SnapshotError(f"{path}: nothing has been published yet; run `wartawas publish`")
    raise SnapshotError(
        f"{path}: holds neither a published snapshot (CURRENT, manifest.json) nor a Parquet folder (articles/…); "
        "give the folder of runs, of snapshots or of Parquet"
    )


def _in_snapshot(folder: Path, made: Path) -> _Found:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{folder / MANIFEST}: cannot be read ({error})") from None
    if (folder / MASKED).is_file():
        return _Found(folder / MASKED, (), manifest)
    if is_parquet_folder(folder / PARQUET):
        return _in_parquet(folder / PARQUET, made, manifest)
    raise SnapshotError(f"{folder}: the snapshot has neither {MASKED} nor its Parquet folder; copy it whole")


def _in_parquet(folder: Path, made: Path, manifest: Mapping[str, Any]) -> _Found:
    store = make_parquet_store(folder, made)
    return _Found(store.file, (folder,), manifest, store.missing, searchable=False)


def _index(file: Path) -> None:
    """Make the search index of a store that came without one."""
    from pipeline.snapshots import index_articles

    if not file.with_name(SEARCH).exists():
        index_articles(file, file.with_name(SEARCH))


def _day(name: str, value: Any) -> Any:
    if name not in ("sejak", "sampai") or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise QuestionError(f"{name} {value[:40]!r}: berikan hari sebagai YYYY-MM-DD") from None
