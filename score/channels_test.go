package score_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/score"
)

const wholeCall = `agent: 您好，工号一零二四为您服务，请问有什么可以帮您？
customer: 我家停电了，我住在和平路阳光花园三号楼二单元，今天早上八点多就没有电了。
agent: 请您稍等，我帮您查询一下。请问还有其他可以帮您的吗？
customer: 没有了，谢谢，那我等着师傅过来修。
`

func parseCall(t *testing.T, script string) calltest.Call {
	t.Helper()
	c, err := calltest.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// criterion returns the outcome of a rule and its reason.
func criterion(t *testing.T, r score.Record, rule string) (score.Outcome, string) {
	t.Helper()
	for _, c := range r.Score.Criteria {
		if c.Rule == rule {
			return c.Outcome, c.Reason
		}
	}
	t.Fatalf("there is no rule %s", rule)
	return "", ""
}

func scored(s *score.Scorer, c calltest.Call) score.Record {
	return s.Score(c.Recording, c.Health, c.Transcript)
}

// flawed adds a reason to the health of the roles named.
func flawed(c calltest.Call, reason string, roles ...call.Role) calltest.Call {
	for i := range c.Health {
		if slices.Contains(roles, c.Health[i].Role) {
			c.Health[i].Reasons = append(c.Health[i].Reasons, reason)
			c.Health[i].Status = call.StatusWarn
		}
	}
	return c
}

func TestACutTakesNoPointsForWhatMayHaveComeAfterIt(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	both := []call.Role{call.RoleAgent, call.RoleCustomer}
	const open = "agent: 您好，请问有什么可以帮您？\ncustomer: 我家停电了，我住在和平路阳光花园三号楼二单元，今天早上八点多就没有电了。\n"
	for name, tc := range map[string]struct {
		script, reason string
		roles          []call.Role
		rule           string
		want           score.Outcome
		why            string
	}{
		"an end that is there":            {open, "", nil, "closing.farewell", score.OutcomeFail, ""},
		"an end that was cut":             {open, call.ReasonTruncated, both, "closing.farewell", score.OutcomeNotApplicable, call.ReasonTruncated},
		"anything else, cut":              {wholeCall, call.ReasonTruncated, both, "closing.anything_else", score.OutcomeNotApplicable, call.ReasonTruncated},
		"the start stays":                 {wholeCall, call.ReasonTruncated, both, "greeting.opening", score.OutcomePass, ""},
		"what was said stays said":        {"agent: 你烦不烦，自己看着办。\n" + wholeCall, call.ReasonTruncated, both, "forbidden.rude", score.OutcomeFail, ""},
		"only the agent's channel ends":   {open, call.ReasonShorter, both[:1], "closing.farewell", score.OutcomeNotApplicable, call.ReasonShorter},
		"only the customer's ends":        {open, call.ReasonShorter, both[1:], "closing.farewell", score.OutcomeFail, ""},
		"the ratio beside a short one":    {wholeCall, call.ReasonShorter, both[1:], "measure.talk_ratio", score.OutcomeNotApplicable, call.ReasonShorter},
		"an echo spoils no rule of words": {wholeCall, call.ReasonCrosstalk, both, "greeting.opening", score.OutcomePass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := parseCall(t, tc.script)
			if tc.reason != "" {
				c = flawed(c, tc.reason, tc.roles...)
			}
			if got, why := criterion(t, s.Score(c.Recording, c.Health, c.Transcript), tc.rule); got != tc.want || why != tc.why {
				t.Errorf("%s: got %s %q, want %s %q", tc.rule, got, why, tc.want, tc.why)
			}
		})
	}
}

func TestSwapped(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for name, tc := range map[string]struct {
		script string
		swap   bool
		want   bool
	}{
		"as it should be":     {wholeCall, false, false},
		"swapped":             {wholeCall, true, true},
		"a customer who asks": {"agent: 嗯，说吧。\ncustomer: 您好，我家停电了，麻烦您帮我看看是怎么回事，谢谢。\n", false, false},
		"nobody serves":       {"agent: 今天天气不错。\ncustomer: 是啊，挺暖和的。\n", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := parseCall(t, tc.script)
			if tc.swap {
				c.Health, c.Transcript = score.SwapRoles(c.Health, c.Transcript)
			}
			if got := s.Swapped(c.Health, c.Transcript); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestSwappedTwiceIsAsBefore(t *testing.T) {
	t.Parallel()
	s, c := scorer(t, "power-service"), parseCall(t, wholeCall)
	want := s.Score(c.Recording, c.Health, c.Transcript)
	health, tr := score.SwapRoles(score.SwapRoles(c.Health, c.Transcript))
	if got := s.Score(c.Recording, health, tr); outcomes(got) != outcomes(want) {
		t.Errorf("got %s, want %s", outcomes(got), outcomes(want))
	}
}

// TestAFaintChannelTakesNoPointsForWhatWasNotHeard holds that what is heard on it counts, and what is not
// does not.
func TestAFaintChannelTakesNoPointsForWhatWasNotHeard(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	abrupt := strings.Replace(wholeCall, "您好，工号一零二四为您服务，请问有什么可以帮您？", "你有完没完，什么事。", 1)
	r := scored(s, flawed(parseCall(t, abrupt), call.ReasonFaint, call.RoleAgent))
	for rule, want := range map[string]score.Outcome{
		"greeting.opening": score.OutcomeNotApplicable, "forbidden.rude": score.OutcomeFail, "measure.talk_ratio": score.OutcomeNotApplicable,
	} {
		if got, why := criterion(t, r, rule); got != want || want == score.OutcomeNotApplicable && why != call.ReasonFaint {
			t.Errorf("%s is %s for %q, want %s", rule, got, why, want)
		}
	}
	if why := r.Measures.Withheld["agent_talk_ratio"]; why != call.ReasonFaint || r.Measures.TalkMS[call.RoleCustomer] == 0 {
		t.Errorf("the talk ratio is withheld for %q, the customer talks for %d ms", why, r.Measures.TalkMS[call.RoleCustomer])
	}
	if got, _ := criterion(t, scored(s, flawed(parseCall(t, abrupt), call.ReasonFaint, call.RoleCustomer)), "greeting.opening"); got != score.OutcomeFail {
		t.Errorf("the greeting on a sound channel is %s", got)
	}
}
