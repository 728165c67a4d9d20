package callgen

import (
	"fmt"
	"math"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// The tolerances of Compare.
const (
	evidenceTolerance = 1500 // ms that evidence may lie beside what was planted
	reviewsAllowed    = 1    // criteria of a call that may be left to people
	fullShare         = 0.40 // of the agent's talk: up to here the talk ratio loses no points
	shareTolerance    = 0.03
)

// Problem is one way in which the result of a call differs from what was planted.
type Problem struct {
	File   string
	Rule   string
	Detail string
}

// String formats p as one line.
func (p Problem) String() string { return fmt.Sprintf("%s: %s: %s", p.File, p.Rule, p.Detail) }

// Compare holds a scored call against its truth. Every planted fault must be found as a fail with
// evidence at its place, nothing else may lose points, and at most one criterion may be left to people.
func Compare(truth *Truth, rec score.Record) []Problem {
	c := comparison{truth: truth, criteria: make(map[string]score.Criterion)}
	reviews := 0
	for _, criterion := range rec.Score.Criteria {
		c.criteria[criterion.Rule] = criterion
		if criterion.Outcome == score.OutcomeReview {
			reviews++
			c.note(criterion.Rule, "is left to people: %s", criterion.Reason)
		}
	}
	if reviews <= reviewsAllowed {
		c.problems = nil
	}
	c.planted()
	for _, criterion := range rec.Score.Criteria {
		c.deduction(criterion)
	}
	for _, rule := range truth.Passes {
		if got := c.criteria[rule]; got.Outcome != score.OutcomePass || got.Points < got.Potential {
			c.note(rule, "must pass, is %s with %g of %g points: %s", got.Outcome, got.Points, got.Potential, got.Note)
		}
	}
	if rec.Score.Vetoed != truth.Vetoed {
		c.note("veto", "vetoed is %t, want %t", rec.Score.Vetoed, truth.Vetoed)
	}
	return c.problems
}

// comparison collects the problems of one call.
type comparison struct {
	truth    *Truth
	criteria map[string]score.Criterion
	problems []Problem
}

func (c *comparison) note(rule, format string, args ...any) {
	c.problems = append(c.problems, Problem{File: c.truth.File, Rule: rule, Detail: fmt.Sprintf(format, args...)})
}

// planted looks for every planted fault.
func (c *comparison) planted() {
	for _, fault := range c.truth.Faults {
		got, found := c.criteria[fault.Rule]
		switch {
		case !found:
			c.note(fault.Rule, "is not on the scorecard")
		case got.Outcome != score.OutcomeFail:
			c.note(fault.Rule, "planted at %s %q, outcome is %s: %s %s", fault.Start, fault.Text, got.Outcome, got.Reason, got.Note)
		case !near(fault.Span, got.Evidence):
			c.note(fault.Rule, "planted at %s %q, no evidence there", fault.Start, fault.Text)
		}
	}
}

// deduction checks that a criterion loses points only where a fault was planted.
func (c *comparison) deduction(got score.Criterion) {
	if got.Points >= got.Potential && got.Outcome != score.OutcomeFail {
		return
	}
	if len(got.Evidence) == 0 {
		c.note(got.Rule, "loses points without evidence")
	}
	if got.Rule == "measure.talk_ratio" && got.Outcome == score.OutcomePass {
		if share := c.truth.AgentTalkRatio(); share < fullShare-shareTolerance {
			c.note(got.Rule, "loses points at a share of %.2f", share)
		}
		return
	}
	var places []call.Span
	for _, fault := range c.truth.Faults {
		if fault.Rule == got.Rule {
			places = append(places, fault.Span)
		}
	}
	if len(places) == 0 {
		c.note(got.Rule, "is %s with %g of %g points, nothing was planted: %s %s", got.Outcome, got.Points, got.Potential, got.Note, quotes(got))
		return
	}
	for _, e := range got.Evidence {
		if !beside(e.Span, places) {
			c.note(got.Rule, "has evidence at %s %q, nothing was planted there", e.Start, e.Quote)
		}
	}
}

// near reports whether any evidence lies at place.
func near(place call.Span, evidence []score.Evidence) bool {
	for _, e := range evidence {
		if beside(e.Span, []call.Span{place}) {
			return true
		}
	}
	return false
}

// beside reports whether s lies within the tolerance of one of places.
func beside(s call.Span, places []call.Span) bool {
	for _, p := range places {
		if p.Widen(evidenceTolerance, math.MaxInt64).Overlaps(s) {
			return true
		}
	}
	return false
}

func quotes(c score.Criterion) string {
	text := ""
	for _, e := range c.Evidence {
		text += fmt.Sprintf(" [%s %q %s %s]", e.Start, e.Quote, e.Term, e.Tier)
	}
	return text
}
