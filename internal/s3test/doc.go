// Package s3test starts a real S3 server (versitygw) for the tests of a package: one server a package, one
// bucket a test. It listens on loopback, keeps its objects in a temporary folder, and ends with the tests
// however they end. Where there is no server the tests fail with a sentence.
package s3test
