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
	t       *testing.T
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

// run counts a whole set at one error rate, by rule, through a recogniser that is started anew with each seed.
func (r trialist) run(set []labelled, recogniser func(*testing.T, uint64) *confuser, rate float64, seeds []uint64) map[string]counts {
	if rate == 0 {
		seeds = seeds[:1]
	}
	by := map[string]counts{}
	for _, seed := range seeds {
		c := recogniser(r.t, seed+uint64(rate*100))
		for _, l := range set {
			r.count(by, l, func(words []call.Word) []call.Word { return c.words(words, rate) })
		}
	}
	return by
}

// labelledSet is a set of labelled calls.
type labelledSet struct {
	name  string
	calls []labelled
}

// tunedOn names the set of short scripts, one rule each. The other sets are labelled in full by hand.
const tunedOn = "tuned on"

// byHand names the first three sets that are labelled in full, together.
const byHand = "by hand"

// otherHands names the sets by other hands, each blind when it was first run. The senses of words are learnt from all
// but the seventh, which is held out (docs/accuracy.md).
func otherHands() []string { return []string{"fourth", "fifth", "sixth", "seventh"} }

// labelledSets are all of them: what was tuned on, and seven that were written before the rules were run on them. All
// but the seventh have been used since; it tells what is to be expected elsewhere.
func labelledSets(t *testing.T, s *score.Scorer) []labelledSet {
	t.Helper()
	return []labelledSet{
		{tunedOn, readTuned(t, s)},
		{"first", readHeldOut(t, "testdata/heldout.txt")},
		{"second", readHeldOut(t, "testdata/heldout2.txt")},
		{"third", readHeldOut(t, "testdata/heldout3.txt")},
		{"fourth", readHeldOut(t, "testdata/heldout4.txt")},
		{"fifth", readHeldOut(t, "testdata/heldout5.txt")},
		{"sixth", readHeldOut(t, "testdata/heldout6.txt")},
		{"seventh", readHeldOut(t, "testdata/heldout7.txt")},
	}
}

