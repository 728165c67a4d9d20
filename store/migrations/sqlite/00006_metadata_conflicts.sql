-- +goose Up
-- the fields of which this sighting says something else than the recording, joined by commas
ALTER TABLE sightings ADD COLUMN conflicts TEXT NOT NULL DEFAULT '';
-- the same of all sightings
ALTER TABLE recordings ADD COLUMN metadata_conflict TEXT NOT NULL DEFAULT '';
