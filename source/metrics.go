package source

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are listed in docs/metrics.md. The names of sources come from the settings.
type metrics struct {
	looks      *prometheus.CounterVec
	recordings *prometheus.CounterVec
	success    *prometheus.GaugeVec
	last       *prometheus.GaugeVec
	waiting    *prometheus.GaugeVec
	problems   *prometheus.CounterVec
}

func newMetrics(registerer prometheus.Registerer, buckets []*Bucket) *metrics {
	label := []string{"source"}
	m := &metrics{
		looks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_source_looks_total", Help: "Looks at a source, by outcome (ok, unreachable, not_queued).",
		}, []string{"source", "outcome"}),
		recordings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_source_recordings_total", Help: "New recordings of a source that were queued.",
		}, label),
		success: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "zhijian_source_last_success_timestamp_seconds", Help: "When a source was last looked at with success.",
		}, label),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "zhijian_source_last_recording_timestamp_seconds", Help: "When the last new recording of a source was queued; the start of the process before the first.",
		}, label),
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "zhijian_source_waiting", Help: "Recordings of a source that are not complete yet.",
		}, label),
	}
	m.problems = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "zhijian_source_problems_total", Help: "Names, lines and sidecars of a source that could not be used, by reason.",
	}, []string{"source", "reason"})
	registerer.MustRegister(m.looks, m.recordings, m.success, m.last, m.waiting, m.problems)
	for _, b := range buckets {
		b.count(func(p Problem) { m.problems.WithLabelValues(b.Name(), p.Err.Code).Inc() })
		m.recordings.WithLabelValues(b.Name())
		m.success.WithLabelValues(b.Name())
		m.last.WithLabelValues(b.Name()).SetToCurrentTime()
		for _, reason := range []string{faultBadName, "bad_manifest", "bad_value", "bad_sidecar", "duplicate", "unreadable", "too_many_lines"} {
			m.problems.WithLabelValues(b.Name(), reason)
		}
		for _, outcome := range []string{"ok", "unreachable", "not_queued"} {
			m.looks.WithLabelValues(b.Name(), outcome)
		}
	}
	return m
}

func (m *metrics) offered(source string) {
	m.recordings.WithLabelValues(source).Inc()
	m.last.WithLabelValues(source).SetToCurrentTime()
}

// looked counts a look at b that ended with err, which is refused when the queue was to blame.
func (m *metrics) looked(b *Bucket, err, refused error) {
	outcome := "ok"
	switch {
	case refused != nil:
		outcome = "not_queued"
	case err != nil:
		outcome = "unreachable"
	}
	m.looks.WithLabelValues(b.Name(), outcome).Inc()
	m.waiting.WithLabelValues(b.Name()).Set(float64(b.incomplete()))
	if outcome != "unreachable" {
		m.success.WithLabelValues(b.Name()).Set(float64(time.Now().UnixMilli()) / 1000)
	}
}
