-- The officials of `told_officials` with all articles that name them: their offices in the order of time.
INSERT INTO published.registry
WITH named AS (
    SELECT o.official_id, o.article_id, o.name, o.institution, o.category,
        nullif(concat_ws(' ', o.status_prefix, o.role), '') AS role, coalesce(a.outlet, a.source) AS outlet,
        left(a.event_place, 5) AS regency, day_of(a.day, a.first_seen, a.utc_offset) AS day
    FROM published.officials o JOIN published.articles a USING (article_id)
    WHERE o.rowid IN (SELECT rowid FROM published.officials SEMI JOIN told_officials USING (official_id))
),
offices AS (
    SELECT official_id, list(role ORDER BY since, role) AS roles
    FROM (SELECT official_id, role, min(day) AS since FROM named WHERE role IS NOT NULL GROUP BY official_id, role)
    GROUP BY official_id
)
SELECT n.official_id, max_by(n.name, (length(n.name), n.name)), max(n.institution), max(n.category),
    CASE WHEN count(DISTINCT n.regency) = 1 AND length(min(n.regency)) = 5 THEN min(n.regency) END,
    coalesce(any_value(o.roles), []), count(DISTINCT n.article_id), count(DISTINCT n.outlet), min(n.day), max(n.day)
FROM named n LEFT JOIN offices o USING (official_id)
GROUP BY n.official_id
