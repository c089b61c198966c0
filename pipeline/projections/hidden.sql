-- The names to hide in each article of `asked`. A name that one article gives for an accused person holds for
-- every article about the same event, and a name once read stays hidden, even where a later model no longer
-- takes its bearer for accused. The parameter lists the categories of accused that are no persons.
CREATE OR REPLACE TEMP TABLE hidden AS
WITH touched AS (SELECT DISTINCT event_id FROM event_members SEMI JOIN asked USING (article_id)),
near AS (
    SELECT article_id FROM asked
    UNION
    SELECT article_id FROM event_members SEMI JOIN touched USING (event_id)
),
readings AS (SELECT extraction_id, article_id FROM extractions SEMI JOIN near USING (article_id)),
own AS (
    SELECT r.article_id, t.name FROM readings r JOIN case_terlapor t USING (extraction_id)
    WHERE t.name IS NOT NULL AND NOT list_contains(?, coalesce(t.category, ''))
    UNION
    SELECT r.article_id, o.name FROM readings r JOIN officials o USING (extraction_id)
    WHERE o.capacity = 'terlapor'
),
by_event AS (
    SELECT DISTINCT m.event_id, own.name
    FROM event_members m SEMI JOIN touched USING (event_id) JOIN own USING (article_id)
),
shared AS (
    SELECT m.article_id, b.name FROM event_members m JOIN by_event b USING (event_id)
    UNION
    SELECT article_id, name FROM own
)
SELECT article_id, list_sort(list(name)) AS names, 
    md5((SELECT salt FROM salts) || array_to_string(list_sort(list(name)), chr(31))) AS mask_key
FROM shared SEMI JOIN asked USING (article_id)
GROUP BY article_id
