-- Unsorted: a million rows take as long to sort as to find.
SELECT a.article_id AS id, coalesce(m.event_id, a.article_id) AS event_id
FROM articles a LEFT JOIN event_members m ON m.article_id = a.article_id AND m.is_primary
