package score_test

import (
	"testing"

	"github.com/zhijian-qa/zhijian/score"
)

// What is meant decides where words alone do not: it gives credit and clears, and takes no point for words that no list has.
func TestWhatIsMeant(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for _, tt := range []struct {
		name, script, rule string
		want               score.Outcome
	}{
		{
			"ruled out", "agent: 您好，请问有什么可以帮您？\ncustomer: 电表箱门坏了，你们管不管？\nagent: 我不会跟您说不归我们管，我这就给您派师傅。\ncustomer: 那行。\n",
			"forbidden.shirking", score.OutcomePass,
		},
		{
			"said", "agent: 您好，请问有什么可以帮您？\ncustomer: 电表箱门坏了，你们管不管？\nagent: 这个不归我们管，您找物业去吧。\ncustomer: 那行。\n",
			"forbidden.shirking", score.OutcomeFail,
		},
		{
			"in words that no list has, heard well",
			"complaint yes\nagent: 您好，请问有什么可以帮您？\ncustomer: 暖气停了两天，我妈八十多了，冻得直哆嗦。\nagent: 八十多的老人家在屋里冻了两天，您当儿女的心里得多不好受啊。\ncustomer: 可不是嘛。\n",
			"empathy.complaint", score.OutcomePass,
		},
		{
			"the same, hardly heard",
			"complaint yes\nagent: 您好，请问有什么可以帮您？\ncustomer: 暖气停了两天，我妈八十多了，冻得直哆嗦。\nagent(0.1): 八十多的老人家在屋里冻了两天，您当儿女的心里得多不好受啊。\ncustomer: 可不是嘛。\n",
			"empathy.complaint", score.OutcomeReview,
		},
		{
			"nothing of the kind",
			"complaint yes\nagent: 您好，请问有什么可以帮您？\ncustomer: 暖气停了两天，我妈八十多了，冻得直哆嗦。\nagent: 请问您的户号是多少？\ncustomer: 户号在单子上呢，我念给你。\n",
			"empathy.complaint", score.OutcomeFail,
		},
	} {
		c := parse(t, tt.script)
		for _, criterion := range s.Score(c.Recording, c.Health, c.Transcript).Score.Criteria {
			if criterion.Rule == tt.rule && criterion.Outcome != tt.want {
				t.Errorf("%s: %s is %s, want %s: %s", tt.name, tt.rule, criterion.Outcome, tt.want, criterion.Note)
			}
		}
	}
}

// A phrase of which a character was misheard takes points where what is beside it means the same, but is no veto.
func TestWhatItsSenseProvesIsNoVeto(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	for line, veto := range map[string]bool{"这是供电所的事，跟我们没关系。": true, "这是供电所的事，跟我们没拉系。": false} {
		c := parse(t, "agent: 您好，请问有什么可以帮您？\ncustomer: 电表箱门坏了，你们管不管？\nagent: "+line+"\ncustomer: 那行。\n")
		for _, criterion := range s.Score(c.Recording, c.Health, c.Transcript).Score.Criteria {
			if criterion.Rule == "forbidden.shirking" && (criterion.Outcome != score.OutcomeFail || criterion.Veto != veto) {
				t.Errorf("%s: %s, veto %v, want fail and %v", line, criterion.Outcome, criterion.Veto, veto)
			}
		}
	}
}
