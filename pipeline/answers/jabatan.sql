WITH chosen AS (SELECT * FROM events_where($f) WHERE kind = 'kasus'),
held AS (
    SELECT unnest(CASE WHEN len(categories) = 0 THEN ['tidak_disebut'] ELSE categories END) AS office, articles, outlet_names
    FROM chosen
),
printed AS (
    SELECT office, count(DISTINCT outlet) AS n FROM (SELECT office, unnest(outlet_names) AS outlet FROM held)
    GROUP BY office
)
SELECT CASE h.office WHEN 'tidak_disebut' THEN '(tidak disebut)' ELSE label_of('office', h.office) END AS jabatan,
    h.office AS id, count(*) AS kasus, sum(h.articles)::BIGINT AS artikel, coalesce(any_value(p.n), 0) AS media,
    (SELECT count(*) FROM chosen) AS semua
FROM held h LEFT JOIN printed p USING (office)
GROUP BY h.office
ORDER BY kasus DESC, id
