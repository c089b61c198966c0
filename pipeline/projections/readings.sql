-- What was read by whom, when and about where, on the days of `touched_days`. An article counts for the place that it
-- tells of; one that tells of none for the home of its source.
DELETE FROM published.readings WHERE day IN (SELECT day FROM touched_days);

INSERT INTO published.readings
SELECT day, kind, n, area, try_cast(area[:2] AS INTEGER), try_cast(nullif(replace(area[:5], '.', ''), area[:2]) AS INTEGER),
    CASE WHEN length(area) >= 8 THEN try_cast(replace(area[:8], '.', '') AS INTEGER) END
FROM (SELECT day_of(a.day, a.first_seen, a.utc_offset) AS day, a.kind, o.n, coalesce(a.event_place, s.home) AS area
    FROM published.articles a
    LEFT JOIN published.outlets o ON o.outlet = coalesce(a.outlet, a.source)
    LEFT JOIN published.sources s ON s.source = a.source)
WHERE day IN (SELECT day FROM touched_days)
ORDER BY day, area;
