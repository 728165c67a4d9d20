package worker

import (
	"cmp"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// metrics are listed in docs/metrics.md.
type metrics struct {
	calls       *prometheus.CounterVec
	stages      *prometheus.HistogramVec
	seconds     *prometheus.CounterVec
	conflicts   prometheus.Counter
	judged      judged
	work        *workClock
	transcripts map[bool]prometheus.Counter // of seconds, by whether the transcript is fresh
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
		judged: newJudged(registerer),
		work:   newWorkClock(registerer),
	}
	registerer.MustRegister(m.calls, m.stages, m.seconds, m.conflicts)
	// From the start at 0: the first of a kind must count as an increase.
	m.calls.WithLabelValues("scored", "")
	for _, code := range call.FaultCodes() {
		m.calls.WithLabelValues("failed", code)
	}
	m.transcripts = map[bool]prometheus.Counter{true: m.seconds.WithLabelValues("fresh"), false: m.seconds.WithLabelValues("stored")}
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
	length := done.Record.Recording.Duration.Seconds()
	m.transcripts[done.Fresh].Add(length)
	if done.Fresh {
		m.work.did(length)
	}
	m.judged.add(done.Record)
}

// judged counts what scoring finds, by scorecard and by rule. Both are bounded by the settings.
type judged struct {
	scores        *prometheus.HistogramVec
	ratios        *prometheus.HistogramVec
	interruptions *prometheus.HistogramVec
	violations    *prometheus.CounterVec
	abstentions   *prometheus.CounterVec
}

func newJudged(registerer prometheus.Registerer) judged {
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "zhijian_" + name, Help: help, Buckets: buckets}, labels)
	}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "zhijian_" + name, Help: help}, labels)
	}
	j := judged{
		scores:        histogram("score_ratio", "Normalised scores, by scorecard and verdict.", prometheus.LinearBuckets(0.1, 0.1, 10), "scorecard", "verdict"),
		ratios:        histogram("talk_ratio", "Agents' share of the talk time of a call, by scorecard.", prometheus.LinearBuckets(0.1, 0.1, 10), "scorecard"),
		interruptions: histogram("interruptions", "Interruptions of a call, by scorecard and who interrupts.", []float64{0, 1, 2, 3, 5, 8, 13}, "scorecard", "by"),
		violations:    counter("violations_total", "Calls in which a rule was broken, by rule and severity.", "rule", "severity"),
		abstentions:   counter("abstentions_total", "Rules of calls that were left to a person, by rule.", "rule"),
	}
	registerer.MustRegister(j.scores, j.ratios, j.interruptions, j.violations, j.abstentions)
	return j
}

// expect makes the counters of the rules start at 0, so that the first of a kind counts as an increase.
func (j judged) expect(severities map[string]score.Severity) {
	for rule, severity := range severities {
		j.violations.WithLabelValues(rule, string(severity))
		j.abstentions.WithLabelValues(rule)
	}
}

func (j judged) add(rec score.Record) {
	card, _, _ := strings.Cut(rec.Score.Scorecard, "@")
	if ratio := rec.Score.Normalised; ratio != nil {
		j.scores.WithLabelValues(card, string(rec.Score.Verdict)).Observe(*ratio)
	}
	if ratio := rec.Measures.AgentTalkRatio; ratio != nil {
		j.ratios.WithLabelValues(card).Observe(*ratio)
	}
	if _, withheld := rec.Measures.Withheld["interruptions"]; !withheld {
		by := map[call.Role]int{call.RoleAgent: 0, call.RoleCustomer: 0}
		for _, i := range rec.Measures.Interruptions {
			by[i.By]++
		}
		for role, n := range by {
			j.interruptions.WithLabelValues(card, string(role)).Observe(float64(n))
		}
	}
	for _, c := range rec.Score.Criteria {
		switch c.Outcome {
		case score.OutcomeFail:
			j.violations.WithLabelValues(c.Rule, string(cmp.Or(c.Severity, score.SeverityMinor))).Inc()
		case score.OutcomeReview:
			j.abstentions.WithLabelValues(c.Rule).Inc()
		}
	}
}
