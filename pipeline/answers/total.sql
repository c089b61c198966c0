-- A source is living if something new of it was read in the 14 days before the newest reading.
WITH seen AS (
    SELECT coalesce(outlet, source) AS outlet, max(first_seen) AS latest FROM articles GROUP BY 1
),
newest AS (SELECT max(first_seen) AS moment FROM articles)
SELECT
    (SELECT count(*) FROM articles) AS artikel,
    (SELECT count(*) FROM articles WHERE kind = 'pelanggaran') AS artikel_dugaan,
    (SELECT count(*) FROM events WHERE kind = 'kasus') AS kasus,
    (SELECT count(*) FROM events WHERE kind = 'pencegahan') AS pencegahan,
    (SELECT count(*) FROM events) AS kejadian,
    (SELECT count(outlet) FROM seen) AS sumber,
    (SELECT count(outlet) FROM seen, newest WHERE latest >= newest.moment - INTERVAL 14 DAY) AS sumber_hidup,
    (SELECT min(day) FROM articles) AS dari,
    (SELECT max(day) FROM articles) AS sampai
