-- The work file (var/store/work.duckdb): everything that was read, with its history. One process writes it;
-- readers open published snapshots (published.sql). data/README.md documents each table and column.
-- A change here needs a step in migrations/ and a higher number; ids are the hashes of pipeline/ids.py.
-- Times are UTC without a zone; `utc_offset` keeps their Indonesian zone in minutes: the one stated, else the source's.

CREATE TABLE schema_versions (
    version    INTEGER PRIMARY KEY,
    applied_at TIMESTAMP NOT NULL
);

CREATE SEQUENCE revisions;

-- A random word of this file: fingerprints of names that are published cannot be guessed without it.
CREATE TABLE salts (salt VARCHAR NOT NULL);

CREATE TABLE regions (
    code   VARCHAR PRIMARY KEY,
    level  VARCHAR NOT NULL CHECK (level IN ('province', 'regency', 'district', 'village')),
    name   VARCHAR NOT NULL,
    parent VARCHAR
);

CREATE TABLE sources (
    source   VARCHAR PRIMARY KEY,
    name     VARCHAR NOT NULL,
    domains  VARCHAR[] NOT NULL,
    home     VARCHAR,
    zone     VARCHAR,
    language VARCHAR,
    verified BOOLEAN NOT NULL,
    invented BOOLEAN NOT NULL
);

CREATE TABLE runs (
    run_id        VARCHAR PRIMARY KEY,
    command       VARCHAR NOT NULL,
    model_version VARCHAR,
    started_at    TIMESTAMP NOT NULL,
    ended_at      TIMESTAMP,
    counts        VARCHAR,
    problem       VARCHAR,
    CHECK (ended_at IS NULL OR ended_at >= started_at)
);

CREATE TABLE pages (
    page_id      VARCHAR PRIMARY KEY,
    capture_id   BIGINT NOT NULL,
    source       VARCHAR NOT NULL,
    crawl_run    VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    article_url  VARCHAR NOT NULL,
    part         INTEGER NOT NULL CHECK (part >= 1),
    kind         VARCHAR NOT NULL CHECK (kind IN ('response', 'revisit', 'resource')),
    status       INTEGER NOT NULL,
    content_type VARCHAR NOT NULL,
    fetched_at   TIMESTAMP NOT NULL,
    sha256       VARCHAR NOT NULL CHECK (length(sha256) = 64),
    warc         VARCHAR NOT NULL,
    warc_offset  BIGINT NOT NULL CHECK (warc_offset >= 0),
    warc_length  BIGINT NOT NULL CHECK (warc_length >= 0)
);

CREATE TABLE refusals (
    page_id       VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    url           VARCHAR,
    reason        VARCHAR NOT NULL,
    detail        VARCHAR NOT NULL,
    refused_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (page_id, model_version)
);

CREATE TABLE articles (
    article_id    VARCHAR PRIMARY KEY,
    url           VARCHAR,
    source        VARCHAR,
    outlet        VARCHAR,
    version_id    VARCHAR NOT NULL,
    extraction_id VARCHAR,
    first_seen    TIMESTAMP NOT NULL,
    seen_at       TIMESTAMP NOT NULL,
    revision      BIGINT NOT NULL
);

CREATE TABLE article_versions (
    version_id VARCHAR PRIMARY KEY,
    article_id VARCHAR NOT NULL,
    text_hash  VARCHAR NOT NULL CHECK (length(text_hash) = 64),
    title      VARCHAR,
    author     VARCHAR,
    published  TIMESTAMP,
    modified   TIMESTAMP,
    utc_offset SMALLINT,
    dateline   VARCHAR,
    text       VARCHAR NOT NULL,
    language   VARCHAR NOT NULL,
    quality    DOUBLE NOT NULL CHECK (quality BETWEEN 0 AND 1),
    flags      VARCHAR[] NOT NULL,
    provenance VARCHAR NOT NULL,
    dropped    VARCHAR NOT NULL,
    seen_at    TIMESTAMP NOT NULL
);

