package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

// text returns what write writes.
func text(t *testing.T, write func(w *bytes.Buffer) error) string {
	t.Helper()
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestTable(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		opt := options()
		opt.Lang = lang
		r := build(t, opt)
		golden(t, "table."+lang+".txt", text(t, func(w *bytes.Buffer) error { return r.WriteTable(w) }))
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	r := build(t, options())
	for _, by := range []string{"agent", "team", "day", "week", "rule"} {
		golden(t, "by-"+by+".txt", text(t, func(w *bytes.Buffer) error { return r.WriteGroups(w, by) }))
	}
	if err := r.WriteGroups(&bytes.Buffer{}, "colour"); !errors.Is(err, call.ErrInvalid) {
		t.Errorf("by colour: got error %v, want call.ErrInvalid", err)
	}
}

func TestEmptyReport(t *testing.T) {
	t.Parallel()
	r, err := report.Build(of(), nil, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, func(w *bytes.Buffer) error { return r.WriteTable(w) }); got != "没有通话。\n" {
		t.Errorf("got %q", got)
	}
	for name, write := range map[string]func(w *bytes.Buffer) error{
		"groups": func(w *bytes.Buffer) error { return r.WriteGroups(w, "agent") },
		"csv":    func(w *bytes.Buffer) error { return r.WriteCSV(w, "") },
		"json":   func(w *bytes.Buffer) error { return r.WriteJSON(w) },
		"xlsx":   func(w *bytes.Buffer) error { return r.WriteXLSX(w) },
		"html":   func(w *bytes.Buffer) error { return r.WriteHTML(w, nil) },
	} {
		if got := text(t, write); got == "" {
			t.Errorf("%s: got nothing", name)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	opt := options()
	for name, rec := range map[string]score.Record{
		"shirking": shirking(), "mono": mono(), "hostile": hostile(), "undecided": undecided(),
	} {
		golden(t, "explain-"+name+".txt", text(t, func(w *bytes.Buffer) error { return report.Explain(w, rec, true, opt) }))
	}
	opt.Lang, opt.Colour = "en", true
	golden(t, "explain-shirking.en.txt", text(t, func(w *bytes.Buffer) error { return report.Explain(w, shirking(), false, opt) }))
}

func TestCSV(t *testing.T) {
	t.Parallel()
	r := build(t, options())
	for _, by := range []string{"", "violation", "agent", "failure"} {
		golden(t, "by-"+by+".csv", text(t, func(w *bytes.Buffer) error { return r.WriteCSV(w, by) }))
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	r := build(t, options())
	got := text(t, func(w *bytes.Buffer) error { return r.WriteJSON(w) })
	golden(t, "report.json", got)
	if !json.Valid([]byte(got)) {
		t.Error("not valid JSON")
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	got := text(t, func(w *bytes.Buffer) error {
		lines := report.NewLines(w, mask)
		return errors.Join(lines.Call(shirking()), lines.Call(mono()), lines.Failure(failures()[0]))
	})
	golden(t, "lines.jsonl", got)
	if n := strings.Count(got, "\n"); n != 3 {
		t.Errorf("got %d lines, want 3", n)
	}
	var back score.Record
	if err := json.Unmarshal([]byte(strings.SplitAfter(got, "\n")[0]), &back); err != nil {
		t.Fatal(err)
	}
	if back.Recording.ID != shirking().Recording.ID {
		t.Errorf("got ID %q", back.Recording.ID)
	}
}

func TestLinesRoundConfidences(t *testing.T) {
	t.Parallel()
	rec := perfect()
	rec.Transcript.Utterances = []call.Utterance{uttered(call.RoleAgent, 0, "好")}
	u := &rec.Transcript.Utterances[0]
	u.Confidence, u.Words[0].Confidence = 0.987654321, 0.1234567
	for name, write := range map[string]func(*report.Lines) error{
		"call":       func(l *report.Lines) error { return l.Call(rec) },
		"transcript": func(l *report.Lines) error { return l.Transcript(rec) },
	} {
		got := text(t, func(w *bytes.Buffer) error { return write(report.NewLines(w, nil)) })
		for _, want := range []string{`"confidence":0.988,`, `"confidence":0.123}`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s:\n%s", name, want, got)
			}
		}
		if name == "transcript" && (strings.Contains(got, `"score"`) || !strings.Contains(got, `"health":[`)) {
			t.Errorf("a transcript alone: got %s", got)
		}
	}
	if u.Confidence != 0.987654321 || u.Words[0].Confidence != 0.1234567 {
		t.Error("the record given was changed")
	}
}

func TestMaskRecord(t *testing.T) {
	t.Parallel()
	spoken := func(text string, start call.Millis) call.Utterance {
		u := call.Utterance{Role: call.RoleCustomer, Span: call.Span{Start: start, End: start + 1000}, Text: text}
		for _, r := range text {
			u.Words = append(u.Words, call.Word{Text: string(r)})
		}
		return u
	}
	rec := score.Record{Transcript: call.Transcript{Utterances: []call.Utterance{
		spoken("电话幺三八", 0), spoken("零零幺三八零零零", 2000), spoken("再见", 4000),
	}}}
	rec.Recording.Customer = "05551234567"
	before := rec.Transcript.Utterances[0].Words[2].Text
	got := report.MaskRecord(rec, mask)
	texts, words := []string{}, ""
	for _, u := range got.Transcript.Utterances {
		texts = append(texts, u.Text)
		for _, w := range u.Words {
			words += w.Text
		}
	}
	if diff := cmp.Diff([]string{"电话幺三八", "****八零零零", "再见"}, texts); diff != "" {
		t.Errorf("a number spoken with a pause: got (+) differs from want (-):\n%s", diff)
	}
	if want := strings.Join(texts, ""); words != want {
		t.Errorf("got words %q, want %q", words, want)
	}
	if got.Recording.Customer != "*******4567" {
		t.Errorf("got customer %q", got.Recording.Customer)
	}
	if rec.Transcript.Utterances[1].Text != "零零幺三八零零零" || rec.Transcript.Utterances[0].Words[2].Text != before {
		t.Error("the record given was changed")
	}
	shorter := report.MaskRecord(rec, func(s string) string { return strings.ReplaceAll(s, "零零零", "*") })
	if u := shorter.Transcript.Utterances[1]; u.Text != "零零幺三八*" || u.Words != nil {
		t.Errorf("a mask that shortens: got %q with %d words", u.Text, len(u.Words))
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	r := build(t, options())
	s := r.Summary
	if s.Calls != 6 || s.Pass != 2 || s.Fail != 3 || s.Review != 1 || s.Vetoed != 2 || s.Unscored != 1 || s.Undated != 1 || s.Failed != 2 {
		t.Errorf("got summary %+v", s)
	}
	if s.Compliance == nil || math.Abs(*s.Compliance-0.25) > 1e-9 {
		t.Errorf("got compliance %v, want 1 of 4", s.Compliance)
	}
	sum := 0
	for _, a := range r.Agents {
		sum += a.Calls
	}
	if sum != s.Calls {
		t.Errorf("agents have %d calls, all have %d", sum, s.Calls)
	}
	ranks := map[string]int{}
	for _, a := range r.Agents {
		ranks[a.Key] = a.Rank
	}
	if diff := cmp.Diff(map[string]int{"1024": 1, "1025": 2, "=1+1": 0, "": 0}, ranks); diff != "" {
		t.Errorf("ranks: got (+) differs from want (-):\n%s", diff)
	}
	if got := r.Scores.None; got != 1 {
		t.Errorf("got %d calls outside the histogram, want 1", got)
	}
	if len(r.Violations) != s.Violations {
		t.Errorf("got %d violations listed, %d counted", len(r.Violations), s.Violations)
	}
	if got := len(r.Days) + len(r.Weeks); got != 3 {
		t.Errorf("got %d days and weeks, want 2 and 1", got)
	}
}

func TestWithheldHeadsTheReport(t *testing.T) {
	t.Parallel()
	html := page(t, options(), nil)
	if want := "<ul><li>6 通中有 1 通是单声道，无法判断说话占比、抢话、重叠时长、说话时长，已从相应统计中剔除；" +
		"请在交换机/录音系统中启用双声道（分轨）录音，坐席与客户各占一个声道</li>"; !strings.Contains(html, want) {
		t.Errorf("the page does not begin with %q", want)
	}
}

// TestRankingCountsScoredCalls ranks agents by the calls that have a score, not by all of them.
func TestRankingCountsScoredCalls(t *testing.T) {
	t.Parallel()
	unscored := mono()
	unscored.Recording.Agent = "1024"
	for _, test := range []struct {
		calls []score.Record
		rank  int
	}{
		{[]score.Record{perfect(), complaint()}, 1},
		{[]score.Record{perfect(), unscored}, 0},
		{[]score.Record{unscored, unscored}, 0},
	} {
		r, err := report.Build(of(test.calls...), nil, options())
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Agents[0]; a.Rank != test.rank {
			t.Errorf("%d calls, %d scored: got rank %d, want %d", a.Calls, a.Scored, a.Rank, test.rank)
		}
	}
}

// TestPlacesNotShown tells of places that the note counts and the evidence leaves out.
func TestPlacesNotShown(t *testing.T) {
	t.Parallel()
	rec := perfect()
	c := &rec.Score.Criteria[0]
	c.Note, c.NoteEN = "说到 4 处", "said in 4 places"
	c.Evidence = append(c.Evidence, c.Evidence[0], c.Evidence[0])
	for lang, want := range map[string]string{"zh": "另有 1 处", "en": "1 more"} {
		opt := options()
		opt.Lang = lang
		got := text(t, func(w *bytes.Buffer) error { return report.Explain(w, rec, false, opt) })
		if n := strings.Count(got, want); n != 1 {
			t.Errorf("explain says %q %d times, want once:\n%s", want, n, got)
		}
		r, err := report.Build(of(rec), nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, func(w *bytes.Buffer) error { return r.WriteHTML(w, nil) }); !strings.Contains(got, "· "+want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	c.Note, c.NoteEN = "说到 1 处", "said in 1 places"
	opt := options()
	opt.Lang = "en"
	if got := text(t, func(w *bytes.Buffer) error { return report.Explain(w, rec, false, opt) }); !strings.Contains(got, "said in 1 place\n") {
		t.Errorf("one place is not in the singular:\n%s", got)
	}
}

func TestNormsOnlyWithData(t *testing.T) {
	t.Parallel()
	r := build(t, options())
	got := map[string]float64{}
	met := map[string]bool{}
	for _, n := range r.Norms {
		got[n.Key] = n.Rate
		if n.Met != nil {
			met[n.Key] = *n.Met
		}
	}
	if diff := cmp.Diff(map[string]float64{"compliance": 0.25, "satisfaction": 0.5, "complaints": 2.0 / 3, "settled": 1, "resolved": 1}, got); diff != "" {
		t.Errorf("rates: got (+) differs from want (-):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]bool{"satisfaction": false, "complaints": false, "settled": true, "resolved": true}, met); diff != "" {
		t.Errorf("met: got (+) differs from want (-):\n%s", diff)
	}
	bare, err := report.Build(of(mono()), nil, options())
	if err != nil {
		t.Fatal(err)
	}
	if len(bare.Norms) != 0 {
		t.Errorf("without data there are the norms %+v", bare.Norms)
	}
}

func TestBuildStopsAtAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk gone")
	var calls iter.Seq2[score.Record, error] = func(yield func(score.Record, error) bool) {
		_ = yield(perfect(), nil) && yield(score.Record{}, broken)
	}
	if _, err := report.Build(calls, nil, report.Options{}); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v", err, broken)
	}
}

func TestBuildLeavesRecordsAlone(t *testing.T) {
	t.Parallel()
	records := day()
	if _, err := report.Build(of(records...), nil, options()); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(records, day()) {
		t.Error("the records given were changed")
	}
}
