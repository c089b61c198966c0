-- What reviewers said, oldest first; a text that the snapshot no longer has is told apart by its decision.
SELECT coalesce(article_id, 'keputusan ' || batch) AS text, reviewer, reviewed_at, drawn, review, withdrawn, kind_read,
    kind, types_read, types, cases_read, cases
FROM reviews
ORDER BY batch
