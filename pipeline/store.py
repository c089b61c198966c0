"""The store's writer: what was read goes into the DuckDB work file, each batch whole or not at all.

Everything is idempotent: the same article text read by the same model version changes nothing, so a run that
was killed is simply started again. `revision` grows with every change and tells publishing what is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import duckdb
import pyarrow as pa

from crawler.records import Capture
from crawler.source import Source
from nlp.records import Extraction
from pipeline import ids, rows
from pipeline.article import Article, Refusal
from pipeline.database import StoreError, fetch, limit_memory, open_work_file, scalar, utc_now
from pipeline.rows import Row
from pipeline.zone import ZONE_MINUTES

__all__ = ["Store", "StoreError", "StoredArticle", "looked_up_to", "open_store"]

_LOOKED_UP = 2_000  # keys that DuckDB seeks in an index; from more on it looks through all rows anyway


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with the archived pages that it was read from (none for a text given by hand)."""

    article: Article
    captures: tuple[Capture, ...] = ()


def open_store(path: Path, *, create: bool = True) -> Store:
    """Return the store at `path`, made or migrated where necessary; there is one writer at a time.

    Raises StoreError where another process holds it, it is no DuckDB database, or its schema is newer.
    """
    store = Store(open_work_file(path, create=create), path)
    store.fill_constants()
    return store


def looked_up_to(con: duckdb.DuckDBPyConnection, model_version: str) -> int:
    """Return the highest capture id up to which runs of `model_version` that ended left none unread, else 0.

    What such a run has read tells nothing of it: a page is read with later ones of its article, and batches that
    failed come last, so that a run which was killed leaves gaps behind it.
    """
    ended = fetch(con, _ENDED, [model_version])
    return max((int(json.loads(counts).get("last", 0)) for (counts,) in ended), default=0)


