// Package store keeps what was learned about every recording: the recording and its metadata, the
// places it was seen at, its transcripts in full, its results and the failures. It keeps the raw
// text; masking is done where text leaves the store.
//
// Every write is one transaction and idempotent: repeating it, also after a crash at any instant,
// loses nothing and doubles nothing. The store is a SQLite file or a PostgreSQL database; queries are
// written once, what the two do differently stands in sqlite.go and postgres.go, and storetest holds both
// to one suite.
// It may import call and score.
package store
