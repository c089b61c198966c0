-- Why a case was stopped or not registered, by the cues of data/taxonomy/stop_reasons.toml in its articles.
DELETE FROM published.stop_reasons
WHERE event_id IN (SELECT event_id FROM touched_events) OR event_id NOT IN (SELECT event_id FROM events);

INSERT INTO published.stop_reasons
WITH stopped AS (
    SELECT event_id FROM published.events SEMI JOIN touched_events USING (event_id)
    WHERE kind = 'kasus' AND (stage IN ('dihentikan', 'tidak_diregistrasi')
        OR len(list_filter(outcomes, lambda o: regexp_matches(o, '=(dihentikan|tidak_diregistrasi|dicabut)$'))) > 0)
),
told AS (
    SELECT m.event_id, lower(a.text) AS text
    FROM published.event_members m SEMI JOIN stopped USING (event_id) JOIN published.articles a USING (article_id)
),
reasons AS (SELECT unnest(getvariable('stop_reasons'), recursive := true))
SELECT DISTINCT t.event_id, r.id FROM told t, reasons r WHERE regexp_matches(t.text, r.cues)
UNION ALL
SELECT event_id, 'tidak_disebut' FROM stopped
WHERE event_id NOT IN (SELECT t.event_id FROM told t, reasons r WHERE regexp_matches(t.text, r.cues));
