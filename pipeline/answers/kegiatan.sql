WITH chosen AS (
    SELECT * FROM events_where($f) WHERE kind = 'pencegahan'
    ORDER BY first_day DESC NULLS LAST, event_id
    LIMIT $limit
)
SELECT e.first_day AS tanggal, e.event_date AS hari_kegiatan, place_name(e.place) AS wilayah, e.place AS kode,
    e.participants AS peserta,
    a.title AS judul, e.articles AS artikel, e.outlets AS media, e.event_id AS kejadian
FROM chosen e LEFT JOIN articles a ON a.article_id = e.first_article
ORDER BY e.first_day DESC NULLS LAST, e.event_id
