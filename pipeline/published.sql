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
    review        VARCHAR,
    review_role   VARCHAR,
    reviewed_at   TIMESTAMP,
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
    confidence     DOUBLE NOT NULL,
    review         VARCHAR,
    review_role    VARCHAR,
    reviewed_at    TIMESTAMP,
    month          VARCHAR NOT NULL
);

CREATE TABLE accused (
    article_id VARCHAR NOT NULL,
    case_id    VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    name       VARCHAR,
    role       VARCHAR,
    category   VARCHAR,
    persons    INTEGER,
    month      VARCHAR NOT NULL
);

CREATE TABLE evidence (
    article_id VARCHAR NOT NULL,
    case_id    VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    text       VARCHAR NOT NULL,
    month      VARCHAR NOT NULL
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
    end_at        INTEGER NOT NULL,
    official_id   VARCHAR,
    month         VARCHAR NOT NULL
);

CREATE TABLE registry (
    official_id VARCHAR NOT NULL,
    name        VARCHAR NOT NULL,
    institution VARCHAR NOT NULL,
    category    VARCHAR,
    regency     VARCHAR,
    roles       VARCHAR[] NOT NULL,
    articles    INTEGER NOT NULL,
    outlets     INTEGER NOT NULL,
    first_day   DATE NOT NULL,
    last_day    DATE NOT NULL
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
    conflict    VARCHAR,
    month       VARCHAR NOT NULL
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
    end_at     INTEGER NOT NULL,
    month      VARCHAR NOT NULL
);

CREATE TABLE legal_refs (
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    text       VARCHAR NOT NULL,
    normal     VARCHAR,
    conflict   VARCHAR,
    month      VARCHAR NOT NULL
);

CREATE TABLE revisions (
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    seen_at    TIMESTAMP NOT NULL,
    change     VARCHAR NOT NULL CHECK (change IN ('removed', 'added')),
    paragraph  INTEGER NOT NULL,
    text       VARCHAR NOT NULL,
    month      VARCHAR NOT NULL
);

CREATE TABLE events (
    event_id          VARCHAR NOT NULL,
    kind              VARCHAR NOT NULL,
    place             VARCHAR,
    province          VARCHAR,
    regency           VARCHAR,
    district          VARCHAR,
    event_date        VARCHAR,
    act_day           DATE,
    election          VARCHAR,
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
    outlet_names      VARCHAR[] NOT NULL,
    independent_texts INTEGER NOT NULL,
    participants      BIGINT,
    first_article     VARCHAR,
    first_day         DATE,
    last_day          DATE,
    first_seen        TIMESTAMP NOT NULL,
    last_seen         TIMESTAMP NOT NULL,
    reviewed          INTEGER NOT NULL,
    review_role       VARCHAR,
    reviewed_at       TIMESTAMP,
    written           BIGINT NOT NULL,
    month             VARCHAR NOT NULL
);

CREATE TABLE event_members (
    event_id   VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    case_id    VARCHAR,
    part       VARCHAR NOT NULL,
    is_primary BOOLEAN NOT NULL,
    score      DOUBLE NOT NULL,
    reasons    VARCHAR[] NOT NULL,
    month      VARCHAR NOT NULL
);

CREATE TABLE event_merges (
    gone_id    VARCHAR NOT NULL,
    event_id   VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    score      DOUBLE NOT NULL,
    reasons    VARCHAR[] NOT NULL
);

