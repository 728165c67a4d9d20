// Package store keeps what was learned about every recording: the recording and its metadata, the
// places it was seen at, its transcripts in full, its results and the failures. It keeps the raw
// text; masking is done where text leaves the store.
//
// Every write is one transaction and idempotent: repeating it, also after a crash at any instant,
// loses nothing and doubles nothing. The store is a SQLite file; what another database does
// differently belongs into a dialect of its own, and storetest holds every dialect to one suite.
// It may import call and score.
package store
