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
		{"heard well", "agent: 您好，这里是供电所。\ncustomer: 我家里一点电都没有，冰箱都化水了。\n" +
			"agent: 把门牌号告诉我，我派师傅去看看。\ncustomer: 槐树路十六号，你们快一点。\nagent: 知道了，今天晚上之前会有人到。\n", score.OutcomeFail},
		{"misheard", "agent: 拎好，折里寺供垫锁。\ncustomer: 窝佳里衣点殿督眉游，兵厢陡划谁乐。\n" +
			"agent: 霸扪牌嚎搞诉沃，握湃施父趣侃看。\ncustomer: 怀书鹿石流昊，泥闷筷易典。\nagent: 吱到勒，津添晚尚之钱慧油任道。\n", score.OutcomeReview},
	} {
		c := parse(t, tt.script)
		got := s.Score(c.Recording, c.Health, c.Transcript)
		if outcome, reason := criterion(t, got, "polite.words"); outcome != tt.want {
			t.Errorf("%s: got %s (%s), want %s", tt.name, outcome, reason, tt.want)
		}
	}
}
