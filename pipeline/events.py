"""Articles about the same case or prevention event become one event, night after night.

Readings are taken in the order in which their pages were archived, so a store that is rebuilt from the
archive has the same events under the same ids. Each is compared with those events alone that share a blocking
key with it, so a night costs much the same in a large store. Each link keeps its score and its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline import collector
from pipeline.copies import TextRow, group_texts
from pipeline.database import fetch, scalar
from pipeline.decisions import Bonds, apply_decisions
from pipeline.facets import Unlinked, load_facet, read_facets, unlinked_batches, write_facet
from pipeline.reviewed import apply_labels
from pipeline.store import Store
from pipeline.stories import WINDOW, Member, Stories, Story, natural_id
from pipeline.story import Facet, district_keys, person_keys

# each batch looks through all mentions and keys, so few of them; what is near stays in memory
_BATCH = 10_000
_KEY = pa.schema([("key", pa.uint64())])
_SOUGHT = pa.schema([("key", pa.uint64()), ("kind", pa.string()), ("place", pa.string())])
_ID = pa.schema([("id", pa.string())])
_MERGED = pa.schema([("id", pa.string()), ("kept", pa.string())])


@collector.paused()
def link_events(store: Store, reviews: Path | None = None, *, batch: int = _BATCH) -> int:
    """Link every article whose current reading is not linked yet; return how many events there are.

    An article that was read anew is taken out of its events first, and an event in which it stood alone keeps
    its id. A killed run goes on with the batch that it was in. `reviews` is the file of the reviewers'
    decisions, which readings and links follow; what a withdrawn one said is read and linked anew without it.
    `batch` articles are linked together: 20,000 want half a gigabyte more than 10,000 and save a tenth of the time.
    """
    apply_labels(store, reviews)
    bonds = apply_decisions(store, reviews)
    for articles in unlinked_batches(store, batch):
        with store.transaction():
            _link_batch(store, articles, bonds)
    return int(scalar(store.con, "SELECT count(*) FROM events"))


def _link_batch(store: Store, batch: Sequence[Unlinked], bonds: Bonds) -> None:
    keys = [(article.id,) for article in batch]
    with store.frame(keys, pa.schema([("article_id", pa.string())])):
        store.con.execute("CREATE OR REPLACE TEMP TABLE linking AS SELECT article_id FROM batch")
    freed = _take_out(store)
    texts = group_texts(store, [TextRow(a.id, a.version, a.extraction, a.text) for a in batch])
    facets = read_facets(store, batch, {article: text.group for article, text in texts.items()})
    stories = _load_stories(store, [facet for group in facets.values() for facet in group], bonds)
    for article in batch:
        stories.sign(article.id, texts[article.id].signature)
        stories.place_article(facets[article.id], free=freed, seen=article.published)
    _save(store, stories)


def _take_out(store: Store) -> dict[tuple[str, str], str]:
    """Remove the links of the articles that are linked anew.

    Returns the events that have no article left, by the article that they had and their kind; the table
    `left_events` holds every event that lost one.
    """
    con = store.con
    con.execute(_LEFT_EVENTS)
    before = fetch(con, _BEFORE)
    if not before:
        return {}
    con.execute("DELETE FROM event_members WHERE article_id IN (SELECT article_id FROM linking)")
    con.execute("DELETE FROM event_keys WHERE event_id IN (SELECT event_id FROM left_events)")
    con.execute(_DELETE_EMPTY)
    kept = {
        event for (event,) in fetch(con, "SELECT event_id FROM left_events SEMI JOIN events USING (event_id)")
    }
    return {(article, kind): event for article, kind, event in before if event not in kept}


_LEFT_EVENTS = """
CREATE OR REPLACE TEMP TABLE left_events AS
SELECT DISTINCT event_id FROM event_members SEMI JOIN linking USING (article_id)
"""
_BEFORE = """
SELECT m.article_id, e.kind, m.event_id FROM event_members m SEMI JOIN linking USING (article_id)
JOIN events e USING (event_id)
ORDER BY m.event_id
"""
_DELETE_EMPTY = """
DELETE FROM events
WHERE event_id IN (SELECT event_id FROM left_events ANTI JOIN event_members USING (event_id))
"""


def _load_stories(store: Store, facets: Sequence[Facet], bonds: Bonds) -> Stories:
    """Return the events that share a key with one of the readings, and how many have each key.

    With them come those that reviewers bound an article to, and any that has the id of one that may begin.
    """
    counted = {key for facet in facets for key in (*person_keys(facet).values(), *district_keys(facet))}
    with store.frame([(key,) for key in sorted(counted)], _KEY):
        counts = dict(
            fetch(store.con, "SELECT key, count(*) FROM event_keys SEMI JOIN batch USING (key) GROUP BY key")
        )
    stories = Stories(facets, counts, bonds)
    partners = {key for facet in facets for key in bonds.together.get(facet.article, ())}
    with store.frame([(key,) for key in sorted(partners | {natural_id(facet) for facet in facets})], _ID):
        store.con.execute(_NAMED_EVENTS)
    days = [facet.day for facet in facets] or [1]
    oldest, newest = (date.fromordinal(max(1, day)) for day in (min(days) - WINDOW, max(days) + WINDOW))
    with store.frame(sorted(stories.sought), _SOUGHT):
        store.con.execute(_NEAR, [oldest, newest])
    held: dict[str, list[int]] = dict(fetch(store.con, _HELD_KEYS))
    left = {event for (event,) in fetch(store.con, "SELECT event_id FROM left_events")}
    members: dict[str, list[Member]] = {}
    for event, kind, first_seen, last_seen, facet, part, primary, score, reasons, signature in fetch(
        store.con, _STORIES
    ):
        if event not in stories.by_id:
            # an event that lost a reading is told anew, its keys are written again
            stories.by_id[event] = Story(event, kind, first_seen, last_seen, changed=event in left)
        known = load_facet(facet)
        stories.sign(known.article, np.frombuffer(signature, dtype=np.uint32))
        members.setdefault(event, []).append(Member(known, part, primary, score, tuple(reasons)))
    for event, found in members.items():
        stories.restore(stories.by_id[event], found, held.get(event, ()))
        if event in left:
            stories.by_id[event].settle_kind()
    return stories


_NAMED_EVENTS = """
CREATE OR REPLACE TEMP TABLE named_events AS
SELECT event_id FROM events WHERE event_id IN (SELECT id FROM batch)
UNION
SELECT event_id FROM event_members WHERE article_id IN (SELECT id FROM batch)
"""
_NEAR = """
CREATE OR REPLACE TEMP TABLE near AS
    SELECT event_id FROM batch b JOIN event_keys USING (key) JOIN events e USING (event_id)
    WHERE e.first_seen::DATE BETWEEN ? AND ? AND (b.kind = e.kind OR 'informasi' IN (b.kind, e.kind))
    AND (e.place IS NULL OR starts_with(e.place, b.place) OR starts_with(b.place, e.place)
        OR event_id IN (SELECT event_id FROM event_members GROUP BY event_id HAVING count(*) > 1))
    UNION
    SELECT event_id FROM named_events
    UNION
    SELECT event_id FROM left_events SEMI JOIN events USING (event_id)
