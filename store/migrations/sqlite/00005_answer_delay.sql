-- +goose Up
ALTER TABLE recordings ADD COLUMN answer_delay_ms INTEGER;
