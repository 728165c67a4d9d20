-- +goose Up
-- What all processes of an installation share and nobody else may know: keys of hashes that are shown.
CREATE TABLE secrets (
    name   TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL -- 32 random bytes, hexadecimal
);
