WITH read AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS number,
        count(*) AS n, coalesce(bit_count(bitstring_agg(outlet, 1, $outlets)), 0) AS sources
    FROM readings_where($f) GROUP BY 1
),
told AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code,
        count(*) AS n
    FROM events_where($f) WHERE kind = 'kasus' GROUP BY 1
)
SELECT place_name(r.code) AS wilayah, r.code AS kode, coalesce(d.n, 0) AS dibaca, coalesce(d.sources, 0) AS sumber,
    coalesce(t.n, 0) AS kasus
FROM regions r
LEFT JOIN read d ON d.number = replace(r.code, '.', '')::INTEGER
LEFT JOIN told t ON t.code = r.code
WHERE r.level = CASE $tingkat WHEN 'provinsi' THEN 'province' WHEN 'kabupaten' THEN 'regency' ELSE 'district' END
AND ($f['wilayah'] IS NULL OR within(r.code, $f['wilayah']) OR within($f['wilayah'], r.code))
ORDER BY dibaca, r.code
LIMIT $limit
