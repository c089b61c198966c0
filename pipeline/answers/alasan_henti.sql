WITH stopped AS (
    SELECT r.event_id, r.reason FROM stop_reasons r SEMI JOIN (SELECT event_id FROM events_where($f)) USING (event_id)
)
SELECT CASE reason WHEN 'tidak_disebut' THEN '(alasan tidak disebut)' ELSE label_of('reason', reason) END AS alasan,
    reason AS id, count(*) AS kasus, (SELECT count(DISTINCT event_id) FROM stopped) AS semua
FROM stopped
GROUP BY reason
ORDER BY kasus DESC, id
