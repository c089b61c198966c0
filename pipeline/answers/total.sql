WITH seen AS (
    SELECT coalesce(outlet, source) AS outlet, max(day) AS latest FROM articles GROUP BY 1
),
newest AS (SELECT max(day) AS day FROM articles)
SELECT
    (SELECT count(*) FROM articles) AS artikel,
    (SELECT count(*) FROM articles WHERE kind = 'pelanggaran') AS artikel_dugaan,
    (SELECT count(*) FROM events WHERE kind = 'kasus') AS kasus,
    (SELECT count(*) FROM events WHERE kind = 'pencegahan') AS pencegahan,
    (SELECT count(*) FROM events) AS kejadian,
    (SELECT count(outlet) FROM seen) AS sumber,
    (SELECT count(outlet) FROM seen, newest WHERE latest >= newest.day - 14) AS sumber_hidup,
    (SELECT min(day) FROM articles) AS dari,
    (SELECT max(day) FROM articles) AS sampai
