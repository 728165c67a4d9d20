package worker

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/score"
)

// Rules holds the scorer that calls are scored by. Another can take its place while workers run: a call is
// scored from beginning to end by the scorer that it began with. Many goroutines may use it.
type Rules struct {
	current atomic.Pointer[score.Scorer]
	reading sync.Mutex // one reload at a time
	load    func() (*score.Scorer, error)
	metrics atomic.Pointer[rulesMetrics]
	follow  []func(*score.Scorer)
}

// NewRules loads a scorer and holds it. load is called again by each Reload; lists that it loads should
// share one segmenter, and may not be closed while a scorer that they belong to can be in use.
func NewRules(load func() (*score.Scorer, error)) (*Rules, error) {
	scorer, err := load()
	if err != nil {
		return nil, fmt.Errorf("load rules: %w", err)
	}
	r := HoldRules(scorer)
	r.load = load
	return r, nil
}

// HoldRules returns rules that stay as they are.
func HoldRules(scorer *score.Scorer) *Rules {
	r := &Rules{load: func() (*score.Scorer, error) { return scorer, nil }}
	r.current.Store(scorer)
	return r
}

// Scorer returns the scorer to use for the next call.
func (r *Rules) Scorer() *score.Scorer { return r.current.Load() }

// Reload loads the rules anew and puts them in the place of those that are held; changed says whether they
// differ. After an error those that are held stay.
func (r *Rules) Reload() (changed bool, err error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	scorer, err := r.load()
	r.metrics.Load().loaded(err)
	if err != nil {
		return false, fmt.Errorf("reload rules: %w", err)
	}
	old := r.current.Swap(scorer)
	for _, tell := range r.follow {
		tell(scorer)
	}
	return old.Revision() != scorer.Revision(), nil
}

// Follow tells of the scorer that is held, and of each that takes its place.
func (r *Rules) Follow(tell func(*score.Scorer)) {
	r.reading.Lock()
	defer r.reading.Unlock()
	r.follow = append(r.follow, tell)
	tell(r.current.Load())
}

// Instrument registers metrics of reloads. Rules that are held from the start count as loaded.
func (r *Rules) Instrument(registerer prometheus.Registerer) {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: "zhijian_rules_" + name, Help: help})
	}
	m := &rulesMetrics{
		success: gauge("reload_success", "1 when the rules were loaded without a fault the last time, 0 when those of before are still used."),
		last:    gauge("reload_success_timestamp_seconds", "When the rules were last loaded without a fault."),
	}
	registerer.MustRegister(m.success, m.last)
	m.loaded(nil)
	r.metrics.Store(m)
}

// rulesMetrics are listed in docs/metrics.md. Nil ones count nothing.
type rulesMetrics struct{ success, last prometheus.Gauge }

func (m *rulesMetrics) loaded(err error) {
	switch {
	case m == nil:
	case err != nil:
		m.success.Set(0)
	default:
		m.success.Set(1)
		m.last.SetToCurrentTime()
	}
}
