-- +goose Up
CREATE TABLE recordings (
    sha256         TEXT    NOT NULL PRIMARY KEY,
    id             TEXT    NOT NULL,
    path           TEXT    NOT NULL, -- where it was first seen
    duration_ms    INTEGER NOT NULL,
    agent          TEXT    NOT NULL,
    agent_name     TEXT    NOT NULL,
    team           TEXT    NOT NULL,
    customer       TEXT    NOT NULL,
    started_at_ms  INTEGER,
    started_zone_s INTEGER NOT NULL, -- seconds east of UTC
    direction      TEXT    NOT NULL,
    scenario       TEXT    NOT NULL,
    agent_channel  INTEGER,
    satisfaction   BOOLEAN,
    complaint      BOOLEAN,
    settled        BOOLEAN,
    resolved       BOOLEAN,
    result_key     TEXT,             -- the result saved last
    created_at_ms  INTEGER NOT NULL
);
CREATE INDEX recordings_id ON recordings (id);
CREATE INDEX recordings_started ON recordings (started_at_ms, sha256);
CREATE INDEX recordings_agent ON recordings (agent);

CREATE TABLE sightings (
    path          TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL, -- the last element of path
    sha256        TEXT    NOT NULL REFERENCES recordings (sha256),
    created_at_ms INTEGER NOT NULL
);
CREATE INDEX sightings_name ON sightings (name);
CREATE INDEX sightings_recording ON sightings (sha256);

CREATE TABLE transcripts (
    sha256        TEXT    NOT NULL REFERENCES recordings (sha256),
    revision      TEXT    NOT NULL,
    model         TEXT    NOT NULL,
    health        TEXT    NOT NULL, -- JSON
    body          BLOB    NOT NULL, -- JSON, gzip
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (sha256, revision)
);

CREATE TABLE results (
    result_key          TEXT    NOT NULL PRIMARY KEY, -- hash of the four that follow
    sha256              TEXT    NOT NULL,
    transcript_revision TEXT    NOT NULL,
    result_revision     TEXT    NOT NULL,
    metadata_revision   TEXT    NOT NULL,
    scorecard           TEXT    NOT NULL,
    normalised          REAL,
    verdict             TEXT    NOT NULL,
    body                BLOB    NOT NULL, -- JSON of measures and score, gzip
    created_at_ms       INTEGER NOT NULL,
    UNIQUE (sha256, transcript_revision, result_revision, metadata_revision),
    FOREIGN KEY (sha256, transcript_revision) REFERENCES transcripts (sha256, revision)
);

CREATE TABLE failures (
    path        TEXT    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    times       INTEGER NOT NULL,
    first_at_ms INTEGER NOT NULL,
    last_at_ms  INTEGER NOT NULL,
    started_at_ms INTEGER
);
