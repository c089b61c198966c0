-- How far cases came: each step counts the cases that are known to have reached it or a later one. Investigation and
-- trial are steps of the criminal track alone, forwarding and recommendation of the others.
WITH chosen AS (
    SELECT stage, stage_rank, coalesce(stage IN ('tidak_diregistrasi', 'dihentikan'), false) AS ended,
        len(list_filter(outcomes, lambda o: ends_with(o, '=terbukti')
            AND ($jalur IS NULL OR starts_with(o, $jalur || '=')))) > 0 AS proven
    FROM events_where($f)
    WHERE kind = 'kasus'
    AND ($jalur IS NULL OR len(list_filter(outcomes, lambda o: starts_with(o, $jalur || '='))) > 0)
),
steps AS (
    SELECT * FROM (VALUES
        (1, 'diberitakan', 0, NULL), (2, 'dilaporkan atau temuan', 20, NULL), (3, 'diregistrasi', 30, NULL),
        (4, 'diteruskan atau direkomendasikan', 60, false), (5, 'penyidikan', 70, true), (6, 'sidang', 75, true),
        (7, 'putusan atau sanksi', 80, NULL)
    ) t(n, name, least_rank, criminal)
    WHERE criminal IS NULL OR criminal = coalesce($jalur = 'pidana', false)
),
-- a case that was stopped had been registered, one that was not registered had been reported: no more is known
reached AS (
    SELECT s.n, s.name, c.proven,
        c.stage_rank >= s.least_rank AND (NOT c.ended OR s.least_rank <= 20
            OR (s.least_rank = 30 AND c.stage = 'dihentikan')) AS there
    FROM steps s, chosen c
)
SELECT name AS langkah, count(*) FILTER (there) AS kasus, count(*) FILTER (there AND proven) AS hasil_terbukti
FROM reached
GROUP BY n, name
ORDER BY n
