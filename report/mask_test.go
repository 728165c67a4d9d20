package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

// uttered returns an utterance of a second with a word for each character.
func uttered(role call.Role, start call.Millis, text string) call.Utterance {
	u := call.Utterance{Role: role, Span: call.Span{Start: start, End: start + 1000}, Text: text, Confidence: 0.9}
	for _, r := range text {
		u.Words = append(u.Words, call.Word{Text: string(r), Confidence: 0.9})
	}
	return u
}

// masked returns what is left of utterances, and what their words say.
func masked(utterances []call.Utterance, mask func(string) string) (texts []string, words string) {
	rec := report.MaskRecord(score.Record{Transcript: call.Transcript{Utterances: utterances}}, mask)
	for _, u := range rec.Transcript.Utterances {
		texts = append(texts, u.Text)
		for _, w := range u.Words {
			words += w.Text
		}
	}
	return texts, words
}

// TestDictatedNumbers masks numbers that are spread over utterances, as people say them.
func TestDictatedNumbers(t *testing.T) {
	t.Parallel()
	const customer, agent, unknown = call.RoleCustomer, call.RoleAgent, call.RoleUnknown
	for _, test := range []struct {
		name string
		said []call.Utterance
		want string
	}{
		{
			"the other party says 嗯 in between",
			[]call.Utterance{
				uttered(customer, 0, "我的手机号码是幺三九"), uttered(agent, 1500, "嗯"), uttered(customer, 3000, "幺二三四"),
				uttered(agent, 4500, "好的"), uttered(customer, 6000, "五六七八"),
			},
			"我的手机号码是幺三九|嗯|****|好的|**七八",
		},
		{
			"both parties at once: the agent reads back",
			[]call.Utterance{
				uttered(customer, 0, "幺三九"), uttered(agent, 900, "幺三九"), uttered(customer, 2000, "幺二三四"),
				uttered(agent, 2900, "幺二三四"), uttered(customer, 4000, "五六七八"), uttered(agent, 4900, "五六七八对吧"),
			},
			"幺三九|幺三九|****|****|**七八|**七八对吧",
		},
		{
			"one channel",
			[]call.Utterance{
				uttered(unknown, 0, "幺三九"), uttered(unknown, 1500, "嗯。"), uttered(unknown, 3000, "幺二三四。"),
				uttered(unknown, 4500, "好的，"), uttered(unknown, 6000, "五六七八"),
			},
			"幺三九|嗯。|****。|好的，|**七八",
		},
		{
			"out of order",
			[]call.Utterance{uttered(customer, 3000, "零零幺三八零零零"), uttered(customer, 0, "电话幺三八")},
			"********|电话幺三八",
		},
		{
			"two numbers far apart",
			[]call.Utterance{uttered(customer, 0, "一共三百五"), uttered(customer, 40_000, "六七八九"), uttered(customer, 80_000, "幺二三四")},
			"一共三百五|六七八九|幺二三四",
		},
		{
			"a staff number before a telephone number",
			[]call.Utterance{uttered(agent, 0, "工号1024"), uttered(agent, 2000, "13800138000")},
			"工号1024|138******00",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			texts, words := masked(test.said, lexicon.Mask)
			if got := strings.Join(texts, "|"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if want := strings.Join(texts, ""); words != want {
				t.Errorf("got words %q, want %q", words, want)
			}
		})
	}
}

