SELECT article_id, n, label, start_at, end_at, text, code, codes, iso, "precision", role, function, method, conflict, month
FROM chunk_mentions
WHERE current
