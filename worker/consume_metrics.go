package worker

import "github.com/prometheus/client_golang/prometheus"

// consumerMetrics are listed in docs/metrics.md.
type consumerMetrics struct{ jobs *prometheus.CounterVec }

func newConsumerMetrics(registerer prometheus.Registerer) *consumerMetrics {
	m := &consumerMetrics{jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "zhijian_jobs_total", Help: "Jobs of the queue that this worker was through with, by outcome (done, set_aside, retry, handed_back).",
	}, []string{"outcome"})}
	registerer.MustRegister(m.jobs)
	return m
}

func (m *consumerMetrics) ended(outcome string) { m.jobs.WithLabelValues(outcome).Inc() }
