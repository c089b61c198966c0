-- The crawl ledger, version 1. Times are UTC, 'YYYY-MM-DDTHH:MM:SS+00:00', so that text order is time order.

CREATE TABLE pages (
    id            INTEGER PRIMARY KEY,
    source        TEXT NOT NULL,
    article_url   TEXT NOT NULL,               -- the article's identity (canonical form)
    part          INTEGER NOT NULL DEFAULT 1,  -- page number in the article
    url           TEXT NOT NULL,               -- the address to fetch, as the site prints it
    state         TEXT NOT NULL
                  CHECK (state IN ('discovered', 'queued', 'archived', 'skipped', 'failed', 'gone')),
    reason        TEXT,
    hints         TEXT,                        -- JSON of crawler.records.Hints
    lastmod       TEXT,                        -- last change as the site states it
    found_at      TEXT NOT NULL,
    found_run     TEXT NOT NULL,
    due_at        TEXT,                        -- when to ask again; NULL: never (waiting pages are always due)
    attempts      INTEGER NOT NULL DEFAULT 0,  -- failures since the last success
    first_fetched TEXT,
    fetched_at    TEXT,
    etag          TEXT,
    modified      TEXT,                        -- Last-Modified header
    capture       INTEGER REFERENCES captures (id),  -- the newest capture that holds a body
    UNIQUE (article_url, part),
    CHECK ((state IN ('skipped', 'failed')) = (reason IS NOT NULL)),
    CHECK (state <> 'archived' OR capture IS NOT NULL)
) STRICT;
CREATE INDEX pages_waiting ON pages (source, id) WHERE state IN ('discovered', 'queued');
CREATE INDEX pages_due ON pages (source, due_at) WHERE due_at IS NOT NULL;

-- The manifest: one row a record of the archive that holds (or, for a revisit, refers to) a page's body.
CREATE TABLE captures (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT NOT NULL,
    run          TEXT NOT NULL,
    url          TEXT NOT NULL,
    article_url  TEXT NOT NULL,
    part         INTEGER NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('response', 'revisit', 'resource')),
    status       INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    fetched_at   TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    warc         TEXT NOT NULL,
    offset       INTEGER NOT NULL,
    length       INTEGER NOT NULL,
    hints        TEXT,
    UNIQUE (warc, offset)
) STRICT;
CREATE INDEX captures_source ON captures (source, id);
CREATE INDEX captures_article ON captures (article_url, id);
CREATE INDEX captures_url ON captures (url, sha256);

CREATE TABLE runs (
    id         TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    status     TEXT NOT NULL CHECK (status IN ('running', 'finished', 'stopped', 'failed', 'lost')),
    detail     TEXT,
    options    TEXT NOT NULL                   -- JSON
) STRICT;

-- How one source fared in one run; `complete` says that its discovery was read to the end.
CREATE TABLE run_sources (
    run      TEXT NOT NULL,
    source   TEXT NOT NULL,
    night    TEXT NOT NULL,                    -- local date of the evening on which the night began
    complete INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,       -- discovery pages that were read (304 included)
    problem  TEXT,
    ended_at TEXT,
    PRIMARY KEY (run, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_sources_source ON run_sources (source, run);

-- What became of pages in a run: discovered, fetched, changed, unchanged, gone, skipped, failed.
CREATE TABLE outcomes (
    run     TEXT NOT NULL,
    source  TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason  TEXT NOT NULL DEFAULT '',
    n       INTEGER NOT NULL,
    PRIMARY KEY (run, source, outcome, reason)
) STRICT, WITHOUT ROWID;

-- Requests as they went out, added up per run, source and host.
CREATE TABLE requests (
    run      TEXT NOT NULL,
    source   TEXT NOT NULL,
    host     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('robots', 'listing', 'page')),
    result   TEXT NOT NULL,                    -- 2xx, 304, 3xx, 4xx, 429, 5xx, or the network's failure
    requests INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,                 -- of bodies as sent
    PRIMARY KEY (run, source, host, kind, result)
) STRICT, WITHOUT ROWID;

-- The state of each discovery page: what to ask conditionally, and whether it still says anything.
CREATE TABLE listings (
    source     TEXT NOT NULL,
    url        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    etag       TEXT,
    modified   TEXT,
    follow     TEXT,                           -- JSON of the further pages it named, for a 304
    checked_at TEXT NOT NULL,
    read_at    TEXT,                           -- last time that it could be read (304 included)
    status     INTEGER,
    entries    INTEGER NOT NULL DEFAULT 0,
    newest     TEXT,                           -- newest article time seen there
    problem    TEXT,
    failures   INTEGER NOT NULL DEFAULT 0,     -- in a row
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
