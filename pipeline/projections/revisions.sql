-- What an outlet changed in its article: the paragraphs that each later state dropped and added; the headline is
-- paragraph 0. A state is sighted with its newest page (one of a single page, with each of its pages). Where one
-- page was read several times, the last reading counts, so that a better cleaning is no change by the outlet.
WITH changed_often AS (
    SELECT article_id FROM article_versions SEMI JOIN chunk USING (article_id) GROUP BY article_id HAVING count(*) > 1
),
linked AS (
    SELECT v.article_id, v.version_id, p.fetched_at,
        max(p.part) OVER (PARTITION BY v.version_id) AS parts,
        max(p.fetched_at) OVER (PARTITION BY v.version_id) AS newest
    FROM changed_often JOIN article_versions v USING (article_id)
    JOIN article_pages USING (version_id) JOIN pages p USING (page_id)
),
readings AS (
    SELECT version_id, max(read_at) AS read_at FROM extractions SEMI JOIN changed_often USING (article_id) GROUP BY version_id
),
sighted AS (
    SELECT article_id, fetched_at, arg_max(version_id, read_at) AS version_id
    FROM linked JOIN readings USING (version_id)
    WHERE parts = 1 OR fetched_at = newest
    GROUP BY article_id, fetched_at
),
steps AS (
    SELECT *, lag(version_id) OVER (PARTITION BY article_id ORDER BY fetched_at) AS before FROM sighted
),
changes AS (
    SELECT s.article_id, row_number() OVER (PARTITION BY s.article_id ORDER BY s.fetched_at) + 1 AS n,
        s.fetched_at AS seen_at,
        [coalesce(o.title, '')] || string_split(o.text, chr(10) || chr(10)) AS old,
        [coalesce(v.title, '')] || string_split(v.text, chr(10) || chr(10)) AS new
    FROM steps s
    JOIN article_versions o ON o.version_id = s.before
    JOIN article_versions v ON v.version_id = s.version_id
    WHERE s.before <> s.version_id
),
lines AS (
    SELECT article_id, n, seen_at, 'removed' AS change, old AS paragraphs,
        unnest(list_filter(range(1, len(old) + 1), lambda i: NOT list_contains(new, old[i]))) AS i
    FROM changes
    UNION ALL
    SELECT article_id, n, seen_at, 'added', new,
        unnest(list_filter(range(1, len(new) + 1), lambda i: NOT list_contains(old, new[i])))
    FROM changes
)
SELECT article_id, n::INTEGER AS n, seen_at, change, (i - 1)::INTEGER AS paragraph, paragraphs[i] AS text, month
FROM lines JOIN chunk USING (article_id)
ORDER BY article_id, n, change DESC, i
