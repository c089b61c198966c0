"""Grows a store of the benchmark by whole copies of itself, so that a million articles take minutes.

Each copy is its own time (the days go on where the copy before ended), with other persons and texts, in the
same places; ids, band hashes and the keys of events are those that linking would have written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import md5
from typing import Any

import duckdb

from pipeline.database import fetch, scalar
from pipeline.facets import load_facet, write_facet
from pipeline.store import Store
from pipeline.story import Facet, blocking_keys, person_keys

_CHUNK = 20_000
# Ids are made anew by hashing them with the number of the copy; times and days move by so many days.
_ID = "md5($k || '/' || {0})"
_TIME = "{0} + to_days($days)"
_DAY = "CAST(CAST({0} AS DATE) + $days AS VARCHAR)"
_MOVED = {
    "pages": {"page_id": _ID, "url": "{0} || '?' || $k", "article_url": "{0} || '?' || $k", "fetched_at": _TIME},
    "articles": {
        "article_id": "$k || '-' || {0}", "url": "{0} || '?' || $k", "version_id": _ID, "extraction_id": _ID,
        "first_seen": _TIME, "seen_at": _TIME,
    },
    "article_versions": {
        "version_id": _ID, "article_id": "$k || '-' || {0}", "published": _TIME, "seen_at": _TIME,
    },
    "article_pages": {"version_id": _ID, "page_id": _ID},
    "extractions": {
        "extraction_id": _ID, "version_id": _ID, "article_id": "$k || '-' || {0}", "read_at": _TIME,
        "event_date": _DAY,
    },
    "mentions": {"extraction_id": _ID},
    "officials": {"extraction_id": _ID},
    "cases": {"case_id": _ID, "extraction_id": _ID, "event_date": _DAY},
    "case_terlapor": {"case_id": _ID, "extraction_id": _ID},
    "case_outcomes": {"case_id": _ID, "extraction_id": _ID},
    "case_evidence": {"case_id": _ID, "extraction_id": _ID},
    "article_texts": {
        "article_id": "$k || '-' || {0}", "version_id": _ID, "extraction_id": _ID, "text_group": "$k || '-' || {0}",
    },
    "article_bands": {
        "article_id": "$k || '-' || {0}", "version_id": _ID, "hash": "hash({0}, $k)",
    },
    "events": {"event_id": _ID, "event_date": _DAY, "first_seen": _TIME, "last_seen": _TIME},
}  # fmt: skip


def _copy(con: duckdb.DuckDBPyConnection, table: str, moved: dict[str, str], copy: int, days: int) -> None:
    changes = ", ".join(f"{way.format(name)} AS {name}" for name, way in moved.items())
    sql = f"INSERT INTO {table} SELECT * REPLACE ({changes}) FROM seed_{table}"
    con.execute(sql.replace("$k", f"'{copy}'").replace("$days", str(days)))


def grow(store: Store, copies: int, days: int) -> Iterator[int]:
    """Add so many copies of what the store holds, each `days` days after the one before; yield the articles."""
    con = store.con
    members = [
        (event, load_facet(facet), *rest)
        for event, facet, *rest in fetch(
            con,
            "SELECT event_id, facets, part, is_primary, score, reasons FROM event_members ORDER BY event_id",
        )
    ]
    for table in ("event_members", "event_keys"):
        con.execute(f"DELETE FROM {table}")
    for table in _MOVED:
        con.execute(f"CREATE TEMP TABLE seed_{table} AS FROM {table}")
    for copy in range(copies + 1):
        with store.transaction():
            for table, moved in _MOVED.items() if copy else ():
                _copy(con, table, moved, copy, copy * days)
            _write_members(store, members, copy, copy * days)
        yield int(scalar(con, "SELECT count(*) FROM articles"))


def _write_members(store: Store, members: list[tuple[Any, ...]], copy: int, days: int) -> None:
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[int, str]] = []
    for event, facet, part, primary, score, reasons in members:
        moved, key = _moved(facet, copy, days), _renamed(event, copy)
        rows.append(
            (
                key,
                moved.article,
                moved.extraction,
                moved.case,
                part,
                primary,
                score,
                reasons,
                write_facet(moved),
            )
        )
        keys += [(k, key) for k in blocking_keys(moved) | set(person_keys(moved).values())]
    for start in range(0, len(rows), _CHUNK):
        store.insert("event_members", rows[start : start + _CHUNK])
    keys = sorted(set(keys), key=lambda pair: pair[1])
    for start in range(0, len(keys), 10 * _CHUNK):
        store.insert("event_keys", keys[start : start + 10 * _CHUNK])


def _moved(facet: Facet, copy: int, days: int) -> Facet:
    moved = replace(facet, places=(facet.place,) if facet.place and len(facet.place) >= 8 else ())
    if not copy:
        return moved
    return replace(
        moved,
        article=f"{copy}-{facet.article}",
        extraction=_renamed(facet.extraction, copy),
        case=facet.case and _renamed(facet.case, copy),
        group=f"{copy}-{facet.group}",
        day=facet.day + days,
        date=facet.date and str(date.fromisoformat(facet.date) + timedelta(days=days)),
        names=tuple(f"{name} {copy}" for name in facet.names),
        people=tuple(f"{name} {copy}" for name in facet.people),
    )


def _renamed(key: str, copy: int) -> str:
    """Return an id as the SQL above makes it."""
    return md5(f"{copy}/{key}".encode(), usedforsecurity=False).hexdigest() if copy else key
