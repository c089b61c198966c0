WITH asked AS (SELECT row FROM articles_where($f) SEMI JOIN revisions USING (article_id)),
chosen AS (
    SELECT article_id, outlet, title, url, page_sha256 FROM articles WHERE rowid IN (SELECT row FROM asked)
)
SELECT r.seen_at AS terlihat, c.outlet AS media, c.title AS judul, r.n AS keadaan,
    count(*) FILTER (r.change = 'removed') AS alinea_dihapus, count(*) FILTER (r.change = 'added') AS alinea_ditambah,
    bool_or(r.paragraph = 0) AS judul_berubah,
    string_agg(r.text, ' ¶ ' ORDER BY r.paragraph) FILTER (r.change = 'removed') AS dihapus,
    string_agg(r.text, ' ¶ ' ORDER BY r.paragraph) FILTER (r.change = 'added') AS ditambahkan, c.url AS alamat,
    c.page_sha256 AS sha256, c.article_id AS id
FROM revisions r JOIN chosen c USING (article_id)
GROUP BY r.seen_at, r.n, c.outlet, c.title, c.url, c.page_sha256, c.article_id
ORDER BY terlihat DESC, id, keadaan
LIMIT $limit
