SELECT a.article_id, t.case_id, t.n, t.name, t.role, t.category, t.persons, month
FROM chunk JOIN articles a USING (article_id) JOIN case_terlapor t USING (extraction_id)
