-- Cases by the election stage in which the act fell (else its first report); and those first reported in those days,
-- which alone can be set against what was read in them.
WITH stages AS (SELECT unnest($tahapan, recursive := true)),
cases AS (SELECT act_day, first_day, origins FROM events_where($f) WHERE kind = 'kasus'),
counted AS (
    SELECT coalesce(act_day, first_day) AS day, count(*) AS kasus,
        count(*) FILTER (list_contains(origins, 'temuan')) AS temuan,
        count(*) FILTER (list_contains(origins, 'laporan')) AS laporan
    FROM cases
    GROUP BY 1
),
reported AS (
    SELECT s.n, count(*) AS kasus FROM stages s JOIN cases c ON c.first_day BETWEEN s.mulai AND s.selesai GROUP BY s.n
),
told AS (
    SELECT s.n, sum(c.kasus)::BIGINT AS kasus, sum(c.temuan)::BIGINT AS temuan, sum(c.laporan)::BIGINT AS laporan
    FROM stages s JOIN counted c ON c.day BETWEEN s.mulai AND s.selesai
    GROUP BY s.n
),
daily AS (
    SELECT day, count(*) AS articles, bitstring_agg(outlet, 1, $outlets) AS outlets FROM readings_where($f) GROUP BY day
),
read AS (
    SELECT s.n, sum(d.articles)::BIGINT AS dibaca, bit_count(bit_or(d.outlets)) AS sumber
    FROM stages s JOIN daily d ON d.day BETWEEN s.mulai AND s.selesai
    GROUP BY s.n
)
SELECT s.pemilihan, s.tahapan, s.id, s.mulai, s.selesai, date_diff('day', s.mulai, s.selesai) + 1 AS hari,
    coalesce(t.kasus, 0) AS kasus, coalesce(t.temuan, 0) AS temuan, coalesce(t.laporan, 0) AS laporan,
    coalesce(p.kasus, 0) AS pertama_diberitakan, coalesce(r.dibaca, 0) AS dibaca, coalesce(r.sumber, 0) AS sumber,
    s.pasti
FROM stages s LEFT JOIN told t USING (n) LEFT JOIN reported p USING (n) LEFT JOIN read r USING (n)
ORDER BY s.n
