//go:build nowhisper || !cgo

package whisper

import (
	"context"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// Model holds the weights of a speech model.
type Model struct{}

// Engine is one worker's recogniser.
type Engine struct{}

// System returns ErrNotBuilt.
func System() (SystemInfo, error) { return SystemInfo{}, ErrNotBuilt }

// CheckOptions returns ErrNotBuilt.
func CheckOptions(transcribe.Options) error { return ErrNotBuilt }

// LoadFile returns ErrNotBuilt.
func LoadFile(string, Config) (*Model, error) { return nil, ErrNotBuilt }

// LoadBytes returns ErrNotBuilt.
func LoadBytes([]byte, Config) (*Model, error) { return nil, ErrNotBuilt }

// NewEngine returns ErrNotBuilt.
func (*Model) NewEngine() (*Engine, error) { return nil, ErrNotBuilt }

// Close does nothing.
func (*Model) Close() error { return nil }

// Recognise returns ErrNotBuilt.
func (*Engine) Recognise(context.Context, []float32, transcribe.Options) ([]transcribe.Segment, error) {
	return nil, ErrNotBuilt
}

// Close does nothing.
func (*Engine) Close() error { return nil }

// Voices follows one channel with a Silero model.
type Voices struct{}

// OpenVoices returns ErrNotBuilt.
func OpenVoices(string) (*Voices, error) { return nil, ErrNotBuilt }

// Push returns ErrNotBuilt.
func (*Voices) Push([]float32) ([]float32, error) { return nil, ErrNotBuilt }

// Close does nothing.
func (*Voices) Close() {}
