-- The four boxes of the commission's own table, and the cases whose track no article tells.
WITH chosen AS (SELECT outcomes FROM events_where($f) WHERE kind = 'kasus'),
tracked AS (
    SELECT split_part(o, '=', 1) AS track, split_part(o, '=', 2) AS value, n
    FROM (
        SELECT o, count(*) AS n
        FROM (SELECT unnest(CASE WHEN len(outcomes) = 0 THEN ['tidak_disebut=belum'] ELSE outcomes END) AS o FROM chosen)
        GROUP BY o
    )
)
SELECT CASE l.id WHEN 'tidak_disebut' THEN '(belum disebut)' ELSE l.name END AS kotak, l.id,
    coalesce(sum(t.n), 0)::BIGINT AS kasus,
    coalesce(sum(t.n) FILTER (t.value = 'terbukti'), 0)::BIGINT AS hasil_terbukti,
    coalesce(sum(t.n) FILTER (t.value = 'tidak_terbukti'), 0)::BIGINT AS hasil_tidak_terbukti,
    coalesce(sum(t.n) FILTER (t.value IN ('dihentikan', 'tidak_diregistrasi', 'dicabut')), 0)::BIGINT AS dihentikan,
    coalesce(sum(t.n) FILTER (t.value = 'belum'), 0)::BIGINT AS proses
FROM (SELECT id, name, "rank" FROM labels WHERE "group" = 'track' UNION ALL SELECT 'tidak_disebut', NULL, 99) l
LEFT JOIN tracked t ON t.track = l.id
GROUP BY l.id, l.name, l."rank"
ORDER BY l."rank"
