WITH chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus' AND list_contains(types, 'wewenang.mutasi')
    ORDER BY first_day DESC NULLS LAST, event_id
    LIMIT $limit
)
SELECT e.first_day AS tanggal, e.act_day AS hari_mutasi, status_of(e.decided, e.stage, e.outcomes) AS status, place_name(e.place) AS wilayah,
    e.place AS kode, label_of('stage', e.stage) AS tahap, e.articles AS artikel, e.outlets AS media, a.title AS judul,
    e.event_id AS kejadian
FROM chosen e LEFT JOIN articles a ON a.article_id = e.first_article
ORDER BY e.first_day DESC NULLS LAST, e.event_id
