-- Two elections laid on each other by the weeks before voting; week 0 ends on the day of voting.
WITH votes AS (SELECT unnest($pemilihan, recursive := true)),
weeks AS (
    SELECT pemilihan, w AS minggu, hari_pungut + (w * 7 - 6)::INTEGER AS mulai, hari_pungut + (w * 7)::INTEGER AS selesai
    FROM votes, range(-$minggu, 3) t(w)
),
daily AS (
    SELECT coalesce(act_day, first_day) AS day, count(*) AS n FROM events_where($f) WHERE kind = 'kasus' GROUP BY 1
),
counted AS (
    SELECT w.pemilihan, w.minggu, sum(d.n)::BIGINT AS kasus FROM weeks w JOIN daily d ON d.day BETWEEN w.mulai AND w.selesai
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
SELECT w.pemilihan, w.minggu, w.mulai, w.selesai, coalesce(c.kasus, 0) AS kasus, coalesce(r.dibaca, 0) AS dibaca,
    coalesce(r.sumber, 0)::BIGINT AS sumber
FROM weeks w LEFT JOIN counted c USING (pemilihan, minggu) LEFT JOIN read r USING (pemilihan, minggu)
ORDER BY w.pemilihan, w.minggu
