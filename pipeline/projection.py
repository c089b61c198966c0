"""Keeps the two published databases in step with the work file: what changed since is written anew, masked.

Both stand beside the work file and are copied into each snapshot, so a night costs what that night changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.database import StoreError, connect, fetch, newest_version, quoted, scalar
from pipeline.labels import load_labels
from pipeline.mask import Mask, child_names, make_mask, mask_name
from pipeline.prepared import prepare
from pipeline.projected import ARTICLES, CHILDREN, Projected, projection
from pipeline.registry import official_id
from pipeline.store import Store

_SCHEMA = Path(__file__).with_name("published.sql")
_CHUNK = 25_000  # each chunk looks through all mentions, so few of them
# Institutions and unknown hands are no persons: parties, firms and media stay legible.
_NO_PERSONS = ["parpol", "perusahaan", "media", "lembaga_survei", "otk", "massa", "kpu", "bawaslu", "pemda"]
_BY_ARTICLE = ("articles", *(child.table for child in CHILDREN))


def refresh(store: Store, path: Path, *, masked: bool) -> int:
    """Bring the published database at `path` up to the work file's present state, in one transaction.

    Returns how many articles were written. A database of another layout, or one that was left damaged, is
    made from the beginning.
    """
    con = store.con
    _attach(con, path)
    try:
        con.execute("BEGIN")
        try:
            done = _refresh(con, masked=masked)
            con.execute("COMMIT")
        except BaseException:
            with suppress(duckdb.Error):  # a commit that failed, on a full disk, has rolled back already
                con.execute("ROLLBACK")
            raise
        con.execute("CHECKPOINT published")
    except duckdb.Error as error:
        raise StoreError(f"{path}: could not be brought up to date ({error})") from None
    finally:
        con.execute("DETACH published")
    return done


def layout() -> str:
    """Return the fingerprint of the published tables' declaration."""
    return hashlib.sha256(_SCHEMA.read_bytes()).hexdigest()[:16]


