package score_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/score"
)

// counts are how one rule, or all, did at one error rate.
type counts struct {
	calls, said, found, unsure, wrong  int // wrong: found though it was not said
	criteria, reviews, falseDeductions int
	exactFound, exactWrong, exactFalse int // plain exact matching
}

func (n *counts) add(other counts) {
	n.calls += other.calls
	n.said += other.said
	n.found += other.found
	n.unsure += other.unsure
	n.wrong += other.wrong
	n.criteria += other.criteria
	n.reviews += other.reviews
	n.falseDeductions += other.falseDeductions
	n.exactFound += other.exactFound
	n.exactWrong += other.exactWrong
	n.exactFalse += other.exactFalse
}

func (n counts) recall() float64       { return share(n.found, n.said) }
func (n counts) withReview() float64   { return share(n.found+n.unsure, n.said) }
func (n counts) precision() float64    { return precision(n.found, n.wrong) }
func (n counts) reviewShare() float64  { return share(n.reviews, n.criteria) }
func (n counts) falsePerCent() float64 { return 100 * share(n.falseDeductions, n.calls) }

func precision(right, wrong int) float64 {
	if right+wrong == 0 {
		return 1
	}
	return float64(right) / float64(right+wrong)
}

// trialist runs labelled calls through a simulated recogniser.
type trialist struct {
	scorer  *score.Scorer
	lexicon *lexicon.Set
	log     func(string, ...any)
}

// count judges a call with its words misheard and counts by rule; "all" is the sum.
func (r trialist) count(by map[string]counts, l labelled, hear mishearing) {
	heard := l.call
	heard.Transcript = misheard(l.call.Transcript, hear)
	got := outcomesOf(r.scorer, heard)
	all := by["all"]
	all.calls++
	by["all"] = all
	for _, a := range aspects {
		n := r.compare(a, l, got[a.rule])
		if n.said+n.wrong > 0 || l.about == "" || l.about == a.rule {
			r.compareExact(&n, a, l, heard)
		}
		if l.about == "" || l.about == a.rule {
			if said := n.said > 0; said && n.found == 0 || n.wrong > 0 {
				r.log("%s: should be %s, is %s in %q, heard as %q", a.rule, l.truth[a.rule], got[a.rule], textOf(l.call), textOf(heard))
			}
		}
		if n.falseDeductions > 0 {
			r.log("false deduction: %s in %q, heard as %q", a.rule, textOf(l.call), textOf(heard))
		}
		for _, key := range []string{a.rule, "all"} {
			sum := by[key]
			calls := sum.calls
			sum.add(n)
			if key == "all" {
				sum.calls = calls
			}
			by[key] = sum
		}
	}
}

// compare counts one rule: what it found among what was said only where that is labelled by hand.
func (r trialist) compare(a aspect, l labelled, got score.Outcome) counts {
	truth := l.truth[a.rule]
	n := counts{calls: 1, falseDeductions: one(got == score.OutcomeFail && truth != score.OutcomeFail && truth != score.OutcomeReview)}
	if truth == score.OutcomeNotApplicable {
		return n
	}
	n.criteria, n.reviews = 1, one(got == score.OutcomeReview)
	if l.about != "" && l.about != a.rule {
		return n
	}
	present := a.outcome(true)
	if truth == present {
		n.said, n.found, n.unsure = 1, one(got == present), n.reviews
	} else {
		n.wrong = one(got == present)
	}
	return n
}

