// Package proctest starts programs beside tests: they end with the tests however those end. It is what the
// private servers of pgtest, s3test and promtest have in common.
package proctest
