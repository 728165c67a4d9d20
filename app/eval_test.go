package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/internal/callgen"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

// labelsOf says as labels what is known about a synthetic call because it was made.
func labelsOf(truth *callgen.Truth) eval.Labels {
	l := eval.Labels{Call: truth.File, Interruptions: []eval.Interruption{}, Silences: []eval.Silence{}}
	for _, u := range truth.Utterances {
		l.Utterances = append(l.Utterances, eval.Utterance{Role: u.Role, Span: u.Span, Text: u.Text})
	}
	for _, i := range truth.Interruptions {
		l.Interruptions = append(l.Interruptions, eval.Interruption{By: i.By, Start: i.Start, Yielded: &i.Yielded})
	}
	for _, s := range truth.Silences {
		l.Silences = append(l.Silences, eval.Silence{Span: s.Span, Announced: &s.Announced})
	}
	for rule := range truth.Rules() {
		l.Rules = append(l.Rules, eval.Rule{ID: rule, Outcome: score.OutcomeFail})
	}
	for _, rule := range truth.Passes {
		l.Rules = append(l.Rules, eval.Rule{ID: rule, Outcome: score.OutcomePass})
	}
	return l
}

func truths(t *testing.T) []*callgen.Truth {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(demo, "*"+callgen.TruthSuffix))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no truth in %s: %v", demo, err)
	}
	var all []*callgen.Truth
	for _, path := range paths {
		truth, err := callgen.ReadTruth(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, truth)
	}
	return all
}

// evaluate runs eval on files and returns what it prints as JSON.
func evaluate(t *testing.T, b *bench, files ...string) (*eval.Evaluation, error) {
	t.Helper()
	b = b.again(t, asJSON)
	err := app.Eval(t.Context(), b.Env, files)
	e := new(eval.Evaluation)
	if b.out.Len() > 0 {
		if err := json.Unmarshal(b.out.Bytes(), e); err != nil {
			t.Fatal(err)
		}
	}
	return e, err
}

// TestEvalOfTheDemoDay holds the results of the real engine against the truth of the demo day, as labels.
func TestEvalOfTheDemoDay(t *testing.T) {
	t.Parallel()
	day := scoredDay(t)
	lines := readLines(t, bytes.NewReader(day.out.Bytes()))
	var all []eval.Labels
	var characters eval.Characters
	faults, interruptions, silences := 0, 0, 0
	for _, truth := range truths(t) {
		l := labelsOf(truth)
		l.Measures = []eval.Measure{{Name: "agent_talk_ratio", Value: truth.AgentTalkRatio()}}
		all = append(all, l)
		faults += len(truth.Rules())
		interruptions, silences = interruptions+len(truth.Interruptions), silences+len(truth.Silences)
		for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer} {
			said, heard := "", ""
			for _, u := range truth.Utterances {
				if u.Role == role {
					said += u.Text
				}
			}
			for _, u := range lines[truth.File].Transcript.By(role) {
				heard += u.Text
			}
			characters.Add(eval.CharacterErrors(said, heard))
		}
	}
	file := filepath.Join(t.TempDir(), "truth.csv")
	var text bytes.Buffer
	if err := report.WriteLabelsCSV(&text, all); err != nil {
		t.Fatal(err)
	}
	for _, l := range all { // a template has no measures; people write them
		for _, m := range l.Measures {
			text.WriteString(l.Call + ",measure," + m.Name + "," + jsonOf(t, m.Value) + "\r\n")
		}
	}
	write(t, file, text.Bytes())
	e, err := evaluate(t, day, file)
	if err != nil {
		t.Fatal(err)
	}
	if e.Calls != len(all) || e.Unchecked != 0 || len(e.Missing) != 0 || faults == 0 || interruptions == 0 || silences == 0 {
		t.Fatalf("%d calls of %d, %d faults, %d interruptions, %d silences", e.Calls, len(all), faults, interruptions, silences)
	}
	// The lines that score printed are masked, so that they have errors where nobody misheard.
	if c := e.Characters; c.Of != characters.Of || c.Errors == 0 || c.Errors > characters.Errors || c.Rate > 0.12 || c.Low >= c.Rate || c.High <= c.Rate {
		t.Errorf("characters %+v, want at most %+v and 12 %%", e.Characters, characters)
	}
	if got, want := e.Interruptions.Counts, (eval.Counts{Hit: interruptions}); got != want || e.Interruptions.Same.Value != 1 {
		t.Errorf("interruptions %+v, yielded %+v, want %+v", got, e.Interruptions.Same, want)
	}
	if got, want := e.Silences.Counts, (eval.Counts{Hit: silences}); got != want || e.Silences.Same.Value != 1 {
		t.Errorf("silences %+v, announced %+v, want %+v", got, e.Silences.Same, want)
	}
	if a := e.All; a.Faults != faults || a.Hits != faults || a.Found != faults || a.Differing != 0 || a.Kappa == nil || a.Kappa.Value != 1 {
		t.Errorf("outcomes %+v, want all %d faults found and no other", a, faults)
	}
	if m := e.Measures[0]; m.Calls != len(all) || *m.Absolute > 0.03 {
		t.Errorf("talk ratio %+v, want at most 0.03 off", m)
	}
}

