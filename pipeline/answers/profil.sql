WITH told AS MATERIALIZED (
    SELECT event_id, kind, types, stage, decided, outlets FROM events_where($f) WHERE kind IN ('kasus', 'pencegahan')
),
counted AS (
    SELECT count(*) FILTER (kind = 'kasus') AS kasus, count(*) FILTER (decided) AS terbukti,
        count(*) FILTER (stage IN ('dihentikan', 'tidak_diregistrasi')) AS henti,
        count(*) FILTER (kind = 'pencegahan') AS cegah, round(avg(outlets) FILTER (kind = 'kasus'), 2) AS media
    FROM told
),
read AS (SELECT count(*) AS n, coalesce(bit_count(bitstring_agg(outlet, 1, $outlets)), 0) AS outlets FROM readings_where($f)),
typed AS (
    SELECT type, count(*) AS n
    FROM (SELECT DISTINCT event_id, split_part(unnest(types), '.', 1) AS type FROM told WHERE kind = 'kasus')
    GROUP BY type
)
SELECT ukuran, id, nilai FROM (
    SELECT 1 AS part, 0 AS n, 'artikel dibaca' AS ukuran, NULL AS id, n::DOUBLE AS nilai FROM read
    UNION ALL SELECT 2, 0, 'sumber', NULL, outlets FROM read
    UNION ALL SELECT 3, 0, 'dugaan kasus', 'kasus', kasus FROM counted
    UNION ALL SELECT 4, 0, 'kasus diputus terbukti', NULL, terbukti FROM counted
    UNION ALL SELECT 5, 0, 'kasus dihentikan atau tidak diregistrasi', NULL, henti FROM counted
    UNION ALL SELECT 6, 0, 'kegiatan pencegahan', NULL, cegah FROM counted
    UNION ALL SELECT 7, 0, 'media per kasus', NULL, media FROM counted
    UNION ALL
    SELECT 8, l."rank", 'dugaan: ' || l.name, l.id, coalesce(t.n, 0)
    FROM labels l LEFT JOIN typed t ON t.type = l.id
    WHERE l."group" = 'type' AND NOT contains(l.id, '.')
)
ORDER BY part, n, ukuran
