package monitor

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhijian-qa/zhijian/score"
)

// metrics are listed in docs/metrics.md.
type metrics struct {
	violations, vetoes, calls, compliance, evaluated *prometheus.Desc

	leftOut *prometheus.CounterVec
}

func newMetrics() *metrics {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("zhijian_"+name, help, labels, nil)
	}
	return &metrics{
		violations: describe("agent_violations", "Calls of a calendar window in which an agent broke a rule, by the calls' own time.",
			"agent", "team", "rule", "severity", "window"),
		vetoes: describe("agent_vetoes", "Calls of a calendar window in which an agent broke a rule that fails the whole call.",
			"agent", "team", "rule", "window"),
		calls: describe("team_calls", "Scored calls of a team in a calendar window, by verdict.", "team", "verdict", "window"),
		compliance: describe("team_compliance_ratio", "Share of passed calls among those of a team that passed or failed in a calendar window.",
			"team", "window"),
		evaluated: describe("agent_evaluation_timestamp_seconds", "When the counts of agents and teams were last taken."),
		leftOut: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_series_left_out_total", Help: "Series of agents and teams that the cap left out.",
		}, []string{"metric"}),
	}
}

// Describe implements prometheus.Collector.
func (a *Agents) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{a.metrics.violations, a.metrics.vetoes, a.metrics.calls, a.metrics.compliance, a.metrics.evaluated} {
		out <- desc
	}
	a.metrics.leftOut.Describe(out)
}

// Collect implements prometheus.Collector.
func (a *Agents) Collect(out chan<- prometheus.Metric) {
	current := a.current.Load()
	gauge := func(desc *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, labels...)
	}
	for k, v := range current.series {
		switch n := float64(v.count); k.metric {
		case violations:
			gauge(a.metrics.violations, n, k.agent, k.team, k.rule, k.severity, k.window)
		case vetoes:
			gauge(a.metrics.vetoes, n, k.agent, k.team, k.rule, k.window)
		case teamCalls:
			gauge(a.metrics.calls, n, k.team, k.verdict, k.window)
			if k.verdict != string(score.VerdictPass) {
				continue
			}
			k.verdict = string(score.VerdictFail)
			if failed, known := current.series[k]; known && v.count+failed.count > 0 {
				gauge(a.metrics.compliance, n/float64(v.count+failed.count), k.team, k.window)
			}
		}
	}
	if !current.at.IsZero() {
		gauge(a.metrics.evaluated, float64(current.at.UnixMilli())/1000)
	}
	a.metrics.leftOut.Collect(out)
}
