WITH counted AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code,
        count(*) FILTER (kind = 'pencegahan') AS kegiatan,
        (coalesce(sum(articles) FILTER (kind = 'pencegahan'), 0))::BIGINT AS artikel,
        (coalesce(sum(outlets) FILTER (kind = 'pencegahan'), 0))::BIGINT AS media,
        max(last_day) FILTER (kind = 'pencegahan') AS terakhir,
        count(*) FILTER (kind = 'kasus') AS kasus
    FROM events_where($wilayah, $sejak, $sampai, $jenis)
    GROUP BY 1
)
SELECT CASE WHEN code IS NULL THEN '(tempat kurang rinci)' ELSE place_name(code) END AS wilayah,
    code AS kode, kegiatan, artikel, media, terakhir, kasus
FROM counted
WHERE kegiatan > 0
ORDER BY kegiatan DESC, code