// TestQuotesAreMaskedAsTheirUtterance cuts quotes in the middle of numbers.
func TestQuotesAreMaskedAsTheirUtterance(t *testing.T) {
	t.Parallel()
	rec := score.Record{
		Transcript: call.Transcript{Utterances: []call.Utterance{
			uttered(call.RoleCustomer, 0, "我的电话是幺三九幺二三四"), uttered(call.RoleAgent, 1000, "嗯"),
			uttered(call.RoleCustomer, 2000, "五六七八，谢谢"),
		}},
		Measures: score.Measures{Interruptions: []score.Interruption{{Text: "是幺三九幺二"}, {Text: "六七八，谢谢"}}},
		Score: score.Result{Criteria: []score.Criterion{{Evidence: []score.Evidence{
			{Quote: "二三四 五六七八"}, {Quote: "四五"}, {Quote: "谢谢"}, {Quote: "别处说的六七八九"},
		}}}},
	}
	got := report.MaskRecord(rec, lexicon.Mask)
	var texts []string
	for _, i := range got.Measures.Interruptions {
		texts = append(texts, i.Text)
	}
	for _, e := range got.Score.Criteria[0].Evidence {
		texts = append(texts, e.Quote)
	}
	want := []string{"是幺三九**", "*七八，谢谢", "*** **七八", "**", "谢谢", "别处说的六七八九"}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
	if rec.Measures.Interruptions[0].Text != "是幺三九幺二" || rec.Score.Criteria[0].Evidence[0].Quote != "二三四 五六七八" {
		t.Error("the record given was changed")
	}
}

func TestMaskPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, customer, want string }{
		{"/a/20261121-093000_1024_13800001111.wav", "", "/a/20261121-093000_1024_138******11.wav"},
		{"/a/20261121-093000_1024_13800001111.wav", "13800001111", "/a/20261121-093000_1024_138******11.wav"},
		{`D:\rec\20261121093000\8613800001111.WAV`, "", `D:\rec\20261121093000\861********11.WAV`},
		{"/a/05127654321_1024.wav", "0512-7654321", "/a/051******21_1024.wav"},
		{"/a/户号3205187764.wav", "3205187764", "/a/户号**********.wav"},
		{"/a/call-87654321.wav", "87654321", "/a/call-********.wav"},
		{"/a/1024_2026-11-21_09-30-00.wav", "1024", "/a/1024_2026-11-21_09-30-00.wav"},
		{"/a/1732150000000.wav", "", "/a/1732150000000.wav"},
		{"/13800001111/13900002222.wav.json:12", "", "/138******11/139******22.wav.json:12"},
		{"", "", ""},
	} {
		if got := report.MaskPath(test.path, test.customer, lexicon.Mask); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
		if got := report.MaskPath(test.path, test.customer, nil); got != test.path {
			t.Errorf("without a mask: got %s, want %s", got, test.path)
		}
	}
}

func TestMaskFailure(t *testing.T) {
	t.Parallel()
	f := call.Failure{
		Path: "/a/20261121-093000_1024_13800001111.wav", Code: "bad_manifest",
		Message: "no such file; it is named at /a/20261121-093000_13800001111.csv:3 beside 138 0000 1111 and 你好",
	}
	want := call.Failure{
		Path: "/a/20261121-093000_1024_138******11.wav", Code: "bad_manifest",
		Message: "no such file; it is named at /a/20261121-093000_138******11.csv:3 beside 138 **** **11 and 你好",
	}
	if diff := cmp.Diff(want, report.MaskFailure(f, lexicon.Mask)); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
	if diff := cmp.Diff(f, report.MaskFailure(f, nil)); diff != "" {
		t.Errorf("without a mask: got (+) differs from want (-):\n%s", diff)
	}
}

