WITH newest AS (
    SELECT a.row, s.stat
    FROM (SELECT row, article_id, day FROM articles_where($f)) a
    JOIN (SELECT rowid AS stat, article_id, n FROM stats) s USING (article_id)
    ORDER BY a.day DESC, a.article_id, s.n
    LIMIT $limit
),
chosen AS (
    SELECT a.article_id, a.day, a.first_seen, a.outlet, a.url, s.n, s.value, s.unit, s.measure, s.area, s.as_of,
        s.approx, s.speaker
    FROM (SELECT * FROM articles WHERE rowid IN (SELECT row FROM newest)) a
    JOIN (SELECT * FROM stats WHERE rowid IN (SELECT stat FROM newest)) s USING (article_id)
),
told AS (
    SELECT c.*, m.event_id FROM chosen c
    LEFT JOIN (SELECT article_id, event_id FROM event_members SEMI JOIN chosen USING (article_id) WHERE is_primary) m
        USING (article_id)
),
compared AS (
    SELECT *, count(DISTINCT value) OVER (PARTITION BY unit, measure, area, as_of, coalesce(event_id, article_id)) > 1
        AND count(DISTINCT outlet) OVER (PARTITION BY unit, measure, area, as_of, coalesce(event_id, article_id)) > 1
        AS differs
    FROM told
)
SELECT coalesce(day, first_seen::DATE) AS tanggal, value AS angka, unit AS satuan, measure AS ukuran, area AS wilayah,
    as_of AS per_tanggal, approx AS kira_kira, speaker AS menurut, outlet AS media, differs AS berbeda, url AS alamat,
    article_id AS id, event_id AS kejadian
FROM compared
ORDER BY differs DESC, tanggal DESC, id, n
