package whisper

import (
	"errors"
	"log/slog"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// Errors of this package, tested with errors.Is.
var (
	ErrNotBuilt  = errors.New("this program was built without speech recognition (build tag nowhisper, or no cgo)")
	ErrNoBackend = errors.New("ggml has no CPU backend to compute with: install libggml0 (Debian), or run scripts/setup.sh and build again")
	ErrModel     = errors.New("not a usable speech model")
	ErrNoMemory  = errors.New("there is no memory for another speech recogniser")
	ErrClosed    = errors.New("speech recogniser is closed")
)

// Config is how a model is loaded.
type Config struct {
	// Log takes what libwhisper reports. libwhisper has one log for the whole process, so the
	// logger of the model loaded last is used. Nil keeps the one in use.
	Log *slog.Logger
}

// SystemInfo tells what recognises speech here.
type SystemInfo struct {
	Version  string   // of libwhisper
	Backends []string // of ggml, each with its device, as in "CPU (AMD EPYC 9B14)"
	Library  string   // the file that ggml was loaded from, "" when it is part of the program
	Features []string // instruction sets in use, as in AVX512
}

var _ transcribe.Engine = (*Engine)(nil)
