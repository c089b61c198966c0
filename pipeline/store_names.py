"""Names of persons masked in the store itself, in articles whose time has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa

from pipeline import ids
from pipeline.database import fetch
from pipeline.facets import load_facet, write_facet
from pipeline.mask import Mask, make_mask, mask_name
from pipeline.reviews import TextRef
from pipeline.store import Store

FLAG = "tanpa_nama"  # marks a state of an article whose names were masked
_KEYS = pa.schema([("article_id", pa.string())])
_NAMED = (
    ("officials", "name"), ("case_terlapor", "name"), ("cases", "korban"), ("cases", "reporter"),
    ("stats", "speaker"),
)  # fmt: skip
# texts, and lists of them, in which a name may stand: once it is masked where it was read, nobody knows it there
_WRITTEN = (
    ("officials", "role"), ("officials", "institution"), ("officials", "jurisdiction"), ("case_terlapor", "role"),
    ("cases", "sanction"), ("cases", "next_announced"), ("cases", "legal_refs"), ("stats", "measure"),
    ("stats", "area"), ("extractions", "roles_present"), ("extractions", "why"),
)  # fmt: skip


def articles_with_names(store: Store, before: datetime) -> Iterator[str]:
    """Yield the articles published (or, without a date, first seen) before a time whose names still stand."""
    limit = before.astimezone(UTC).replace(tzinfo=None)
    yield from [key for (key,) in fetch(store.con, _WITH_NAMES, [limit, FLAG])]


def mask_names(store: Store, articles: Sequence[str]) -> int:
    """Mask every person's name in all states of these articles; return how many articles were changed.

    Lengths stay, so offsets hold. What was dropped in cleaning is forgotten, since names may stand in it.
    """
    with store.transaction():
        with store.frame([(key,) for key in articles], _KEYS):
            store.con.execute("CREATE OR REPLACE TEMP TABLE aging AS SELECT article_id FROM batch")
        for version, title, author, text in fetch(store.con, _VERSIONS):
            mask = make_mask(_names(store, version, author))
            _mask_version(store, version, mask, title, author, text)
        _mask_facets(store)
        revision = store.next_revision()
        store.con.execute(
            "UPDATE articles SET revision = ? FROM aging a WHERE articles.article_id = a.article_id",
            [revision],
        )
    return len(articles)


def masked_texts(store: Store, articles: Iterable[str], mask: Callable[[str], str]) -> dict[TextRef, str]:
    """Return every state of these articles, with the hash of its text once `mask` has hidden a name in it."""
    with store.frame([(key,) for key in articles], _KEYS):
        rows = fetch(store.con, _TEXTS)
    return {
        TextRef(url, text_hash): ids.text_hash_of(title and mask(title), mask(text))
        for url, text_hash, title, text in rows
    }


def _names(store: Store, version: str, author: str | None) -> Iterable[str]:
    found = [name for (name,) in fetch(store.con, _NAMES, {"version": version}) if name]
    return [*found, author] if author else found


def _mask_version(
    store: Store, version: str, mask: Mask, title: str | None, author: str | None, text: str
) -> None:
    con = store.con
    masked, head = mask.text(text) or "", mask.text(title)
    con.execute(
        "UPDATE article_versions SET text = ?, title = ?, author = ?, dropped = '[]', text_hash = ?,"
        " flags = list_distinct(list_append(flags, ?)) WHERE version_id = ?",
        [masked, head, mask_name(author), ids.text_hash_of(head, masked), FLAG, version],
    )
    for table in ("mentions", "case_evidence", "legal_refs"):
        con.execute(_SLICE.format(table=table), [masked, version])
    for table, column in _NAMED:
        _hide(store, version, table, column, mask_name)
    for table, column in _WRITTEN:
        _hide(store, version, table, column, mask.text)


def _hide(
    store: Store, version: str, table: str, column: str, hide: Callable[[str | None], str | None]
) -> None:
    """Put what `hide` makes of each value in its place, in all readings of one state of an article."""
    read = "extraction_id IN (SELECT extraction_id FROM extractions WHERE version_id = ?)"
    sql = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL AND {read}"  # noqa: S608
    for (value,) in fetch(store.con, sql, [version]):
        hidden = [hide(item) for item in value] if isinstance(value, list) else hide(value)
        if hidden != value:
            store.con.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ? AND {read}",  # noqa: S608
                [hidden, value, version],
            )


def _mask_facets(store: Store) -> None:
    """Mask the names by which an old event was linked; its links stay as they are."""
    rows = fetch(store.con, "SELECT DISTINCT facets FROM event_members SEMI JOIN aging USING (article_id)")
    for (text,) in rows:
        facet = load_facet(text)
        names = tuple(mask_name(name) or "" for name in facet.names)
        changed = write_facet(replace(facet, names=names, people=()))
        store.con.execute("UPDATE event_members SET facets = ? WHERE facets = ?", [changed, text])


_WITH_NAMES = """
SELECT DISTINCT a.article_id FROM articles a JOIN article_versions v USING (article_id)
WHERE coalesce(v.published, a.first_seen) < ? AND NOT list_contains(v.flags, ?) ORDER BY 1
"""
_TEXTS = """
SELECT a.url, v.text_hash, v.title, v.text FROM batch JOIN articles a USING (article_id)
JOIN article_versions v USING (article_id)
"""
_VERSIONS = "SELECT version_id, title, author, text FROM article_versions SEMI JOIN aging USING (article_id)"
_NAMES = """
SELECT text FROM mentions JOIN extractions USING (extraction_id) WHERE version_id = $version AND label = 'per'
UNION SELECT name FROM officials JOIN extractions USING (extraction_id) WHERE version_id = $version
UNION SELECT name FROM case_terlapor JOIN extractions USING (extraction_id) WHERE version_id = $version
UNION SELECT korban FROM cases JOIN extractions USING (extraction_id) WHERE version_id = $version
UNION SELECT reporter FROM cases JOIN extractions USING (extraction_id) WHERE version_id = $version
"""
# what stands in a row as a piece of the text is cut out of the masked text again
_SLICE = """
UPDATE {table} SET text = substring(?, start_at + 1, end_at - start_at)
WHERE extraction_id IN (SELECT extraction_id FROM extractions WHERE version_id = ?)
"""
