-- Whoever was sanctioned on another track, while the criminal one was stopped or runs on, was sentenced by no court.
WITH chosen AS (
    SELECT * FROM events_where($f)
    WHERE kind = 'kasus' AND stage_rank BETWEEN 80 AND 90
    AND (list_contains(outcomes, 'pidana=terbukti') OR list_contains(outcomes, 'pidana=tidak_terbukti')
        OR outcomes = ['pidana=belum'])
    ORDER BY last_day DESC, event_id
    LIMIT $limit
),
told AS (
    SELECT m.event_id, list_sort(list_distinct(flatten(list(c.legal_refs)))) AS refs,
        max_by(c.sanction, (c.sanction IS NOT NULL, a.moment)) FILTER (len(list_filter(c.outcomes, lambda o:
            starts_with(o, 'pidana=') AND NOT ends_with(o, '=dihentikan'))) > 0) AS sanction,
        list_sort(list_distinct(flatten(list(c.forum)))) AS forums
    FROM event_members m SEMI JOIN chosen USING (event_id) JOIN cases c USING (case_id)
    JOIN (SELECT article_id, coalesce(published, first_seen) AS moment FROM articles) a ON a.article_id = c.article_id
    GROUP BY m.event_id
)
SELECT e.last_day AS tanggal,
    CASE WHEN list_contains(e.outcomes, 'pidana=tidak_terbukti') THEN status_of(false, 'putusan_sanksi', ['pidana=tidak_terbukti'])
        ELSE status_of(e.decided, e.stage, e.outcomes) END AS status,
    type_names(e.types) AS jenis,
    place_name(e.place) AS wilayah, e.place AS kode, array_to_string(t.refs, '; ') AS pasal, t.sanction AS hukuman,
    labels_of('forum', t.forums) AS lembaga,
    label_of('stage', e.stage) AS tahap, e.event_id AS kejadian
FROM chosen e LEFT JOIN told t USING (event_id)
ORDER BY e.last_day DESC, e.event_id
