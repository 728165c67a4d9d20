package eval_test

import (
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/score"
)

// record returns a scored call.
func record(id string, outcomes ...score.Outcome) score.Record {
	ratio, whole := 0.4, 0.8
	rec := score.Record{
		Recording:  call.Recording{ID: id, SHA256: id, Path: "/calls/" + id + ".wav", Duration: 60_000},
		Transcript: call.Transcript{Model: "demo@1"},
		Measures: score.Measures{
			AgentTalkRatio: &ratio, TalkMS: map[call.Role]call.Millis{call.RoleAgent: 20_000, call.RoleCustomer: 30_000},
			Interruptions: []score.Interruption{}, Silences: []score.Silence{},
			CharsPerMinute: map[call.Role]float64{call.RoleAgent: 240}, Withheld: map[string]string{"chars_per_minute.customer": "too_short"},
		},
		Score: score.Result{Scorecard: "card@1", Normalised: &whole},
	}
	for i, o := range outcomes {
		name := []string{"a.one", "b.two", "c.three"}[i]
		rec.Score.Criteria = append(rec.Score.Criteria, score.Criterion{Rule: name, Name: "名" + name, Outcome: o})
	}
	return rec
}

func rules(outcomes ...score.Outcome) []eval.Rule {
	var list []eval.Rule
	for i, o := range outcomes {
		list = append(list, eval.Rule{ID: []string{"a.one", "b.two", "c.three"}[i], Outcome: o})
	}
	return list
}

// find returns the agreement of a rule.
func find(t *testing.T, e *eval.Evaluation, rule string) *eval.RuleAgreement {
	t.Helper()
	for _, a := range e.Rules {
		if a.Rule == rule {
			return a
		}
	}
	t.Fatalf("no rule %s", rule)
	return nil
}

// What people give is on the left, what the program gives on the right.
func TestOutcomesAreCountedAsDocumented(t *testing.T) {
	t.Parallel()
	table := []eval.Pair{
		{fail, fail}, {fail, fail}, {fail, fail}, // hits
		{pass, fail},               // a false alarm
		{none, fail},               // another: people say that the rule does not apply
		{fail, pass},               // missed
		{fail, none},               // missed
		{fail, review},             // left to a person, who finds a fault
		{pass, review},             // left to a person, who finds none
		{pass, pass}, {none, none}, // agreed
		{pass, none},                   // differ, and no fault in it
		{review, fail}, {review, pass}, // the person could not tell
	}
	var calls []eval.Labelled
	for i, p := range table {
		calls = append(calls, eval.Labelled{Labels: eval.Labels{Rules: rules(p.Person)}, Record: record(string(rune('a'+i)), p.Program)})
	}
	a := find(t, eval.Evaluate(calls), "a.one")
	want := eval.RuleAgreement{Calls: 12, Undecided: 2, Faults: 6, Found: 5, Hits: 3, Review: 2, Reviewed: 1, Differing: 5}
	if a.Calls != want.Calls || a.Undecided != want.Undecided || a.Faults != want.Faults || a.Found != want.Found ||
		a.Hits != want.Hits || a.Review != want.Review || a.Reviewed != want.Reviewed || a.Differing != want.Differing {
		t.Errorf("got %+v, want %+v", a, want)
	}
	if a.Precision.Value != 3.0/5 || a.Recall.Value != 3.0/6 || a.WithReview.Value != 4.0/6 {
		t.Errorf("precision %v, recall %v, with review %v; want 3/5, 3/6, 4/6", a.Precision, a.Recall, a.WithReview)
	}
	// Without review there are 10: po = 5/10; people fail 5, pass 3, n/a 2; the program fail 5, pass 2, n/a 3;
	// pe = (25 + 6 + 6)/100 = 0.37.
	if k := a.Kappa; k.N != 10 || !near(k.Agreement, 0.5) || !near(k.Value, 0.13/0.63) {
		t.Errorf("κ %+v, want %.4f of 10", k, 0.13/0.63)
	}
	total := 0
	for _, c := range a.Table {
		total += c.Calls
	}
	if total != a.Calls || a.Table[0] != (eval.TableCell{Person: fail, Program: fail, Calls: 3}) {
		t.Errorf("the table is %+v", a.Table)
	}
}

