"""Taking articles and names out of the store, so that nothing of them is left in its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from crawler.records import Capture
from pipeline import ids
from pipeline.database import StoreError, connect, fetch, quoted
from pipeline.reviews import TextRef
from pipeline.store import Store

_KEYS = pa.schema([("key", pa.string())])
_OWN = ("article_id", "version_id", "extraction_id", "page_id")


@dataclass(frozen=True, slots=True)
class State:
    """One state of an article, as reviewers name it, and one page it was read from: its addresses, its capture.

    A page that another machine archived has the capture 0.
    """

    article: str
    ref: TextRef
    addresses: frozenset[str]
    capture: int


def find_articles(store: Store, urls: Iterable[str], *, name: str | None = None) -> set[str]:
    """Return the articles at these addresses or with these ids, or whose text or title has the name (RE2)."""
    with store.frame([(url,) for url in urls], _KEYS):
        found = {key for (key,) in fetch(store.con, _BY_ADDRESS)}
    if name is not None:
        found |= {key for (key,) in fetch(store.con, _BY_NAME, {"name": name})}
    return found


def pages_of(store: Store, articles: Iterable[str]) -> set[int]:
    """Return the ids of the captures from which any state of these articles was read."""
    with store.frame([(key,) for key in articles], _KEYS):
        return {number for (number,) in fetch(store.con, _CAPTURES)}


def states_of(store: Store, articles: Iterable[str]) -> list[State]:
    """Return every state of these articles with every page that it was read from."""
    with store.frame([(key,) for key in articles], _KEYS):
        rows = fetch(store.con, _STATES)
    return [
        State(article, TextRef(url or None, text), frozenset(a for a in (url, *addresses) if a), capture or 0)
        for article, url, text, capture, *addresses in rows
    ]


def remove_articles(store: Store, articles: Iterable[str], captures: Iterable[Capture]) -> None:
    """Remove every row of these articles and of these archived pages.

    Articles that shared an event with them wait to be linked anew, so that it holds nothing of theirs.
    """
    con = store.con
    with store.transaction():
        with store.frame([(key,) for key in articles], _KEYS):
            con.execute("CREATE OR REPLACE TEMP TABLE doomed AS SELECT key AS article_id FROM batch")
        with store.frame([(ids.page_id(capture),) for capture in captures], _KEYS):
            con.execute(_DOOMED_PAGES)
        con.execute(_DOOMED_VERSIONS)
        con.execute(_DOOMED_EXTRACTIONS)
        con.execute(_LINK_ANEW)
        for table, columns in _tables(store).items():
            for column in _OWN:
                if column in columns:
                    con.execute(
                        f"DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM {_DOOMED[column]})"  # noqa: S608
                    )
        con.execute("DELETE FROM events WHERE event_id NOT IN (SELECT event_id FROM event_members)")
        con.execute("DELETE FROM event_keys WHERE event_id NOT IN (SELECT event_id FROM events)")


def hide_in_runs(store: Store, holds: Callable[[str], bool], instead: str) -> int:
    """Put `instead` for what went wrong in the runs whose words `holds` finds; return how many."""
    rows = fetch(store.con, "SELECT run_id, problem FROM runs WHERE problem IS NOT NULL")
    found = [run for run, problem in rows if holds(problem)]
    for run in found:
        store.con.execute("UPDATE runs SET problem = ? WHERE run_id = ?", [instead, run])
    return len(found)


def rename_pages(store: Store, changed: Sequence[tuple[Capture, Capture]]) -> None:
    """Let rows about archived pages follow pages whose bodies were replaced: each as it was and as it is."""
    schema = pa.schema([("old", pa.string()), ("new", pa.string()), ("sha256", pa.string())])
    values = [(ids.page_id(old), ids.page_id(new), new.sha256) for old, new in changed]
    with store.transaction(), store.frame(values, schema):
        store.con.execute("CREATE OR REPLACE TEMP TABLE renamed AS SELECT * FROM batch")
        store.con.execute(
            "UPDATE pages SET page_id = r.new, sha256 = r.sha256 FROM renamed r WHERE page_id = r.old"
        )
        for table in ("article_pages", "refusals"):
            store.con.execute(f"UPDATE {table} SET page_id = r.new FROM renamed r WHERE page_id = r.old")  # noqa: S608
        store.con.execute(_FOLLOW_PAGES, [store.next_revision()])


# what is published of an article names its first page
_FOLLOW_PAGES = """
UPDATE articles SET revision = ? WHERE version_id IN (
    SELECT version_id FROM article_pages JOIN renamed ON page_id = renamed.new)
