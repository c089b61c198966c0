WITH chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus' AND (any_within(types, 'kode_etik') OR any_within(categories, 'kpu') OR any_within(categories, 'bawaslu'))
    ORDER BY first_day DESC NULLS LAST, event_id
    LIMIT $limit
)
SELECT e.first_day AS tanggal, status_of(e.decided, e.stage, e.outcomes) AS status,
    labels_of('office', e.categories) AS jabatan,
    type_names(e.types) AS jenis, place_name(e.place) AS wilayah, e.place AS kode, label_of('stage', e.stage) AS tahap,
    e.denial AS dibantah, e.articles AS artikel, e.outlets AS media, e.event_id AS kejadian
FROM chosen e
ORDER BY e.first_day DESC NULLS LAST, e.event_id
