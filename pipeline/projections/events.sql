-- The events of `chunk` with what their articles tell together. Passing mentions are not counted,
-- unless an event has nothing else.
WITH members AS (
    SELECT m.event_id, m.article_id, m.case_id, m.part, coalesce(a.outlet, a.source, '?') AS outlet,
        coalesce(x.text_group, m.article_id) AS text_group, v.published, r.election, w.role AS review_role, w.reviewed_at,
        -- without a date of its own an article is of the day that it tells of, as in linking (pipeline/facets.py)
        CAST(coalesce(v.published + to_minutes(coalesce(v.utc_offset, 0)),
            CASE WHEN try_cast(r.event_date AS TIMESTAMP) <= a.seen THEN try_cast(r.event_date AS TIMESTAMP) END,
            a.seen) AS DATE) AS day
    FROM event_members m SEMI JOIN chunk USING (event_id)
    JOIN (
        SELECT a.*, a.first_seen + to_minutes(zone_minutes(s.zone)) AS seen
        FROM articles a LEFT JOIN sources s USING (source)
    ) a USING (article_id)
    JOIN article_versions v USING (version_id)
    LEFT JOIN article_texts x USING (article_id)
    LEFT JOIN extractions r ON r.extraction_id = a.extraction_id
    LEFT JOIN reviewed_extractions w ON w.extraction_id = a.extraction_id
),
counted AS (
    SELECT event_id, count(DISTINCT article_id) AS articles, count(DISTINCT outlet) AS outlets,
        list_sort(list(DISTINCT outlet) FILTER (outlet <> '?')) AS outlet_names, mode(election ORDER BY published, article_id) AS election,
        count(DISTINCT text_group) AS independent_texts, min(day) AS first_day, max(day) AS last_day,
        min_by(article_id, (coalesce(published, TIMESTAMP '9999-01-01'), article_id)) AS first_article,
        count(DISTINCT article_id) FILTER (reviewed_at IS NOT NULL)::INTEGER AS reviewed,
        arg_max(review_role, reviewed_at) AS review_role, max(reviewed_at) AS reviewed_at
    FROM members
    WHERE part = 'utama' OR event_id NOT IN (SELECT event_id FROM members WHERE part = 'utama')
    GROUP BY event_id
),
-- Participants as the first article gives them, the largest figure where it gives several.
attended AS (
    SELECT c.event_id, max(s.value)::BIGINT AS participants
    FROM counted c JOIN articles a ON a.article_id = c.first_article JOIN stats s ON s.extraction_id = a.extraction_id
    WHERE s.unit = 'peserta'
    GROUP BY c.event_id
),
told AS (
    SELECT m.event_id, list_sort(list_distinct(flatten(list(c.bentuk)))) AS bentuk, bool_or(c.denial) AS denial,
        list_sort(list_distinct(flatten(list(c.forum)))) AS forum,
        list_sort(list(DISTINCT c.origin) FILTER (c.origin IS NOT NULL)) AS origins
    FROM members m JOIN cases c USING (case_id)
    GROUP BY m.event_id
),
accused AS (
    SELECT m.event_id, list_sort(list(DISTINCT t.category)) AS categories
    FROM members m JOIN case_terlapor t USING (case_id)
    WHERE t.category IS NOT NULL
    GROUP BY m.event_id
),
-- The newest article decides what became of a track; "belum" never undoes a decision.
latest AS (
    SELECT m.event_id, o.track,
        max_by(o.value, (o.value != 'belum', coalesce(m.published, TIMESTAMP '1900-01-01'), m.article_id, o.value)) AS value
    FROM members m JOIN case_outcomes o USING (case_id)
    GROUP BY m.event_id, o.track
),
outcome AS (
    SELECT event_id, list(track || '=' || value ORDER BY track) AS outcomes, bool_or(value = 'terbukti') AS proven
    FROM latest
    GROUP BY event_id
)
SELECT e.event_id, e.kind, e.place, left(e.place, 2) AS province,
    CASE WHEN length(e.place) >= 5 THEN left(e.place, 5) END AS regency,
    CASE WHEN length(e.place) >= 8 THEN left(e.place, 8) END AS district,
    e.event_date,
    -- the day of the act, where it is known to the day and no more than a year before the first report
    CASE WHEN length(e.event_date) = 10 AND date_diff('day', try_cast(e.event_date AS DATE), c.first_day) BETWEEN 0 AND 366
        THEN try_cast(e.event_date AS DATE) END,
    c.election, e.types, coalesce(t.bentuk, []), coalesce(a.categories, []), e.stage, coalesce(l."rank", 0),
    coalesce(o.outcomes, []), coalesce(o.proven AND e.stage IN ('putusan_sanksi', 'banding', 'inkrah_eksekusi'), false), coalesce(t.denial, false),
    coalesce(t.forum, []), coalesce(t.origins, []), c.articles, c.outlets,
    coalesce(c.outlet_names, []), c.independent_texts, d.participants, c.first_article,
    c.first_day, c.last_day, e.first_seen, e.last_seen, c.reviewed, c.review_role, c.reviewed_at,
    getvariable('upto')::BIGINT, strftime(coalesce(c.first_day, e.first_seen), '%Y-%m') AS month
FROM events e SEMI JOIN chunk USING (event_id)
JOIN counted c USING (event_id)
LEFT JOIN attended d USING (event_id)
LEFT JOIN told t USING (event_id)
LEFT JOIN accused a USING (event_id)
LEFT JOIN outcome o USING (event_id)
LEFT JOIN labels l ON l."group" = 'stage' AND l.id = e.stage
