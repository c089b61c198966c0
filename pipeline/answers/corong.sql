-- How far cases came: each step counts the cases that are known to have reached it or a later one.
WITH chosen AS (
    SELECT *, coalesce(stage IN ('tidak_diregistrasi', 'dihentikan'), false) AS ended,
        len(list_filter(outcomes, lambda o: ends_with(o, '=terbukti')
            AND ($jalur IS NULL OR starts_with(o, $jalur || '=')))) > 0 AS proven
    FROM events_where($f)
    WHERE kind = 'kasus'
    AND ($jalur IS NULL OR len(list_filter(outcomes, lambda o: starts_with(o, $jalur || '='))) > 0)
),
steps AS (
    SELECT * FROM (VALUES
        (1, 'diberitakan', 0), (2, 'dilaporkan atau temuan', 20), (3, 'diregistrasi', 30), (4, 'diteruskan', 60),
        (5, 'direkomendasikan', 65), (6, 'penyidikan', 70), (7, 'sidang', 75), (8, 'putusan atau sanksi', 80)
    ) t(n, name, least_rank)
)
SELECT s.name AS langkah,
    count(*) FILTER (c.stage_rank >= s.least_rank AND (s.least_rank <= 30 OR NOT c.ended)
        AND NOT (s.least_rank = 30 AND c.stage = 'tidak_diregistrasi')) AS kasus,
    count(*) FILTER (c.proven AND c.stage_rank >= s.least_rank) AS terbukti
FROM steps s, chosen c
GROUP BY s.n, s.name
ORDER BY s.n
