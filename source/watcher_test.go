package source_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/zhijian-qa/zhijian/internal/s3test"
	"github.com/zhijian-qa/zhijian/source"
)

// board keeps what was offered.
type board struct {
	mutex   sync.Mutex
	known   map[string]bool
	offered chan string
	refuse  error
}

func newBoard() *board { return &board{known: map[string]bool{}, offered: make(chan string, 100)} }

func (b *board) has(id string) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.known[id]
}

func (b *board) offer(_ context.Context, o source.Object) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.refuse != nil {
		return b.refuse
	}
	b.known[o.ID()] = true
	b.offered <- o.Key
	return nil
}

// next waits for a recording to be offered.
func (b *board) next(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-b.offered:
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("%s was not offered", want)
	}
}

// run starts a watcher that ends with the test.
func run(t *testing.T, w *source.Watcher, b *board) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx, b.has, b.offer) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the watcher ended with %v", err)
		}
	})
}

func TestWatcherOffersWhatIsNew(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place) {
		p.put("a.wav", "x")
		cfg := p.cfg
		cfg.Settle = 300 * time.Millisecond
		every := time.Hour // a folder tells itself; what settles is looked at again in time
		if p.object {
			every = 200 * time.Millisecond
		}
		registry := prometheus.NewRegistry()
		w := source.NewWatcher([]*source.Bucket{open(t, cfg)}, source.WatcherConfig{Every: every, Registerer: registry})
		b := newBoard()
		run(t, w, b)
		b.next(t, "a.wav")
		p.put("sub/b.wav", "x")
		b.next(t, "sub/b.wav")
		p.put("sub/c.wav", "x")
		b.next(t, "sub/c.wav")
		if state := w.States()["calls"]; state.Err != nil || time.Since(state.LastSuccess) > time.Minute {
			t.Errorf("got %+v", state)
		}
		want := "# HELP zhijian_source_recordings_total New recordings of a source that were queued.\n" +
			"# TYPE zhijian_source_recordings_total counter\nzhijian_source_recordings_total{source=\"calls\"} 3\n"
		counted := func() error { // a recording is counted once its offer has returned
			return testutil.GatherAndCompare(registry, strings.NewReader(want), "zhijian_source_recordings_total")
		}
		for deadline := time.Now().Add(10 * time.Second); counted() != nil && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
		must(t, counted())
	})
}

func TestWatcherIsNudged(t *testing.T) {
	t.Parallel()
	bucket := s3Place(t)
	w := source.NewWatcher([]*source.Bucket{open(t, bucket.cfg)}, source.WatcherConfig{Every: time.Hour})
	b := newBoard()
	bucket.put("a.wav", "x")
	run(t, w, b)
	b.next(t, "a.wav")
	bucket.put("b.wav", "x")
	w.Nudge("nobody")
	w.Nudge("calls")
	b.next(t, "b.wav")
}

// Who nudges needs nobody else to tell.
func TestANudgedFolderIsNotWatchedByTheSystem(t *testing.T) {
	t.Parallel()
	bucket := folderPlace(t)
	bucket.cfg.Nudged = true
	w := source.NewWatcher([]*source.Bucket{open(t, bucket.cfg)}, source.WatcherConfig{Every: time.Hour})
	b := newBoard()
	bucket.put("a.wav", "x")
	run(t, w, b)
	b.next(t, "a.wav")
	time.Sleep(300 * time.Millisecond) // a look has its rest
	bucket.put("b.wav", "x")
	select {
	case got := <-b.offered:
		t.Errorf("%s was offered and nobody nudged", got)
	case <-time.After(500 * time.Millisecond):
	}
	w.Nudge("calls")
	b.next(t, "b.wav")
}

// Folders that were deleted make room for new ones.
func TestDeletedFoldersAreWatchedNoMore(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	told, err := source.WatchTree(t.Context(), root, 3)
	must(t, err)
	hear := func() bool {
		select {
		case <-told:
			return true
		case <-time.After(200 * time.Millisecond):
			return false
		}
	}
	for range 4 {
		for _, name := range []string{"a", "b"} {
			must(t, os.Mkdir(filepath.Join(root, name), 0o700))
		}
		for hear() { // until it has taken all in
		}
		must(t, os.WriteFile(filepath.Join(root, "b", "x.wav"), nil, 0o600))
		if !hear() {
			t.Fatal("a recording in a new folder is not told of")
		}
		for _, name := range []string{"a", "b"} {
			must(t, os.RemoveAll(filepath.Join(root, name)))
		}
		for hear() {
		}
	}
}

func TestWatcherOffersAgainWhatWasRefused(t *testing.T) {
	t.Parallel()
	p := folderPlace(t)
	p.put("a.wav", "x")
	w := source.NewWatcher([]*source.Bucket{open(t, p.cfg)}, source.WatcherConfig{Every: 100 * time.Millisecond})
	b := newBoard()
	b.refuse = errors.New("the queue is away")
	run(t, w, b)
	for w.States()["calls"].Err == nil {
		time.Sleep(10 * time.Millisecond)
	}
	b.mutex.Lock()
	b.refuse = nil
	b.mutex.Unlock()
	b.next(t, "a.wav")
}

func TestWatcherOutlivesAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	var own s3test.Server
	t.Cleanup(own.Stop)
	bucket := own.Bucket(t)
	bucket.Put(t, "a.wav", "x", nil)
	must(t, own.Halt())
	cfg := source.BucketConfig{Name: "calls", URL: bucket.URL, Credentials: bucket.Credentials}
	w := source.NewWatcher([]*source.Bucket{open(t, cfg)}, source.WatcherConfig{Every: 100 * time.Millisecond})
	b := newBoard()
	run(t, w, b)
	for w.States()["calls"].Err == nil {
		time.Sleep(10 * time.Millisecond)
	}
	must(t, own.Start())
	b.next(t, "a.wav")
	for w.States()["calls"].LastSuccess.IsZero() { // the look ends after what it offers
		time.Sleep(10 * time.Millisecond)
	}
}
