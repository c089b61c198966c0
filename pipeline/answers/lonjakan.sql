-- Cases of the last seven days against the region's own 52 weeks before them.
WITH now AS (SELECT coalesce($per::DATE, max(last_day)) AS day FROM outlets),
placed AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS code,
        split_part(t, '.', 1) AS type, first_day, event_id
    FROM (SELECT *, unnest(types) AS t FROM events_where($f) WHERE kind = 'kasus'), now
    WHERE first_day > now.day - 371 AND first_day <= now.day
),
counted AS (
    SELECT code, type, count(DISTINCT event_id) FILTER (first_day > now.day - 7) AS kasus,
        count(DISTINCT event_id) FILTER (first_day <= now.day - 7) AS sebelumnya
    FROM placed, now WHERE code IS NOT NULL
    GROUP BY code, type
),
read AS (
    SELECT CASE $tingkat WHEN 'provinsi' THEN province WHEN 'kabupaten' THEN regency ELSE district END AS number,
        count(*) FILTER (r.day > now.day - 7) AS lately, count(*) FILTER (r.day <= now.day - 7) AS before
    FROM readings_where($f) r, now
    WHERE r.day > now.day - 371 AND r.day <= now.day
    GROUP BY 1
)
SELECT place_name(c.code) AS wilayah, c.code AS kode, label_of('type', c.type) AS jenis, c.type AS id,
    (SELECT day - 6 FROM now) AS mulai, c.kasus, c.sebelumnya, coalesce(r.lately, 0) AS dibaca,
    coalesce(r.before, 0) AS dibaca_sebelumnya
FROM counted c LEFT JOIN read r ON r.number = replace(c.code, '.', '')::INTEGER
WHERE c.kasus >= $minimal
ORDER BY c.kasus DESC, c.code, c.type
