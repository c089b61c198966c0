WITH chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus' AND outlets >= $minimal AND NOT list_has_any(origins, ['laporan', 'temuan', 'pelimpahan'])
    AND stage_rank < 20
    ORDER BY outlets DESC, last_day DESC, event_id
    LIMIT $limit
)
SELECT e.first_day AS pertama, e.last_day AS terakhir, status_of(e.decided, e.stage, e.outcomes) AS status, type_names(e.types) AS jenis,
    place_name(e.place) AS wilayah, e.place AS kode, label_of('stage', e.stage) AS tahap, e.outlets AS media,
    e.independent_texts AS naskah, e.articles AS artikel, a.title AS judul, e.event_id AS kejadian
FROM chosen e LEFT JOIN articles a ON a.article_id = e.first_article
ORDER BY e.outlets DESC, e.last_day DESC, e.event_id
