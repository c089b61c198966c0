WITH placed AS (
    SELECT *, CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code
    FROM events_where($wilayah, $sejak, $sampai, $jenis)
),
printed AS (
    SELECT p.code, count(DISTINCT o.outlet) AS media FROM placed p JOIN event_outlets o USING (event_id)
    WHERE p.kind = 'pencegahan' GROUP BY p.code
),
counted AS (
    SELECT code,
        count(*) FILTER (kind = 'pencegahan') AS kegiatan,
        (coalesce(sum(articles) FILTER (kind = 'pencegahan'), 0))::BIGINT AS artikel,
        max(last_day) FILTER (kind = 'pencegahan') AS terakhir,
        count(*) FILTER (kind = 'kasus') AS kasus
    FROM placed
    GROUP BY code
)
SELECT CASE WHEN c.code IS NULL THEN '(tempat kurang rinci)' ELSE place_name(c.code) END AS wilayah,
    c.code AS kode, kegiatan, artikel, coalesce(p.media, 0) AS media, terakhir, kasus
FROM counted c LEFT JOIN printed p ON p.code IS NOT DISTINCT FROM c.code
WHERE kegiatan > 0
ORDER BY kegiatan DESC, c.code
