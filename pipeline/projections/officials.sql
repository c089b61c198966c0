SELECT a.article_id, t.n, t.name, t.role, t.institution, t.jurisdiction, t.category, t.status_prefix, t."rank",
    t.capacity, t.start_at, t.end_at, i.official_id, month
FROM chunk JOIN articles a USING (article_id) JOIN officials t USING (extraction_id)
LEFT JOIN official_ids i ON i.extraction_id = t.extraction_id AND i.n = t.n
