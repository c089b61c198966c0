"""The readings of a batch of articles, taken from the store in the order of their pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nlp.records import ALSO_CALLED
from pipeline.database import fetch, scalar
from pipeline.store import Store
from pipeline.story import CASE, INFORMATION, PREVENTION, Facet

_EVENT_KINDS = {"pelanggaran": CASE, "pencegahan": PREVENTION, "informasi": INFORMATION}


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An article whose current reading belongs to no event yet; `day` is its local day as an ordinal."""

    id: str
    extraction: str
    version: str
    kind: str
    day: int
    published: datetime
    text: str


def unlinked_batches(store: Store, size: int) -> Iterator[list[Unlinked]]:
    """Yield the articles that are not linked as they are read now, in the archive's order, so many at a time."""
    store.con.execute(_WAITING)
    count = int(scalar(store.con, "SELECT count(*) FROM waiting"))
    for start in range(0, count, size):
        rows = fetch(store.con, _UNLINKED, [start + 1, start + size])
        yield [
            Unlinked(key, extraction, version, kind, day.toordinal(), published, text)
            for key, extraction, version, kind, day, published, text in rows
        ]


# The whole archive is looked through for them, so once for all batches. A reading belongs to one article.
# Times have seconds, in which a night fetches many pages; it stores new articles in the order of their captures, and
# whoever links them halfway, as after a kill, must come upon them in that order too. What was merged in has no capture,
# but a place in its archive file, which is written in the same order.
_WAITING = """
CREATE OR REPLACE TEMP TABLE waiting AS
WITH unlinked AS (
    SELECT article_id, version_id, first_seen FROM articles ANTI JOIN article_texts USING (extraction_id)
    WHERE extraction_id IS NOT NULL
),
captured AS (
    SELECT v.article_id, min(nullif(p.capture_id, 0)) AS capture_id,
        min(struct_pack(at := p.fetched_at, warc := p.warc, place := p.warc_offset)) AS page
    FROM article_versions v SEMI JOIN unlinked USING (article_id)
    JOIN article_pages USING (version_id) JOIN pages p USING (page_id)
    GROUP BY v.article_id
)
SELECT a.article_id, row_number() OVER (ORDER BY c.capture_id, a.first_seen, c.page, v.published, a.article_id) AS n
FROM unlinked a JOIN article_versions v USING (version_id) LEFT JOIN captured c ON c.article_id = a.article_id
"""
# Rows are sought by their ids alone and read by their numbers, here and wherever a batch is taken out of a large
# table: DuckDB then reads the other columns only where the batch's rows lie. The other way costs three times as much.
# An article without a date is taken to be of the day that it tells of; of the day of its fetching only without one.
_UNLINKED = """
WITH asked AS (SELECT n, article_id FROM waiting WHERE n BETWEEN ? AND ?),
current AS (
    SELECT * FROM articles WHERE rowid IN (SELECT a.rowid FROM articles a SEMI JOIN asked USING (article_id))
),
placed AS (
    SELECT a.*, a.first_seen + to_minutes(zone_minutes(s.zone)) AS seen
    FROM current a LEFT JOIN sources s USING (source)
),
versions AS (
    SELECT * FROM article_versions
    WHERE rowid IN (SELECT v.rowid FROM article_versions v SEMI JOIN current USING (version_id))
),
readings AS (
    SELECT * FROM extractions
    WHERE rowid IN (SELECT e.rowid FROM extractions e SEMI JOIN current USING (extraction_id))
)
SELECT article_id, extraction_id, version_id, kind,
    CAST(coalesce(published + to_minutes(coalesce(utc_offset, 0)), act, seen) AS DATE),
    coalesce(published, act, first_seen), text
FROM (
    SELECT w.n, a.article_id, a.extraction_id, a.version_id, a.first_seen, v.published, v.utc_offset, e.kind,
        coalesce(v.title || chr(10), '') || v.text AS text,
        a.seen, CASE WHEN try_cast(e.event_date AS TIMESTAMP) <= a.seen
            THEN try_cast(e.event_date AS TIMESTAMP) END AS act
    FROM asked w JOIN placed a USING (article_id)
    JOIN versions v ON v.version_id = a.version_id
    JOIN readings e ON e.extraction_id = a.extraction_id
)
ORDER BY n
"""