// compareExact counts what plain exact matching of the same lists comes to.
func (r trialist) compareExact(n *counts, a aspect, l labelled, heard calltest.Call) {
	if l.truth[a.rule] == score.OutcomeNotApplicable {
		return
	}
	hits := 0
	for _, u := range heard.Transcript.By("agent") {
		for _, m := range r.lexicon.Find(u.Text) {
			hits += one(m.Tier == lexicon.TierExact && slices.Contains(a.lists, m.List))
		}
	}
	exact, said := hits >= a.atLeast, l.truth[a.rule] == a.outcome(true)
	n.exactFound, n.exactWrong = one(exact && said), one(exact && !said)
	n.exactFalse = one(exact != said && said == a.asks)
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func textOf(c calltest.Call) string {
	var b strings.Builder
	for _, u := range c.Transcript.Utterances {
		fmt.Fprintf(&b, "%.1s:%s ", u.Role, u.Text)
	}
	return b.String()
}

// run counts a whole set at one error rate, by rule.
func (r trialist) run(set []labelled, c *confuser, rate float64, rounds int) map[string]counts {
	if rate == 0 {
		rounds = 1
	}
	by := map[string]counts{}
	for range rounds {
		for _, l := range set {
			r.count(by, l, func(words []call.Word) []call.Word { return c.words(words, rate) })
		}
	}
	return by
}

// TestRuleAccuracy holds the rules against the labelled sets, as they are written and as they are misheard.
func TestRuleAccuracy(t *testing.T) {
	t.Parallel()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	s := scorer(t, "power-service")
	tuned, heldOut := readTuned(t, s), readHeldOut(t)
	if len(tuned) < 400 || len(heldOut) < 150 {
		t.Errorf("got %d and %d labelled calls, want 400 and 150", len(tuned), len(heldOut))
	}
	r := trialist{scorer: s, lexicon: lex, log: func(string, ...any) {}}
	if os.Getenv("ZHIJIAN_EXPLAIN") != "" {
		r.log = t.Logf
	}
	rates, rounds := []float64{0, 0.1, 0.2, 0.3}, 1
	if os.Getenv("ZHIJIAN_LONG") == "" {
		rates, rounds = []float64{0, 0.2}, 1
		tuned, heldOut = every(tuned, 4), every(heldOut, 3)
	}
	var sums strings.Builder
	for _, rate := range rates {
		columns := []column{
			{"tuned on", r.run(tuned, newConfuser(t, 7+uint64(rate*100)), rate, rounds)},
			{"tuned on, other recogniser", r.run(tuned, newOtherConfuser(t, 2007+uint64(rate*100)), rate, rounds)},
			{"held out", r.run(heldOut, newOtherConfuser(t, 1007+uint64(rate*100)), rate, 2*rounds)},
		}
		t.Log(table(rate, columns))
		sums.WriteString(sumRows(rate, columns))
		for _, c := range columns {
			checkAccuracy(t, rate, c)
		}
	}
	t.Log("\n" + sumHead + sums.String())
}

// every returns each nth call.
func every(set []labelled, n int) []labelled {
	var some []labelled
	for i := 0; i < len(set); i += n {
		some = append(some, set[i])
	}
	return some
}

// limits are what the sum of all rules is held to: what is reached, with room for the chance of a sample.
// docs/accuracy.md tells how far the aims are.
type limits struct{ precision, recall, withReview, reviews, wrong float64 }

func limitsOf(rate float64, heldOut bool) limits {
	if heldOut {
		return map[float64]limits{
			0: {0.95, 0.94, 0.95, 0.03, 18}, 0.1: {0.94, 0.85, 0.93, 0.14, 18}, 0.2: {0.94, 0.75, 0.93, 0.21, 16}, 0.3: {0.92, 0.62, 0.90, 0.28, 16},
		}[rate]
	}
	return map[float64]limits{
		0: {0.98, 0.98, 0.98, 0.02, 0.5}, 0.1: {0.98, 0.80, 0.90, 0.10, 3}, 0.2: {0.97, 0.65, 0.88, 0.15, 4}, 0.3: {0.95, 0.58, 0.85, 0.22, 4},
	}[rate]
}

// checkAccuracy holds the sum of all rules to what is reached.
func checkAccuracy(t *testing.T, rate float64, c column) {
	t.Helper()
	n, want := c.by["all"], limitsOf(rate, c.name == "held out")
	if n.precision() < want.precision || n.recall() < want.recall || n.withReview() < want.withReview {
		t.Errorf("%s, CER %.0f %%: precision %.3f, recall %.3f, with review %.3f; want %+v", c.name, rate*100, n.precision(), n.recall(), n.withReview(), want)
	}
	if n.reviewShare() > want.reviews || n.falsePerCent() > want.wrong {
		t.Errorf("%s, CER %.0f %%: %.3f for review, %.1f false deductions per 100 calls; want at most %.2f and %.1f",
			c.name, rate*100, n.reviewShare(), n.falsePerCent(), want.reviews, want.wrong)
	}
}