class Store:
    """The only connection that writes the work file; a context manager that closes it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.con = con
        self.con.execute(ZONE_MINUTES)
        self.path = path
        self._schemas: dict[str, pa.Schema] = {}
        self._depth = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the work file; DuckDB folds its log into it."""
        self.con.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one transaction; nested ones belong to the outermost."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self.con.execute("BEGIN")
        self._depth = 1
        try:
            yield
        except BaseException:
            self.con.execute("ROLLBACK")
            raise
        else:
            self._commit()
        finally:
            self._depth = 0

    def _commit(self) -> None:
        try:
            self.con.execute("COMMIT")
        except duckdb.Error as error:
            raise StoreError(f"{self.path}: the batch was not stored ({error})") from None
        limit_memory(self.con, self.path)  # a back-fill may write a million articles through one open file

    def next_revision(self) -> int:
        """Return the number that marks what the running transaction changes."""
        return int(scalar(self.con, "SELECT nextval('revisions')"))

    def insert(self, table: str, values: Sequence[Row], *, conflict: str = "") -> None:
        """Add rows to a table in one statement; `conflict` is the text after the SELECT (ON CONFLICT …)."""
        if not values:
            return
        with self.frame(values, schema=self._schema(table)):
            try:
                self.con.execute(f"INSERT INTO {table} SELECT * FROM batch {conflict}")  # noqa: S608
            except duckdb.Error as error:
                raise StoreError(f"{self.path}: rows for {table} were refused ({error})") from None

    @contextmanager
    def frame(self, values: Sequence[Row], schema: pa.Schema) -> Iterator[None]:
        """Register rows as the view `batch` of this connection while the block runs."""
        self.con.register("batch", _arrow(values, schema))
        try:
            yield
        finally:
            with suppress(duckdb.TransactionException):  # an aborted transaction takes the view with it
                self.con.unregister("batch")

    def _schema(self, table: str) -> pa.Schema:
        if table not in self._schemas:
            self._schemas[table] = self.con.table(table).limit(0).to_arrow_table().schema
        return self._schemas[table]

    def fill_constants(self) -> None:
        """Fill the table of regions, and draw the file's salt, where they are missing."""
        if not scalar(self.con, "SELECT count(*) FROM salts"):
            with self.transaction():
                self.insert("salts", [(token_hex(16),)])
                self.insert("regions", _regions())

    def begin_run(self, command: str, model_version: str | None = None) -> str:
        """Record that a run begins and return its id."""
        started = utc_now()
        run = f"{started:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
        self.insert("runs", [(run, command, model_version, started, None, None, None)])
        return run

    def end_run(self, run: str, counts: Mapping[str, Any], problem: str | None = None) -> None:
        """Record how a run ended: its counts as JSON, and what stopped it if something did."""
        self.con.execute(
            "UPDATE runs SET ended_at = ?, counts = ?, problem = ? WHERE run_id = ?",
            [utc_now(), json.dumps(dict(counts), default=str), problem, run],
        )

    def store_sources(self, sources: Iterable[Source]) -> None:
        """Record the sources as they are described now; earlier descriptions are replaced."""
        values = [rows.source_row(source) for source in sources]
        with self.transaction():
            self.insert("sources", values, conflict=_replace("source", self._schema("sources").names))

    def store_invented(self, sources: Mapping[str, Sequence[str]]) -> None:
        """Record invented sources by slug with their hosts; one that is described already stays as it is."""
        values = [(slug, slug, list(hosts), None, None, None, False, True) for slug, hosts in sources.items()]
        with self.transaction():
            self.insert("sources", values, conflict="ON CONFLICT DO NOTHING")

    def pending(self, captures: Iterable[Capture], model_version: str) -> list[Capture]:
        """Return the captures that `model_version` has neither read nor refused yet, in the order given."""
        asked = {ids.page_id(capture): capture for capture in captures}
        done: set[str] = set()
        with self.frame([(key,) for key in asked], pa.schema([("page_id", pa.string())])):
            done.update(key for (key,) in fetch(self.con, _DONE, [model_version, model_version]))
        return [capture for key, capture in asked.items() if key not in done]

    def looked_up_to(self, model_version: str) -> int:
        """Return the highest capture id up to which ended runs of `model_version` left none unread, else 0."""
        return looked_up_to(self.con, model_version)

    def store_refusals(self, batch: Iterable[tuple[Refusal, Capture]], model_version: str) -> None:
        """Record the pages that gave no article, each with its reason; a page's own row is made too."""
        pairs = list(batch)
        now = utc_now()
        values = {
            ids.page_id(capture): rows.refusal_row(refusal, capture, model_version, now)
            for refusal, capture in pairs
        }
        with self.transaction():
            self._store_pages(capture for _, capture in pairs)
            self.insert("refusals", list(values.values()), conflict="ON CONFLICT DO NOTHING")

    def store_articles(self, batch: Iterable[StoredArticle]) -> int:
        """Record articles with the pages behind them; return how many states of an article were new.

        An article keeps every state (title and text) that was seen; the one seen last is the current one.
        """
        now = utc_now()
        states, first = _gather(batch, now)
        seen = {key: _seen_at(item, now) for key, item in states.items()}
        with self.transaction():
            self._store_pages(capture for item in states.values() for capture in item.captures)
            known = self._known("article_versions", list(states))
            fresh = [rows.version_row(i.article, k, seen[k]) for k, i in states.items() if k not in known]
            self.insert("article_versions", fresh)
            links = {(key, ids.page_id(c)): None for key, item in states.items() for c in item.captures}
            self.insert("article_pages", [link for link in links if link[0] not in known])
            again = [link for link in links if link[0] in known]
            self.insert("article_pages", again, conflict="ON CONFLICT DO NOTHING")
            self._set_current(states, seen, first)
        return len(fresh)

    def store_extractions(self, batch: Iterable[tuple[Article, Extraction]], run: str | None = None) -> int:
        """Record what was read from articles that are stored; return how many extractions were new.

        The extraction becomes the current one of its article if the article's text is still the current one.
        """
        read_at = utc_now()
        keyed: dict[str, tuple[str, Extraction]] = {}
        for article, found in batch:
            version = ids.version_id(article)
            keyed[ids.extraction_id(version, found.model_version)] = (version, found)
        tables: dict[str, list[Row]] = {name: [] for name in ("extractions", *rows.CHILD_TABLES)}
        with self.transaction():
            known = self._known("extractions", list(keyed))
            for key, (version, found) in keyed.items():
                if key not in known:
                    tables["extractions"].append(rows.extraction_row(key, version, found, run, read_at))
                    for name, values in rows.child_rows(key, found).items():
                        tables[name] += values
            for name, values in tables.items():
                self.insert(name, values)
            self._point_articles({key: version for key, (version, _) in keyed.items()})
            self._mark_articles(tables["extractions"])
        return len(tables["extractions"])

    def point_to(self, model_version: str) -> int:
        """Make this version's readings of current states current again; return for how many articles that is new."""
        with self.transaction():
            changed = self.con.execute(_POINT_TO, [self.next_revision(), model_version]).fetchone()
        return int(changed[0]) if changed else 0

    def _known(self, table: str, keys: list[str]) -> set[str]:
        """Return which of these primary keys a table holds.

        Few are looked up in its index; a join, as `ON CONFLICT` makes one too, looks through all rows.
        """
        column = self._schema(table).names[0]
        if not keys:
            return set()
        if len(keys) <= _LOOKED_UP:
            marks = ", ".join("?" * len(keys))
            found = fetch(self.con, f"SELECT {column} FROM {table} WHERE {column} IN ({marks})", keys)  # noqa: S608
            return {key for (key,) in found}
        with self.frame([(key,) for key in keys], pa.schema([(column, pa.string())])):
            found = fetch(self.con, f"SELECT {column} FROM {table} SEMI JOIN batch USING ({column})")  # noqa: S608
        return {key for (key,) in found}

    def _store_pages(self, captures: Iterable[Capture]) -> None:
        pages = {ids.page_id(capture): capture for capture in captures}
        known = self._known("pages", list(pages))
        self.insert("pages", [rows.page_row(page) for key, page in pages.items() if key not in known])

    def _set_current(
        self, states: dict[str, StoredArticle], seen: dict[str, datetime], first: dict[str, datetime]
    ) -> None:
        """Point each article at the state that was seen last, and count that as a change of the article."""
        newest = sorted(states, key=lambda key: seen[key])
        ids_of = {key: item.article.id for key, item in states.items()}
        values = {
            ids_of[key]: _article_row(key, states[key], first[ids_of[key]], seen[key]) for key in newest
        }
        schema = self._schema("articles").remove(self._schema("articles").get_field_index("revision"))
        with self.frame(list(values.values()), schema):
            revision = self.next_revision()
            self.con.execute(_UPSERT_ARTICLES, [revision])
            self.con.execute(_SEEN_AGAIN, [revision])

    def _point_articles(self, versions: dict[str, str]) -> None:
        schema = pa.schema([("extraction_id", pa.string()), ("version_id", pa.string())])
        with self.frame(list(versions.items()), schema):
            self.con.execute(_POINT_ARTICLES, [self.next_revision()])

    def _mark_articles(self, extractions: Sequence[Row]) -> None:
        """Count a new reading of an earlier state as a change of its article: it may name persons to hide."""
        schema = self._schema("extractions")
        columns = [schema.get_field_index(name) for name in ("article_id", "version_id")]
        values = [tuple(row[n] for n in columns) for row in extractions]
        if values:
            with self.frame(values, pa.schema([schema.field(n) for n in columns])):
                self.con.execute(_MARK_ARTICLES, [self.next_revision()])


