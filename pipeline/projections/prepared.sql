-- Counts that would need every article: which outlets there are, and what was read by whom, when and about where.
-- An article counts for the place that it tells of; one that tells of none for the home of its source.
DELETE FROM published.outlets;

INSERT INTO published.outlets
SELECT row_number() OVER (ORDER BY outlet), outlet, outlet = 'go.id' OR ends_with(outlet, '.go.id'), count(*),
    min(day), max(day), max(first_seen)
FROM (SELECT coalesce(outlet, source) AS outlet, coalesce(day, first_seen::DATE) AS day, first_seen
    FROM published.articles)
WHERE outlet IS NOT NULL
GROUP BY outlet;

DELETE FROM published.readings;

INSERT INTO published.readings
SELECT day, kind, n, area, try_cast(area[:2] AS INTEGER), try_cast(nullif(replace(area[:5], '.', ''), area[:2]) AS INTEGER),
    CASE WHEN length(area) >= 8 THEN try_cast(replace(area[:8], '.', '') AS INTEGER) END
FROM (SELECT coalesce(a.day, a.first_seen::DATE) AS day, a.kind, o.n, coalesce(a.event_place, s.home) AS area
    FROM published.articles a
    LEFT JOIN published.outlets o ON o.outlet = coalesce(a.outlet, a.source)
    LEFT JOIN published.sources s ON s.source = a.source)
ORDER BY day, area;
