package worker_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/queue"
	"github.com/zhijian-qa/zhijian/source"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/worker"
)

// away is a source whose objects cannot be fetched, each for a reason of its own, so that nothing is recognised.
type away struct {
	mutex  sync.Mutex
	errs   map[string]error // by key
	times  map[string][]time.Time
	failed []string
}

func (a *away) Fetch(_ context.Context, o source.Object, _ string) (source.Item, func() error, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.times[o.Key] = append(a.times[o.Key], time.Now())
	return source.Item{}, func() error { return nil }, a.errs[o.Key]
}
func (a *away) Done(context.Context, source.Object) error { return nil }
func (a *away) Failed(_ context.Context, o source.Object) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.failed = append(a.failed, o.Key)
	return nil
}

// moved returns how many were moved to the failed ones.
func (a *away) moved() int {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return len(a.failed)
}

// consuming runs a consumer of a new store and queue until the test ends.
func consuming(t *testing.T, a *away, attempts int) (*store.Store, *queue.Queue, *worker.Intake) {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.Open(t.Context(), queue.Config{Dir: t.TempDir(), AckWait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	c := worker.Consumer{
		NewProcess: func() worker.Process {
			return func(context.Context, source.Item) worker.Done {
				return worker.Done{Err: errors.New("nothing is ever fetched")}
			}
		},
		Size: 2, Registerer: prometheus.NewRegistry(), Store: st, Queue: q, Buckets: map[string]worker.Bucket{"pbx": a},
		Name: "w", Scratch: t.TempDir(), MaxAttempts: attempts, Drain: time.Second, Log: log,
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		q.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st, q, &worker.Intake{Store: st, Queue: q, Log: log}
}

// settled waits until no job is queued or worked on and returns all by key.
func settled(t *testing.T, st *store.Store) map[string]store.Job {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		open, err := st.Jobs(t.Context(), store.JobFilter{States: []store.JobState{store.JobQueued, store.JobWorking}})
		if err != nil {
			t.Fatal(err)
		}
		if len(open) > 0 {
			continue
		}
		jobs, err := st.Jobs(t.Context(), store.JobFilter{})
		if err != nil {
			t.Fatal(err)
		}
		byKey := map[string]store.Job{}
		for _, job := range jobs {
			byKey[job.Key] = job
		}
		return byKey
	}
	t.Fatal("the jobs do not come to an end")
	return nil
}

// What may pass is tried again, later each time, and set aside at last; what stays is set aside at once.
func TestFaultsThatPassAreTriedAgainAndOthersAreNot(t *testing.T) {
	t.Parallel()
	a := &away{times: map[string][]time.Time{}, errs: map[string]error{
		"away.wav": errors.New("no route to the bucket"), "broken.wav": call.NewFault("empty", "the file is empty", nil),
	}}
	st, q, intake := consuming(t, a, 3)
	for key := range a.errs {
		o := source.Object{Source: "pbx", Key: key}
		before, err := intake.Known(t.Context(), o.ID())
		if err != nil {
			t.Fatal(err)
		}
		if n, err := intake.Offer(t.Context(), o); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		for range 2 {
			if known, err := intake.Known(t.Context(), o.ID()); err != nil || !known || before {
				t.Errorf("%s: known before %v, after %v, %v", key, before, known, err)
			}
		}
	}
	jobs := settled(t, st)
	if job := jobs["away.wav"]; job.State != store.JobSetAside || job.Reason != "fetch" || job.Attempts != 3 {
		t.Errorf("away: got %+v, want it set aside after three attempts", job)
	}
	if job := jobs["broken.wav"]; job.State != store.JobSetAside || job.Reason != "empty" || job.Attempts != 1 {
		t.Errorf("broken: got %+v, want it set aside at once", job)
	}
	for end := time.Now().Add(10 * time.Second); a.moved() < 2 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond) // the row comes first
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	times := a.times["away.wav"]
	if len(times) != 3 {
		t.Fatalf("fetched %d times, want 3", len(times))
	}
	first, second := times[1].Sub(times[0]), times[2].Sub(times[1])
	if first < 1500*time.Millisecond || second < first+time.Second {
		t.Errorf("tried again after %s and %s, want growing pauses of about 2 and 4 s", first, second)
	}
	slices.Sort(a.failed)
	if !slices.Equal(a.failed, []string{"away.wav", "broken.wav"}) {
		t.Errorf("moved to the failed ones: %v, want both", a.failed)
	}
	for key, job := range jobs {
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			held, err := q.Holds(t.Context(), job.Sequence, job.ID)
			if err == nil && !held && job.Sequence > 0 {
				break
			}
			if err != nil || time.Now().After(end) {
				t.Fatalf("%s: the queue holds its message %d: %t, %v; want it gone", key, job.Sequence, held, err)
			}
		}
	}
}

// A recording that ends every worker that begins with it does not go round for ever.
func TestAJobWhoseWorkersDieIsSetAside(t *testing.T) {
	t.Parallel()
	a := &away{times: map[string][]time.Time{}}
	st, _, intake := consuming(t, a, 2)
	id := source.Object{Source: "pbx", Key: "deadly.wav"}.ID()
	if _, err := st.AddJobs(t.Context(), []store.Job{{ID: id, Source: "pbx", Key: "deadly.wav", Lane: "short"}}); err != nil {
		t.Fatal(err)
	}
	for _, dead := range []string{"dead1", "dead2"} { // they claim it, and are not heard of again
		if _, _, err := st.Claim(t.Context(), id, dead); err != nil {
			t.Fatal(err)
		}
	}
	job, err := st.FindJob(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Queue.Offer(t.Context(), queue.Short, job.ID, job.MessageID()); err != nil {
		t.Fatal(err)
	}
	if job := settled(t, st)["deadly.wav"]; job.State != store.JobSetAside || job.Reason != "gave_up" || len(a.times) > 0 {
		t.Errorf("got %+v, fetched %d times; want it set aside and not begun again", job, len(a.times))
	}
}

// Jobs whose messages are gone, or were never published, are offered by the sweep.
func TestSweepOffersWhatHasNoMessage(t *testing.T) {
	t.Parallel()
	a := &away{times: map[string][]time.Time{}, errs: map[string]error{"lost.wav": call.NewFault("empty", "the file is empty", nil)}}
	st, _, intake := consuming(t, a, 2)
	id := source.Object{Source: "pbx", Key: "lost.wav"}.ID()
	if _, err := st.AddJobs(t.Context(), []store.Job{{ID: id, Source: "pbx", Key: "lost.wav", Lane: "short"}}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	swept := make(chan error)
	go func() { swept <- intake.Sweep(ctx) }()
	if job := settled(t, st)["lost.wav"]; job.State != store.JobSetAside || job.Reason != "empty" || job.Offers != 2 {
		t.Errorf("got %+v, want it offered once more and worked on", job)
	}
	stop()
	if err := <-swept; err != nil {
		t.Error(err)
	}
}