_DONE = """
SELECT page_id FROM refusals SEMI JOIN batch USING (page_id) WHERE model_version = ?
UNION
SELECT p.page_id FROM article_pages p SEMI JOIN batch USING (page_id)
JOIN extractions e USING (version_id) WHERE e.model_version = ?
"""

_ENDED = """
SELECT counts FROM runs
WHERE command = 'process' AND model_version = ? AND ended_at IS NOT NULL AND counts IS NOT NULL
"""

# An older page that is read again (a new model over the whole archive) never replaces a newer state.
_UPSERT_ARTICLES = """
INSERT INTO articles
SELECT b.*, ? FROM batch b LEFT JOIN articles a USING (article_id)
WHERE a.article_id IS NULL OR (b.version_id != a.version_id AND b.seen_at >= a.seen_at)
ON CONFLICT (article_id) DO UPDATE SET
    url = excluded.url, source = coalesce(excluded.source, source), outlet = excluded.outlet,
    version_id = excluded.version_id, extraction_id = NULL,
    first_seen = least(first_seen, excluded.first_seen), seen_at = excluded.seen_at, revision = excluded.revision
"""

# A page that comes late (an older one) may be the first, or hold a state in between: the article is published anew.
_SEEN_AGAIN = """
UPDATE articles SET seen_at = greatest(articles.seen_at, b.seen_at),
    first_seen = least(articles.first_seen, b.first_seen),
    revision = CASE WHEN b.seen_at < articles.seen_at THEN ? ELSE articles.revision END
FROM batch b
WHERE articles.article_id = b.article_id AND b.source IS NOT NULL
AND (b.seen_at < articles.seen_at
    OR (b.seen_at > articles.seen_at AND b.version_id = articles.version_id))
"""

