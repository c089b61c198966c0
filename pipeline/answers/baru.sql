WITH chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus'
    ORDER BY first_day DESC NULLS LAST, event_id
    LIMIT $limit
),
-- of this case alone: its first article may tell others too
told AS (
    SELECT c.event_id, min_by(v.text, (v.case_id, v.n)) AS text
    FROM chosen c JOIN event_members m ON m.event_id = c.event_id AND m.article_id = c.first_article
    JOIN evidence v ON v.article_id = m.article_id AND v.case_id = m.case_id
    GROUP BY c.event_id
)
SELECT
    e.first_day AS tanggal, status_of(e.decided, e.stage, e.outcomes) AS status, type_names(e.types) AS jenis, place_name(e.place) AS wilayah,
    e.place AS kode, label_of('stage', e.stage) AS tahap, e.articles AS artikel, e.outlets AS media,
    e.independent_texts AS naskah, a.title AS judul, t.text AS bukti, e.event_id AS kejadian
FROM chosen e
LEFT JOIN articles a ON a.article_id = e.first_article
LEFT JOIN told t ON t.event_id = e.event_id
ORDER BY e.first_day DESC NULLS LAST, e.event_id
