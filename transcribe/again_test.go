//go:build cgo && !nowhisper

package transcribe_test

import (
	"context"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/transcribe"
)

// quitter is an engine that ends each long window after two segments.
type quitter struct {
	transcribe.Engine
	windows int
}

func (q *quitter) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	segments, err := q.Engine.Recognise(ctx, pcm, o)
	q.windows++
	return segments[:min(2, len(segments))], err
}

// TestWhatTheEngineLeavesOutIsHeardAgain lets the engine end its windows early: once more per window it
// is asked for the rest, and no more than once.
func TestWhatTheEngineLeavesOutIsHeardAgain(t *testing.T) {
	t.Parallel()
	path := demoCalls(t)[0]
	r := open(t, path)
	heard := func(hole call.Millis) (eval.Characters, transcribe.Stats, int) {
		engine := &quitter{Engine: newEngine(t)}
		got, stats, err := transcribe.New(engine, transcribe.Config{Hole: hole}).Call(t.Context(), r.File, r.Analysis, bothRoles)
		if err != nil {
			t.Fatal(err)
		}
		checkTranscript(t, got)
		var rate eval.Characters
		for _, role := range bothRoles {
			var want string
			for _, s := range truthOf(t, path) {
				if s.Role == role {
					want += s.Text
				}
			}
			rate.Add(eval.CharacterErrors(want, textOf(got, role)))
		}
		return rate, stats, engine.windows
	}
	without, stats, _ := heard(transcribe.MaxWindow)
	if stats.Retries != 0 {
		t.Errorf("%d windows heard again, want none", stats.Retries)
	}
	with, stats, windows := heard(0)
	t.Logf("CER %.1f %% without, %.1f %% with %d of %d windows heard again", 100*without.Rate(), 100*with.Rate(), stats.Retries, stats.Windows)
	if stats.Retries == 0 || stats.Retries > stats.Windows || windows != stats.Windows+stats.Retries {
		t.Errorf("%d windows in the engine for %+v", windows, stats)
	}
	if 2*with.Errors > without.Errors+with.Of/4 {
		t.Errorf("%d errors in %d characters, %d without", with.Errors, with.Of, without.Errors)
	}
}
