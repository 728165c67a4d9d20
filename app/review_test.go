package app_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhijian-qa/zhijian/app"
	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/config"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
	"github.com/zhijian-qa/zhijian/store"
	"github.com/zhijian-qa/zhijian/store/storetest"
)

// reviewed is a bench with one stored call that the scorecard of rules judged.
func reviewed(t *testing.T) (*bench, string) {
	t.Helper()
	card := filepath.Join(t.TempDir(), "card.yaml")
	write(t, card, []byte(`name: mine
zh: 我的
pass_mark: 0.8
rules:
  - {id: mine.fault, zh: 我的忌语, en: My fault, kind: must_not_say, lists: [mine], per_hit: 5, points: 5}
  - {id: mine.other, zh: 别的, kind: must_not_say, lists: [other], per_hit: 5, points: 5}
`))
	b := setup(t, func(c *config.Config) {
		c.Scorecard, c.Lexicons = card, []string{list(t, "和平路")}
	})
	utterances := []call.Utterance{
		{Role: call.RoleAgent, Span: call.Span{Start: 500, End: 8500}, Text: "这个要去和平路的营业厅办理，地址是解放大街，我帮您登记一下。", Confidence: 0.9},
		{Role: call.RoleCustomer, Span: call.Span{Start: 9000, End: 17000}, Text: "好的，那我明天早上过去办理，谢谢你，再见。", Confidence: 0.9},
	}
	keep(t, b, utterances)
	run(t, app.Rescore, b)
	return b, card
}

// list writes a word list named mine with those terms.
func list(t *testing.T, terms ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mine.yaml")
	write(t, path, []byte("lists:\n  - {name: mine, zh: 我的, en: Mine, terms: ["+strings.Join(terms, ", ")+"]}\n  - {name: other, zh: 别的, en: Other, terms: [从来没有人说过的话]}\n"))
	return path
}