func TestAPersonsDecisionsAreNotTakenForTheProgram(t *testing.T) {
	t.Parallel()
	rec := record("x", pass, review, fail)
	rec.Score.Criteria[0].Decision = &score.Decision{Ruling: score.RulingReject, Outcome: fail}
	rec.Score.Criteria[1].Earlier = &score.Decision{Ruling: score.RulingReject, Outcome: fail}
	e := eval.Evaluate([]eval.Labelled{{Labels: eval.Labels{Rules: rules(pass, fail, fail)}, Record: rec}})
	if a := find(t, e, "a.one"); a.Found != 1 || a.Hits != 0 {
		t.Errorf("a rejected finding counts as %+v, want the program's fail", a)
	}
	if a := find(t, e, "b.two"); a.Hits != 1 || a.Review != 0 {
		t.Errorf("a finding to be decided again counts as %+v, want the program's fail", a)
	}
}

func TestInterruptionsAndSilences(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	rec := record("x")
	rec.Measures.Interruptions = []score.Interruption{
		{By: call.RoleAgent, Start: 10_000, Yielded: true},
		{By: call.RoleAgent, Start: 20_000, Uncertain: true},
		{By: call.RoleCustomer, Start: 30_000},
		{By: call.RoleAgent, Start: 40_000},
	}
	rec.Measures.Silences = []score.Silence{{Span: call.Span{Start: 5000, End: 9000}, Announced: true, WaitingFor: call.RoleAgent}, {Span: call.Span{Start: 50_000, End: 54_000}}}
	labels := eval.Labels{
		Interruptions: []eval.Interruption{
			{By: call.RoleAgent, Start: 10_400, Yielded: &no},       // found, 400 ms early, and told otherwise
			{By: call.RoleAgent, Start: 20_100},                     // the program is not sure
			{By: call.RoleAgent, Start: 30_000},                     // the other party is said to interrupt
			{By: call.RoleAgent, Start: 40_300, Uncertain: true},    // the person is not sure
			{By: call.RoleCustomer, Start: 55_000, Uncertain: true}, // nor here, where nothing is found
		},
		Silences: []eval.Silence{{Span: call.Span{Start: 5200, End: 9000}, Announced: &yes, WaitingFor: call.RoleCustomer}, {Span: call.Span{Start: 20_000, End: 24_000}}},
	}
	e := eval.Evaluate([]eval.Labelled{{Labels: labels, Record: rec}})
	if got, want := e.Interruptions.Counts, (eval.Counts{Hit: 1, False: 1, Missed: 2}); got != want || e.Interruptions.Uncertain != 1 {
		t.Errorf("interruptions: got %+v, %d uncertain; want %+v, 1", got, e.Interruptions.Uncertain, want)
	}
	if *e.Interruptions.Boundary != 400 || e.Interruptions.Same.Count != 0 || e.Interruptions.Same.Of != 1 {
		t.Errorf("interruptions: %v ms off, yielded %+v", *e.Interruptions.Boundary, e.Interruptions.Same)
	}
	if got, want := e.Silences.Counts, (eval.Counts{Hit: 1, False: 1, Missed: 1}); got != want || *e.Silences.Boundary != 100 || e.Silences.Same.Value != 1 {
		t.Errorf("silences: got %+v, %v ms off, announced %+v; want %+v, 100", got, *e.Silences.Boundary, e.Silences.Same, want)
	}
	if w := e.Silences.Waiting; w.Count != 0 || w.Of != 1 {
		t.Errorf("silences: waiting for the same party in %+v, want 0 of 1", w)
	}
	rec.Measures.Interruptions, rec.Measures.Silences = nil, nil
	e = eval.Evaluate([]eval.Labelled{{Labels: labels, Record: rec}})
	if e.Interruptions.Withheld != 1 || e.Interruptions.Missed != 0 || e.Silences.Withheld != 1 || e.Silences.Recall != nil {
		t.Errorf("withheld ones count: %+v, %+v", e.Interruptions, e.Silences)
	}
}

