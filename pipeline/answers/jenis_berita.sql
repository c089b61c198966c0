WITH read AS (
    SELECT kind, count(*) AS n, coalesce(bit_count(bitstring_agg(outlet, 1, $outlets)), 0) AS outlets FROM readings_where($f) GROUP BY kind
),
told AS (
    SELECT CASE kind WHEN 'kasus' THEN 'pelanggaran' ELSE kind END AS kind, count(*) AS n FROM events_where($f) GROUP BY 1
)
SELECT l.name AS jenis_berita, l.id, coalesce(r.n, 0) AS artikel, coalesce(t.n, 0) AS jumlah_kejadian,
    coalesce(r.outlets, 0) AS media
FROM labels l LEFT JOIN read r ON r.kind = l.id LEFT JOIN told t ON t.kind = l.id
WHERE l."group" = 'kind'
ORDER BY l."rank"
