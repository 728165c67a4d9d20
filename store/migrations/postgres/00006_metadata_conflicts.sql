-- +goose Up
-- the fields of which this sighting says something else than the recording, joined by commas
ALTER TABLE sightings ADD COLUMN conflicts TEXT COLLATE "C" NOT NULL DEFAULT '';
-- the same of all sightings
ALTER TABLE recordings ADD COLUMN metadata_conflict TEXT COLLATE "C" NOT NULL DEFAULT '';