"""
# hashing the keys of every reading again would take as long as all comparisons
_HELD_KEYS = """
SELECT event_id, list(key) FROM event_keys SEMI JOIN near USING (event_id) GROUP BY event_id
"""
_STORIES = """
SELECT e.event_id, e.kind, e.first_seen, e.last_seen, m.facets, m.part, m.is_primary, m.score, m.reasons,
    x.signature
FROM near JOIN events e USING (event_id) JOIN event_members m USING (event_id)
JOIN article_texts x ON x.article_id = m.article_id
ORDER BY e.event_id, m.article_id, m.case_id
"""


def _save(store: Store, stories: Stories) -> None:
    revision = store.next_revision()
    changed = [story for story in stories.by_id.values() if story.changed]
    events = [
        (s.id, s.kind, s.place(), s.date(), s.types(), s.stage(), s.first_seen, s.last_seen, revision)
        for s in changed
    ]
    members = [
        (
            story.id, m.facet.article, m.facet.extraction, m.facet.case, m.part, m.is_primary, m.score,
            list(m.reasons), write_facet(m.facet),
        )
        for story in changed
        for m in story.fresh
    ]  # fmt: skip
    keys = [(key, story.id) for story in changed for key in sorted(story.fresh_keys)]
    _forget_gone(store, stories, revision)
    store.insert("events", events, conflict=_REPLACE_EVENT)
    store.insert("event_members", members)
    store.insert("event_keys", keys)
    store.con.execute(_DELETE_DANGLING)


def _forget_gone(store: Store, stories: Stories, revision: int) -> None:
    """Remove events that became part of another, and note which; one that begins again is gone no more."""
    gone = [
        (m.gone, m.kept, m.article, m.points, list(m.reasons), revision) for m in stories.settled_merges()
    ]
    begun = [(key,) for key, story in stories.by_id.items() if story.changed]
    with store.frame(begun, _ID):
        store.con.execute("DELETE FROM event_merges WHERE gone_id IN (SELECT id FROM batch)")
    if not gone:
        return
    with store.frame([row[:2] for row in gone], _MERGED):
        for table in ("events", "event_members", "event_keys"):
            store.con.execute(f"DELETE FROM {table} WHERE event_id IN (SELECT id FROM batch)")  # noqa: S608
        store.con.execute(_FOLLOW_MERGES)
    store.insert("event_merges", gone, conflict="ON CONFLICT DO NOTHING")


_DELETE_DANGLING = """
DELETE FROM event_merges WHERE event_id IN (SELECT event_id FROM left_events ANTI JOIN events USING (event_id))
"""
_FOLLOW_MERGES = """
UPDATE event_merges SET event_id = b.kept FROM batch b WHERE event_merges.event_id = b.id
"""
_REPLACE_EVENT = """ON CONFLICT (event_id) DO UPDATE SET kind = excluded.kind, place = excluded.place,
event_date = excluded.event_date, types = excluded.types, stage = excluded.stage,
first_seen = excluded.first_seen, last_seen = excluded.last_seen, revision = excluded.revision"""
