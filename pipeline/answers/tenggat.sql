WITH now AS (SELECT coalesce($per::DATE, max(last_day)) AS day FROM outlets)
SELECT e.first_day AS pertama, e.last_day AS terakhir, now.day AS hari_ini, status_of(e.decided, e.stage, e.outcomes) AS status,
    type_names(e.types) AS jenis, place_name(e.place) AS wilayah, e.place AS kode, label_of('stage', e.stage) AS tahap,
    e.stage AS id_tahap, e.election AS pemilihan, e.outlets AS media, e.event_id AS kejadian
FROM events_where($f) e, now
WHERE kind = 'kasus' AND e.stage IN (SELECT unnest($tahapan_kasus)) AND e.last_day BETWEEN now.day - $hari AND now.day
ORDER BY e.last_day DESC, e.event_id
