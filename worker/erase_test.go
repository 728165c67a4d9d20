package worker_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/transcribe"
	"github.com/zhijian-qa/zhijian/worker"
)

// meanwhile is a recogniser that lets something happen elsewhere before its first window.
type meanwhile struct {
	worker.Recogniser
	once   *sync.Once
	happen func()
}

func (m meanwhile) Recognise(ctx context.Context, pcm []float32, o transcribe.Options) ([]transcribe.Segment, error) {
	m.once.Do(m.happen)
	return m.Recogniser.Recognise(ctx, pcm, o)
}

// A call whose data are deleted while it is worked on does not come back, and the others go on.
func TestErasedWhileWorkedOn(t *testing.T) {
	t.Parallel()
	b, items := setup(t, 1), day(t, 2)
	known, err := b.pool.Pipeline.Identify(t.Context(), items[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.store.AddSighting(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	erase := func() {
		n, err := b.store.Erase(context.Background(), []string{known.SHA256}, store.Erasure{Reason: store.ErasedOnRequest, By: "李四"})
		if err != nil || n != 1 {
			t.Errorf("erased %d, %v", n, err)
		}
	}
	start := b.pool.NewEngine
	b.pool.NewEngine = func() (worker.Recogniser, error) {
		engine, err := start()
		return meanwhile{engine, &once, erase}, err
	}
	done := run(t, b, items)
	if !worker.IsErased(done[items[0].Path].Err) || done[items[1].Path].Err != nil {
		t.Errorf("got %v and %v, want the first left alone and the second scored", done[items[0].Path].Err, done[items[1].Path].Err)
	}
	if _, err := b.store.FindRecording(t.Context(), known.SHA256); !errors.Is(err, call.ErrNotFound) {
		t.Errorf("got %v, want nothing of it kept", err)
	}
}
