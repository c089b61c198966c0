-- What a snapshot holds, in two copies: wartawas.duckdb (masked) and restricted.duckdb (as read, mode 0600).
-- One row an article: its current state as its current extraction read it. data/README.md documents it.
-- No key indexes: a snapshot is written once, and scanned faster than an index of hashes is loaded.

CREATE TABLE info (key VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE labels (
    "group" VARCHAR NOT NULL,
    id      VARCHAR NOT NULL,
    name    VARCHAR NOT NULL,
    "rank"  INTEGER NOT NULL
);

CREATE TABLE regions (code VARCHAR NOT NULL, level VARCHAR NOT NULL, name VARCHAR NOT NULL, parent VARCHAR);

CREATE TABLE sources (
    source   VARCHAR NOT NULL,
    name     VARCHAR NOT NULL,
    domains  VARCHAR[] NOT NULL,
    home     VARCHAR,
    zone     VARCHAR,
    language VARCHAR,
    verified BOOLEAN NOT NULL,
    invented BOOLEAN NOT NULL
);

CREATE TABLE runs (
    run_id        VARCHAR NOT NULL,
    command       VARCHAR NOT NULL,
    model_version VARCHAR,
    started_at    TIMESTAMP NOT NULL,
    ended_at      TIMESTAMP,
    counts        VARCHAR,
    problem       VARCHAR
);

CREATE TABLE coverage (
    source   VARCHAR NOT NULL,
    day      DATE NOT NULL,
    pages    BIGINT NOT NULL,
    articles BIGINT NOT NULL,
    refused  BIGINT NOT NULL
);

CREATE TABLE articles (
    article_id    VARCHAR NOT NULL,
    url           VARCHAR,
    source        VARCHAR,
    outlet        VARCHAR,
    title         VARCHAR,
    text          VARCHAR NOT NULL,
    published     TIMESTAMP,
    utc_offset    SMALLINT,
    day           DATE,
    month         VARCHAR NOT NULL,
    language      VARCHAR NOT NULL,
    quality       DOUBLE NOT NULL,
    flags         VARCHAR[] NOT NULL,
    kind          VARCHAR NOT NULL,
    confidence    DOUBLE NOT NULL,
    election      VARCHAR,
    types         VARCHAR[] NOT NULL,
    bentuk        VARCHAR[] NOT NULL,
    event_date    VARCHAR,
    event_place   VARCHAR,
    roles_present VARCHAR[] NOT NULL,
    why           VARCHAR[] NOT NULL,
    model_version VARCHAR NOT NULL,
    version_id    VARCHAR NOT NULL,
    extraction_id VARCHAR NOT NULL,
    text_hash     VARCHAR NOT NULL,
    states        INTEGER NOT NULL,
    first_seen    TIMESTAMP NOT NULL,
    page_url      VARCHAR,
    page_sha256   VARCHAR,
    fetched_at    TIMESTAMP,
    warc          VARCHAR,
    warc_offset   BIGINT,
    mask_key      VARCHAR NOT NULL,
    written       BIGINT NOT NULL
);

CREATE TABLE cases (
    case_id        VARCHAR NOT NULL,
    article_id     VARCHAR NOT NULL,
    n              INTEGER NOT NULL,
    types          VARCHAR[] NOT NULL,
    bentuk         VARCHAR[] NOT NULL,
    terlapor       VARCHAR[] NOT NULL,
    jabatan        VARCHAR[] NOT NULL,
    categories     VARCHAR[] NOT NULL,
    korban         VARCHAR,
    reporter       VARCHAR,
    place          VARCHAR,
    event_date     VARCHAR,
    origin         VARCHAR,
    stage          VARCHAR NOT NULL,
    next_announced VARCHAR,
    outcomes       VARCHAR[] NOT NULL,
    forum          VARCHAR[] NOT NULL,
    reg_no         VARCHAR,
    sanction       VARCHAR,
    denial         BOOLEAN NOT NULL,
    legal_refs     VARCHAR[] NOT NULL,
    confidence     DOUBLE NOT NULL
);

CREATE TABLE evidence (
    article_id VARCHAR NOT NULL,
    case_id    VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    text       VARCHAR NOT NULL
);

CREATE TABLE officials (
    article_id    VARCHAR NOT NULL,
    n             INTEGER NOT NULL,
    name          VARCHAR NOT NULL,
    role          VARCHAR,
    institution   VARCHAR,
    jurisdiction  VARCHAR,
    category      VARCHAR,
    status_prefix VARCHAR,
    "rank"        VARCHAR,
    capacity      VARCHAR NOT NULL,
    start_at      INTEGER NOT NULL,
    end_at        INTEGER NOT NULL
);

CREATE TABLE mentions (
    article_id  VARCHAR NOT NULL,
    n           INTEGER NOT NULL,
    label       VARCHAR NOT NULL,
    start_at    INTEGER NOT NULL,
    end_at      INTEGER NOT NULL,
    text        VARCHAR NOT NULL,
    code        VARCHAR,
    codes       VARCHAR[] NOT NULL,
    iso         VARCHAR,
    "precision" VARCHAR,
    role        VARCHAR,
    function    VARCHAR,
    method      VARCHAR,
    conflict    VARCHAR
);

CREATE TABLE stats (
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    value      DOUBLE NOT NULL,
    unit       VARCHAR NOT NULL,
    measure    VARCHAR,
    area       VARCHAR,
    as_of      VARCHAR,
    approx     BOOLEAN NOT NULL,
    speaker    VARCHAR,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL
);

CREATE TABLE legal_refs (
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    text       VARCHAR NOT NULL,
    normal     VARCHAR,
    conflict   VARCHAR
);

CREATE TABLE revisions (
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    seen_at    TIMESTAMP NOT NULL,
    change     VARCHAR NOT NULL CHECK (change IN ('removed', 'added')),
    paragraph  INTEGER NOT NULL,
    text       VARCHAR NOT NULL
);

CREATE TABLE events (
    event_id          VARCHAR NOT NULL,
    kind              VARCHAR NOT NULL,
    place             VARCHAR,
    province          VARCHAR,
    regency           VARCHAR,
    district          VARCHAR,
    event_date        VARCHAR,
    types             VARCHAR[] NOT NULL,
    bentuk            VARCHAR[] NOT NULL,
    categories        VARCHAR[] NOT NULL,
    stage             VARCHAR,
    stage_rank        INTEGER NOT NULL,
    outcomes          VARCHAR[] NOT NULL,
    decided           BOOLEAN NOT NULL,
    denial            BOOLEAN NOT NULL,
    forum             VARCHAR[] NOT NULL,
    origins           VARCHAR[] NOT NULL,
    articles          INTEGER NOT NULL,
    outlets           INTEGER NOT NULL,
    independent_texts INTEGER NOT NULL,
    first_article     VARCHAR,
    first_day         DATE,
    last_day          DATE,
    first_seen        TIMESTAMP NOT NULL,
    last_seen         TIMESTAMP NOT NULL
);

CREATE TABLE event_members (
    event_id   VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    case_id    VARCHAR,
    part       VARCHAR NOT NULL,
    is_primary BOOLEAN NOT NULL,
    score      DOUBLE NOT NULL,
    reasons    VARCHAR[] NOT NULL
);

-- Words for ids, and the events that a filter asks for: shared by every question and by whoever opens a snapshot.

CREATE MACRO label_of(kind, key) AS coalesce((SELECT name FROM labels WHERE "group" = kind AND id = key), key);

CREATE MACRO region_name(place) AS (SELECT name FROM regions WHERE code = place);

-- "Cibatu, Kabupaten Garut": a region's own name and that of its regency.
CREATE MACRO place_name(place) AS concat_ws(', ', region_name(place),
    CASE WHEN length(place) > 5 THEN region_name(left(place, 5)) END);

CREATE MACRO type_names(types) AS (SELECT string_agg(label_of('type', t.id), '; ') FROM (SELECT unnest(types) AS id) t);

-- Events in a region (any level), first reported from one day to another, of a type or group of types.
CREATE MACRO events_where(area, first, last, kind_of_act) AS TABLE
SELECT * FROM events
WHERE (area IS NULL OR place = area OR starts_with(place, area || '.'))
AND (first IS NULL OR first_day >= first::DATE)
AND (last IS NULL OR first_day <= last::DATE)
AND (kind_of_act IS NULL
    OR len(list_filter(types, lambda t: t = kind_of_act OR starts_with(t, kind_of_act || '.'))) > 0);

-- Which outlets print which events: an outlet that prints two events of a group counts once there.
CREATE VIEW event_outlets AS
SELECT DISTINCT m.event_id, coalesce(a.outlet, a.source) AS outlet
FROM event_members m JOIN articles a USING (article_id)
WHERE coalesce(a.outlet, a.source) IS NOT NULL
AND (m.part = 'utama' OR m.event_id NOT IN (SELECT event_id FROM event_members WHERE part = 'utama'));
