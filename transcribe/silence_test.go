//go:build cgo && !nowhisper

package transcribe_test

import (
	"os"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/scene"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// TestNobodySpeaks holds that no word comes out of channels on which nobody speaks: an hour of each under
// ZHIJIAN_LONG, else four minutes.
func TestNobodySpeaks(t *testing.T) {
	t.Parallel()
	length, seeds := call.Millis(240_000), uint64(1)
	if os.Getenv("ZHIJIAN_LONG") != "" {
		length, seeds = 3_600_000, 2
	}
	var maker scene.Maker
	noise := func(kind scene.Noise, db float64) func(uint64) []float32 {
		return func(seed uint64) []float32 {
			samples, err := maker.Background(t.Context(), kind, seed, db, length)
			if err != nil {
				t.Fatal(err)
			}
			return samples
		}
	}
	mixed := func(tone func() []float32) func(uint64) []float32 {
		return func(seed uint64) []float32 {
			samples := tone()
			for i, x := range noise(scene.Pink, -55)(seed) {
				samples[i] += x
			}
			return samples
		}
	}
	tests := []struct {
		name string
		make func(seed uint64) []float32
	}{
		{"silence", func(uint64) []float32 { return make([]float32, length.Samples(scene.Rate)) }},
		{"a quiet line", noise(scene.White, -65)},
		{"a noisy line", noise(scene.White, -35)},
		{"a very noisy line", noise(scene.White, -18)},
		{"pink noise", noise(scene.Pink, -30)},
		{"a street", noise(scene.Street, -30)},
		{"a loud street", noise(scene.Street, -22)},
		{"an office", noise(scene.Office, -35)},
		{"ringback", func(uint64) []float32 { return scene.Ringback(length) }},
		{"ringback on a line", mixed(func() []float32 { return scene.Ringback(length) })},
		{"the busy tone on a line", mixed(func() []float32 { return scene.BusyTone(length) })},
		{"hold music", func(seed uint64) []float32 { return scene.HoldMusic(seed, length) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for seed := range seeds {
				r := write(t, scene.Rate, tt.make(2*seed+1), tt.make(2*seed+2))
				got, stats := transcript(t, r, transcribe.Config{})
				if len(got.Utterances) > 0 {
					t.Errorf("seed %d: %d utterances out of %v, in %d windows, want none", seed, len(got.Utterances), length.Duration(), stats.Windows)
				}
			}
		})
	}
}
