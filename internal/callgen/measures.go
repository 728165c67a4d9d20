package callgen

import (
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/score"
)

// The tolerances of CompareMeasures.
const (
	ratioTolerance   = 0.03 // of the agent's share of the talk
	silenceTolerance = 300  // ms at each end of a silence
	startTolerance   = 500  // ms at the start of an interruption
)

// CompareMeasures holds the measures of a scored call against its truth: the agent's share of the
// talk, the silences and the interruptions of both parties. An interruption whose words could not be
// recognised claims nothing, so that it is never one too many.
func CompareMeasures(truth *Truth, rec score.Record) []Problem {
	c := comparison{truth: truth}
	if got := rec.Measures.AgentTalkRatio; got == nil || math.Abs(*got-truth.AgentTalkRatio()) > ratioTolerance {
		c.note("talk ratio", "got %v, want %.2f", figure(got), truth.AgentTalkRatio())
	}
	claimed := slices.DeleteFunc(slices.Clone(rec.Measures.Interruptions), func(i score.Interruption) bool { return i.Uncertain })
	matchAll(&c, "silence", truth.Silences, rec.Measures.Silences, func(want Silence, got score.Silence) bool {
		return within(want.Start, got.Start, silenceTolerance) && within(want.End, got.End, silenceTolerance) && want.Announced == got.Announced
	})
	matchAll(&c, "interruption", truth.Interruptions, claimed, func(want Interruption, got score.Interruption) bool {
		return want.By == got.By && want.Yielded == got.Yielded && within(want.Start, got.Start, startTolerance)
	})
	return c.problems
}

// matchAll notes what was wanted and not got, and what was got and not wanted.
func matchAll[W, G any](c *comparison, what string, want []W, got []G, same func(W, G) bool) {
	used := make([]bool, len(got))
	for i, found := range eval.Match(want, got, same) {
		if found < 0 {
			c.note(what, "not measured: %+v", want[i])
			continue
		}
		used[found] = true
	}
	for i, g := range got {
		if !used[i] {
			c.note(what, "measured and not there: %+v", g)
		}
	}
}

func within(a, b, tolerance call.Millis) bool { return max(a-b, b-a) <= tolerance }

func figure(f *float64) any {
	if f == nil {
		return "nothing"
	}
	return *f
}
