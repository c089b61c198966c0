SELECT a.article_id, t.n, t.value, t.unit, t.measure, t.area, t.as_of, t.approx, t.speaker, t.start_at, t.end_at, month
FROM chunk JOIN articles a USING (article_id) JOIN stats t USING (extraction_id)
