package worker

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
)

// metrics are listed in docs/metrics.md.
type metrics struct {
	calls     *prometheus.CounterVec
	stages    *prometheus.HistogramVec
	seconds   *prometheus.CounterVec
	conflicts prometheus.Counter
	scores    *prometheus.HistogramVec
}

func newMetrics(registerer prometheus.Registerer) *metrics {
	m := &metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_calls_total", Help: "Recordings worked on, by outcome (scored, failed) and reason code.",
		}, []string{"outcome", "reason"}),
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhijian_stage_duration_seconds", Help: "Time that one recording spends in a stage.",
			Buckets: prometheus.ExponentialBuckets(0.01, 4, 9),
		}, []string{"stage"}),
		seconds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_audio_seconds_total", Help: "Length of the recordings scored, by source of the transcript (fresh, stored).",
		}, []string{"transcript"}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "zhijian_metadata_conflicts_total", Help: "Recordings seen again with other metadata; the first is kept.",
		}),
		scores: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhijian_score_ratio", Help: "Normalised scores, by verdict.", Buckets: prometheus.LinearBuckets(0.1, 0.1, 10),
		}, []string{"verdict"}),
	}
	registerer.MustRegister(m.calls, m.stages, m.seconds, m.conflicts, m.scores)
	return m
}

// stage starts the clock of a stage; the function returned stops it.
func (m *metrics) stage(name string) func() {
	started := time.Now()
	return func() { m.stages.WithLabelValues(name).Observe(time.Since(started).Seconds()) }
}

func (m *metrics) finished(done Done, took time.Duration) {
	m.stages.WithLabelValues("total").Observe(took.Seconds())
	if done.Err != nil {
		m.calls.WithLabelValues("failed", call.FaultCode(done.Err)).Inc()
		return
	}
	m.calls.WithLabelValues("scored", "").Inc()
	transcript := "stored"
	if done.Fresh {
		transcript = "fresh"
	}
	m.seconds.WithLabelValues(transcript).Add(done.Record.Recording.Duration.Seconds())
	if ratio := done.Record.Score.Normalised; ratio != nil {
		m.scores.WithLabelValues(string(done.Record.Score.Verdict)).Observe(*ratio)
	}
}
