-- +goose Up
-- Texts are compared by their bytes, as SQLite does.
CREATE TABLE recordings (
    sha256         TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    id             TEXT    COLLATE "C" NOT NULL,
    path           TEXT    COLLATE "C" NOT NULL, -- where it was first seen
    duration_ms    BIGINT  NOT NULL,
    agent          TEXT    COLLATE "C" NOT NULL,
    agent_name     TEXT    COLLATE "C" NOT NULL,
    team           TEXT    COLLATE "C" NOT NULL,
    customer       TEXT    COLLATE "C" NOT NULL,
    started_at_ms  BIGINT,
    started_zone_s INTEGER NOT NULL, -- seconds east of UTC
    direction      TEXT    COLLATE "C" NOT NULL,
    scenario       TEXT    COLLATE "C" NOT NULL,
    agent_channel  INTEGER,
    satisfaction   BOOLEAN,
    complaint      BOOLEAN,
    settled        BOOLEAN,
    resolved       BOOLEAN,
    result_key     TEXT    COLLATE "C",            -- the result saved last
    created_at_ms  BIGINT  NOT NULL
);
CREATE INDEX recordings_id ON recordings (id);
CREATE INDEX recordings_started ON recordings (started_at_ms, sha256);
CREATE INDEX recordings_agent ON recordings (agent);

CREATE TABLE sightings (
    path          TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    name          TEXT   COLLATE "C" NOT NULL, -- the last element of path
    sha256        TEXT   COLLATE "C" NOT NULL REFERENCES recordings (sha256),
    created_at_ms BIGINT NOT NULL
);
CREATE INDEX sightings_name ON sightings (name);
CREATE INDEX sightings_recording ON sightings (sha256);

CREATE TABLE transcripts (
    sha256        TEXT   COLLATE "C" NOT NULL REFERENCES recordings (sha256),
    revision      TEXT   COLLATE "C" NOT NULL,
    model         TEXT   COLLATE "C" NOT NULL,
    health        TEXT   NOT NULL, -- JSON
    body          BYTEA  NOT NULL, -- JSON, gzip
    created_at_ms BIGINT NOT NULL,
    PRIMARY KEY (sha256, revision)
);
-- Bodies are compressed already.
ALTER TABLE transcripts ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE results (
    result_key          TEXT   COLLATE "C" NOT NULL PRIMARY KEY, -- hash of the four that follow
    sha256              TEXT   COLLATE "C" NOT NULL,
    transcript_revision TEXT   COLLATE "C" NOT NULL,
    result_revision     TEXT   COLLATE "C" NOT NULL,
    metadata_revision   TEXT   COLLATE "C" NOT NULL,
    scorecard           TEXT   COLLATE "C" NOT NULL,
    normalised          DOUBLE PRECISION,
    verdict             TEXT   COLLATE "C" NOT NULL,
    body                BYTEA  NOT NULL, -- JSON of measures and score, gzip
    created_at_ms       BIGINT NOT NULL,
    UNIQUE (sha256, transcript_revision, result_revision, metadata_revision),
    FOREIGN KEY (sha256, transcript_revision) REFERENCES transcripts (sha256, revision)
);
ALTER TABLE results ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE failures (
    path          TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    code          TEXT    COLLATE "C" NOT NULL,
    message       TEXT    COLLATE "C" NOT NULL,
    times         INTEGER NOT NULL,
    first_at_ms   BIGINT  NOT NULL,
    last_at_ms    BIGINT  NOT NULL,
    started_at_ms BIGINT
);
