-- +goose Up
-- Which rules a result says were broken, as judged: what is in its body already, so that it can be counted.
CREATE TABLE violations (
    result_key TEXT    NOT NULL REFERENCES results (result_key) ON DELETE CASCADE,
    rule       TEXT    NOT NULL,
    severity   TEXT    NOT NULL,
    veto       BOOLEAN NOT NULL,
    PRIMARY KEY (result_key, rule)
) WITHOUT ROWID;
ALTER TABLE results ADD COLUMN broken INTEGER; -- rows of violations; NULL: not listed yet
CREATE INDEX results_unlisted ON results (result_key) WHERE broken IS NULL;
-- What has come lately.
CREATE INDEX results_created ON results (created_at_ms);
CREATE INDEX recordings_created ON recordings (created_at_ms);
