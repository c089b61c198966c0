-- How far cases came: each step counts the cases that are known to have reached it or a later one. Investigation and
-- trial are steps of the criminal track alone, forwarding and recommendation of the others. An event has one stage, of
-- the track that came furthest: on one that ended, or stands behind, no more is known than that it was registered.
WITH tracked AS (
    SELECT *, split_part(list_filter(outcomes, lambda o: starts_with(o, $jalur || '='))[1], '=', 2) AS own,
        len(list_filter(outcomes, lambda o: NOT starts_with(o, $jalur || '='))) > 0 AS others,
        len(list_filter(outcomes, lambda o: NOT starts_with(o, $jalur || '=') AND NOT ends_with(o, '=belum'))) > 0 AS ruled
    FROM events_where($f) WHERE kind = 'kasus'
),
placed AS (
    SELECT outcomes, CASE
        WHEN own IN ('dihentikan', 'dicabut') THEN 'dihentikan'
        WHEN own = 'tidak_diregistrasi' THEN own
        WHEN own = 'belum' AND ruled AND stage_rank >= 80 THEN 'registrasi'
        WHEN others AND stage IN ('penyidikan', 'penuntutan_sidang') AND $jalur <> 'pidana' THEN 'registrasi'
        WHEN others AND stage = 'sidang_administrasi_etik' AND $jalur = 'pidana' THEN 'registrasi'
        ELSE stage END AS stage
    FROM tracked
),
chosen AS (
    SELECT p.stage, l."rank" AS stage_rank, coalesce(p.stage IN ('tidak_diregistrasi', 'dihentikan'), false) AS ended,
        len(list_filter(outcomes, lambda o: ends_with(o, '=terbukti')
            AND ($jalur IS NULL OR starts_with(o, $jalur || '=')))) > 0 AS proven
    FROM placed p LEFT JOIN (SELECT id, "rank" FROM labels WHERE "group" = 'stage') l ON l.id = p.stage
    WHERE ($jalur IS NULL OR len(list_filter(outcomes, lambda o: starts_with(o, $jalur || '='))) > 0)
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
