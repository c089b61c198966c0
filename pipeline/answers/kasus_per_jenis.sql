WITH typed AS (
    SELECT event_id, unnest(types) AS type, articles
    FROM events_where($wilayah, $sejak, $sampai, $jenis) WHERE kind = 'kasus'
),
printed AS (
    SELECT t.type, count(DISTINCT o.outlet) AS n FROM typed t JOIN event_outlets o USING (event_id) GROUP BY t.type
)
SELECT label_of('type', t.type) AS jenis, t.type AS id, count(*) AS kasus,
    sum(t.articles)::BIGINT AS artikel, coalesce(any_value(p.n), 0) AS media
FROM typed t LEFT JOIN printed p USING (type)
GROUP BY t.type
ORDER BY kasus DESC, id
