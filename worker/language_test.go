package worker_test

import (
	"context"
	"slices"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/worker"
)

// abroad is the real recogniser, which takes every window for English.
type abroad struct{ worker.Recogniser }

func (a abroad) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	segments, err := a.Recogniser.Recognise(ctx, pcm, o)
	for i := range segments {
		segments[i].Language = "en"
	}
	return segments, err
}

// TestACallInAnotherLanguageIsFlagged holds that nothing is judged in such a call, and that it says why.
func TestACallInAnotherLanguageIsFlagged(t *testing.T) {
	t.Parallel()
	b := setup(t, 1)
	b.pool.Pipeline = worker.NewPipeline(b.store, b.scorer, worker.Config{
		Transcribe: transcribe.Config{Options: transcribe.Options{Language: "auto"}},
	})
	open := b.pool.NewEngine
	b.pool.NewEngine = func() (worker.Recogniser, error) {
		engine, err := open()
		return abroad{engine}, err
	}
	items := day(t, 1)
	record := run(t, b, items)[items[0].Path].Record
	if record.Transcript.Language != "en" || record.Score.Normalised != nil || record.Score.Potential != 0 {
		t.Errorf("language %s, score %+v of %v; want en, and none", record.Transcript.Language, record.Score.Normalised, record.Score.Potential)
	}
	for _, h := range record.Health {
		if !slices.Contains(h.Reasons, call.ReasonLanguage) || h.Status == call.StatusOK {
			t.Errorf("health %+v, want the reason %s", h, call.ReasonLanguage)
		}
	}
	for _, c := range record.Score.Criteria {
		if c.Reason != call.ReasonLanguage && c.Potential > 0 {
			t.Errorf("%s: %s because of %s, want %s", c.Rule, c.Outcome, c.Reason, call.ReasonLanguage)
		}
	}
}
