//go:build cgo && !nowhisper

package transcribe_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/transcribe"
)

// shelf lends engines to whoever comes first.
type shelf chan transcribe.Engine

func newShelf(t *testing.T, n int) shelf {
	s := make(shelf, n)
	for range n {
		s <- newEngine(t)
	}
	return s
}

func (s shelf) Take(ctx context.Context) (transcribe.Engine, func(), error) {
	select {
	case engine := <-s:
		return engine, func() { s <- engine }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// TestAnyNumberOfEnginesHearsTheSame transcribes a call on one engine, on two and on four, in every way of
// decoding in which one window could be thought to tell something about the next.
func TestAnyNumberOfEnginesHearsTheSame(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[1])
	tests := []struct {
		name string
		cfg  transcribe.Config
	}{
		{"as it is", transcribe.Config{}},
		{"short windows, much heard again", transcribe.Config{Window: 6_000, Hole: 400}},
		{"language found", transcribe.Config{Options: transcribe.Options{Language: "auto"}, Window: 6_000}},
		{"hot words", transcribe.Config{Options: transcribe.Options{Prompt: "国家电网，工单"}, Window: 8_000}},
		{"random numbers", transcribe.Config{Options: transcribe.Options{Temperature: 0.6, BestOf: 2}, Window: 8_000}},
		{"beams", transcribe.Config{Options: transcribe.Options{Beam: 3}}},
		{"30 s for each window", transcribe.Config{Options: transcribe.Options{FullContext: true}, Window: 8_000}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want, stats := transcript(t, r, tt.cfg)
			if stats.Windows < 3 {
				t.Errorf("%d windows, want three at least", stats.Windows)
			}
			for _, n := range []int{2, 4} {
				got, gotStats, err := transcribe.NewShared(newShelf(t, n), tt.cfg).Call(t.Context(), r.File, r.Analysis, bothRoles)
				if err != nil {
					t.Fatal(err)
				}
				stats.Engine, gotStats.Engine = 0, 0 // a time
				if d := cmp.Diff(want, got) + cmp.Diff(stats, gotStats); d != "" {
					t.Errorf("on one engine and on %d (-one +%d):\n%s", n, n, d)
				}
			}
		})
	}
}

// broken is the real engine, which fails at its second window.
type broken struct {
	transcribe.Engine
	asked *int
}

var errBroken = errors.New("broken")

func (b broken) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	if *b.asked++; *b.asked == 2 {
		return nil, errBroken
	}
	return b.Engine.Recognise(ctx, pcm, o)
}

// TestAWindowThatFailsEndsTheCall holds that the cause is told, and that every engine comes back.
func TestAWindowThatFailsEndsTheCall(t *testing.T) {
	t.Parallel()
	r := open(t, demoCalls(t)[0])
	engines := make(shelf, 3)
	for range 2 {
		engines <- newEngine(t)
	}
	engines <- broken{newEngine(t), new(int)}
	cfg := transcribe.Config{Window: 4_000}
	_, _, err := transcribe.NewShared(engines, cfg).Call(t.Context(), r.File, r.Analysis, bothRoles)
	if !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
	if len(engines) != 3 {
		t.Errorf("%d engines came back, want 3", len(engines))
	}
}

// hung is an engine that hears nothing but the end of its context.
type hung struct{ transcribe.Engine }

func (hung) Recognise(ctx context.Context, _ []float32, _ transcribe.Options) ([]transcribe.Segment, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestAWindowIsTriedAgainInAnotherEngine gives a window that does not come to an end to the next engine that is free.
func TestAWindowIsTriedAgainInAnotherEngine(t *testing.T) {
	t.Parallel()
	r := answer(t, "f2", "谢谢。")
	engines := make(shelf, 2)
	engines <- hung{}
	engines <- newEngine(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got, stats, err := transcribe.NewShared(engines, transcribe.Config{Patience: 0.05}).Call(ctx, r.File, r.Analysis, bothRoles)
	if err != nil {
		t.Fatal(err)
	}
	if heard := textOf(got, "agent"); !strings.Contains(heard, "谢谢") || stats.Retries != 1 {
		t.Errorf("heard %q with %d retries, want 谢谢 with one", heard, stats.Retries)
	}
}
