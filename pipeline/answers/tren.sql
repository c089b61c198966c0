WITH counted AS (
    SELECT date_trunc($satuan, first_day)::DATE AS first, count(*) AS kasus
    FROM events_where($f) WHERE kind = 'kasus'
    GROUP BY 1
),
read AS (
    SELECT date_trunc($satuan, day)::DATE AS first, count(*) AS n, coalesce(bit_count(bitstring_agg(outlet, 1, $outlets)), 0) AS sources
    FROM readings_where($f)
    GROUP BY 1
),
-- from the first that anything was read in, for one without a case is as much a figure as one with many
periods AS (
    SELECT unnest(generate_series(min(first), max(first), ('1 ' || $satuan)::INTERVAL))::DATE AS first
    FROM (SELECT first FROM counted UNION ALL SELECT first FROM read)
),
stopped AS (
    -- of the outlets that the filters leave
    SELECT date_trunc($satuan, last_day)::DATE AS first, count(*) AS n FROM outlets
    WHERE n IN (SELECT outlet FROM readings_where($f)) AND latest < (SELECT max(latest) FROM outlets) - INTERVAL 14 DAY
    GROUP BY 1
)
SELECT p.first AS mulai, coalesce(c.kasus, 0) AS kasus, coalesce(r.n, 0) AS dibaca, coalesce(r.sources, 0) AS sumber,
    coalesce(s.n, 0) AS sumber_berhenti
FROM periods p LEFT JOIN counted c USING (first) LEFT JOIN read r USING (first) LEFT JOIN stopped s USING (first)
ORDER BY p.first
