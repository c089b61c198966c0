-- Brings a crawl ledger of version 1 to version 2: what waits is asked by how new it is, not by when it was found.

ALTER TABLE pages ADD COLUMN news_at TEXT NOT NULL DEFAULT '';
ALTER TABLE pages ADD COLUMN printed TEXT;
DROP INDEX pages_waiting;
UPDATE pages SET news_at = min(found_at, coalesce(
    strftime('%Y-%m-%dT%H:%M:%S+00:00', hints ->> 'published'),
    lastmod,
    -- as crawler.changes guesses: a sitemap that states no times may list anything
    CASE hints ->> 'origin' WHEN 'sitemap' THEN strftime('%Y-%m-%dT%H:%M:%S+00:00', found_at, '-365 days') ELSE found_at END
));
CREATE INDEX pages_waiting ON pages (source, news_at, id) WHERE state IN ('discovered', 'queued');

PRAGMA user_version = 2;
