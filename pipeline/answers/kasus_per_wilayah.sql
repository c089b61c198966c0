WITH placed AS (
    SELECT event_id, articles,
        CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code
    FROM events_where($wilayah, $sejak, $sampai, $jenis) WHERE kind = 'kasus'
),
counted AS (SELECT code, count(*) AS kasus, sum(articles)::BIGINT AS artikel FROM placed GROUP BY code),
printed AS (
    SELECT p.code, count(DISTINCT o.outlet) AS media FROM placed p JOIN event_outlets o USING (event_id)
    GROUP BY p.code
),
read AS (
    SELECT left(event_place, CASE $tingkat WHEN 'provinsi' THEN 2 WHEN 'kabupaten' THEN 5 ELSE 8 END) AS code,
        count(*) AS n, count(DISTINCT coalesce(outlet, source)) AS sources
    FROM articles
    GROUP BY 1
)
SELECT place_name(c.code) AS wilayah, c.code AS kode, c.kasus, c.artikel, coalesce(p.media, 0) AS media,
    coalesce(r.n, 0) AS dibaca, coalesce(r.sources, 0) AS sumber
FROM counted c LEFT JOIN printed p ON p.code = c.code LEFT JOIN read r ON r.code = c.code
WHERE c.code IS NOT NULL
ORDER BY c.kasus DESC, c.code
