-- Two elections laid on each other by the weeks before voting; week 0 ends on the day of voting. Cases count by the day of
-- the act (else of the first report); those first reported in a week alone can be set against what was read in it.
WITH votes AS (SELECT unnest($pemilihan, recursive := true)),
weeks AS (
    SELECT pemilihan, w AS minggu, hari_pungut + (w * 7 - 6)::INTEGER AS mulai, hari_pungut + (w * 7)::INTEGER AS selesai
    FROM votes, range(-$minggu, 3) t(w)
),
cases AS (SELECT coalesce(act_day, first_day) AS day, first_day FROM events_where($f) WHERE kind = 'kasus'),
counted AS (
    SELECT w.pemilihan, w.minggu, count(*) AS kasus FROM weeks w JOIN cases c ON c.day BETWEEN w.mulai AND w.selesai
    GROUP BY ALL
),
reported AS (
    SELECT w.pemilihan, w.minggu, count(*) AS kasus FROM weeks w JOIN cases c ON c.first_day BETWEEN w.mulai AND w.selesai
    GROUP BY ALL
),
read_daily AS (
    SELECT day, count(*) AS n, bitstring_agg(outlet, 1, $outlets) AS outlets FROM readings_where($f) GROUP BY day
),
read AS (
    SELECT w.pemilihan, w.minggu, sum(d.n)::BIGINT AS dibaca, bit_count(bit_or(d.outlets)) AS sumber
    FROM weeks w JOIN read_daily d ON d.day BETWEEN w.mulai AND w.selesai
    GROUP BY ALL
)
SELECT w.pemilihan, w.minggu, w.mulai, w.selesai, coalesce(c.kasus, 0) AS kasus,
    coalesce(p.kasus, 0) AS pertama_diberitakan, coalesce(r.dibaca, 0) AS dibaca, coalesce(r.sumber, 0)::BIGINT AS sumber
FROM weeks w LEFT JOIN counted c USING (pemilihan, minggu) LEFT JOIN reported p USING (pemilihan, minggu)
LEFT JOIN read r USING (pemilihan, minggu)
ORDER BY w.pemilihan, w.minggu
