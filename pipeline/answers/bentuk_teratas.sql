WITH tracked AS (
    SELECT DISTINCT event_id, split_part(o, '=', 1) AS track, types
    FROM (SELECT event_id, types, unnest(outcomes) AS o FROM events_where($f) WHERE kind = 'kasus')
),
counted AS (
    SELECT track, type, count(*) AS n FROM (SELECT track, unnest(types) AS type FROM tracked) GROUP BY track, type
),
ranked AS (SELECT *, row_number() OVER (PARTITION BY track ORDER BY n DESC, type) AS place FROM counted)
SELECT label_of('track', track) AS kotak, label_of('type', type) AS bentuk, type AS id, n AS kasus, place AS peringkat
FROM ranked
WHERE place <= $teratas
ORDER BY track, place