def _attach(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    if path.exists() and _layout_of(path) != layout():
        path.unlink()
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
    if not path.exists():
        fresh = connect(path, read_only=False)
        fresh.execute(_SCHEMA.read_text(encoding="utf-8"))
        fresh.execute("INSERT INTO info VALUES ('layout', ?)", [layout()])
        fresh.close()
    con.execute(f"ATTACH {quoted(path)} AS published")


def _layout_of(path: Path) -> str | None:
    try:
        con = connect(path, read_only=True)
    except StoreError:
        return None
    try:
        value: str | None = scalar(con, "SELECT value FROM info WHERE key = 'layout'")
    except duckdb.Error:
        return None
    finally:
        con.close()
    return value


def _refresh(con: duckdb.DuckDBPyConnection, *, masked: bool) -> int:
    since = int(scalar(con, "SELECT value FROM published.info WHERE key = 'revision'") or 0)
    upto = int(scalar(con, _NEWEST))
    _replace_small_tables(con)
    con.execute(_ASKED, [since, since])
    con.execute(projection("hidden"), [_NO_PERSONS])
    con.execute(_CHANGED, [masked])
    con.execute(f"SET VARIABLE upto = {upto}")
    con.execute(_NAMED_BEFORE)
    if scalar(con, "SELECT count(*) FROM published.articles SEMI JOIN changed USING (article_id)"):
        for table in _BY_ARTICLE:
            con.execute(f"DELETE FROM published.{table} WHERE article_id IN (SELECT article_id FROM changed)")  # noqa: S608
    written = 0
    for ids in _chunks(con):
        written += len(ids)
        _write_chunk(con, ids, masked=masked)
    _refresh_events(con, since)
    con.execute(_NAMED_NOW)
    con.execute(
        "DELETE FROM published.registry WHERE official_id IN (SELECT official_id FROM touched_officials)"
    )
    con.execute(projection("registry"))
    prepare(con)
    con.execute("DELETE FROM published.info WHERE key IN ('revision', 'schema', 'masked')")
    info = [("revision", str(upto)), ("schema", str(newest_version())), ("masked", str(masked).lower())]
    con.executemany("INSERT INTO published.info VALUES (?, ?)", info)
    return written


_NEWEST = "SELECT coalesce(max(last_value), 0) FROM duckdb_sequences() WHERE sequence_name = 'revisions'"
_ASKED = """
CREATE OR REPLACE TEMP TABLE asked AS
SELECT article_id FROM articles WHERE revision > ?
UNION
SELECT article_id FROM event_members JOIN events USING (event_id) WHERE events.revision > ?
"""
# Members of a changed event are written again only where the names to hide are others than before.
_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed AS
SELECT q.article_id FROM asked q
LEFT JOIN hidden h USING (article_id)
LEFT JOIN published.articles p USING (article_id)
LEFT JOIN articles a USING (article_id)
WHERE p.article_id IS NULL OR p.extraction_id IS DISTINCT FROM a.extraction_id
OR (? AND p.mask_key != coalesce(h.mask_key, ''))
"""


_NAMED_BEFORE = """
CREATE OR REPLACE TEMP TABLE touched_officials AS
SELECT DISTINCT official_id FROM published.officials SEMI JOIN changed USING (article_id)
WHERE official_id IS NOT NULL
"""
_NAMED_NOW = """
INSERT INTO touched_officials
SELECT DISTINCT official_id FROM published.officials SEMI JOIN changed USING (article_id)
WHERE official_id IS NOT NULL AND official_id NOT IN (SELECT official_id FROM touched_officials)
"""


def _chunks(con: duckdb.DuckDBPyConnection) -> Iterator[list[str]]:
    """Yield the ids of changed articles that have been read, oldest first, some thousands at a time."""
    ids = [
        key
        for (key,) in fetch(
            con,
            "SELECT article_id FROM articles SEMI JOIN changed USING (article_id)"
            " WHERE extraction_id IS NOT NULL ORDER BY first_seen, article_id",
        )
    ]
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _write_chunk(con: duckdb.DuckDBPyConnection, ids: list[str], *, masked: bool) -> None:
    con.register("chunk_ids", pa.table({"article_id": ids}))
    con.execute("CREATE OR REPLACE TEMP TABLE chunk AS SELECT article_id FROM chunk_ids")
    con.unregister("chunk_ids")
    _identify_officials(con)
    articles = con.sql(projection("articles")).to_arrow_table()
    if not masked:
        _insert(con, "articles", articles)
        for child in CHILDREN:
            con.execute(f"INSERT INTO published.{child.table} {projection(child.table)}")
        return
    hides = _hides(con, _texts(articles))
    articles = _masked(articles, ARTICLES, hides, {})
    _insert(con, "articles", articles)
    texts = _texts(articles)
    for child in CHILDREN:
        _insert(
            con, child.table, _masked(con.sql(projection(child.table)).to_arrow_table(), child, hides, texts)
        )


def _identify_officials(con: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table `official_ids` for the officials of the chunk."""
    rows = fetch(con, _OFFICIALS)
    values = {
        "extraction_id": [row[0] for row in rows],
        "n": pa.array([row[1] for row in rows], pa.int32()),
        "official_id": pa.array([official_id(*row[2:]) for row in rows], pa.string()),
    }
    con.register("found_ids", pa.table(values))
    con.execute("CREATE OR REPLACE TEMP TABLE official_ids AS SELECT * FROM found_ids")
    con.unregister("found_ids")


_OFFICIALS = """
SELECT o.extraction_id, o.n, o.name, o.institution, o.category, e.event_place
FROM chunk JOIN articles USING (article_id) JOIN extractions e USING (extraction_id)
JOIN officials o USING (extraction_id)
"""


def _texts(articles: pa.Table) -> dict[str, str]:
    return dict(
        zip(articles.column("article_id").to_pylist(), articles.column("text").to_pylist(), strict=True)
    )


def _hides(con: duckdb.DuckDBPyConnection, texts: dict[str, str]) -> dict[str, _Hide]:
    """Return what to hide in each article of the chunk: what was read in it and in its event's articles."""
    names: dict[str, list[str]] = {key: [] for key in texts}
    for key, hidden in fetch(con, "SELECT article_id, names FROM hidden SEMI JOIN chunk USING (article_id)"):
        names[key] = list(hidden)
    persons: dict[str, list[tuple[int, int]]] = {key: [] for key in texts}
    places: dict[str, list[str]] = {key: [] for key in texts}
    for key, label, start, end, text in fetch(con, _PERSONS_AND_PLACES):
        if label == "per":
            persons[key].append((start, end))
        else:
            places[key].append(text)
    earlier: dict[str, list[str]] = {key: [] for key in texts}
    for key, name in fetch(con, _EVER_NAMED):
        earlier[key].append(name)
    hides = {}
    for key, text in texts.items():
        written = tuple(text[start:end] for start, end in persons[key])
        hidden = names[key] + child_names(text, persons[key])
        everybody = tuple(dict.fromkeys((*written, *earlier[key])))
        hides[key] = _Hide(make_mask(hidden, persons=written, places=places[key]), everybody)
    return hides


_PERSONS_AND_PLACES = """
SELECT a.article_id, m.label, m.start_at, m.end_at, m.text FROM chunk JOIN articles a USING (article_id)
JOIN mentions m ON m.extraction_id = a.extraction_id
WHERE m.label = 'per' OR (m.label = 'loc' AND m.code IS NOT NULL)
"""
_EVER_NAMED = """
SELECT DISTINCT e.article_id, m.text FROM chunk JOIN articles a USING (article_id)
JOIN extractions e USING (article_id) JOIN mentions m ON m.extraction_id = e.extraction_id
WHERE m.label = 'per' AND e.extraction_id <> a.extraction_id
"""


@dataclass(frozen=True, slots=True)
class _Hide:
    mask: Mask
    persons: tuple[str, ...]  # everybody whom any state of the article names

    def people(self, text: str | None) -> str | None:
        """Return the text with every person that the article names, or ever named, masked."""
        if not text:
            return text
        return make_mask([*self.persons, *child_names(text)]).text(self.mask.text(text))


def _masked(table: pa.Table, spec: Projected, hides: dict[str, _Hide], texts: dict[str, str]) -> pa.Table:
    keys = table.column("article_id").to_pylist()

    def put(column: str, hide: Callable[[_Hide], Callable[[str | None], str | None]]) -> pa.Table:
        values = table.column(column).to_pylist()
        return _with(table, column, [_each(v, hide(hides[k])) for k, v in zip(keys, values, strict=True)])

    before = table.column("name").to_pylist() if spec.key else []
    for column in spec.texts:
        table = put(column, lambda hide: hide.mask.text)
    if spec.key:
        shown = zip(before, table.column("name").to_pylist(), table.column(spec.key).to_pylist(), strict=True)
        table = _with(table, spec.key, [key if raw == name else None for raw, name, key in shown])
    for column in spec.names:
        table = put(column, lambda _: mask_name)
    for column in spec.people:
        table = put(column, lambda hide: hide.people)
    for column in spec.urls:
        table = put(column, lambda hide: hide.mask.url)
    if spec.spans:
        spans = zip(
            keys, *(table.column(name).to_pylist() for name in ("start_at", "end_at", "text")), strict=True
        )
        table = _with(
            table, "text", [_cut(texts[k], start, end, v, hides[k].mask) for k, start, end, v in spans]
        )
    return table


def _each(value: Any, hide: Any) -> Any:
    return [hide(item) for item in value] if isinstance(value, list) else hide(value)


def _cut(text: str, start: int, end: int, value: str, mask: Mask) -> str:
    """Return the stretch of the masked text: a name that begins before the stretch is hidden in it too."""
    piece = text[start:end]
    return piece if len(piece) == len(value) else (mask.text(value) or "")


def _with(table: pa.Table, column: str, values: list[Any]) -> pa.Table:
    index = table.schema.get_field_index(column)
    return table.set_column(
        index, table.schema.field(index), pa.array(values, table.schema.field(index).type)
    )


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    con.register("chunk_rows", rows)
    con.execute(f"INSERT INTO published.{table} SELECT * FROM chunk_rows")  # noqa: S608
    con.unregister("chunk_rows")


def _refresh_events(con: duckdb.DuckDBPyConnection, since: int) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE touched_events AS SELECT event_id FROM events WHERE revision > ?",
        [since],
    )
    # one look for the events that are no more, not one for each table
    con.execute(
        "INSERT INTO touched_events SELECT event_id FROM published.events ANTI JOIN events USING (event_id)"
    )
    for table in ("events", "event_members"):
        con.execute(f"DELETE FROM published.{table} WHERE event_id IN (SELECT event_id FROM touched_events)")  # noqa: S608
    con.execute(projection("events"))
    con.execute(_MEMBERS)
    con.execute("DELETE FROM published.event_merges")
    con.execute("INSERT INTO published.event_merges SELECT * EXCLUDE (revision) FROM event_merges")


_MEMBERS = """
INSERT INTO published.event_members
SELECT event_id, article_id, case_id, part, is_primary, score, reasons
FROM event_members SEMI JOIN touched_events USING (event_id)
"""


def _replace_small_tables(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("labels", "sources", "runs", "coverage"):
        con.execute(f"DELETE FROM published.{table}")  # noqa: S608
    con.executemany(
        "INSERT INTO published.labels VALUES (?, ?, ?, ?)",
        [(label.group, label.id, label.name, label.rank) for label in load_labels()],
    )
    con.execute("INSERT INTO published.sources SELECT * FROM sources")
    con.execute("INSERT INTO published.runs SELECT * FROM runs")
    con.execute(projection("coverage"))
    if not scalar(con, "SELECT count(*) FROM published.regions"):
        con.execute("INSERT INTO published.regions SELECT * FROM regions")
