-- A source is living if something new of it was read in the 14 days before the newest reading.
WITH newest AS (SELECT max(latest) AS moment FROM outlets)
SELECT
    (SELECT count(*) FROM articles) AS artikel,
    (SELECT count(*) FROM readings WHERE kind = 'pelanggaran') AS artikel_dugaan,
    (SELECT count(*) FROM events WHERE kind = 'kasus') AS kasus,
    (SELECT count(*) FROM events WHERE kind = 'pencegahan') AS pencegahan,
    (SELECT count(*) FROM events) AS semua_kejadian,
    (SELECT count(*) FROM outlets) AS sumber,
    (SELECT count(*) FROM outlets, newest WHERE latest >= newest.moment - INTERVAL 14 DAY) AS sumber_hidup,
    (SELECT min(day) FROM articles) AS dari,
    (SELECT max(day) FROM articles) AS sampai
