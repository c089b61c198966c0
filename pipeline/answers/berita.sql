WITH chosen AS (
    SELECT row FROM articles_where($f)
    WHERE $jenis_berita IS NULL OR kind = $jenis_berita
    ORDER BY day_of(day, first_seen, utc_offset) DESC, first_seen DESC, article_id
    LIMIT $limit
),
found AS (SELECT * FROM articles WHERE rowid IN (SELECT row FROM chosen))
SELECT c.day AS tanggal, c.outlet AS media, c.title AS judul, label_of('kind', c.kind) AS jenis_berita,
    type_names(c.types) AS jenis, place_name(c.event_place) AS wilayah, c.event_place AS kode,
    round(c.confidence, 2) AS keyakinan, c.url AS alamat, c.page_sha256 AS sha256, c.article_id AS id,
    m.event_id AS kejadian
FROM found c
LEFT JOIN (SELECT article_id, event_id FROM event_members SEMI JOIN found USING (article_id) WHERE is_primary) m
    ON m.article_id = c.article_id
ORDER BY day_of(c.day, c.first_seen, c.utc_offset) DESC, c.first_seen DESC, c.article_id