CREATE TABLE article_pages (
    version_id VARCHAR NOT NULL,
    page_id    VARCHAR NOT NULL,
    PRIMARY KEY (version_id, page_id)
);

CREATE TABLE extractions (
    extraction_id VARCHAR PRIMARY KEY,
    version_id    VARCHAR NOT NULL,
    article_id    VARCHAR NOT NULL,
    model_version VARCHAR NOT NULL,
    run_id        VARCHAR,
    read_at       TIMESTAMP NOT NULL,
    kind          VARCHAR NOT NULL CHECK (kind IN ('pelanggaran', 'pencegahan', 'informasi', 'lainnya')),
    confidence    DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    flags         VARCHAR[] NOT NULL,
    election      VARCHAR,
    types         VARCHAR[] NOT NULL,
    bentuk        VARCHAR[] NOT NULL,
    event_date    VARCHAR,
    event_place   VARCHAR,
    roles_present VARCHAR[] NOT NULL,
    why           VARCHAR[] NOT NULL
);

CREATE TABLE mentions (
    extraction_id VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    label         VARCHAR NOT NULL CHECK (label IN ('per', 'role', 'org', 'loc', 'date', 'law')),
    start_at      INTEGER NOT NULL CHECK (start_at >= 0),
    end_at        INTEGER NOT NULL,
    text          VARCHAR NOT NULL,
    code          VARCHAR,
    codes         VARCHAR[] NOT NULL,
    iso           VARCHAR,
    "precision"   VARCHAR,
    role          VARCHAR,
    function      VARCHAR,
    method        VARCHAR,
    conflict      VARCHAR,
    CHECK (end_at > start_at)
);

CREATE VIEW places AS
SELECT extraction_id, n, start_at, end_at, text, code, codes, function, method, conflict
FROM mentions WHERE label = 'loc';

CREATE VIEW dates AS
SELECT extraction_id, n, start_at, end_at, text, iso, "precision", role, method, conflict
FROM mentions WHERE label = 'date';

CREATE TABLE officials (
    extraction_id VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    name          VARCHAR NOT NULL,
    role          VARCHAR,
    institution   VARCHAR,
    jurisdiction  VARCHAR,
    category      VARCHAR,
    status_prefix VARCHAR,
    "rank"        VARCHAR,
    capacity      VARCHAR NOT NULL,
    start_at      INTEGER NOT NULL CHECK (start_at >= 0),
    end_at        INTEGER NOT NULL,
    CHECK (end_at > start_at)
);

CREATE TABLE cases (
    case_id        VARCHAR PRIMARY KEY,
    extraction_id  VARCHAR NOT NULL,
    n              INTEGER NOT NULL,
    types          VARCHAR[] NOT NULL,
    bentuk         VARCHAR[] NOT NULL,
    korban         VARCHAR,
    reporter       VARCHAR,
    place          VARCHAR,
    event_date     VARCHAR,
    origin         VARCHAR,
    stage          VARCHAR NOT NULL,
    next_announced VARCHAR,
    forum          VARCHAR[] NOT NULL,
    reg_no         VARCHAR,
    sanction       VARCHAR,
    denial         BOOLEAN NOT NULL,
    legal_refs     VARCHAR[] NOT NULL,
    confidence     DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1)
);

CREATE TABLE case_terlapor (
    case_id       VARCHAR NOT NULL,
    extraction_id VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    name          VARCHAR,
    role          VARCHAR,
    category      VARCHAR,
    persons       INTEGER
);

CREATE TABLE case_outcomes (
    case_id       VARCHAR NOT NULL,
    extraction_id VARCHAR NOT NULL,
    track         VARCHAR NOT NULL,
    value         VARCHAR NOT NULL
);

CREATE TABLE case_evidence (
    case_id       VARCHAR NOT NULL,
    extraction_id VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    start_at      INTEGER NOT NULL CHECK (start_at >= 0),
    end_at        INTEGER NOT NULL,
    text          VARCHAR NOT NULL,
    CHECK (end_at > start_at)
);

