-- +goose Up
-- Every object that a source offered, once. The row is the truth; a message of the queue carries its id only.
CREATE TABLE jobs (
    id             TEXT    COLLATE "C" NOT NULL PRIMARY KEY, -- hash of source, object_key and version
    source         TEXT    COLLATE "C" NOT NULL,
    object_key     TEXT    COLLATE "C" NOT NULL,
    version        TEXT    COLLATE "C" NOT NULL,
    size           BIGINT  NOT NULL,
    modified_at_ms BIGINT  NOT NULL,
    metadata       TEXT    COLLATE "C" NOT NULL, -- JSON; emptied when the job is done: the recording has it then
    lane           TEXT    COLLATE "C" NOT NULL, -- urgent, short or long
    state          TEXT    COLLATE "C" NOT NULL, -- queued, working, done or set_aside
    attempts       BIGINT  NOT NULL, -- how often a worker began
    reason         TEXT    COLLATE "C" NOT NULL, -- code of the last fault
    message        TEXT    COLLATE "C" NOT NULL, -- its sentence
    worker         TEXT    COLLATE "C" NOT NULL, -- that began last
    offers         BIGINT  NOT NULL, -- how often a message was meant to be published for it
    sequence       BIGINT  NOT NULL, -- of that message in the queue; 0 when it is not known
    recording_id   TEXT    COLLATE "C" NOT NULL, -- empty until it is done
    received_at_ms BIGINT  NOT NULL,
    updated_at_ms  BIGINT  NOT NULL
);
CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_recording ON jobs (recording_id) WHERE recording_id <> '';
