package monitor

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/store"
)

// countLimit is how long the store may take to say what waits: a scrape must not hang on it.
const countLimit = 4 * time.Second

// waiting tells at each scrape what waits in the queue, by the rows of the store, which are the truth about it.
type waiting struct {
	store                   *store.Store
	lanes                   []string
	log                     *slog.Logger
	depth, oldest, setAside *prometheus.Desc
}

// WatchQueue registers metrics of the jobs in st: how many are queued and worked on in each of the lanes, how
// long the oldest of those has been there, and how many are set aside. While the store cannot be read there
// are none.
func WatchQueue(st *store.Store, lanes []string, log *slog.Logger, registerer prometheus.Registerer) {
	registerer.MustRegister(&waiting{
		store: st, lanes: lanes, log: log,
		depth:    prometheus.NewDesc("zhijian_queue_depth", "Jobs that are queued or worked on, by lane and state.", []string{"lane", "state"}, nil),
		oldest:   prometheus.NewDesc("zhijian_queue_oldest_seconds", "How long ago the oldest job that is queued or worked on was received; 0 when there is none.", []string{"lane"}, nil),
		setAside: prometheus.NewDesc("zhijian_queue_set_aside", "Jobs that are set aside now.", nil, nil),
	})
}

// Describe implements prometheus.Collector.
func (w *waiting) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{w.depth, w.oldest, w.setAside} {
		out <- desc
	}
}

// Collect implements prometheus.Collector.
func (w *waiting) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countLimit)
	defer cancel()
	counts, err := w.store.CountJobs(ctx)
	if err != nil {
		w.log.Warn("jobs not counted", slog.String("error", err.Error()))
		return
	}
	depth, oldest, setAside := map[[2]string]int{}, map[string]time.Time{}, 0
	for _, c := range counts {
		if c.State == store.JobSetAside {
			setAside += c.Count
			continue
		}
		depth[[2]string{c.Lane, string(c.State)}] = c.Count
		if first, known := oldest[c.Lane]; !known || c.Oldest.Before(first) {
			oldest[c.Lane] = c.Oldest
		}
	}
	gauge := func(desc *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, labels...)
	}
	for _, lane := range w.lanes {
		for _, state := range []store.JobState{store.JobQueued, store.JobWorking} {
			gauge(w.depth, float64(depth[[2]string{lane, string(state)}]), lane, string(state))
		}
		age := 0.0
		if first, waits := oldest[lane]; waits {
			age = max(0, time.Since(first).Seconds())
		}
		gauge(w.oldest, age, lane)
	}
	gauge(w.setAside, float64(setAside))
}
