// Package storetest holds the conformance suite that every database behind store must pass. It may
// import call, score and store, and is imported by tests only.
package storetest
