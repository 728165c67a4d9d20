package score_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// randomCard writes the rules of a scorecard of every kind, with random points, windows and conditions.
func randomCard(g *rand.Rand) (head, rules string) {
	pick := func(from ...string) string { return from[g.IntN(len(from))] }
	list := func() string { return pick("greeting", "apology", "refusal", "shirking", "closing", "vague", "thanks") }
	var b strings.Builder
	n := 2 + g.IntN(8)
	for i := range n {
		points := 1 + g.IntN(8)
		fmt.Fprintf(&b, "  - {id: r.r%d, zh: 试, points: %d, section: %s", i, points, pick("a", "b"))
		switch g.IntN(7) {
		case 0:
			fmt.Fprintf(&b, ", kind: must_say, lists: [%s, %s], at_least: %d, all: %t", list(), list(), 1+g.IntN(2), g.IntN(2) == 0)
		case 1:
			fmt.Fprintf(&b, ", kind: must_not_say, veto: %t, lists: [%s], per_hit: %g, cap: %g, at_most: %d", g.IntN(4) == 0, list(), float64(points)/3, float64(points)/2, g.IntN(2))
		case 2:
			fmt.Fprintf(&b, ", kind: flow, any_order: %t, steps: [{zh: 甲, lists: [%s]}, {zh: 乙, lists: [%s], role: customer, optional: true}, {zh: 丙, lists: [%s], within_seconds: 5}]", g.IntN(2) == 0, list(), list(), list())
		case 3:
			fmt.Fprintf(&b, ", kind: repetition, of: %s, per_hit: 0.5", pick("questions", "statements"))
		case 4:
			fmt.Fprintf(&b, ", kind: measure, measure: %s, bands: [{up_to: 1, share: 1}, {up_to: 5, share: 0.33}, {share: 0}]", pick("interruptions", "silences", "longest_silence", "duration", "rings"))
		case 5:
			b.WriteString(", kind: manual")
		default:
			other := max(0, i-1)
			if i == 0 {
				b.WriteString(", kind: expression, holds: 'interruptions < 2 or silences == 0'")
			} else {
				fmt.Fprintf(&b, `, kind: expression, holds: '%s("r.r%d") or failed("r.r%d") and interruptions < 1'`, pick("passed", "failed", "applies"), other, g.IntN(i))
			}
		}
		switch g.IntN(6) {
		case 0:
			fmt.Fprintf(&b, ", where: {after: {says: [%s], role: %s, seconds: 20}}", list(), pick("agent", "customer"))
		case 1:
			fmt.Fprintf(&b, ", where: {first: {percent: %d}}", 1+g.IntN(99))
		case 2:
			if i > 0 {
				fmt.Fprintf(&b, ", when: [{rule: r.r%d, outcome: %s}]", g.IntN(i), pick("pass", "fail", "not_applicable"))
			}
		}
		b.WriteString("}\n")
	}
	head = fmt.Sprintf("sections: [{id: a, zh: 甲, weight: %.2f}, {id: b, zh: 乙}]\n", 0.1+g.Float64()*3)
	if g.IntN(2) == 0 {
		head += fmt.Sprintf("bounds: {lower: %d, upper: %d}\n", g.IntN(4), 4+g.IntN(30))
	}
	return head, b.String()
}

func TestRandomScorecardsAddUp(t *testing.T) {
	t.Parallel()
	g := rand.New(rand.NewPCG(19, 23))
	for range 120 {
		head, rules := randomCard(g)
		s := scorerOf(t, head, rules)
		for range 5 {
			script := randomCall(g)
			record := judge(t, s, script)
			if fault := addsWithin(record, s.Scorecard().PassMark()); fault != "" {
				t.Fatalf("%s in\n%s%s\n%s", fault, head, rules, script)
			}
		}
	}
}

// addsWithin checks a record of a scorecard that may have bounds.
func addsWithin(r score.Record, passMark float64) string {
	if r.Score.Upper != nil && r.Score.Potential > *r.Score.Upper || r.Score.Points > r.Score.Potential || r.Score.Points < min(r.Score.Lower, r.Score.Potential) {
		return fmt.Sprintf("%v of %v points are out of bounds", r.Score.Points, r.Score.Potential)
	}
	sum := 0.0
	for _, c := range r.Score.Criteria {
		sum += c.Points
	}
	bounded := r.Score.Lower > 0 || r.Score.Upper != nil
	if r.Score.Upper != nil && sum > r.Score.Lower && sum < *r.Score.Upper && r.Score.Potential < *r.Score.Upper && sum-r.Score.Points > 0.01 {
		return fmt.Sprintf("criteria sum up to %v, the score is %v", sum, r.Score.Points)
	}
	if bounded {
		return ""
	}
	return adds(r, passMark)
}