"""


def compact_store(path: Path) -> None:
    """Write the work file anew, so that nothing that was removed lingers in blocks that are free.

    Raises StoreError; the file then stays as it was.
    """
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    con = connect(path, read_only=False)
    try:
        ((name,),) = fetch(con, "SELECT current_database()")
        con.execute("CHECKPOINT")
        con.execute(f"ATTACH {quoted(draft)} AS fresh")
        con.execute(f'COPY FROM DATABASE "{name}" TO fresh')
        con.execute("DETACH fresh")
    except duckdb.Error as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{path}: could not be written anew ({error})") from None
    finally:
        con.close()
    draft.chmod(0o600)
    draft.replace(path)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _tables(store: Store) -> dict[str, set[str]]:
    """Return every table of the work file with its columns: those that later versions add are cleared too."""
    found: dict[str, set[str]] = {}
    for table, column in fetch(store.con, _COLUMNS):
        found.setdefault(table, set()).add(column)
    return found


_BY_ADDRESS = "SELECT DISTINCT article_id FROM articles JOIN batch ON key = url OR key = article_id"
_BY_NAME = """
SELECT DISTINCT article_id FROM article_versions
WHERE regexp_matches(text, $name) OR regexp_matches(coalesce(title, ''), $name)
OR regexp_matches(coalesce(author, ''), $name) OR regexp_matches(dropped, $name)
"""
_CAPTURES = """
SELECT DISTINCT capture_id FROM pages JOIN article_pages USING (page_id) JOIN article_versions USING (version_id)
JOIN batch ON key = article_id
"""
_STATES = """
SELECT DISTINCT a.article_id, a.url, v.text_hash, p.capture_id, p.url, p.article_url
FROM batch JOIN articles a ON key = a.article_id JOIN article_versions v ON v.article_id = a.article_id
LEFT JOIN article_pages o ON o.version_id = v.version_id LEFT JOIN pages p ON p.page_id = o.page_id
"""
_DOOMED = {
    "article_id": "doomed",
    "version_id": "doomed_versions",
    "extraction_id": "doomed_extractions",
    "page_id": "doomed_pages",
}
_DOOMED_PAGES = """
CREATE OR REPLACE TEMP TABLE doomed_pages AS SELECT key AS page_id FROM batch
UNION SELECT page_id FROM article_pages JOIN article_versions USING (version_id) SEMI JOIN doomed USING (article_id)
"""
_DOOMED_VERSIONS = """
CREATE OR REPLACE TEMP TABLE doomed_versions AS
SELECT version_id FROM article_versions SEMI JOIN doomed USING (article_id)
"""
_DOOMED_EXTRACTIONS = """
CREATE OR REPLACE TEMP TABLE doomed_extractions AS
SELECT extraction_id FROM extractions SEMI JOIN doomed USING (article_id)
"""
_LINK_ANEW = """
UPDATE article_texts SET extraction_id = '' WHERE article_id IN (
    SELECT article_id FROM event_members WHERE event_id IN (
        SELECT event_id FROM event_members SEMI JOIN doomed USING (article_id)))
"""
_COLUMNS = """
SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, table_name)
WHERE NOT duckdb_columns.internal AND NOT duckdb_tables.temporary AND NOT duckdb_tables.internal
"""
