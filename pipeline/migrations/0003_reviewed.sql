-- Readings that reviewers confirmed or corrected, and what they said, for publishing.
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
    types         VARCHAR[] NOT NULL
);
