// Package promtest starts a private Prometheus and Alertmanager for tests, and runs their tools. Both listen
// on loopback, keep their files in temporary folders and end with the tests. Where they are missing the tests
// fail with a sentence.
package promtest
