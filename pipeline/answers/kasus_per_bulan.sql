WITH counted AS (
    SELECT date_trunc('month', first_day)::DATE AS month, count(*) AS kasus
    FROM events_where($wilayah, $sejak, $sampai, $jenis) WHERE kind = 'kasus'
    GROUP BY 1
),
read AS (
    SELECT date_trunc('month', day)::DATE AS month, count(*) AS n, count(DISTINCT coalesce(outlet, source)) AS sources
    FROM articles WHERE day IS NOT NULL
    GROUP BY 1
),
months AS (
    SELECT unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month FROM counted
)
SELECT strftime(m.month, '%Y-%m') AS bulan, coalesce(c.kasus, 0) AS kasus, coalesce(r.n, 0) AS artikel_dibaca,
    coalesce(r.sources, 0) AS sumber, round(1000.0 * coalesce(c.kasus, 0) / nullif(r.n, 0), 1) AS per_1000_artikel
FROM months m LEFT JOIN counted c USING (month) LEFT JOIN read r USING (month)
ORDER BY m.month
