WITH placed AS (
    SELECT articles, outlet_names,
        CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code
    FROM events_where($f) WHERE kind = 'kasus'
),
counted AS (SELECT code, count(*) AS kasus, sum(articles)::BIGINT AS artikel FROM placed GROUP BY code),
printed AS (
    SELECT code, count(DISTINCT outlet) AS media FROM (SELECT code, unnest(outlet_names) AS outlet FROM placed)
    GROUP BY code
),
read AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS number,
        count(*) AS n, coalesce(bit_count(bitstring_agg(outlet, 1, $outlets)), 0) AS sources
    FROM readings_where($f)
    GROUP BY 1
)
SELECT rank() OVER (ORDER BY c.kasus DESC) AS peringkat, place_name(c.code) AS wilayah, c.code AS kode, c.kasus,
    c.artikel, coalesce(p.media, 0) AS media, coalesce(r.n, 0) AS dibaca, coalesce(r.sources, 0) AS sumber
FROM counted c
LEFT JOIN printed p ON p.code = c.code
LEFT JOIN read r ON r.number = replace(c.code, '.', '')::INTEGER
WHERE c.code IS NOT NULL
ORDER BY c.kasus DESC, c.code
