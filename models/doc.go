// Package models knows the speech models: the catalogue of published ones, the small demo model inside
// the program, pulling with resume and checksum, adding own files, and checking a file's structure
// before the recogniser loads it.
//
// A model file is trusted by its SHA-256. The catalogue carries the hashes that the publisher's file
// store shows; a file without a known hash is taken only when the user trusts it, and its hash is then
// pinned in the models folder, so that later changes are noticed.
//
// The demo model recognises the synthetic calls of the demo and the tests and nothing else. It is
// marked so wherever it is named.
//
// The package imports no other package of this project.
package models