CREATE TABLE stats (
    extraction_id VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    value         DOUBLE NOT NULL,
    unit          VARCHAR NOT NULL,
    measure       VARCHAR,
    area          VARCHAR,
    as_of         VARCHAR,
    approx        BOOLEAN NOT NULL,
    speaker       VARCHAR,
    start_at      INTEGER NOT NULL CHECK (start_at >= 0),
    end_at        INTEGER NOT NULL,
    CHECK (end_at > start_at)
);

CREATE TABLE legal_refs (
    extraction_id VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    start_at      INTEGER NOT NULL CHECK (start_at >= 0),
    end_at        INTEGER NOT NULL,
    text          VARCHAR NOT NULL,
    normal        VARCHAR,
    conflict      VARCHAR,
    CHECK (end_at > start_at)
);

CREATE TABLE article_bands (
    article_id VARCHAR NOT NULL,
    version_id VARCHAR NOT NULL,
    band       SMALLINT NOT NULL,
    hash       UBIGINT NOT NULL
);

CREATE TABLE article_texts (
    article_id    VARCHAR PRIMARY KEY,
    version_id    VARCHAR NOT NULL,
    extraction_id VARCHAR NOT NULL,
    text_group    VARCHAR NOT NULL,
    signature     BLOB NOT NULL
);

CREATE TABLE events (
    event_id   VARCHAR PRIMARY KEY,
    kind       VARCHAR NOT NULL CHECK (kind IN ('kasus', 'pencegahan', 'informasi')),
    place      VARCHAR,
    event_date VARCHAR,
    types      VARCHAR[] NOT NULL,
    stage      VARCHAR,
    first_seen TIMESTAMP NOT NULL,
    last_seen  TIMESTAMP NOT NULL,
    revision   BIGINT NOT NULL
);

CREATE TABLE event_members (
    event_id      VARCHAR NOT NULL,
    article_id    VARCHAR NOT NULL,
    extraction_id VARCHAR NOT NULL,
    case_id       VARCHAR,
    part          VARCHAR NOT NULL CHECK (part IN ('utama', 'terkait')),
    is_primary    BOOLEAN NOT NULL,
    score         DOUBLE NOT NULL,
    reasons       VARCHAR[] NOT NULL,
    facets        VARCHAR NOT NULL
);

CREATE TABLE event_merges (
    gone_id    VARCHAR PRIMARY KEY,
    event_id   VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    score      DOUBLE NOT NULL,
    reasons    VARCHAR[] NOT NULL,
    revision   BIGINT NOT NULL
);

CREATE TABLE applied_decisions (decision BIGINT PRIMARY KEY);

CREATE TABLE reviewed_extractions (
    extraction_id VARCHAR PRIMARY KEY,
    base_id       VARCHAR NOT NULL,
    batch         BIGINT NOT NULL,
    review        VARCHAR NOT NULL CHECK (review IN ('dikonfirmasi', 'dikoreksi', 'ditolak')),
    role          VARCHAR NOT NULL,
    reviewed_at   TIMESTAMP NOT NULL
);

CREATE TABLE reviews (
    batch         BIGINT NOT NULL,
    article_id    VARCHAR,
    text_hash     VARCHAR NOT NULL,
    review        VARCHAR NOT NULL,
    reviewer      INTEGER NOT NULL,
    role          VARCHAR NOT NULL,
    reviewed_at   TIMESTAMP NOT NULL,
    drawn         BOOLEAN NOT NULL,
    withdrawn     BOOLEAN NOT NULL,
    model_version VARCHAR NOT NULL,
    kind_read     VARCHAR NOT NULL,
    kind          VARCHAR NOT NULL,
    types_read    VARCHAR[] NOT NULL,
    types         VARCHAR[] NOT NULL,
    cases_read    VARCHAR[] NOT NULL,
    cases         VARCHAR[] NOT NULL
);

CREATE TABLE event_keys (
    key      UBIGINT NOT NULL,
    event_id VARCHAR NOT NULL
);