-- What reviewers said, with a number for each of them; one row a decision (nobody is named).
CREATE TABLE reviews (
    batch         BIGINT NOT NULL,
    article_id    VARCHAR,
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

-- Prepared when a snapshot is published, so that no question has to read every article (prepared.py).

CREATE TABLE outlets (
    n         INTEGER NOT NULL,
    outlet    VARCHAR NOT NULL,
    official  BOOLEAN NOT NULL,
    articles  BIGINT NOT NULL,
    first_day DATE NOT NULL,
    last_day  DATE NOT NULL,
    latest    TIMESTAMP NOT NULL
);

CREATE TABLE readings (
    day      DATE NOT NULL,
    kind     VARCHAR NOT NULL,
    outlet   INTEGER,
    area     VARCHAR,
    province INTEGER,
    regency  INTEGER,
    district INTEGER
);

CREATE TABLE stop_reasons (event_id VARCHAR NOT NULL, reason VARCHAR NOT NULL);

-- Words for ids, shared by every question and by whoever opens a snapshot.

-- The columns inside are renamed, so that a caller's own column `id` or `code` is not taken for theirs.
CREATE MACRO label_of(kind, key) AS coalesce((
    SELECT label_name FROM (SELECT "group" AS label_group, id AS label_id, name AS label_name FROM labels)
    WHERE label_group = kind AND label_id = key), key);

CREATE MACRO region_name(place) AS (
    SELECT region FROM (SELECT code AS region_code, name AS region FROM regions) WHERE region_code = place);

-- "Cibatu, Kabupaten Garut": a region's own name and that of its regency.
CREATE MACRO place_name(place) AS concat_ws(', ', region_name(place),
    CASE WHEN length(place) > 5 THEN region_name(left(place, 5)) END);

CREATE MACRO labels_of(kind, ids) AS (
    SELECT string_agg(label_of(kind, t.id), '; ' ORDER BY t.n)
    FROM (SELECT unnest(ids) AS id, generate_subscripts(ids, 1) AS n) t);

CREATE MACRO type_names(types) AS labels_of('type', types);

-- "pidana: belum; kode etik: terbukti"
CREATE MACRO outcome_names(outcomes) AS (
    SELECT string_agg(label_of('track', split_part(t.id, '=', 1)) || ': ' || label_of('outcome', split_part(t.id, '=', 2)),
        '; ' ORDER BY t.n)
    FROM (SELECT unnest(outcomes) AS id, generate_subscripts(outcomes, 1) AS n) t);

-- What may be said of a case: proven or not by a competent body, ended without a decision, else alleged.
CREATE MACRO status_of(proven, reached, results) AS CASE
    WHEN proven THEN 'terbukti (putusan lembaga berwenang)'
    WHEN reached = 'dihentikan' THEN 'dihentikan'
    WHEN reached = 'tidak_diregistrasi' THEN 'tidak diregistrasi'
    WHEN reached IN ('putusan_sanksi', 'banding', 'inkrah_eksekusi') AND len(results) > 0
        AND len(list_filter(results, lambda r: NOT ends_with(r, '=tidak_terbukti'))) = 0
        THEN 'tidak terbukti (putusan lembaga berwenang)'
    ELSE 'diduga' END;

CREATE MACRO is_closed(stage) AS coalesce(stage IN (SELECT id FROM labels WHERE "group" = 'closed'), false);

-- The local day of an article: of its publication, else of its fetching. `articles` always has the offset of one without a date.
CREATE MACRO day_of(day, first_seen, utc_offset) AS
    coalesce(day, (first_seen + to_minutes(coalesce(utc_offset, 420)))::DATE);

-- What a filter asks for; `f` is a struct with the fields of pipeline.filters.Filters, NULL where it does not restrict.

CREATE MACRO within(id, whole) AS (id = whole OR starts_with(id, whole || '.'));

CREATE MACRO any_within(ids, whole) AS len(list_filter(ids, lambda i: i = whole OR starts_with(i, whole || '.'))) > 0;

CREATE MACRO is_official(outlet) AS coalesce(outlet = 'go.id' OR ends_with(outlet, '.go.id'), false);

-- Events in a region (any level), first reported from one day to another, of a type or group of types, …
CREATE MACRO events_where(f) AS TABLE
SELECT * FROM events
-- one column for each level, so that only that one is read
WHERE (f['wilayah'] IS NULL OR (length(f['wilayah']) = 2 AND province = f['wilayah'])
    OR (length(f['wilayah']) = 5 AND regency = f['wilayah']) OR (length(f['wilayah']) = 8 AND district = f['wilayah'])
    OR (length(f['wilayah']) NOT IN (2, 5, 8) AND within(place, f['wilayah'])))
AND (f['sejak'] IS NULL OR first_day >= f['sejak']::DATE)
AND (f['sampai'] IS NULL OR first_day <= f['sampai']::DATE)
AND (f['jenis'] IS NULL OR any_within(types, f['jenis']))
AND (f['bentuk'] IS NULL OR list_contains(bentuk, f['bentuk']))
AND (f['tahap'] IS NULL OR stage = f['tahap'])
AND (f['hasil'] IS NULL OR len(list_filter(outcomes, lambda o: ends_with(o, '=' || f['hasil']))) > 0)
AND (f['jabatan'] IS NULL OR any_within(categories, f['jabatan']))
AND (f['media'] IS NULL OR list_contains(outlet_names, f['media']))
AND (f['asal'] IS NULL
    OR (f['asal'] = 'resmi') = (len(list_filter(outlet_names, lambda o: o = 'go.id' OR ends_with(o, '.go.id'))) > 0))
AND (f['pemilihan'] IS NULL OR election = f['pemilihan']);

-- Articles that a filter asks for, with their row in `articles`.
CREATE MACRO articles_named(f) AS TABLE
SELECT rowid AS row, * FROM articles
WHERE (f['wilayah'] IS NULL OR within(event_place, f['wilayah']))
AND (f['sejak'] IS NULL OR day_of(day, first_seen, utc_offset) >= f['sejak']::DATE)
AND (f['sampai'] IS NULL OR day_of(day, first_seen, utc_offset) <= f['sampai']::DATE)
AND (f['jenis'] IS NULL OR any_within(types, f['jenis']))
AND (f['media'] IS NULL OR coalesce(outlet, source) = f['media'])
AND (f['asal'] IS NULL OR (f['asal'] = 'resmi') = is_official(outlet))
AND (f['pemilihan'] IS NULL OR election = f['pemilihan']);

-- Articles of events that a filter on cases asks for; one on the office takes articles that name such an official too.
CREATE MACRO articles_told(f) AS TABLE
SELECT article_id FROM event_members SEMI JOIN (
    SELECT event_id FROM events
    WHERE (f['bentuk'] IS NULL OR list_contains(bentuk, f['bentuk']))
    AND (f['tahap'] IS NULL OR stage = f['tahap'])
    AND (f['hasil'] IS NULL OR len(list_filter(outcomes, lambda o: ends_with(o, '=' || f['hasil']))) > 0)
    AND (f['jabatan'] IS NULL OR any_within(categories, f['jabatan']))
) USING (event_id)
UNION ALL
SELECT article_id FROM officials
WHERE within(category, f['jabatan']) AND f['bentuk'] IS NULL AND f['tahap'] IS NULL AND f['hasil'] IS NULL;

-- One of the two halves is empty and costs nothing.
CREATE MACRO articles_where(f) AS TABLE
SELECT * FROM articles_named(f)
WHERE f['bentuk'] IS NULL AND f['tahap'] IS NULL AND f['hasil'] IS NULL AND f['jabatan'] IS NULL
UNION ALL
SELECT * FROM articles_named(f) SEMI JOIN articles_told(f) USING (article_id)
WHERE NOT (f['bentuk'] IS NULL AND f['tahap'] IS NULL AND f['hasil'] IS NULL AND f['jabatan'] IS NULL);

-- What was read about a region, or by outlets at home there, in the days asked for: the denominator of every rate.
CREATE MACRO readings_where(f) AS TABLE
SELECT * FROM readings
WHERE (f['wilayah'] IS NULL
    OR (length(f['wilayah']) = 2 AND province = try_cast(f['wilayah'] AS INTEGER))
    OR (length(f['wilayah']) = 5 AND regency = try_cast(replace(f['wilayah'], '.', '') AS INTEGER))
    OR (length(f['wilayah']) = 8 AND district = try_cast(replace(f['wilayah'], '.', '') AS INTEGER))
    OR (length(f['wilayah']) NOT IN (2, 5, 8) AND within(area, f['wilayah'])))
AND (f['sejak'] IS NULL OR day >= f['sejak']::DATE)
AND (f['sampai'] IS NULL OR day <= f['sampai']::DATE)
AND (f['media'] IS NULL OR outlet = (SELECT n FROM outlets o WHERE o.outlet = f['media']))
AND (f['asal'] IS NULL OR outlet IN (SELECT n FROM outlets o WHERE o.official = (f['asal'] = 'resmi')));

-- Which outlets print which events.
CREATE VIEW event_outlets AS SELECT event_id, unnest(outlet_names) AS outlet FROM events;

-- What the articles of an event claim about one matter, side by side; `differing` where they contradict each other.
CREATE VIEW event_claims AS
WITH told AS (
    SELECT m.event_id, m.article_id, coalesce(a.outlet, a.source) AS outlet, day_of(a.day, a.first_seen, a.utc_offset) AS day,
        coalesce(c.event_date, a.event_date) AS event_date, coalesce(c.place, a.event_place) AS place,
        c.reg_no, c.sanction, m.is_primary
    FROM event_members m JOIN articles a USING (article_id) LEFT JOIN cases c USING (case_id)
    WHERE m.part = 'utama'
),
claimed AS (
    SELECT event_id, 'tanggal' AS matter, event_date AS value, article_id, outlet, day FROM told
    UNION ALL SELECT event_id, 'tempat', place, article_id, outlet, day FROM told
    UNION ALL SELECT event_id, 'nomor register', reg_no, article_id, outlet, day FROM told
    UNION ALL SELECT event_id, 'sanksi', sanction, article_id, outlet, day FROM told
    UNION ALL
    SELECT t.event_id, concat_ws(' ', s.unit, s.measure, s.area),
        coalesce(CASE WHEN s.value = floor(s.value) THEN try_cast(s.value AS HUGEINT)::VARCHAR END, s.value::VARCHAR), t.article_id, t.outlet, t.day
    FROM told t JOIN stats s USING (article_id)
    WHERE t.is_primary
)
SELECT event_id, matter, value, count(DISTINCT article_id) AS articles, count(DISTINCT outlet) AS outlets,
    min(day) AS first_day, count(*) OVER (PARTITION BY event_id, matter) > 1 AS differing
FROM claimed
WHERE value IS NOT NULL
GROUP BY event_id, matter, value
ORDER BY event_id, matter, articles DESC, first_day, value;
