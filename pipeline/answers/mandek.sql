WITH now AS (SELECT coalesce($per::DATE, max(last_day)) AS day FROM outlets),
chosen AS (
    SELECT e.*, date_diff('day', e.last_day, now.day) AS silent
    FROM events_where($f) e, now
    WHERE kind = 'kasus' AND NOT is_closed(stage) AND stage_rank < 80 AND date_diff('day', last_day, now.day) > $hari
    ORDER BY e.last_day DESC, e.event_id
    LIMIT $limit
)
SELECT last_day AS terakhir, silent AS hari, status_of(decided, stage, outcomes) AS status, type_names(types) AS jenis,
    place_name(place) AS wilayah, place AS kode, label_of('stage', stage) AS tahap, articles AS artikel,
    outlets AS media, event_id AS kejadian
FROM chosen
ORDER BY last_day DESC, event_id
