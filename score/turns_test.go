package score_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

func TestBothSidesOfAnInterruption(t *testing.T) {
	t.Parallel()
	s := scorer(t, "power-service")
	const customer = "5-9 customer: 我家停电了我住在和平路三号楼\n"
	for name, tc := range map[string]struct{ script, want string }{
		"both end at once":                {customer + "8-9 agent: 请问您的地址", "yielded"},
		"the interrupter ends first":      {customer + "8-8.9 agent: 请问您的地址", "not"},
		"the other goes on for too long":  {customer + "6-11 agent: 请问您的地址是哪里您说一下您的户号", "not"},
		"the other stops within 2 s":      {customer + "7-11 agent: 请问您的地址是哪里您说一下您的户号", "yielded"},
		"both end at once, but after 3 s": {customer + "6-9 agent: 请问您的地址是哪里您说一下", "not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := judge(t, s, tc.script).Measures.Interruptions
			if len(found) != 1 {
				t.Fatalf("got %+v", found)
			}
			if got := map[bool]string{true: "yielded", false: "not"}[found[0].Yielded]; got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if i := found[0]; !strings.HasPrefix(i.Text, "请问您的地址") || !strings.HasPrefix("我家停电了我住在和平路三号楼", i.OtherText) || i.OtherText == "" {
				t.Errorf("got %q over %q", i.Text, i.OtherText)
			}
		})
	}
}

// took tells who takes how long to answer, and how long each has the floor.
func took(m score.Measures) string {
	var all []string
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
		if r, known := m.ResponseMS[role]; known {
			all = append(all, fmt.Sprintf("%s %d/%d of %d", role, r.MedianMS, r.P90MS, r.Count))
		}
	}
	return strings.Join(all, ", ")
}

func TestResponses(t *testing.T) {
	t.Parallel()
	s := limited(t, score.Limits{Responses: 1})
	const q, a = " customer: 这个月的电费是多少\n", " agent: 一共是两百元整\n"
	for name, tc := range map[string]struct{ script, want string }{
		"one after the other":            {"0-3" + q + "4-6" + a + "6.5-9" + q, "agent 1000/1000 of 1, customer 500/500 of 1"},
		"median and p90":                 {"0-3" + q + "3.5-6" + a + "7-9" + q + "10-12" + a + "13-15" + q + "17-19" + a, "agent 1000/2000 of 3, customer 1000/1000 of 2"},
		"talking over is no response":    {"0-3" + q + "2-6" + a, ""},
		"at once":                        {"0-3" + q + "3-6" + a, "agent 0/0 of 1"},
		"the same party goes on":         {"0-3" + q + "4-6" + q, ""},
		"a backchannel is no response":   {"0-3" + q + "3.2-3.8 agent: 嗯\n8-10" + a, "agent 5000/5000 of 1"},
		"nothing answers a backchannel":  {"0-3" + a + "3.2-3.6 customer: 嗯\n4.5-6" + a, ""},
		"a cough takes no floor":         {"0-3" + q + "3.2-3.6 agent: [?]\n5-7" + a, "agent 2000/2000 of 1"},
		"an announced wait is none":      {"0-3" + q + "3.5-5 agent: 请您稍等\n5.3-5.8 customer: 好的\n20-22 agent: 感谢您的等待\n", "agent 500/500 of 1"},
		"a wait before the answer of it": {"0-3 agent: 请您稍等两分钟\n4-6 customer: 那我等着你啊快一点\n60-62 agent: 让您久等了\n", "customer 1000/1000 of 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := took(judge(t, s, tc.script).Measures); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestMonologues(t *testing.T) {
	t.Parallel()
	s := limited(t, score.Limits{Monologue: 10_000})
	const talk = " agent: 居民用电实行阶梯电价一共分成三档\n"
	for name, tc := range map[string]struct{ script, want string }{
		"one stretch":                    {"0-4" + talk, "0-4000"},
		"pauses belong to it":            {"0-4" + talk + "6-12" + talk, "0-12000 long"},
		"a silence ends it":              {"0-4" + talk + "8-12" + talk, "0-4000"},
		"a backchannel does not end it":  {"0-4" + talk + "4.2-4.8 customer: 嗯嗯\n5-12" + talk, "0-12000 long"},
		"the other party ends it":        {"0-4" + talk + "4.2-6 customer: 那我家是第几档\n6.5-12" + talk, "6500-12000"},
		"the other party speaks over it": {"0-4" + talk + "3-6 customer: 那我家是第几档呢你说\n6.5-12" + talk, "6500-12000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := judge(t, s, tc.script).Measures
			longest := m.LongestMonologue[call.RoleAgent]
			got := fmt.Sprintf("%d-%d", longest.Start, longest.End)
			if slices.Contains(m.LongMonologues, longest) {
				got += " long"
			}
			if got != tc.want || longest.Text == "" {
				t.Errorf("got %q %q, want %q", got, longest.Text, tc.want)
			}
		})
	}
}