func TestMeasuresAreComparedByName(t *testing.T) {
	t.Parallel()
	rec := record("x")
	rec.Measures.Interruptions = []score.Interruption{{By: call.RoleAgent}, {By: call.RoleAgent, Uncertain: true}}
	rec.Measures.OverlapMS = nil
	rec.Measures.LongestMonologue = map[call.Role]score.Monologue{call.RoleAgent: {Span: call.Span{Start: 2000, End: 9000}}}
	labels := eval.Labels{Measures: []eval.Measure{
		{Name: "agent_talk_ratio", Value: 0.35},
		{Name: "talk_ms.agent", Value: 21_000},
		{Name: "overlap_ms", Value: 5},
		{Name: "interruptions.count", Value: 2},
		{Name: "chars_per_minute.customer", Value: 200},
		{Name: "longest_monologue.agent.length_ms", Value: 6000},
	}}
	calls := []eval.Labelled{{Labels: labels, Record: rec}, {Labels: eval.Labels{Measures: []eval.Measure{{Name: "talk_ms.agent", Value: 17_000}}}, Record: record("y")}}
	got := map[string]*eval.MeasureError{}
	for _, m := range eval.Evaluate(calls).Measures {
		got[m.Name] = m
	}
	if m := got["agent_talk_ratio"]; m.Calls != 1 || !near(*m.Mean, 0.05) {
		t.Errorf("ratio: %+v", m)
	}
	if m := got["talk_ms.agent"]; m.Calls != 2 || *m.Mean != 1000 || *m.Absolute != 2000 || m.Worst != 3000 || m.Interval != nil {
		t.Errorf("talk: %+v, want a mean of 1000, 2000 off, and no interval for two calls", m)
	}
	if m := got["interruptions.count"]; *m.Mean != -1 {
		t.Errorf("the count holds what is uncertain: %+v", m)
	}
	if m := got["longest_monologue.agent.length_ms"]; *m.Mean != 1000 {
		t.Errorf("the length of a span: %+v", m)
	}
	for _, name := range []string{"overlap_ms", "chars_per_minute.customer"} {
		if m := got[name]; m.Calls != 0 || m.Withheld != 1 || m.Mean != nil {
			t.Errorf("%s: %+v, want it withheld", name, m)
		}
	}
}

func TestScoresNeedCalls(t *testing.T) {
	t.Parallel()
	var calls []eval.Labelled
	for i, s := range []struct{ person, program float64 }{{90, 0.92}, {80, 0.79}, {60, 0.65}, {40, 0.50}} {
		rec := record(string(rune('a' + i)))
		rec.Score.Normalised = &s.program
		calls = append(calls, eval.Labelled{Labels: eval.Labels{Score: &s.person}, Record: rec})
	}
	unscored := record("z")
	unscored.Score.Normalised = nil
	calls = append(calls, eval.Labelled{Labels: eval.Labels{Score: new(float64)}, Record: unscored})
	s := eval.Evaluate(calls).Score
	// Errors 2, −1, 5, 10.
	if s.Calls != 4 || s.Unscored != 1 || !near(*s.Mean, 4) || !near(*s.Absolute, 4.5) || s.Spearman.Value != 1 || !s.Few {
		t.Errorf("got %+v", s)
	}
	if s = eval.Evaluate(calls[:2]).Score; s.Pearson != nil || s.Spearman != nil {
		t.Errorf("two calls have a correlation: %+v", s)
	}
}

func TestCharactersByRole(t *testing.T) {
	t.Parallel()
	say := func(role call.Role, start call.Millis, text string) call.Utterance {
		return call.Utterance{Role: role, Span: call.Span{Start: start, End: start + 500}, Text: text}
	}
	rec := record("x")
	rec.Transcript.Utterances = []call.Utterance{say("agent", 2000, "再见"), say("agent", 0, "你好"), say("customer", 1000, "我家停垫了")}
	labels := eval.Labels{Utterances: []eval.Utterance{
		{Role: "agent", Span: call.Span{Start: 10, End: 900}, Text: "您好。"},
		{Role: "agent", Span: call.Span{Start: 1900, End: 2500}, Text: "再见。"},
		{Role: "customer", Span: call.Span{Start: 1000, End: 1500}, Text: "我家停电了。"},
	}}
	c := eval.Evaluate([]eval.Labelled{{Labels: labels, Record: rec}}).Characters
	if c.Errors != 2 || c.Of != 9 || c.ByRole["agent"].Errors != 1 || c.ByRole["customer"].Of != 5 {
		t.Errorf("got %+v, %+v", c, c.ByRole)
	}
	if w := eval.Wilson(2, 9); c.Low > w.Low || c.High < w.High {
		t.Errorf("the interval of one call %+v is narrower than that of its characters %+v", c.Interval, w)
	}
	labels.Utterances = labels.Utterances[2:]
	if c = eval.Evaluate([]eval.Labelled{{Labels: labels, Record: rec}}).Characters; c.Of != 5 || c.Errors != 1 {
		t.Errorf("a party without labels counts: %+v", c)
	}
	for i := range rec.Transcript.Utterances {
		rec.Transcript.Utterances[i].Role = call.RoleUnknown
	}
	labels.Utterances = append(labels.Utterances, eval.Utterance{Role: "agent", Span: call.Span{End: 500}, Text: "你好"}, eval.Utterance{Role: "agent", Span: call.Span{Start: 2000, End: 2500}, Text: "再见"})
	if c = eval.Evaluate([]eval.Labelled{{Labels: labels, Record: rec}}).Characters; c.Of != 9 || c.Errors != 1 {
		t.Errorf("a mono recording: %+v, want 1 error of 9", c)
	}
}

