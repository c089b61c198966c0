-- As the commission's own table counts, but of cases that the news tells: one that is told as both counts in both.
-- What is registered counts as in the funnel (corong): a case that was stopped had been registered.
WITH chosen AS (
    SELECT stage, stage_rank, array_to_string(origins, ' ') AS origins,
        array_to_string(outcomes, ' ') || ' ' AS results
    FROM events_where($f) WHERE kind = 'kasus'
)
SELECT (SELECT max(last_day) FROM outlets) AS per_tanggal, count(*) AS kasus,
    count(*) FILTER (contains(origins, 'temuan')) AS temuan,
    count(*) FILTER (contains(origins, 'laporan')) AS laporan,
    count(*) FILTER (NOT contains(origins, 'temuan') AND NOT contains(origins, 'laporan')) AS asal_lain,
    count(*) FILTER (stage_rank >= 30 AND stage <> 'tidak_diregistrasi') AS diregistrasi,
    count(*) FILTER (stage = 'tidak_diregistrasi' OR contains(results, '=tidak_diregistrasi ')) AS tidak_diregistrasi,
    count(*) FILTER (contains(results, '=terbukti ')) AS hasil_terbukti,
    count(*) FILTER (contains(results, '=tidak_terbukti ') AND NOT contains(results, '=terbukti ')) AS hasil_tidak_terbukti,
    count(*) FILTER (NOT is_closed(stage) AND replace(results, '=belum ', '') NOT LIKE '%=%') AS proses
FROM chosen
