package score_test

import (
	"fmt"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// TestLittleThatCouldBeJudgedIsNoVerdict holds that a few points of a recording that spoils most rules do
// not fail or pass a call, and that the review says why.
func TestLittleThatCouldBeJudgedIsNoVerdict(t *testing.T) {
	t.Parallel()
	const rules = `  - {id: a.greets, zh: 问候, kind: must_say, lists: [greeting], points: 2, mono: true}
  - {id: a.closes, zh: 再见, kind: must_say, lists: [closing], points: 8}
`
	const rude = `  - {id: a.rude, zh: 冲撞, kind: must_not_say, lists: [rude], points: 2, mono: true, veto: true}
`
	const call1 = "agent: %s\ncustomer: 我家停电了，从早上八点多到现在一直没有电，想问一下是怎么回事，邻居家都有电。\n"
	const greets, silent = "您好，这里是供电公司。", "什么事。"
	for name, tc := range map[string]struct {
		head, rules, says string
		spoil             string
		want              score.Verdict
		why               score.VerdictReason
	}{
		"a sound call that fails":           {"", rules, silent, "", score.VerdictFail, ""},
		"a mono call with nothing lost":     {"", rules, greets, call.ReasonMono, score.VerdictReview, score.VerdictLittleJudged},
		"a mono call that lost all it had":  {"", rules, silent, call.ReasonMono, score.VerdictReview, score.VerdictLittleJudged},
		"a card that takes it":              {"least_judged: 0.2\n", rules, greets, call.ReasonMono, score.VerdictPass, ""},
		"a card that takes it, with a loss": {"least_judged: 0\n", rules, silent, call.ReasonMono, score.VerdictFail, ""},
		"nothing to judge by":               {"", rules, greets, call.ReasonDuplicate, score.VerdictReview, score.VerdictNothingJudged},
		"a veto stands whatever else":       {"", rules + rude, "你有完没完。", call.ReasonMono, score.VerdictFail, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := fmt.Sprintf(call1, tc.says)
			if tc.spoil == call.ReasonMono {
				script = "mono\n" + script
			}
			c := parseCall(t, script)
			if tc.spoil == call.ReasonDuplicate {
				c = flawed(c, tc.spoil, call.RoleAgent, call.RoleCustomer)
			}
			r := scorerOf(t, tc.head, tc.rules).Score(c.Recording, c.Health, c.Transcript).Score
			if r.Verdict != tc.want || r.VerdictReason != tc.why {
				t.Errorf("%s for %q (%v of %v points, %v unjudged), want %s for %q", r.Verdict, r.VerdictReason, r.Points, r.Potential, r.Unjudged, tc.want, tc.why)
			}
			if again := r.Decided(nil); again.Verdict != r.Verdict {
				t.Errorf("added up anew it is %s", again.Verdict)
			}
		})
	}
}

// TestRulesThatDoNotApplyAreNotMissed holds that a rule whose condition does not hold is no reason for a
// review, however many points it has.
func TestRulesThatDoNotApplyAreNotMissed(t *testing.T) {
	t.Parallel()
	const rules = `  - {id: a.greets, zh: 问候, kind: must_say, lists: [greeting], points: 2}
  - {id: a.sorry, zh: 致歉, kind: must_say, lists: [apology], points: 8, when: [{scenario: complaint}]}
`
	c := parseCall(t, wholeCall)
	r := scorerOf(t, "", rules).Score(c.Recording, c.Health, c.Transcript).Score
	if r.Verdict != score.VerdictPass || r.Unjudged != 0 {
		t.Errorf("%s for %q with %v unjudged", r.Verdict, r.VerdictReason, r.Unjudged)
	}
}
