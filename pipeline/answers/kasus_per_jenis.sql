WITH typed AS (
    SELECT event_id, unnest(types) AS type, articles, outlet_names
    FROM events_where($f) WHERE kind = 'kasus'
),
printed AS (
    SELECT type, count(DISTINCT outlet) AS n FROM (SELECT type, unnest(outlet_names) AS outlet FROM typed) GROUP BY type
)
SELECT label_of('type', t.type) AS jenis, t.type AS id, count(*) AS kasus,
    sum(t.articles)::BIGINT AS artikel, coalesce(any_value(p.n), 0) AS media
FROM typed t LEFT JOIN printed p USING (type)
GROUP BY t.type
ORDER BY kasus DESC, id
