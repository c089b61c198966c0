WITH newest AS (
    SELECT a.row, s.stat
    FROM (SELECT row, article_id, day FROM articles_where($f)) a
    JOIN (SELECT rowid AS stat, article_id, n FROM stats) s USING (article_id)
    ORDER BY a.day DESC, a.article_id, s.n
    LIMIT $limit
),
chosen AS (
    SELECT a.article_id, a.day, a.first_seen, a.utc_offset, a.outlet, a.url, s.n, s.value, s.unit, s.measure, s.area, s.as_of,
        s.approx, s.speaker
    FROM (SELECT * FROM articles WHERE rowid IN (SELECT row FROM newest)) a
    JOIN (SELECT * FROM stats WHERE rowid IN (SELECT stat FROM newest)) s USING (article_id)
),
told AS (
    SELECT c.*, m.event_id FROM chosen c
    LEFT JOIN (SELECT article_id, event_id FROM event_members SEMI JOIN chosen USING (article_id) WHERE is_primary) m
        USING (article_id)
),
-- with every article of the same event, also where those asked for are of one outlet or cut off
stated AS (
    SELECT m.event_id, s.unit, s.measure, s.area, s.as_of, a.outlet, list(DISTINCT s.value) AS figures
    FROM (SELECT event_id, article_id FROM event_members SEMI JOIN told USING (event_id) WHERE is_primary) m
    JOIN (SELECT article_id, outlet FROM articles) a USING (article_id) JOIN stats s USING (article_id)
    GROUP BY ALL
),
-- two outlets differ where each states a figure that the other does not: one article may state several
beside AS (
    SELECT DISTINCT a.event_id, a.unit, a.measure, a.area, a.as_of
    FROM stated a JOIN stated b ON b.event_id = a.event_id AND b.unit = a.unit AND b.outlet > a.outlet
        AND b.measure IS NOT DISTINCT FROM a.measure AND b.area IS NOT DISTINCT FROM a.area
        AND b.as_of IS NOT DISTINCT FROM a.as_of
    WHERE NOT list_has_all(a.figures, b.figures) AND NOT list_has_all(b.figures, a.figures)
),
compared AS (
    SELECT t.*, b.event_id IS NOT NULL AS differs
    FROM told t LEFT JOIN beside b ON b.event_id = t.event_id AND b.unit = t.unit
        AND b.measure IS NOT DISTINCT FROM t.measure AND b.area IS NOT DISTINCT FROM t.area
        AND b.as_of IS NOT DISTINCT FROM t.as_of
)
SELECT day_of(day, first_seen, utc_offset) AS tanggal, value AS angka,
    CASE unit WHEN 'tps' THEN 'TPS' ELSE unit END AS satuan, measure AS ukuran, area AS wilayah,
    as_of AS per_tanggal, approx AS kira_kira, speaker AS menurut, outlet AS media, differs AS berbeda, url AS alamat,
    article_id AS id, event_id AS kejadian
FROM compared
ORDER BY differs DESC, tanggal DESC, id, n
