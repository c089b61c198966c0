-- Why a case was stopped or not registered, by the cues of data/taxonomy/stop_reasons.toml in its articles: what
-- `stopped_texts` holds is looked through for one reason after the other (pipeline/prepared.py).
DELETE FROM published.stop_reasons
WHERE event_id IN (SELECT event_id FROM touched_events) OR event_id NOT IN (SELECT event_id FROM events);

CREATE OR REPLACE TEMP TABLE stopped_texts AS
WITH stopped AS (
    SELECT event_id FROM published.events SEMI JOIN touched_events USING (event_id)
    WHERE kind = 'kasus' AND (stage IN ('dihentikan', 'tidak_diregistrasi')
        OR len(list_filter(outcomes, lambda o: regexp_matches(o, '=(dihentikan|tidak_diregistrasi|dicabut)$'))) > 0)
),
members AS (SELECT event_id, article_id FROM published.event_members SEMI JOIN stopped USING (event_id)),
texts AS (
    SELECT article_id, text FROM published.articles
    WHERE rowid IN (SELECT a.rowid FROM published.articles a SEMI JOIN members USING (article_id))
)
SELECT event_id, lower(text) AS text FROM members JOIN texts USING (article_id);
