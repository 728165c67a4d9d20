package worker_test

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// All jobs that were set aside are taken up while the queue is away, which is no fault of theirs.
func TestRetryWhileTheQueueIsAway(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	q, err := queue.Open(t.Context(), queue.Config{Dir: t.TempDir(), AckWait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	intake := &worker.Intake{Store: st, Queue: q, Log: slog.New(slog.DiscardHandler)}
	for _, key := range []string{"a.wav", "b.wav", "c.wav"} {
		o := source.Object{Source: "pbx", Key: key}
		if _, err := intake.Offer(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		job, _, err := st.Claim(t.Context(), o.ID(), "w")
		if err == nil {
			_, err = st.SetAside(t.Context(), job, "not_audio", "no audio")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	q.Close()
	n, away, err := intake.Retry(t.Context(), nil)
	if n != 3 || !away || err != nil {
		t.Errorf("got %d, away %v, %v; want all three and that the queue is away", n, away, err)
	}
	jobs, err := st.Jobs(t.Context(), store.JobFilter{States: []store.JobState{store.JobQueued}})
	if err != nil || len(jobs) != 3 {
		t.Errorf("%d jobs are queued, %v; want 3", len(jobs), err)
	}
}