// keep stores one call with those utterances and a result of rules of old.
func keep(t *testing.T, b *bench, utterances []call.Utterance) {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(b.Config.DataDir, "zhijian.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rec := storetest.Sample(0)
	rec.Recording.Path, rec.Recording.Duration, rec.Recording.Complaint = "/calls/0000.wav", 18_000, nil
	rec.Transcript.Utterances, rec.Transcript.Removed = utterances, nil
	rec.Transcript.Speech = map[call.Role][]call.Span{}
	for _, u := range utterances {
		rec.Transcript.Speech[u.Role] = append(rec.Transcript.Speech[u.Role], u.Span)
	}
	if err := st.SaveTranscript(t.Context(), rec.Recording, rec.Health, rec.Transcript); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveResult(t.Context(), rec); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, use func(context.Context, app.Env) error, b *bench) string {
	t.Helper()
	if err := use(t.Context(), b.Env); err != nil {
		t.Fatal(err)
	}
	text := b.out.String()
	b.out.Reset()
	return text
}

// fault is the criterion that the tests decide about, and its call.
func fault(t *testing.T, b *bench) (score.Criterion, score.Result) {
	t.Helper()
	var rec score.Record
	text := run(t, func(ctx context.Context, env app.Env) error { return app.Explain(ctx, env, "0000") }, b.again(t, asJSON))
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return rec.Score.Criteria[0], rec.Score
}

func TestADecisionChangesWhatReportsShow(t *testing.T) {
	t.Parallel()
	b, _ := reviewed(t)
	if c, result := fault(t, b); c.Outcome != score.OutcomeFail || result.Verdict != score.VerdictFail {
		t.Fatalf("got %s, %s; want a fault to decide about", c.Outcome, result.Verdict)
	}
	reject := b.again(t, func(c *config.Config) {
		c.Note, c.Reviewer, c.Appeal = "13800138000 地址，不是忌语", "李四", true
	})
	text := run(t, func(ctx context.Context, env app.Env) error { return app.Reject(ctx, env, "0000", "mine.fault") }, reject)
	if !strings.Contains(text, "驳回") || !strings.Contains(text, "50 → 100") {
		t.Errorf("after the decision: %s", text)
	}
	c, result := fault(t, b)
	if c.Outcome != score.OutcomePass || c.Points != 5 || result.Verdict != score.VerdictPass || c.Decision == nil {
		t.Fatalf("got %s, %v points, %s, %+v", c.Outcome, c.Points, result.Verdict, c.Decision)
	}
	if d := c.Decision; d.By != "李四" || d.Outcome != score.OutcomeFail || !d.Appeal || strings.Contains(d.Note, "13800138000") {
		t.Errorf("the decision is %+v", d)
	}
	explained := run(t, func(ctx context.Context, env app.Env) error { return app.Explain(ctx, env, "0000") }, b)
	for _, want := range []string{"人工裁定：驳回，李四", "地址，不是忌语", "申诉"} {
		if !strings.Contains(explained, want) {
			t.Errorf("%q is missing in:\n%s", want, explained)
		}
	}
	audit, err := os.ReadFile(filepath.Join(b.Config.DataDir, "audit.jsonl"))
	if err != nil || !strings.Contains(string(audit), "review reject") {
		t.Errorf("audit log: %s, %v", audit, err)
	}
	var review report.Review
	if err := json.Unmarshal([]byte(run(t, app.ReviewList, b.again(t, asJSON))), &review); err != nil {
		t.Fatal(err)
	}
	if len(review.Rules) != 1 || review.Rules[0].Rejected != 1 || *review.Rules[0].Precision != 0 || len(review.Decided) != 1 {
		t.Errorf("the precision is %+v", review)
	}
}

func TestADecisionHoldsWhileItsEvidenceStands(t *testing.T) {
	t.Parallel()
	b, _ := reviewed(t)
	run(t, func(ctx context.Context, env app.Env) error { return app.Reject(ctx, env, "0000", "mine.fault") }, b)
	again := func(terms ...string) *bench {
		return b.again(t, func(c *config.Config) { c.Lexicons = []string{list(t, terms...)} })
	}
	run(t, app.Rescore, again("和平路的营业厅"))
	if c, _ := fault(t, b); c.Outcome != score.OutcomePass || c.Decision == nil {
		t.Errorf("the same words found by another term: %s, %+v", c.Outcome, c.Decision)
	}
	run(t, app.Rescore, again("和平路", "解放大街"))
	c, _ := fault(t, b)
	if c.Outcome != score.OutcomeReview || c.Points != 5 || c.Decision != nil || c.Earlier == nil {
		t.Errorf("a second place: %s, %v points, %+v", c.Outcome, c.Points, c.Earlier)
	}
	if text := run(t, app.ReviewList, b); !strings.Contains(text, "依据已变，请重新裁定") || !strings.Contains(text, "mine.fault") {
		t.Errorf("the person is not asked again:\n%s", text)
	}
	run(t, func(ctx context.Context, env app.Env) error { return app.Accept(ctx, env, "0000", "mine.fault") }, b)
	if c, result := fault(t, b); c.Outcome != score.OutcomeFail || c.Points != 0 || result.Verdict != score.VerdictFail {
		t.Errorf("after the second decision: %s, %v points, %s", c.Outcome, c.Points, result.Verdict)
	}
	run(t, app.Rescore, again("解放大街", "和平路"))
	if c, _ := fault(t, b); c.Outcome != score.OutcomeFail || c.Decision == nil {
		t.Errorf("the same places by terms in another order: %s, %+v", c.Outcome, c.Decision)
	}
	run(t, app.Rescore, again("解放大街"))
	if c, _ := fault(t, b); c.Outcome != score.OutcomeFail || c.Decision != nil || c.Earlier == nil || c.Earlier.Ruling != score.RulingAccept {
		t.Errorf("one of two places is left: %s, decision %+v, earlier %+v", c.Outcome, c.Decision, c.Earlier)
	}
	if text := run(t, app.ReviewList, b); !strings.Contains(text, "依据已变，请重新裁定") {
		t.Errorf("the person is not asked again:\n%s", text)
	}
	run(t, app.Rescore, again("和平路"))
	if c, _ := fault(t, b); c.Outcome != score.OutcomePass || c.Decision == nil || c.Decision.Ruling != score.RulingReject {
		t.Errorf("the evidence of the first decision is back: %s, %+v", c.Outcome, c.Decision)
	}
}

func TestOnlyFindingsCanBeDecided(t *testing.T) {
	t.Parallel()
	b, _ := reviewed(t)
	for _, tt := range []struct{ ref, rule, want string }{
		{"0000", "mine.other", "there is nothing to decide"},
		{"0000", "mine.none", "has no rule mine.none"},
		{"ffff", "mine.fault", "not found"},
	} {
		if err := app.Reject(t.Context(), b.Env, tt.ref, tt.rule); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s: got %v, want %q", tt.ref, tt.rule, err, tt.want)
		}
	}
}
