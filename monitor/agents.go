package monitor

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/store"
)

// Config is how violations are counted. Its zero value works.
type Config struct {
	Zone       *time.Location        // of the calendar windows. Defaults to UTC.
	Keep       time.Duration         // how long a window that is over still counts after a call of it came. Defaults to 24 h.
	MostSeries int                   // of each metric that has agents or teams as labels. Defaults to 10,000.
	Every      time.Duration         // between two looks at the store. Defaults to 15 s.
	Log        *slog.Logger          // defaults to no log
	Registerer prometheus.Registerer // defaults to a registry of its own
	Now        func() time.Time      // defaults to time.Now
}

func (c Config) withDefaults() Config {
	c.Keep, c.MostSeries, c.Every = cmp.Or(c.Keep, 24*time.Hour), cmp.Or(c.MostSeries, 10_000), cmp.Or(c.Every, 15*time.Second)
	c.Zone, c.Log = cmp.Or(c.Zone, time.UTC), cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	if c.Registerer == nil {
		c.Registerer = prometheus.NewRegistry()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

const (
	// overlap is how far a look at the store reaches back before the last: clocks of machines differ, and a
	// transaction is seen when it ends.
	overlap = 5 * time.Minute
	// anewEvery is how often all is counted anew. That catches what leaves no date: corrected metadata,
	// erased calls.
	anewEvery = time.Hour
)

// Agents counts over calendar windows how often agents broke rules and how teams do, by the calls' own time,
// and exposes that as metrics. A window counts while it lasts, and for a set time after a call of it was
// first stored: what came yesterday and is scored today alerts today. What is scored anew does not bring
// windows of old back.
type Agents struct {
	store   *store.Store
	cfg     Config
	metrics *metrics

	refreshing sync.Mutex
	tallies    map[int64]store.Tally // by the beginning of the day, in Unix seconds
	seen       time.Time             // what was stored before is in tallies
	anew       time.Time             // when all was counted last
	leftOut    map[key]bool
	label      *labeller // made at the first refresh

	current atomic.Pointer[snapshot]
}

// New returns a counter that reads st. It registers its metrics; they are empty before the first Refresh.
func New(st *store.Store, cfg Config) *Agents {
	cfg = cfg.withDefaults()
	a := &Agents{store: st, cfg: cfg, metrics: newMetrics(), tallies: make(map[int64]store.Tally), leftOut: make(map[key]bool)}
	a.current.Store(newSnapshot())
	for _, metric := range countedMetrics {
		a.metrics.leftOut.WithLabelValues(metric)
	}
	cfg.Registerer.MustRegister(a)
	return a
}

// share is how much of the time counting may take at most: where days are large the pauses grow.
const share = 0.1

// Run refreshes the counts until ctx ends; its error is nil. A store that cannot be read is tried again, and
// the counts stay.
func (a *Agents) Run(ctx context.Context) error {
	for {
		began := time.Now()
		if err := a.Refresh(ctx); err != nil && ctx.Err() == nil {
			a.cfg.Log.Error("violations not counted", slog.String("error", err.Error()))
		}
		pause := max(a.cfg.Every, time.Duration(float64(time.Since(began))*(1/share-1)))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// Refresh counts what has changed since the last time. Only days with changes are read from the store.
func (a *Agents) Refresh(ctx context.Context) error {
	a.refreshing.Lock()
	defer a.refreshing.Unlock()
	now := a.cfg.Now()
	if err := a.forgetChanged(ctx, now); err != nil {
		return fmt.Errorf("count violations: %w", err)
	}
	if a.label == nil {
		secret, err := a.store.Secret(ctx, labelSecret)
		if err != nil {
			return fmt.Errorf("count violations: %w", err)
		}
		a.label = &labeller{secret}
	}
	windows, err := a.live(ctx, now)
	if err != nil {
		return fmt.Errorf("count violations: %w", err)
	}
	next := newSnapshot()
	used := make(map[int64]bool)
	for _, w := range windows {
		sum := newSum(w, a.label)
		for _, day := range w.days(now) {
			used[day.start.Unix()] = true
			tally, err := a.tally(ctx, day)
			if err != nil {
				return fmt.Errorf("count violations: %w", err)
			}
			sum.add(tally)
		}
		next.take(sum)
	}
	for day := range a.tallies {
		if !used[day] {
			delete(a.tallies, day)
		}
	}
	a.publish(next, now)
	return nil
}

// forgetChanged drops the tallies of days whose calls have changed.
func (a *Agents) forgetChanged(ctx context.Context, now time.Time) error {
	if now.Sub(a.anew) >= anewEvery {
		clear(a.tallies)
		a.anew, a.seen = now, now
		return nil
	}
	changed, err := a.store.Changed(ctx, a.seen.Add(-overlap))
	if err != nil {
		return err
	}
	for _, quarter := range changed {
		delete(a.tallies, windowOf(Day, quarter, a.cfg.Zone).start.Unix())
	}
	a.seen = now
	return nil
}

// live returns the windows that count now.
func (a *Agents) live(ctx context.Context, now time.Time) ([]window, error) {
	quarters, err := a.store.Landed(ctx, now.Add(-a.cfg.Keep))
	if err != nil {
		return nil, err
	}
	var windows []window
	known := make(map[window]bool)
	for _, at := range append(quarters, now) {
		for _, kind := range kinds {
			if w := windowOf(kind, at, a.cfg.Zone); !known[w] && !w.start.After(now) {
				known[w] = true
				windows = append(windows, w)
			}
		}
	}
	return windows, nil
}

func (a *Agents) tally(ctx context.Context, day window) (store.Tally, error) {
	if tally, known := a.tallies[day.start.Unix()]; known {
		return tally, nil
	}
	tally, err := a.store.Tally(ctx, day.start, day.end)
	if err == nil {
		a.tallies[day.start.Unix()] = tally
	}
	return tally, err
}

// publish shows the counts, as many as may be.
func (a *Agents) publish(next *snapshot, now time.Time) {
	leftOut := next.cap(a.cfg.MostSeries)
	for k := range leftOut {
		if !a.leftOut[k] {
			a.metrics.leftOut.WithLabelValues(k.metric).Inc()
		}
	}
	a.leftOut = leftOut
	next.at = now
	a.current.Store(next)
}

// Counted says which calls a count is of.
type Counted struct {
	First, Last time.Time // days
	Agents      []string  // as the store has them, in order: more than one where labels fall together
}

// Window returns what the count of violations is of that is exposed for the label of an agent and a rule; ok is
// false when there is none.
func (a *Agents) Window(label, rule, kind string) (counted Counted, ok bool) {
	current := a.current.Load()
	for k, v := range current.series {
		if k.metric == violations && k.agent == label && k.rule == rule && k.window == kind {
			return Counted{v.window.start, v.window.end.AddDate(0, 0, -1), slices.Sorted(maps.Keys(current.agents[label]))}, true
		}
	}
	return Counted{}, false
}
