"""What cleaning says of each source's newest pages, for the judgement on its health."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from crawler.health import Quality
from pipeline.database import connect, fetch

# A night's pages: those fetched in the hours before the source's newest one. What an older model refused and
# a newer one read counts as read.
_NEWEST = """
WITH newest AS (SELECT source, max(fetched_at) AS at FROM pages GROUP BY source),
oldest AS (
    SELECT source, text_group, min(first_seen) AS seen FROM articles JOIN article_texts USING (article_id)
    GROUP BY source, text_group
),
night AS (
    SELECT p.source, p.page_id, bool_or(l.page_id IS NOT NULL) AS read,
        bool_or(v.published IS NOT NULL) AS dated, any_value(r.reason) AS reason,
        bool_or(a.first_seen > n.at - INTERVAL 18 HOURS) AS fresh,
        bool_or(v.published < p.fetched_at - INTERVAL 14 DAYS OR o.seen < a.first_seen - INTERVAL 18 HOURS) AS old
    FROM pages p JOIN newest n ON n.source = p.source AND p.fetched_at > n.at - INTERVAL 18 HOURS
    LEFT JOIN article_pages l ON l.page_id = p.page_id
    LEFT JOIN article_versions v ON v.version_id = l.version_id
    LEFT JOIN refusals r ON r.page_id = p.page_id
    LEFT JOIN articles a ON a.article_id = v.article_id
    LEFT JOIN article_texts t ON t.article_id = a.article_id
    LEFT JOIN oldest o ON o.source = p.source AND o.text_group = t.text_group
    WHERE p.part = 1 AND (l.page_id IS NOT NULL OR r.page_id IS NOT NULL)
    GROUP BY p.source, p.page_id
)
SELECT source, count(*), count(*) FILTER (WHERE read AND NOT dated),
    count(*) FILTER (WHERE NOT read AND reason IN ('empty', 'listing')),
    count(*) FILTER (WHERE NOT read AND reason = 'spun'),
    count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE fresh AND old)
FROM night GROUP BY source
"""


def source_quality(store: Path) -> dict[str, Quality]:
    """Return the quality of each source's newest pages in the work file. Raises StoreError."""
    with closing(connect(store, read_only=True)) as con:
        return {source: Quality(*counts) for source, *counts in fetch(con, _NEWEST)}
