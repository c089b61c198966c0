-- Events that became one, and the reviewers' decisions that the links follow.
CREATE TABLE event_merges (
    gone_id    VARCHAR PRIMARY KEY,
    event_id   VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    score      DOUBLE NOT NULL,
    reasons    VARCHAR[] NOT NULL,
    revision   BIGINT NOT NULL
);

CREATE TABLE applied_decisions (decision BIGINT PRIMARY KEY);