func TestWorstCallsComeFirst(t *testing.T) {
	t.Parallel()
	sixty, eighty := 60.0, 80.0
	labels := []eval.Labels{
		{Rules: rules(pass, pass), Score: &eighty},
		{Rules: rules(pass, pass), Score: &sixty},
		{Rules: rules(fail, fail)},
		{Rules: rules(fail, pass)},
		{Rules: rules(pass, pass), Silences: []eval.Silence{{Span: call.Span{End: 4000}}}},
	}
	var calls []eval.Labelled
	for i, l := range labels {
		calls = append(calls, eval.Labelled{Labels: l, Record: record(string(rune('a'+i)), pass, pass)})
	}
	order := ""
	fine := 0
	for _, c := range eval.Evaluate(calls).Worst {
		order += c.Call
		if c.Fine() {
			fine++
		}
	}
	if order != "cdeba" || fine != 1 {
		t.Errorf("got %s, %d fine; want cdeba, of which a is fine", order, fine)
	}
}

func TestCheckNamesWhatNoResultHas(t *testing.T) {
	t.Parallel()
	at := func(line int) eval.Place { return eval.Place{File: "l.json", Line: line, Column: 3} }
	first := eval.Labels{
		At: at(1), Rules: []eval.Rule{{ID: "a.ono", Outcome: pass, At: at(2)}, {ID: "13800138000 王芳", Outcome: pass, At: at(3)}},
		Measures:   []eval.Measure{{Name: "agent_talk_ration", At: at(4)}, {Name: "chars_per_minute.customer", At: at(5)}, {Name: "overlap_ms", At: at(6)}},
		Utterances: []eval.Utterance{{Role: call.RoleAgent, Span: call.Span{Start: 59_000, End: 61_000}, At: at(7)}, {Role: call.RoleAgent, Span: call.Span{Start: 59_000, End: 61_001}, At: at(8)}},
	}
	rec := record("x", pass)
	rec.Measures.CharsPerMinute = nil
	err := eval.Check([]eval.Labelled{{Labels: first, Record: rec}, {Labels: eval.Labels{At: at(9)}, Record: rec}})
	if err == nil {
		t.Fatal("no faults")
	}
	lines := strings.Split(err.Error(), "\n")
	for i, want := range []string{
		`l.json:2:3: 这些通话的评分卡没有规则 the scorecards of these calls have no rule "a.ono", did you mean "a.one"?`,
		"l.json:3:3: 这些通话的评分卡没有规则 the scorecards of these calls have no rule; 可用 known: a.one",
		`l.json:4:3: 没有指标 there is no measure "agent_talk_ration", did you mean "agent_talk_ratio"?`,
		"l.json:8:3: 时间在录音结束（01:00.0）之后 a time is after the end of the recording (01:00.0)",
		"l.json:9:3: 同一通电话标注了两次，另见 l.json:1:3 the same call is labelled twice, also at l.json:1:3",
	} {
		if i >= len(lines) || lines[i] != want {
			t.Errorf("fault %d: got %q, want %q", i, strings.Join(lines[min(i, len(lines)):], "\n"), want)
			break
		}
	}
	if len(lines) != 5 {
		t.Errorf("got %d faults:\n%v", len(lines), err)
	}
}
