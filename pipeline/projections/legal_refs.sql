SELECT a.article_id, t.n, t.start_at, t.end_at, t.text, t.normal, t.conflict, month
FROM chunk JOIN articles a USING (article_id) JOIN legal_refs t USING (extraction_id)
