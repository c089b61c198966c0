WITH counted AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code,
        count(*) AS kasus, sum(articles)::BIGINT AS artikel, sum(outlets)::BIGINT AS media
    FROM events_where($wilayah, $sejak, $sampai, $jenis) WHERE kind = 'kasus'
    GROUP BY 1
),
read AS (
    SELECT left(event_place, CASE $tingkat WHEN 'provinsi' THEN 2 WHEN 'kabupaten' THEN 5 ELSE 8 END) AS code,
        count(*) AS n, count(DISTINCT coalesce(outlet, source)) AS sources
    FROM articles
    GROUP BY 1
)
SELECT place_name(c.code) AS wilayah, c.code AS kode, c.kasus, c.artikel, c.media,
    coalesce(r.n, 0) AS dibaca, coalesce(r.sources, 0) AS sumber
FROM counted c LEFT JOIN read r USING (code)
WHERE c.code IS NOT NULL
ORDER BY c.kasus DESC, c.code
