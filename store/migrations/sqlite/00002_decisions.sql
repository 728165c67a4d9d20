-- +goose Up
CREATE TABLE decisions (
    number     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    sha256     TEXT    NOT NULL REFERENCES recordings (sha256),
    rule       TEXT    NOT NULL,
    ruling     TEXT    NOT NULL, -- accept or reject
    appeal     BOOLEAN NOT NULL, -- it answers an appeal
    decided_by TEXT    NOT NULL,
    note       TEXT    NOT NULL,
    outcome    TEXT    NOT NULL, -- as judged
    points     REAL    NOT NULL, -- as judged
    evidence   TEXT    NOT NULL, -- JSON: what the person saw
    result_key TEXT    NOT NULL REFERENCES results (result_key),
    at_ms      INTEGER NOT NULL
);
CREATE INDEX decisions_recording ON decisions (sha256, number);

-- The history is only ever added to.
-- +goose StatementBegin
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
BEGIN
    SELECT RAISE (ABORT, 'decisions are never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_last BEFORE DELETE ON decisions
BEGIN
    SELECT RAISE (ABORT, 'decisions are never deleted');
END;
-- +goose StatementEnd

-- The result that was shown before the one that is shown now.
ALTER TABLE recordings ADD COLUMN previous_key TEXT;
