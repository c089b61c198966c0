"""Reviewers' decisions as linking sees them: which articles of the store belong together, which apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.database import StoreError, fetch
from pipeline.review_file import ReviewError
from pipeline.reviews import Decision, Reviews, TextRef
from pipeline.store import Store

_REFS = pa.schema([("n", pa.int64()), ("url", pa.string()), ("text_hash", pa.string())])


@dataclass(frozen=True, slots=True)
class Bonds:
    """Articles that tell one event, and such as do not, each with those that it is bound to."""

    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)


NO_BONDS = Bonds()


def join_events(
    reviews: Reviews,
    db: duckdb.DuckDBPyConnection,
    first: str,
    second: str,
    *,
    reviewer: str,
    note: str = "",
    seen: int | None = None,
) -> int:
    """Decide that two events of a snapshot (`db`, the restricted one) are one; return the decision's number.

    The events themselves change with the next publication. Raises ReviewError for unknown events, and for a case and
    a prevention event, of which one would be lost in the other.
    """
    kinds = fetch(db, "SELECT DISTINCT kind FROM events WHERE event_id IN ? ORDER BY 1", [[first, second]])
    if [kind for (kind,) in kinds] == ["kasus", "pencegahan"]:
        raise ReviewError(
            "dugaan kasus dan kegiatan pencegahan tidak dapat digabung: bila salah satunya keliru dibaca, "
            "koreksi dahulu jenis berita artikelnya"
        )
    sides = [_refs(db, articles_of(db, event)) for event in (first, second)]
    return reviews.decide("join", *sides, reviewer=reviewer, note=note, seen=seen)


def split_event(
    reviews: Reviews,
    db: duckdb.DuckDBPyConnection,
    event: str,
    articles: Iterable[str],
    *,
    reviewer: str,
    note: str = "",
    seen: int | None = None,
) -> int:
    """Decide that `articles` of an event of a snapshot tell another one than its remaining articles.

    Returns the decision's number; raises ReviewError where an article is not of the event, or none remains.
    """
    moved = set(articles)
    told = set(articles_of(db, event))
    if not moved <= told:
        raise ReviewError(f"artikel {', '.join(sorted(moved - told))}: bukan bagian kejadian ini")
    return reviews.decide(
        "split", _refs(db, moved), _refs(db, told - moved), reviewer=reviewer, note=note, seen=seen
    )


def articles_of(db: duckdb.DuckDBPyConnection, event: str) -> list[str]:
    """Return the articles that tell an event of a snapshot; raises ReviewError where there is no such event."""
    rows = fetch(
        db,
        "SELECT DISTINCT article_id FROM event_members WHERE event_id = ? AND part = 'utama' ORDER BY 1",
        [event],
    )
    if not rows:
        raise ReviewError(f"kejadian {event}: tidak ada dalam snapshot ini")
    return [article for (article,) in rows]


def _refs(db: duckdb.DuckDBPyConnection, articles: Iterable[str]) -> list[TextRef]:
    rows = fetch(db, "SELECT url, text_hash FROM articles WHERE article_id IN ?", [sorted(articles)])
    return [TextRef(url, text_hash) for url, text_hash in rows]


def apply_decisions(store: Store, reviews: Path | None) -> Bonds:
    """Return what reviewers decided, by article id.

    Articles that a decision concerns which was made or withdrawn since the last call wait to be linked anew,
    with all others of their events. Raises StoreError where the file of decisions is gone.
    """
    applied = {number for (number,) in fetch(store.con, "SELECT decision FROM applied_decisions")}
    if reviews is None or not reviews.is_file():
        if applied:
            raise StoreError(
                f"{store.path}: its events follow {len(applied)} decisions of reviewers, but "
                f"{reviews or 'their file'} is not there; restore it from a backup"
            )
        return NO_BONDS
    with Reviews(reviews) as file:
        every = file.decisions(active=False)
    active = {decision.id for decision in every if decision.withdrawn_by is None}
    if not every or not (active or applied):
        return NO_BONDS
    known = _resolve(store, [ref for decision in every for ref in (*decision.left, *decision.right)])
    changed = [decision for decision in every if (decision.id in active) != (decision.id in applied)]
    if changed:
        _link_anew(
            store, {known[ref] for d in changed for ref in (*d.left, *d.right) if ref in known}, active
        )
    return _bonds([decision for decision in every if decision.id in active], known)


def _bonds(decisions: Iterable[Decision], known: Mapping[TextRef, str]) -> Bonds:
    """Return the bonds; of two decisions about one pair of articles the later one holds."""
    verdicts: dict[frozenset[str], str] = {}
    for decision in decisions:
        left, right = (
            {known[ref] for ref in side if ref in known} for side in (decision.left, decision.right)
        )
        pairs = product(left, right) if decision.kind == "split" else combinations(left | right, 2)
        verdicts |= {frozenset(pair): decision.kind for pair in pairs}
    sides: dict[str, dict[str, set[str]]] = {"join": {}, "split": {}}
    for bound, kind in verdicts.items():
        if len(bound) == 2:  # two references may mean one article
            a, b = bound
            sides[kind].setdefault(a, set()).add(b)
            sides[kind].setdefault(b, set()).add(a)
    frozen = [{key: frozenset(found) for key, found in sides[kind].items()} for kind in ("join", "split")]
    return Bonds(*frozen)


def _resolve(store: Store, refs: Iterable[TextRef]) -> dict[TextRef, str]:
    """Return the article that each reference means.

    The one of its address that had its text in any state; else that of its address, whose text is another now
    (it is cleaned otherwise, or was changed); else the only one that had its text.
    """
    asked = sorted(set(refs), key=lambda ref: (ref.url or "", ref.text_hash))
    with store.frame([(n, ref.url, ref.text_hash) for n, ref in enumerate(asked)], _REFS):
        return {asked[n]: article for n, article in fetch(store.con, _RESOLVE)}


_RESOLVE = """
WITH by_text AS (
    SELECT b.n, v.article_id, a.url IS NOT DISTINCT FROM b.url AS same_url
    FROM batch b JOIN article_versions v USING (text_hash) JOIN articles a USING (article_id)
),
exact AS (SELECT n, min(article_id) AS article_id FROM by_text WHERE same_url GROUP BY n),
by_url AS (SELECT b.n, min(a.article_id) AS article_id FROM batch b JOIN articles a ON a.url = b.url GROUP BY b.n),
alone AS (
    SELECT n, min(article_id) AS article_id FROM by_text GROUP BY n HAVING count(DISTINCT article_id) = 1
)
SELECT b.n, coalesce(exact.article_id, by_url.article_id, alone.article_id) AS found
FROM batch b LEFT JOIN exact USING (n) LEFT JOIN by_url USING (n) LEFT JOIN alone USING (n)
WHERE found IS NOT NULL
"""


def _link_anew(store: Store, articles: set[str], active: set[int]) -> None:
    """Let articles and those that share an event with them wait for linking; note which decisions hold."""
    schema = pa.schema([("article_id", pa.string())])
    with store.transaction():
        with store.frame([(article,) for article in sorted(articles)], schema):
            store.con.execute(_WAIT)
        store.con.execute("DELETE FROM applied_decisions")
        store.insert("applied_decisions", [(number,) for number in sorted(active)])


_WAIT = """
UPDATE article_texts SET extraction_id = '' WHERE article_id IN (
    SELECT article_id FROM batch
    UNION
    SELECT o.article_id FROM event_members o
    JOIN (SELECT DISTINCT event_id FROM event_members SEMI JOIN batch USING (article_id)) USING (event_id)
)
"""
