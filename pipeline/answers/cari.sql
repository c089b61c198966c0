WITH chosen AS (
    SELECT a.row, h.n FROM articles_where($f) a JOIN search_hits h USING (article_id)
    ORDER BY h.n
    LIMIT $limit
),
found AS (
    SELECT a.*, c.n FROM (SELECT rowid AS row, * FROM articles WHERE rowid IN (SELECT row FROM chosen)) a
    JOIN chosen c USING (row)
)
SELECT c.day AS tanggal, c.outlet AS media, c.title AS judul, c.text AS cuplikan,
    label_of('kind', c.kind) AS jenis_berita, type_names(c.types) AS jenis, place_name(c.event_place) AS wilayah,
    c.event_place AS kode, c.url AS alamat, c.page_sha256 AS sha256, c.article_id AS id, m.event_id AS kejadian,
    CASE m.part WHEN 'utama' THEN 'ya' ELSE m.part END AS dihitung
FROM found c
LEFT JOIN (SELECT article_id, event_id, part FROM event_members SEMI JOIN found USING (article_id) WHERE is_primary) m
    ON m.article_id = c.article_id
ORDER BY c.n
