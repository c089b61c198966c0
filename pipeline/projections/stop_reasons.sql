-- Why a case was stopped or not registered, by the cues of data/taxonomy/stop_reasons.toml in its articles: what
-- `stopped_texts` holds is looked through for one reason after the other (pipeline/prepared.py).
DELETE FROM published.stop_reasons
WHERE event_id IN (SELECT event_id FROM touched_events) OR event_id NOT IN (SELECT event_id FROM events);

CREATE OR REPLACE TEMP TABLE stopped_texts AS
SELECT e.event_id, lower(a.text) AS text
FROM (
    SELECT event_id FROM published.events SEMI JOIN touched_events USING (event_id)
    WHERE kind = 'kasus' AND (stage IN ('dihentikan', 'tidak_diregistrasi')
        OR len(list_filter(outcomes, lambda o: regexp_matches(o, '=(dihentikan|tidak_diregistrasi|dicabut)$'))) > 0)
) e
JOIN published.event_members m USING (event_id) JOIN published.articles a USING (article_id);
