-- Which outlets there are, by name.
DELETE FROM published.outlets;

INSERT INTO published.outlets
SELECT row_number() OVER (ORDER BY outlet), outlet, outlet = 'go.id' OR ends_with(outlet, '.go.id'), count(*),
    min(day), max(day), max(first_seen)
FROM (SELECT coalesce(outlet, source) AS outlet, day_of(day, first_seen, utc_offset) AS day, first_seen
    FROM published.articles)
WHERE outlet IS NOT NULL
GROUP BY outlet;
