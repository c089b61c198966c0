WITH refused AS (SELECT source, sum(refused)::BIGINT AS n FROM coverage GROUP BY source),
read AS (
    SELECT source, count(*) AS n, min(day) AS first, max(day) AS last, max(first_seen) AS latest
    FROM articles WHERE source IS NOT NULL
    GROUP BY source
),
newest AS (SELECT max(latest) AS moment FROM outlets)
SELECT coalesce(s.source, r.source) AS sumber, s.name AS nama, region_name(s.home) AS wilayah,
    coalesce(r.n, 0) AS artikel, coalesce(f.n, 0) AS ditolak, r.first AS pertama, r.last AS terakhir,
    coalesce(r.latest >= (SELECT moment FROM newest) - INTERVAL 14 DAY, false) AS hidup
FROM sources s
FULL JOIN read r ON r.source = s.source
LEFT JOIN refused f ON f.source = coalesce(s.source, r.source)
ORDER BY artikel DESC, sumber
