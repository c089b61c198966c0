-- As the commission's own table counts, but of cases that the news tells: one that is told as both counts in both.
WITH chosen AS (
    SELECT last_day, stage, stage_rank, array_to_string(origins, ' ') AS origins,
        array_to_string(outcomes, ' ') || ' ' AS results
    FROM events_where($f) WHERE kind = 'kasus'
)
SELECT max(last_day) AS per_tanggal, count(*) AS kasus,
    count(*) FILTER (contains(origins, 'temuan')) AS temuan,
    count(*) FILTER (contains(origins, 'laporan')) AS laporan,
    count(*) FILTER (NOT contains(origins, 'temuan') AND NOT contains(origins, 'laporan')) AS asal_lain,
    count(*) FILTER (stage_rank >= 30 AND stage NOT IN ('tidak_diregistrasi', 'dihentikan')) AS diregistrasi,
    count(*) FILTER (stage = 'tidak_diregistrasi' OR contains(results, '=tidak_diregistrasi ')) AS tidak_diregistrasi,
    count(*) FILTER (contains(results, '=terbukti ')) AS pelanggaran,
    count(*) FILTER (contains(results, '=tidak_terbukti ') AND NOT contains(results, '=terbukti ')) AS bukan,
    count(*) FILTER (NOT is_closed(stage) AND replace(results, '=belum ', '') NOT LIKE '%=%') AS proses
FROM chosen
