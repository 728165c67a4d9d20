package worker

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
)

// What becomes of a job, as metrics name it.
const (
	jobDone       = "done"
	jobSetAside   = "set_aside"
	jobRetry      = "retry"
	jobHandedBack = "handed_back"
)

// consumerMetrics are listed in docs/metrics.md.
type consumerMetrics struct {
	jobs     *prometheus.CounterVec
	retries  *prometheus.CounterVec
	setAside *prometheus.CounterVec
}

func newConsumerMetrics(registerer prometheus.Registerer) *consumerMetrics {
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "zhijian_" + name, Help: help}, []string{label})
	}
	m := &consumerMetrics{
		jobs:     counter("jobs_total", "Jobs of the queue that this worker was through with, by outcome (done, set_aside, retry, handed_back).", "outcome"),
		retries:  counter("queue_retries_total", "Jobs given back to be tried again, by the code of the fault.", "reason"),
		setAside: counter("queue_set_aside_total", "Jobs that failed for good and were set aside, by the code of the fault.", "reason"),
	}
	registerer.MustRegister(m.jobs, m.retries, m.setAside)
	// From the start at 0: the first of a kind must count as an increase.
	for _, outcome := range []string{jobDone, jobSetAside, jobRetry, jobHandedBack} {
		m.jobs.WithLabelValues(outcome)
	}
	for code := range passing {
		m.retries.WithLabelValues(code)
	}
	for _, code := range call.FaultCodes() {
		m.setAside.WithLabelValues(code)
	}
	return m
}

// ended counts a job that ended so; cause is why, nil for one that is done or handed back.
func (m *consumerMetrics) ended(outcome string, cause error) {
	m.jobs.WithLabelValues(outcome).Inc()
	switch outcome {
	case jobRetry:
		m.retries.WithLabelValues(call.FaultCode(cause)).Inc()
	case jobSetAside:
		m.setAside.WithLabelValues(call.FaultCode(cause)).Inc()
	}
}
