WITH placed AS (
    SELECT kind, articles, last_day, outlet_names, participants,
        CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code
    FROM events_where($f) WHERE kind IN ('pencegahan', 'kasus')
),
printed AS (
    SELECT code, count(DISTINCT outlet) AS media
    FROM (SELECT code, unnest(outlet_names) AS outlet FROM placed WHERE kind = 'pencegahan')
    GROUP BY code
),
counted AS (
    SELECT code,
        count(*) FILTER (kind = 'pencegahan') AS kegiatan,
        (coalesce(sum(articles) FILTER (kind = 'pencegahan'), 0))::BIGINT AS artikel,
        max(last_day) FILTER (kind = 'pencegahan') AS terakhir,
        (sum(participants) FILTER (kind = 'pencegahan'))::BIGINT AS peserta,
        count(*) FILTER (kind = 'kasus') AS kasus
    FROM placed
    GROUP BY code
)
SELECT CASE WHEN c.code IS NULL THEN '(tempat kurang rinci)' ELSE place_name(c.code) END AS wilayah,
    c.code AS kode, kegiatan, peserta, artikel, coalesce(p.media, 0) AS media, terakhir, kasus
FROM counted c
LEFT JOIN printed p ON p.code IS NOT DISTINCT FROM c.code
WHERE kegiatan > 0
ORDER BY kegiatan DESC, c.code
