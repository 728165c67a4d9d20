-- +goose Up
-- What was deleted for its age or on request. It says nothing of what was said in the call.
CREATE TABLE erasures (
    number    INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    sha256    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    reason    TEXT    NOT NULL, -- age or request
    erased_by TEXT    NOT NULL,
    note      TEXT    NOT NULL, -- the line of the policy, or why it was asked for
    at_ms     INTEGER NOT NULL
);
CREATE INDEX erasures_recording ON erasures (sha256, number);
-- +goose StatementBegin
CREATE TRIGGER erasures_stay BEFORE UPDATE ON erasures
BEGIN
    SELECT RAISE (ABORT, 'erasures are never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER erasures_last BEFORE DELETE ON erasures
BEGIN
    SELECT RAISE (ABORT, 'erasures are never deleted');
END;
-- +goose StatementEnd

-- Decisions go only with their call.
DROP TRIGGER decisions_last;
-- +goose StatementBegin
CREATE TRIGGER decisions_last BEFORE DELETE ON decisions
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.sha256 = OLD.sha256)
BEGIN
    SELECT RAISE (ABORT, 'decisions are never deleted');
END;
-- +goose StatementEnd