def read_facets(store: Store, batch: Sequence[Unlinked], groups: Mapping[str, str]) -> dict[str, list[Facet]]:
    """Return the readings of each article of the temporary table `linking`, its main one first.

    `groups` names the article of which each article's text is a copy. Articles of kind lainnya have none.
    """
    facts = {row[0]: row[1:] for row in fetch(store.con, _ARTICLE_FACTS)}
    cases: dict[str, list[tuple[Any, ...]]] = {}
    for article, *case in fetch(store.con, _CASE_FACTS):
        cases.setdefault(article, []).append(tuple(case))
    return {a.id: _facets_of(a, groups[a.id], facts[a.id], cases.get(a.id, [])) for a in batch}


_ARTICLE_FACTS = """
WITH readings AS (SELECT extraction_id FROM articles SEMI JOIN linking USING (article_id)),
named AS (
    SELECT extraction_id, list_sort(list(DISTINCT lower(text)) FILTER (label = 'per')) AS names,
        list_sort(list(DISTINCT code) FILTER (label = 'loc' AND length(code) >= 8)) AS places,
        list_sort(list(DISTINCT iso) FILTER (label = 'date' AND length(iso) = 10)) AS dates
    FROM mentions
    WHERE rowid IN (SELECT m.rowid FROM mentions m SEMI JOIN readings USING (extraction_id))
    AND label IN ('per', 'loc', 'date')
    GROUP BY extraction_id
)
SELECT e.article_id, e.event_date, e.event_place, e.types, coalesce(p.names, []), coalesce(p.places, []),
    coalesce(p.dates, []), coalesce(r.review = 'ditolak', false)
FROM extractions e LEFT JOIN named p USING (extraction_id) LEFT JOIN reviewed_extractions r USING (extraction_id)
WHERE e.rowid IN (SELECT x.rowid FROM extractions x SEMI JOIN readings USING (extraction_id))
"""
_CASE_FACTS = """
WITH readings AS (SELECT extraction_id FROM articles SEMI JOIN linking USING (article_id)),
accused AS (
    SELECT case_id, list_sort(list(DISTINCT name) FILTER (name IS NOT NULL)) AS names,
        list_sort(list(DISTINCT category) FILTER (category IS NOT NULL)) AS categories
    FROM case_terlapor SEMI JOIN readings USING (extraction_id)
    GROUP BY case_id
)
SELECT a.article_id, c.case_id, c.event_date, c.place, c.types, c.reg_no, c.stage, t.names, t.categories
FROM linking JOIN articles a USING (article_id) JOIN cases c USING (extraction_id)
LEFT JOIN accused t USING (case_id)
ORDER BY a.article_id, c.n
"""


def _facets_of(
    article: Unlinked, group: str, fact: tuple[Any, ...], cases: list[tuple[Any, ...]]
) -> list[Facet]:
    date, place, types, people, places, dates, rejected = fact
    kind = _EVENT_KINDS.get(article.kind)
    whole = Facet(
        article=article.id, extraction=article.extraction, case=None, kind=kind or INFORMATION,
        day=article.day, place=place, date=date, types=tuple(types), categories=(), names=(),
        people=tuple(people), reg_no=None, stage=None, group=group,
        places=tuple(places or ()), dates=tuple(dates or ()), rejected=rejected,
    )  # fmt: skip
    told = [
        replace(
            whole, case=case, kind=CASE, date=act_date or date, place=act_place or place,
            types=tuple(act_types), reg_no=reg_no, stage=stage,
            names=tuple(part for name in names or () for part in name.split(ALSO_CALLED)),
            categories=tuple(categories or ()), passing=kind != CASE,
        )
        for case, act_date, act_place, act_types, reg_no, stage, names, categories in cases
    ]  # fmt: skip
    # news of a case that is read as mere information is one reading, lest its case begin a second event
    return [whole, *told] if kind == PREVENTION or (kind and not told) else told


def write_facet(facet: Facet) -> str:
    """Return the facet as JSON, as the store keeps it."""
    return json.dumps({name: getattr(facet, name) for name in Facet.__slots__}, ensure_ascii=False)


def load_facet(text: str) -> Facet:
    """Return the facet that was kept as JSON."""
    values: dict[str, Any] = json.loads(text)
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    values.update(lists)
    return Facet(**values)
