package score_test

import (
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// Two polite words are asked for. Heard well, one is too few; where much of the call was misheard, one that is missing
// may be among it.
func TestTooFewIsNotProvedWhereMuchWasMisheard(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for _, tt := range []struct {
		name, script string
		want         score.Outcome
	}{
		{"heard well", "agent: 喂，我能帮您查什么？我是账务客服。\ncustomer: 去年你们多扣过我一次，今年是不是又多扣？\n" +
			"agent: 我们扣款都是机器算的，一分钱都不会差，您多虑了。\ncustomer: 去年就差了。\nagent: 那是去年的事。\n", score.OutcomeFail},
		{"misheard", "agent: 喂，问我能帮男查什么？我是账务客。\ncustomer: 去年你们多狂过我一次，今年似不是又多扣？\n" +
			"agent: 窝们扣款都市机器传的，咨分前都不会差，您多虑了。\ncustomer: 去年就评差了。\nagent: 胁谢您的关注。\n", score.OutcomeReview},
	} {
		c := parse(t, tt.script)
		got := s.Score(c.Recording, c.Health, c.Transcript)
		if outcome, reason := criterion(t, got, "polite.words"); outcome != tt.want {
			t.Errorf("%s: got %s (%s), want %s", tt.name, outcome, reason, tt.want)
		}
	}
}
