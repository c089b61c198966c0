-- The day is this installation's (pipeline/zone.py): a night belongs to the day on which it was read.
SELECT source, CAST(fetched_at + to_minutes(zone_minutes(NULL)) AS DATE) AS day, count(*) AS pages, count(*) FILTER (read) AS articles,
    count(*) FILTER (refused AND NOT read) AS refused
FROM (SELECT source, fetched_at, page_id IN (SELECT page_id FROM article_pages) AS read,
        page_id IN (SELECT page_id FROM refusals) AS refused
    FROM pages)
GROUP BY ALL
