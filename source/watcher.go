package source

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

const (
	defaultEvery = 30 * time.Second
	longestWait  = 5 * time.Minute // between two tries of a bucket that cannot be reached
	firstWait    = time.Second
	// restFactor is how many times the length of a look passes before the next: looking at a large tree must
	// not become all that a machine does.
	restFactor = 4
)

// WatcherConfig says how buckets are watched. Its zero value works.
type WatcherConfig struct {
	Every      time.Duration         // between two looks at a bucket. Defaults to 30 s.
	Log        *slog.Logger          // defaults to no log
	Registerer prometheus.Registerer // defaults to a registry of its own
}

func (c WatcherConfig) withDefaults() WatcherConfig {
	if c.Every <= 0 {
		c.Every = defaultEvery
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Registerer == nil {
		c.Registerer = prometheus.NewRegistry()
	}
	return c
}

// Watcher looks at buckets again and again and offers what is new in them.
type Watcher struct {
	buckets []*Bucket
	cfg     WatcherConfig
	metrics *metrics
	nudges  map[string]chan struct{}

	mutex  sync.Mutex
	states map[string]State
}

// State tells how a source is doing.
type State struct {
	LastSuccess time.Time // of looking at it; zero when it was never reached
	Err         error     // why the last look failed, nil when it did not
}

// NewWatcher returns a watcher of buckets, each of which has a name of its own.
func NewWatcher(buckets []*Bucket, cfg WatcherConfig) *Watcher {
	cfg = cfg.withDefaults()
	w := &Watcher{
		buckets: buckets, cfg: cfg, metrics: newMetrics(cfg.Registerer, buckets),
		nudges: map[string]chan struct{}{}, states: map[string]State{},
	}
	for _, b := range buckets {
		w.nudges[b.Name()] = make(chan struct{}, 1)
	}
	return w
}

// Run watches until ctx ends, and then returns why. known tells which IDs need not be offered; an object whose
// offer failed is offered again.
func (w *Watcher) Run(ctx context.Context, known func(id string) bool, offer func(context.Context, Object) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, b := range w.buckets {
		group.Go(func() error { return w.watch(ctx, b, known, offer) })
	}
	<-ctx.Done()
	return group.Wait()
}

// Nudge has the source called name looked at soon. Unknown names are ignored.
func (w *Watcher) Nudge(name string) {
	select {
	case w.nudges[name] <- struct{}{}:
	default: // it will be looked at anyhow, or there is none of that name
	}
}

// States tells how each source is doing.
func (w *Watcher) States() map[string]State {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	states := map[string]State{}
	for _, b := range w.buckets {
		states[b.Name()] = w.states[b.Name()]
	}
	return states
}

func (w *Watcher) watch(ctx context.Context, b *Bucket, known func(string) bool, offer func(context.Context, Object) error) error {
	var changes <-chan struct{}
	if tells, ok := b.backend.(watchable); ok && !b.cfg.Nudged {
		changes = tells.changes(ctx)
	}
	failures := 0
	for {
		began := time.Now()
		if err := w.look(ctx, b, known, offer); err != nil {
			failures++
		} else {
			failures = 0
		}
		pause, rest := w.pause(b, failures), max(firstWait/4, restFactor*time.Since(began))
		if err := sleep(ctx, rest, nil, nil); err != nil {
			return err
		}
		if err := sleep(ctx, max(0, pause-rest), changes, w.nudges[b.Name()]); err != nil {
			return err
		}
	}
}

// look looks at a bucket once and counts what came of it.
func (w *Watcher) look(ctx context.Context, b *Bucket, known func(string) bool, offer func(context.Context, Object) error) error {
	var refused error
	err := b.Ready(ctx, known, func(o Object) error {
		if refused = offer(ctx, o); refused == nil {
			w.metrics.offered(b.Name())
		}
		return refused
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.metrics.looked(b, err, refused)
	w.mutex.Lock()
	state := w.states[b.Name()]
	before := state.Err
	if state.Err = err; err == nil || refused != nil {
		state.LastSuccess = time.Now()
	}
	w.states[b.Name()] = state
	w.mutex.Unlock()
	switch {
	case err != nil && before == nil: // said once, not at every try
		w.cfg.Log.Error("source not looked at: it is tried again", slog.String("source", b.Name()), slog.String("error", err.Error()))
	case err == nil && before != nil:
		w.cfg.Log.Warn("source looked at again", slog.String("source", b.Name()))
	}
	return err
}

// pause is how long to wait until the next look: growing after failures, shorter when something will have
// settled.
func (w *Watcher) pause(b *Bucket, failures int) time.Duration {
	if failures > 0 {
		return min(firstWait<<min(failures-1, 10), max(longestWait, w.cfg.Every))
	}
	if at := b.settling(); !at.IsZero() {
		return min(w.cfg.Every, max(0, at.Sub(b.cfg.now())))
	}
	return w.cfg.Every
}

// sleep waits, or until one of the channels tells.
func sleep(ctx context.Context, length time.Duration, either, or <-chan struct{}) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-either:
	case <-or:
	}
	return nil
}
