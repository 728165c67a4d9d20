package score_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
)

// told lists interruptions as who@start+overlap with their marks.
func told(t *testing.T, script string) string {
	t.Helper()
	record := judge(t, scorer(t, "power-service"), script)
	var all []string
	for _, i := range record.Measures.Interruptions {
		s := fmt.Sprintf("%s@%d+%d", i.By, i.Start, i.OverlapMS)
		if i.Yielded {
			s += " yielded"
		}
		if i.Uncertain {
			s += " uncertain"
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

func TestInterruptions(t *testing.T) {
	t.Parallel()
	const customer = "5-20 customer: 我家停电了我住在和平路阳光花园三号楼二单元今天早上八点多家里的灯闪了几下就全都没有电了\n"
	for name, tc := range map[string]struct{ script, want string }{
		"the other gives way":               {customer + "19-23 agent: 请您说一下您的地址", "agent@19000+1000 yielded"},
		"the other talks on":                {customer + "8-11 agent: 请您说一下您的地址", "agent@8000+3000"},
		"talking on over the customer":      {customer + "8-25 agent: 换电表不会引起跳闸一般是家里的电器太多了您先少开几个试一试", "agent@8000+12000"},
		"a backchannel":                     {customer + "8-9 agent: 嗯，好的。", ""},
		"many backchannels":                 {customer + "8-10 agent: 对对对，是的，好的，我知道了。", ""},
		"a backchannel misheard":            {customer + "8-8.6 agent: 我。", "agent@8000+600 uncertain"},
		"words not recognised":              {customer + "8-10 agent: [?]", "agent@8000+2000 uncertain"},
		"the other has just begun":          {"5-9 customer: 我家停电了我住在和平路\n5.3-8 agent: 请问您的地址是哪里", ""},
		"the other has spoken for 500 ms":   {"5-9 customer: 我家停电了我住在和平路\n5.5-8 agent: 请问您的地址是哪里", "agent@5500+2500"},
		"the other is about to end":         {"5-9 customer: 我家停电了我住在和平路\n8.7-12 agent: 请问您的地址是哪里", ""},
		"the other goes on for 400 ms":      {"5-9 customer: 我家停电了我住在和平路\n8.6-12 agent: 请问您的地址是哪里", "agent@8600+400 yielded"},
		"a short overlap":                   {"5-9 customer: 我家停电了我住在和平路\n7-7.3 agent: 请问", ""},
		"the customer interrupts":           {"5-9 agent: 请您远离变压器请问有没有冒烟\n7-12 customer: 没有冒烟就是声音大从中午开始", "customer@7000+2000 yielded"},
		"one after the other":               {"5-9 customer: 我家停电了\n9.5-12 agent: 请问您的地址是哪里", ""},
		"a pause of the other is no ending": {"5-7 customer: 我家停电了\n7.2-10 customer: 我住在和平路\n8-12 agent: 请问您的地址是哪里", "agent@8000+2000 yielded"},
		"both begin at once":                {"5-9 customer: 我家停电了我住在和平路\n5-9 agent: 请问您的地址是哪里", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := told(t, tc.script); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSilences(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ script, want string }{
		"longer than 3 s":             {"0-5 agent: 请问您的户号是多少\n8.1-10 customer: 我找一找", "5000-8100 false"},
		"3 s":                         {"0-5 agent: 请问您的户号是多少\n8-10 customer: 我找一找", ""},
		"announced by the agent":      {"0-5 agent: 请您稍等\n15-18 agent: 感谢您的等待", "5000-15000 true"},
		"announced by the customer":   {"0-5 customer: 你等一下我找一找\n15-18 customer: 户号是一二三", "5000-15000 true"},
		"announced too long before":   {"0-5 agent: 请您稍等\n6-18 customer: 好的你慢慢查没关系我等着呢不着急你慢慢查\n28-30 agent: 查到了", "18000-28000 false"},
		"before and after all speech": {"duration 60\n20-25 agent: 您好", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all []string
			for _, s := range judge(t, scorer(t, "power-service"), tc.script).Measures.Silences {
				all = append(all, fmt.Sprintf("%d-%d %t", s.Start, s.End, s.Announced))
			}
			if got := strings.Join(all, ", "); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCharactersPerMinute(t *testing.T) {
	t.Parallel()
	m := judge(t, scorer(t, "power-service"), "0-6 agent: 您好，工号１０２４，为您服务！OK。\n7-9 customer: 你好").Measures
	if got, want := m.CharsPerMinute[call.RoleAgent], 120.0; got != want {
		t.Errorf("got %v characters a minute, want %v: punctuation and letters don't count", got, want)
	}
	if _, known := m.CharsPerMinute[call.RoleCustomer]; known {
		t.Error("got a rate from two seconds of speech")
	}
}

func TestWithheldMeasures(t *testing.T) {
	t.Parallel()
	const talk = "0-5 agent: 请问您的户号是多少\n9-10 customer: 我找一找\n"
	for name, tc := range map[string]struct{ script, measure, reason string }{
		"mono":               {"mono\n" + talk, "agent_talk_ratio", "mono"},
		"duplicate channels": {"health agent bad duplicate\nhealth customer bad duplicate\n" + talk, "interruptions", "duplicate"},
		"silent customer":    {"health customer bad silent\n" + talk, "silences", "silent"},
		"agent all tones":    {"health agent bad tone no_speech\n" + talk, "agent_talk_ratio", "tone"},
		"nobody speaks":      {"duration 5", "agent_talk_ratio", "no_speech"},
		"quiet is no reason": {"health agent warn quiet\n" + talk, "agent_talk_ratio", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := judge(t, scorer(t, "power-service"), tc.script).Measures
			if got := m.Withheld[tc.measure]; got != tc.reason {
				t.Errorf("got %s withheld for %q, want %q", tc.measure, got, tc.reason)
			}
			if known := m.AgentTalkRatio != nil; tc.measure == "agent_talk_ratio" && known != (tc.reason == "") {
				t.Errorf("got a ratio %v, withheld for %q", m.AgentTalkRatio, tc.reason)
			}
		})
	}
}
