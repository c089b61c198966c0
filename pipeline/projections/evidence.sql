SELECT a.article_id, t.case_id, t.n, t.start_at, t.end_at, t.text, month
FROM chunk JOIN articles a USING (article_id) JOIN case_evidence t USING (extraction_id)