_POINT_ARTICLES = """
UPDATE articles SET extraction_id = b.extraction_id, revision = ?
FROM batch b
WHERE articles.version_id = b.version_id AND articles.extraction_id IS DISTINCT FROM b.extraction_id
"""

# what reviewers said of such a reading is laid over it again by `apply_labels`
_POINT_TO = """
UPDATE articles SET extraction_id = own.extraction_id, revision = $1
FROM (SELECT * FROM extractions ANTI JOIN reviewed_extractions USING (extraction_id) WHERE model_version = $2) own
JOIN extractions other ON other.model_version <> $2
WHERE articles.version_id = own.version_id AND articles.extraction_id = other.extraction_id
"""

_MARK_ARTICLES = """
UPDATE articles SET revision = ? FROM batch b
WHERE articles.article_id = b.article_id AND articles.version_id <> b.version_id
"""


@cache
def _regions() -> list[Row]:
    return list(rows.region_rows())


def _replace(key: str, columns: Sequence[str]) -> str:
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    return f"ON CONFLICT ({key}) DO UPDATE SET {changes}"


def _seen_at(item: StoredArticle, now: datetime) -> datetime:
    times = [rows.utc(capture.fetched_at) for capture in item.captures]
    return max((time for time in times if time), default=now)


def _gather(
    batch: Iterable[StoredArticle], now: datetime
) -> tuple[dict[str, StoredArticle], dict[str, datetime]]:
    """Return each state of an article once, with all its pages, and when each article was seen first."""
    states: dict[str, StoredArticle] = {}
    first: dict[str, datetime] = {}
    for item in batch:
        key, seen_at = ids.version_id(item.article), _seen_at(item, now)
        pages = states[key].captures if key in states else ()
        states[key] = replace(item, captures=(*pages, *item.captures))
        first[item.article.id] = min(seen_at, first.get(item.article.id, seen_at))
    return states, first


def _article_row(version: str, item: StoredArticle, first_seen: datetime, seen_at: datetime) -> Row:
    article = item.article
    source = item.captures[0].source if item.captures else None
    return article.id, article.url, source, article.outlet, version, None, first_seen, seen_at


def _arrow(values: Sequence[Row], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*values, strict=True)) or [()] * len(schema)
    try:
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    except UnicodeEncodeError:
        return _arrow(rows.storable(values), schema)
    return pa.Table.from_arrays(arrays, schema=schema)
