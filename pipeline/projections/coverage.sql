INSERT INTO published.coverage
WITH read AS (SELECT DISTINCT page_id FROM article_pages),
refused AS (SELECT DISTINCT page_id FROM refusals)
SELECT p.source, CAST(p.fetched_at AS DATE) AS day, count(*) AS pages, count(r.page_id) AS articles,
    count(f.page_id) FILTER (r.page_id IS NULL) AS refused
FROM pages p LEFT JOIN read r USING (page_id) LEFT JOIN refused f USING (page_id)
GROUP BY p.source, CAST(p.fetched_at AS DATE)
