WITH current_cases AS (
    SELECT a.article_id, chunk.month, c.* FROM chunk JOIN articles a USING (article_id) JOIN cases c USING (extraction_id)
),
accused AS (
    SELECT case_id, list(name ORDER BY n) FILTER (name IS NOT NULL) AS terlapor,
        list(role ORDER BY n) FILTER (role IS NOT NULL) AS jabatan,
        list_sort(list(DISTINCT category) FILTER (category IS NOT NULL)) AS categories
    FROM case_terlapor SEMI JOIN current_cases USING (case_id)
    GROUP BY case_id
),
decided AS (
    SELECT case_id, list(track || '=' || value ORDER BY track) AS outcomes
    FROM case_outcomes SEMI JOIN current_cases USING (case_id)
    GROUP BY case_id
)
SELECT c.case_id, c.article_id, c.n, c.types, c.bentuk, coalesce(a.terlapor, []) AS terlapor,
    coalesce(a.jabatan, []) AS jabatan, coalesce(a.categories, []) AS categories, c.korban, c.reporter, c.place,
    c.event_date, c.origin, c.stage, c.next_announced, coalesce(d.outcomes, []) AS outcomes, c.forum, c.reg_no,
    c.sanction, c.denial, c.legal_refs, c.confidence, r.review, r.role AS review_role, r.reviewed_at, c.month
FROM current_cases c
LEFT JOIN accused a USING (case_id)
LEFT JOIN decided d USING (case_id)
LEFT JOIN reviewed_extractions r USING (extraction_id)
