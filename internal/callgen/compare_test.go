package callgen_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/score"
)

func evidence(start, end call.Millis) []score.Evidence {
	return []score.Evidence{{Role: call.RoleAgent, Span: call.Span{Start: start, End: end}, Quote: "不归我们管"}}
}

func TestCompareSeesEveryDifference(t *testing.T) {
	t.Parallel()
	truth := &callgen.Truth{
		File: "a.wav", Duration: 60_000,
		Speech: map[call.Role][]call.Span{call.RoleAgent: {{Start: 0, End: 30_000}}, call.RoleCustomer: {{Start: 30_000, End: 60_000}}},
		Faults: []callgen.Fault{{Rule: "forbidden.shirking", Span: call.Span{Start: 20_000, End: 22_000}}},
		Passes: []string{"closing.farewell"},
		Vetoed: true,
	}
	fail := score.Criterion{Rule: "forbidden.shirking", Outcome: score.OutcomeFail, Potential: 5, Evidence: evidence(21_000, 22_000)}
	farewell := score.Criterion{Rule: "closing.farewell", Outcome: score.OutcomePass, Points: 5, Potential: 5}
	review := func(rule string) score.Criterion {
		return score.Criterion{Rule: rule, Outcome: score.OutcomeReview, Points: 5, Potential: 5}
	}
	moved := func(start, end call.Millis) score.Criterion {
		c := fail
		c.Evidence = evidence(start, end)
		return c
	}
	tests := []struct {
		name     string
		criteria []score.Criterion
		want     string // "" for no problem
	}{
		{"as planted", []score.Criterion{fail, farewell}, ""},
		{"evidence a second beside it", []score.Criterion{moved(23_000, 24_000), farewell}, ""},
		{"one review", []score.Criterion{fail, farewell, review("forbidden.vague")}, ""},
		{"two reviews", []score.Criterion{fail, farewell, review("forbidden.vague"), review("forbidden.rude")}, "left to people"},
		{"fault not on the scorecard", []score.Criterion{farewell}, "not on the scorecard"},
		{"fault missed", []score.Criterion{{Rule: "forbidden.shirking", Outcome: score.OutcomePass, Points: 5, Potential: 5}, farewell}, "outcome is pass"},
		{"evidence elsewhere", []score.Criterion{moved(50_000, 51_000), farewell}, "no evidence there"},
		{"evidence missing", []score.Criterion{{Rule: "forbidden.shirking", Outcome: score.OutcomeFail, Potential: 5}, farewell}, "no evidence there"},
		{"false deduction", []score.Criterion{fail, farewell, {Rule: "forbidden.vague", Outcome: score.OutcomeFail, Potential: 5, Evidence: evidence(1, 2)}}, "nothing was planted"},
		{"points lost in passing", []score.Criterion{fail, farewell, {Rule: "polite.words", Outcome: score.OutcomePass, Points: 3, Potential: 5, Evidence: evidence(1, 2)}}, "nothing was planted"},
		{"talk ratio in a middle band", []score.Criterion{fail, farewell, {Rule: "measure.talk_ratio", Outcome: score.OutcomePass, Points: 3, Potential: 5, Evidence: evidence(1, 2)}}, ""},
		{"must pass", []score.Criterion{fail}, "must pass"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			problems := callgen.Compare(truth, score.Record{Score: score.Result{Criteria: test.criteria, Vetoed: true}})
			switch {
			case test.want == "" && len(problems) > 0:
				t.Errorf("got %v, want none", problems)
			case test.want != "" && (len(problems) == 0 || !strings.Contains(problems[0].String(), test.want)):
				t.Errorf("got %v, want %q", problems, test.want)
			}
		})
	}
	if problems := callgen.Compare(truth, score.Record{Score: score.Result{Criteria: []score.Criterion{fail, farewell}}}); len(problems) != 1 {
		t.Errorf("a missing veto: got %v, want one problem", problems)
	}
}

func TestCompareMeasuresSeesEveryDifference(t *testing.T) {
	t.Parallel()
	half, most := 0.5, 0.8
	truth := &callgen.Truth{
		Speech:        map[call.Role][]call.Span{call.RoleAgent: {{Start: 0, End: 10_000}}, call.RoleCustomer: {{Start: 10_000, End: 20_000}}},
		Silences:      []callgen.Silence{{Span: call.Span{Start: 20_000, End: 30_000}, Announced: true}},
		Interruptions: []callgen.Interruption{{By: call.RoleAgent, Start: 5_000, Yielded: true}},
	}
	good := score.Measures{
		AgentTalkRatio: &half,
		Silences:       []score.Silence{{Span: call.Span{Start: 20_100, End: 29_900}, Announced: true}},
		Interruptions:  []score.Interruption{{By: call.RoleAgent, Start: 5_200, Yielded: true}},
	}
	tests := []struct {
		name   string
		change func(*score.Measures)
		want   int
	}{
		{"the same", func(*score.Measures) {}, 0},
		{"no ratio", func(m *score.Measures) { m.AgentTalkRatio = nil }, 1},
		{"another ratio", func(m *score.Measures) { m.AgentTalkRatio = &most }, 1},
		{"no silence", func(m *score.Measures) { m.Silences = nil }, 1},
		{"silence not announced", func(m *score.Measures) { m.Silences = []score.Silence{{Span: truth.Silences[0].Span}} }, 2},
		{"interruption by the other", func(m *score.Measures) {
			m.Interruptions = []score.Interruption{{By: call.RoleCustomer, Start: 5_000, Yielded: true}}
		}, 2},
		{"an uncertain interruption", func(m *score.Measures) {
			m.Interruptions = append(m.Interruptions, score.Interruption{By: call.RoleAgent, Start: 9_000, Uncertain: true})
		}, 0},
		{"one interruption too many", func(m *score.Measures) {
			m.Interruptions = append(m.Interruptions, m.Interruptions[0])
		}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			measures := good
			measures.Interruptions = append([]score.Interruption{}, good.Interruptions...)
			test.change(&measures)
			if problems := callgen.CompareMeasures(truth, score.Record{Measures: measures}); len(problems) != test.want {
				t.Errorf("got %v, want %d problems", problems, test.want)
			}
		})
	}
}
