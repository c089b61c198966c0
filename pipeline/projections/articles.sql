-- The current state of each article of `chunk` as its current extraction read it, with its first archived page.
WITH current_state AS MATERIALIZED (
    SELECT a.article_id, a.url, a.source, a.outlet, a.first_seen, a.version_id, a.extraction_id, chunk.month,
        v.published + to_minutes(coalesce(v.utc_offset, 0)) AS local_time,
        -- an article without a date is of the day of its fetching, as its source has it
        CASE WHEN v.published IS NULL THEN zone_minutes(s.zone) ELSE v.utc_offset END AS utc_offset
    FROM chunk JOIN articles a USING (article_id) JOIN article_versions v USING (version_id)
    LEFT JOIN sources s ON s.source = a.source
),
current_version AS MATERIALIZED (
    SELECT * FROM article_versions
    WHERE rowid IN (SELECT v.rowid FROM article_versions v SEMI JOIN current_state USING (version_id))
),
current_reading AS MATERIALIZED (
    SELECT * FROM extractions
    WHERE rowid IN (SELECT e.rowid FROM extractions e SEMI JOIN current_state USING (extraction_id))
),
links AS MATERIALIZED (SELECT version_id, page_id FROM article_pages SEMI JOIN current_state USING (version_id)),
linked_page AS MATERIALIZED (
    SELECT * FROM pages WHERE rowid IN (SELECT p.rowid FROM pages p SEMI JOIN links USING (page_id))
),
first_page AS (
    SELECT l.version_id, arg_min(p, (p.part, p.fetched_at, p.page_id)) AS page
    FROM links l JOIN linked_page p USING (page_id)
    GROUP BY l.version_id
),
states AS (
    SELECT article_id, count(*)::INTEGER AS n FROM article_versions SEMI JOIN chunk USING (article_id)
    GROUP BY article_id
)
SELECT a.article_id, a.url, a.source, a.outlet, v.title, v.text, v.published, a.utc_offset,
    CAST(a.local_time AS DATE) AS day, a.month,
    v.language, v.quality, list_sort(list_distinct(v.flags || e.flags)) AS flags, e.kind, e.confidence, e.election,
    e.types, e.bentuk, e.event_date, e.event_place, e.roles_present, e.why, e.model_version, a.version_id,
    a.extraction_id, v.text_hash, s.n AS states, a.first_seen, f.page.url AS page_url,
    f.page.sha256 AS page_sha256, f.page.fetched_at, f.page.warc, f.page.warc_offset, r.review, r.role AS review_role, r.reviewed_at,
    coalesce(h.mask_key, '') AS mask_key,
    getvariable('upto')::BIGINT AS written
FROM current_state a
JOIN current_version v ON v.version_id = a.version_id
JOIN current_reading e ON e.extraction_id = a.extraction_id
JOIN states s ON s.article_id = a.article_id
LEFT JOIN hidden h ON h.article_id = a.article_id
LEFT JOIN reviewed_extractions r ON r.extraction_id = a.extraction_id
LEFT JOIN first_page f ON f.version_id = a.version_id
