-- +goose Up
ALTER TABLE recordings ADD COLUMN rings INTEGER;
ALTER TABLE recordings ADD COLUMN hung_up_by TEXT COLLATE "C" NOT NULL DEFAULT '';
