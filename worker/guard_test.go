package worker_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/worker"
)

// faulty makes one mistake.
type faulty struct {
	worker.Recogniser
	made *atomic.Bool
}

func (f faulty) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	if f.made.CompareAndSwap(false, true) {
		return []transcribe.Segment{{}}[:1+len(pcm)], nil // more than there are
	}
	return f.Recogniser.Recognise(ctx, pcm, o)
}

// A mistake of the program on one recording is a fault of that one: the others are done, and it is tried anew by
// the next run.
func TestAPanicIsAFaultOfItsRecording(t *testing.T) {
	t.Parallel()
	b, items := setup(t, 1), day(t, 3)
	open, made := b.pool.NewEngine, new(atomic.Bool)
	b.pool.NewEngine = func() (worker.Recogniser, error) {
		engine, err := open()
		return faulty{engine, made}, err
	}
	failed := 0
	for path, done := range run(t, b, items) {
		if done.Err != nil {
			failed++
			if call.FaultCode(done.Err) != "internal" {
				t.Errorf("%s: got %v, want a fault called internal", path, done.Err)
			}
		}
	}
	if failed != 1 {
		t.Errorf("%d of %d failed, want one", failed, len(items))
	}
	for path, done := range run(t, b, items) {
		if done.Err != nil {
			t.Errorf("%s: got %v in the next run", path, done.Err)
		}
	}
}
