// Package pgtest starts a private PostgreSQL for the tests of a package: one server a package, one
// database a test. The server listens on a Unix socket in a temporary folder, never runs as root, and
// ends with the tests however they end. Where there is no PostgreSQL the tests fail with a sentence.
package pgtest
