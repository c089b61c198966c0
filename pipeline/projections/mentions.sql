SELECT a.article_id, t.n, t.label, t.start_at, t.end_at, t.text, t.code, t.codes, t.iso, t."precision", t.role,
    t.function, t.method, t.conflict
FROM chunk JOIN articles a USING (article_id) JOIN mentions t USING (extraction_id)