// TestRuleAccuracy holds the rules against the labelled sets, as they are written and as they are misheard.
func TestRuleAccuracy(t *testing.T) {
	t.Parallel()
	lex, err := sharedLexicon()
	if err != nil {
		t.Fatal(err)
	}
	s := scorer(t, "power-service")
	sets := labelledSets(t, s)
	for i, least := range []int{400, 180, 150, 80, 180, 190, 140, 150} {
		if got := len(sets[i].calls); got < least {
			t.Errorf("%s: got %d labelled calls, want %d", sets[i].name, got, least)
		}
	}
	r := trialist{t: t, scorer: s, lexicon: lex, log: func(string, ...any) {}}
	if os.Getenv("ZHIJIAN_EXPLAIN") != "" {
		r.log = t.Logf
	}
	rates, seeds := []float64{0, 0.1, 0.2, 0.3}, []uint64{7, 3007, 9007}
	long := os.Getenv("ZHIJIAN_LONG") != ""
	if !long {
		rates, seeds = []float64{0, 0.2}, seeds[:1]
		for i := range sets {
			sets[i].calls = every(sets[i].calls, 4)
		}
	}
	var sums strings.Builder
	for _, rate := range rates {
		columns := []column{{name: tunedOn}, {name: byHand}}
		for _, name := range otherHands() {
			columns = append(columns, column{name: name})
		}
		for i := range columns {
			columns[i].by = map[string]counts{}
		}
		for _, set := range sets {
			first, other := r.run(set.calls, newConfuser, rate, seeds), r.run(set.calls, newOtherConfuser, rate, seeds)
			sums.WriteString(sumRows(rate, []column{{set.name + ", first recogniser", first}, {set.name + ", other recogniser", other}}))
			if long {
				checkAccuracy(t, rate, set.name+", first recogniser", first["all"])
				checkAccuracy(t, rate, set.name+", other recogniser", other["all"])
			}
			into := slices.IndexFunc(columns, func(c column) bool { return c.name == set.name })
			if into < 0 {
				into = 1 // by hand
			}
			columns[into].take(first)
			columns[into].take(other)
		}
		t.Log(table(rate, columns))
		for _, c := range columns {
			checkAccuracy(t, rate, c.name, c.by["all"])
		}
		if long {
			checkRules(t, rate, columns[1])
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

// limits are bounds on the sum of all rules of a set.
type limits struct{ precision, recall, withReview, reviews, wrong float64 }

// aimsAt are those of docs/accuracy.md. Where one is not reached, the test says so and holds what is.
func aimsAt(rate float64) limits {
	return map[float64]limits{
		0: {0.98, 0.98, 0.98, 0.02, 1}, 0.1: {0, 0.75, 0.90, 0.10, 1}, 0.2: {0, 0.75, 0.90, 0.10, 1}, 0.3: {0, 0, 0.80, 0.20, 1},
	}[rate]
}

// reachedAt are what a set is held to: what is reached, with room for the chance of a sample; to be drawn tighter.
func reachedAt(rate float64, set string) limits {
	switch {
	case strings.HasPrefix(set, tunedOn):
		return map[float64]limits{
			0: {0.98, 0.98, 0.98, 0.02, 0.5}, 0.1: {0.98, 0.92, 0.97, 0.06, 2}, 0.2: {0.97, 0.82, 0.96, 0.10, 3}, 0.3: {0.96, 0.77, 0.95, 0.14, 3},
		}[rate]
	case strings.HasPrefix(set, "third"):
		return map[float64]limits{
			0: {0.98, 0.97, 0.98, 0.02, 2}, 0.1: {0.97, 0.93, 0.98, 0.07, 3}, 0.2: {0.97, 0.88, 0.97, 0.12, 4}, 0.3: {0.96, 0.84, 0.96, 0.16, 5},
		}[rate]
	case strings.HasPrefix(set, "fourth"):
		return map[float64]limits{
			0: {0.98, 0.98, 0.98, 0.03, 3}, 0.1: {0.97, 0.95, 0.98, 0.07, 4}, 0.2: {0.97, 0.91, 0.98, 0.12, 5}, 0.3: {0.96, 0.86, 0.97, 0.16, 6},
		}[rate]
	case strings.HasPrefix(set, "fifth"):
		return map[float64]limits{
			0: {0.97, 0.95, 0.98, 0.04, 12}, 0.1: {0.97, 0.92, 0.98, 0.09, 10}, 0.2: {0.97, 0.87, 0.97, 0.15, 12}, 0.3: {0.97, 0.85, 0.97, 0.17, 12},
		}[rate]
	case strings.HasPrefix(set, "sixth"):
		return map[float64]limits{
			0: {0.97, 0.94, 0.98, 0.05, 8}, 0.1: {0.97, 0.92, 0.98, 0.10, 5}, 0.2: {0.97, 0.88, 0.97, 0.15, 8}, 0.3: {0.97, 0.83, 0.97, 0.18, 6},
		}[rate]
	case strings.HasPrefix(set, "seventh"):
		return map[float64]limits{
			0: {0.98, 0.93, 0.97, 0.05, 11}, 0.1: {0.98, 0.89, 0.96, 0.10, 11}, 0.2: {0.97, 0.84, 0.95, 0.14, 12}, 0.3: {0.97, 0.80, 0.94, 0.17, 12},
		}[rate]
	}
	return map[float64]limits{
		0: {0.98, 0.98, 0.98, 0.02, 2}, 0.1: {0.96, 0.93, 0.98, 0.07, 4}, 0.2: {0.95, 0.88, 0.97, 0.12, 4}, 0.3: {0.95, 0.84, 0.97, 0.16, 4},
	}[rate]
}

// miss names the bounds that n is outside of.
func (want limits) miss(n counts) (names []string) {
	for _, least := range []struct {
		name      string
		got, want float64
	}{{"precision", n.precision(), want.precision}, {"recall", n.recall(), want.recall}, {"with review", n.withReview(), want.withReview}} {
		if least.got < least.want {
			names = append(names, fmt.Sprintf("%s %.3f, want %.2f", least.name, least.got, least.want))
		}
	}
	if n.reviewShare() > want.reviews {
		names = append(names, fmt.Sprintf("%.3f for review, want %.2f at most", n.reviewShare(), want.reviews))
	}
	if n.falsePerCent() > want.wrong {
		names = append(names, fmt.Sprintf("%.1f false deductions per 100 calls, want %.1f at most", n.falsePerCent(), want.wrong))
	}
	return names
}

// checkAccuracy holds the sum of all rules to what is reached, and says which aims are not.
func checkAccuracy(t *testing.T, rate float64, name string, n counts) {
	t.Helper()
	for _, miss := range reachedAt(rate, name).miss(n) {
		t.Errorf("%s, CER %.0f %%: %s", name, rate*100, miss)
	}
	for _, miss := range aimsAt(rate).miss(n) {
		t.Logf("aim not reached: %s, CER %.0f %%: %s", name, rate*100, miss)
	}
}

// leastExamples is from how many on a rule is held to something by itself.
const leastExamples = 20

// checkRules holds each rule to the least that all of them reach.
func checkRules(t *testing.T, rate float64, c column) {
	t.Helper()
	least := map[float64]struct{ recall, withReview float64 }{0: {0.70, 0.80}, 0.1: {0.53, 0.82}, 0.2: {0.37, 0.80}, 0.3: {0.28, 0.75}}[rate]
	for _, a := range aspects {
		if n := c.by[a.rule]; n.said >= leastExamples && (n.recall() < least.recall || n.withReview() < least.withReview) {
			t.Errorf("%s, CER %.0f %%, %s: recall %.3f, with review %.3f of %d; want %+v", c.name, rate*100, a.rule, n.recall(), n.withReview(), n.said, least)
		}
	}
}
