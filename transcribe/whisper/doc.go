// Package whisper is the recogniser: whisper.cpp through its Go bindings and one small file of C calls
// that the bindings lack (cgo.go, the only place with an import "C" of our own).
//
// The weights are loaded once as a Model; each worker owns an Engine, which is a whisper_state on them.
// Engines of one Model run in parallel. The same window gives the same text whatever was decoded before.
//
// Building it needs libwhisper 1.8 or newer (scripts/setup.sh). With the build tag nowhisper, or without
// cgo, everything returns ErrNotBuilt.
//
// It may import call and transcribe.
package whisper