// private returns calls full of personal data, in every place that can hold one.
func private() []score.Record {
	rec := shirking()
	rec.Recording.Path = "/calls/20261121-093000_1025_13800138000.wav"
	rec.Transcript.Utterances = append(rec.Transcript.Utterances,
		uttered(call.RoleCustomer, 20_000, "换一个号码幺三九"), uttered(call.RoleAgent, 21_500, "嗯"),
		uttered(call.RoleCustomer, 23_000, "一二三四"), uttered(call.RoleAgent, 24_500, "好的"),
		uttered(call.RoleCustomer, 26_000, "五六七八"), uttered(call.RoleAgent, 30_000, "不归我们管，你打幺三九一二三四五六七八"))
	rec.Transcript.Removed = []call.Removed{{Role: call.RoleAgent, Text: "打13912345678", Reason: "hallucination:credit"}}
	rec.Measures.Interruptions[0].Text = "个号码幺三九一二三四五六"
	criteria := rec.Score.Criteria
	criteria[1].Evidence[1].Quote = "你打幺三九一二三四五六" // cut in the middle of the number
	criteria[1].Note, criteria[1].NoteEN = "让客户打13912345678。", "Sent to 13912345678."
	other := hostile()
	other.Recording.Path = `D:\calls\13912345678\x_13800138000.wav`
	other.Recording.Customer = "0512-87654321"
	other.Transcript.Utterances[1].Text = "座机零五一二八七六五四三二一"
	return []score.Record{rec, other}
}

// secrets are what must not be read in any output of the private calls.
func secrets() []string {
	return []string{
		"13800138000", "13912345678", "一二三四", "五六七八", "一二三四五六", "0512-87654321", "051287654321", "八七六五四三",
	}
}

func privateFailures() []call.Failure {
	return []call.Failure{{
		Path: "/calls/20261121-094500_1025_13912345678.wav", Code: "internal", Times: 1,
		Message: "open /calls/20261121-094500_1025_13912345678.wav: the number 13800138000 is odd",
	}}
}

func TestNothingPersonalInAnyOutput(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		opt := options()
		opt.Lang, opt.Mask = lang, lexicon.Mask
		r, err := report.Build(of(private()...), privateFailures(), opt)
		if err != nil {
			t.Fatal(err)
		}
		for name, write := range writers(r, opt) {
			got := text(t, write)
			for _, secret := range secrets() {
				if strings.Contains(got, secret) {
					t.Errorf("%s in %s shows %s", name, lang, secret)
				}
			}
		}
		got := text(t, func(w *bytes.Buffer) error { return report.Explain(w, private()[0], true, opt) })
		if !strings.Contains(got, "20261121-093000_1025_138******00.wav") {
			t.Errorf("the path lost more than the number:\n%s", got)
		}
	}
	open := options()
	open.Mask = nil
	r, err := report.Build(of(private()...), privateFailures(), open)
	if err != nil {
		t.Fatal(err)
	}
	got := text(t, func(w *bytes.Buffer) error { return r.WriteJSON(w) })
	for _, want := range []string{"1025_13800138000.wav", "1025_13912345678.wav", `"13800138000"`} {
		if !strings.Contains(got, want) {
			t.Errorf("without a mask %s is hidden", want)
		}
	}
}

// writers are all the ways by which a report leaves the program.
func writers(r *report.Report, opt report.Options) map[string]func(w *bytes.Buffer) error {
	all := map[string]func(w *bytes.Buffer) error{
		"table": func(w *bytes.Buffer) error { return r.WriteTable(w) },
		"json":  func(w *bytes.Buffer) error { return r.WriteJSON(w) },
		"html":  func(w *bytes.Buffer) error { return r.WriteHTML(w, nil) },
		"xlsx":  func(w *bytes.Buffer) error { return writeCells(w, r) },
		"lines": func(w *bytes.Buffer) error {
			lines := report.NewLines(w, opt.Mask)
			for _, rec := range private() {
				if err := lines.Call(rec); err != nil {
					return err
				}
			}
			return lines.Failure(privateFailures()[0])
		},
	}
	for _, by := range []string{"", "agent", "team", "day", "week", "rule", "violation", "failure"} {
		all["csv by "+by] = func(w *bytes.Buffer) error { return r.WriteCSV(w, by) }
		all["table by "+by] = func(w *bytes.Buffer) error { return r.WriteGroups(w, by) }
	}
	for i, rec := range private() {
		all[fmt.Sprint("explain ", i)] = func(w *bytes.Buffer) error { return report.Explain(w, rec, true, opt) }
	}
	return all
}
