package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mattn/go-runewidth"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

// labelled is the sample day with labels that people corrected.
func labelled() []eval.Labelled {
	var calls []eval.Labelled
	for i, rec := range day() {
		l := report.Template(rec, options())
		l.Unchecked = i == 0
		mark := []float64{98, 70, 45, 80, 60, 52}[i]
		l.Score = &mark
		l.Measures = []eval.Measure{{Name: "agent_talk_ratio", Value: 0.3}, {Name: "talk_ms.agent", Value: 19_400}, {Name: "interruptions.count", Value: 1}}
		if i > 2 {
			l.Rules[0].Outcome = score.OutcomeFail
		}
		if i == 5 {
			l.Rules[len(l.Rules)-1].Outcome = score.OutcomeReview
		}
		if len(l.Utterances) > 1 {
			l.Utterances[1].Text = strings.Replace(l.Utterances[1].Text, "停电", "没电", 1)
		}
		l.Interruptions = append(l.Interruptions, eval.Interruption{By: call.RoleAgent, Start: 50_000})
		calls = append(calls, eval.Labelled{Labels: l, Record: rec})
	}
	return calls
}

func TestEvaluationForPeople(t *testing.T) {
	t.Parallel()
	calls := labelled()
	if err := eval.Check(calls); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		opt := options()
		opt.Lang = lang
		got := text(t, func(w *bytes.Buffer) error { return report.WriteEvaluation(w, eval.Evaluate(calls), opt) })
		golden(t, "eval."+lang+".txt", got)
		for line := range strings.Lines(got) {
			if n := runewidth.StringWidth(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("a line of %d columns: %s", n, line)
			}
		}
		if strings.Contains(got, "13800138000") {
			t.Error("a number is shown")
		}
	}
}

func TestEvaluationForPrograms(t *testing.T) {
	t.Parallel()
	e := eval.Evaluate(labelled())
	e.Worst[0].Path = "/calls/13800138000.wav"
	e.Missing = append(e.Missing, eval.Missing{Call: "13800138000", Place: "l.json:1:1", Reason: "not_found"})
	got := text(t, func(w *bytes.Buffer) error { return report.WriteEvaluationJSON(w, e, options()) })
	var back eval.Evaluation
	if err := json.Unmarshal([]byte(got), &back); err != nil || strings.Count(got, "\n") != 1 {
		t.Fatalf("%v, %d lines", err, strings.Count(got, "\n"))
	}
	if back.Calls != e.Calls || len(back.Rules) != len(e.Rules) || back.All.Hits != e.All.Hits || len(back.Worst) != len(e.Worst) {
		t.Errorf("got %+v", back)
	}
	if strings.Contains(got, "13800138000") {
		t.Error("a number is shown")
	}
}

// A template that is read again says what it was made of, and agrees with the call that it was made from.
func TestTemplatesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	var templates []eval.Labels
	for _, rec := range day() {
		templates = append(templates, report.Template(rec, options()))
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"t.json": func(w *bytes.Buffer) error { return report.WriteLabels(w, templates) },
		"t.csv":  func(w *bytes.Buffer) error { return report.WriteLabelsCSV(w, templates) },
	} {
		text := text(t, write)
		if strings.Contains(text, "13800138000") {
			t.Errorf("%s: a number is shown", name)
		}
		back, err := eval.Read(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(templates, back, cmpopts.IgnoreFields(eval.Labels{}, "File", "Note"), cmpopts.IgnoreFields(eval.Rule{}, "Name"), cmpopts.IgnoreTypes(eval.Place{})); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
		var calls []eval.Labelled
		for i, rec := range day() {
			calls = append(calls, eval.Labelled{Labels: back[i], Record: rec})
		}
		if err := eval.Check(calls); err != nil {
			t.Error(err)
		}
		e := eval.Evaluate(calls)
		if e.Characters.Errors != 0 || e.All.Differing != 0 || e.Interruptions.Missed+e.Interruptions.False != 0 || e.Silences.Missed+e.Silences.False != 0 || e.Unchecked != len(calls) {
			t.Errorf("%s: a template differs from its call: %+v, %+v", name, e.Characters, e.All)
		}
		for _, c := range e.Worst {
			if !c.Fine() {
				t.Errorf("%s: %s is not fine: %+v", name, c.Call, c)
			}
		}
	}
}

// An ID such as 8210660135e41204 is a number for a spreadsheet program, and would come back as another.
func TestTemplatesNameCallsByWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	for hash, want := range map[string]string{
		"8210660135e41204" + "77c9": "8210660135e4120477c",
		"8210660135041204" + "e7b9": "8210660135041204e7b",
		"8210660135e4120e" + "77c9": "8210660135e4120e",
	} {
		rec := perfect()
		rec.Recording.SHA256, rec.Recording.ID = hash, call.NewID(hash)
		if got := report.Template(rec, options()).Call; got != want {
			t.Errorf("%s: got %s, want %s", hash, got, want)
		}
	}
}