func jsonOf(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// swapped returns a template in which the last two characters of one sentence have changed places: two mistakes.
func swapped(t *testing.T, template string) string {
	t.Helper()
	for _, at := range regexp.MustCompile(`"text":\s*"[^"]*\p{Han}(\p{Han}\p{Han})。"`).FindAllStringSubmatchIndex(template, -1) {
		pair := []rune(template[at[2]:at[3]])
		if pair[0] != pair[1] {
			return template[:at[2]] + string([]rune{pair[1], pair[0]}) + template[at[3]:]
		}
	}
	t.Fatal("the template has no sentence to put right")
	return ""
}

// TestTemplatesOfTheDemoDay takes the way of a person: a template, two outcomes changed, one sentence put
// right, and the comparison says just that.
func TestTemplatesOfTheDemoDay(t *testing.T) {
	t.Parallel()
	day := scoredDay(t)
	template := day.again(t, func(c *config.Config) { c.JSON = false })
	refs := []string{noGreeting, shirking, "20261120-094130-2007.wav"}
	if err := app.LabelTemplate(t.Context(), template.Env, refs); err != nil {
		t.Fatal(err)
	}
	text := template.out.String()
	if strings.Contains(text, "13912345678") || strings.Contains(text, "幺三九幺二三四五六七八") || !strings.Contains(text, "*") {
		t.Error("the template shows a number, or hides nothing")
	}
	file := filepath.Join(t.TempDir(), "labels.json")
	write(t, file, []byte(text))
	e, err := evaluate(t, day, file)
	if err != nil || e.Calls != 3 || e.Unchecked != 3 || e.Characters.Errors != 0 || e.All.Differing != 0 {
		t.Fatalf("a template of a call differs from it: %v, %+v", err, e.All)
	}
	changed := strings.Replace(text, `"rule":"forbidden.shirking","name":"忌语：推诿","outcome":"fail"`, `"rule":"forbidden.shirking","outcome":"pass"`, 1)
	changed = strings.Replace(changed, `"rule":"greeting.opening","name":"开场问候","outcome":"pass"`, `"rule":"greeting.opening","outcome":"fail"`, 1)
	changed = swapped(t, changed)
	changed = strings.ReplaceAll(changed, `"checked": false`, `"checked": true`)
	write(t, file, []byte(changed))
	if e, err = evaluate(t, day, file); err != nil {
		t.Fatal(err)
	}
	if e.Unchecked != 0 || e.Characters.Errors != 2 || e.All.Differing != 2 || e.All.Hits != e.All.Found-1 || e.All.Hits != e.All.Faults-1 {
		t.Errorf("%d unchecked, %+v, %+v; want 2 characters and 2 outcomes, one false and one missed", e.Unchecked, e.Characters, e.All)
	}
	if worst := e.Worst[0]; len(worst.Wrong) == 0 {
		t.Errorf("the worst call is %+v", worst)
	}
}

func TestEvalNamesWhatItCannotCompare(t *testing.T) {
	t.Parallel()
	b, _ := reviewed(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		write(t, path, []byte(text))
		return path
	}
	good := file("good.json", `{"call": "0000", "rules": {"mine.fault": "fail"}}`)
	gone := file("gone.csv", "call,kind,name,value\nnone.wav,rule,mine.fault,fail\n13800138000.wav,rule,mine.fault,fail\n")
	both := b.again(t, asJSON)
	err := app.Eval(t.Context(), both.Env, []string{good, gone})
	if app.ExitCode(err) != 2 || !strings.Contains(both.err.String(), "gone.csv:2:1: none.wav [not_found]") || strings.Contains(both.err.String(), "13800138000") {
		t.Errorf("got %v and %q, want exit code 2 and the calls named, masked", err, both.err)
	}
	var e eval.Evaluation
	if err := json.Unmarshal(both.out.Bytes(), &e); err != nil || e.Calls != 1 || len(e.Missing) != 2 || e.All.Hits != 1 {
		t.Errorf("%v, got %+v, want the other call compared", err, e)
	}
	for _, tt := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"none of them", []string{gone}, []string{"nothing to compare: score these recordings first"}},
		{"faults of all files", []string{file("a.json", "{"), file("b.csv", "x\n"), filepath.Join(dir, "no.json"), dir}, []string{"a.json:1:2: ", "b.csv:1:1: ", "no.json: 找不到该文件", "这是文件夹", "docs/eval.md"}},
		{"a rule that the scorecard lacks", []string{file("c.json", "{\"call\": \"0000\",\n\"rules\": {\"mine.fualt\": \"fail\"}}")}, []string{`c.json:2:11: `, `no rule "mine.fualt", did you mean "mine.fault"?`}},
		{"the same call under two names", []string{good, file("d.json", `{"call": "0000.wav", "score": 3}`)}, []string{"the same call is labelled twice, also at", "good.json:1:1"}},
	} {
		_, err := evaluate(t, b, tt.files...)
		if app.ExitCode(err) != 1 {
			t.Errorf("%s: got %v, want exit code 1", tt.name, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %q, want %q", tt.name, err, want)
			}
		}
	}
	empty := setup(t)
	if err := app.Eval(t.Context(), empty.Env, []string{good}); err == nil || !strings.Contains(err.Error(), "run zhijian score") {
		t.Errorf("an empty data folder: got %v, want a hint", err)
	}
}

func TestUnmaskedTemplatesAreAudited(t *testing.T) {
	t.Parallel()
	b, _ := reviewed(t)
	use := func(ctx context.Context, env app.Env) error { return app.LabelTemplate(ctx, env, []string{"0000"}) }
	shown := run(t, use, b.again(t, func(c *config.Config) { c.Unmasked, c.CSV = true, true }))
	if !strings.HasPrefix(shown, "\ufeff"+strings.Join(eval.Columns(), ",")) {
		t.Errorf("the template is no CSV: %s", shown)
	}
	if hidden := run(t, use, b); !strings.HasPrefix(hidden, "{") || strings.Contains(hidden, "解放大街") && !strings.Contains(shown, "解放大街") {
		t.Errorf("the template is %s", hidden)
	}
	audit, err := os.ReadFile(filepath.Join(b.Config.DataDir, "audit.jsonl"))
	if err != nil || strings.Count(string(audit), "eval --template 0000 --unmasked") != 1 {
		t.Errorf("audit log: %s, %v", audit, err)
	}
}
