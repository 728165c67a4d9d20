-- +goose Up
-- Every object that a source offered, once. The row is the truth; a message of the queue carries its id only.
CREATE TABLE jobs (
    id             TEXT    NOT NULL PRIMARY KEY, -- hash of source, object_key and version
    source         TEXT    NOT NULL,
    object_key     TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    size           INTEGER NOT NULL,
    modified_at_ms INTEGER NOT NULL,
    metadata       TEXT    NOT NULL, -- JSON; emptied when the job is done: the recording has it then
    lane           TEXT    NOT NULL, -- urgent, short or long
    state          TEXT    NOT NULL, -- queued, working, done or set_aside
    attempts       INTEGER NOT NULL, -- how often a worker began
    reason         TEXT    NOT NULL, -- code of the last fault
    message        TEXT    NOT NULL, -- its sentence
    worker         TEXT    NOT NULL, -- that began last
    offers         INTEGER NOT NULL, -- how often a message was meant to be published for it
    sequence       INTEGER NOT NULL, -- of that message in the queue; 0 when it is not known
    recording_id   TEXT    NOT NULL, -- empty until it is done
    received_at_ms INTEGER NOT NULL,
    updated_at_ms  INTEGER NOT NULL
);
CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_recording ON jobs (recording_id) WHERE recording_id <> '';
