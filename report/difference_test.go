package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/report"
	"github.com/zhijian-qa/zhijian/score"
)

// side is one call as judged once.
func side(verdict score.Verdict, normalised float64, criteria ...score.Criterion) score.Record {
	return score.Record{
		Recording: call.Recording{
			ID: "abc", Path: "/calls/13800138000-很长的文件名很长的文件名很长的文件名.wav",
			Metadata: call.Metadata{Agent: "1024", AgentName: "王芳", Customer: "13800138000"},
		},
		Score: score.Result{Verdict: verdict, Normalised: &normalised, Criteria: criteria},
	}
}

func rule(id string, outcome score.Outcome, points float64) score.Criterion {
	return score.Criterion{Rule: id, Name: "规则" + id, NameEN: "Rule " + id, Outcome: outcome, Points: points, Potential: 5}
}

func TestDifferenceCountsEveryChange(t *testing.T) {
	t.Parallel()
	d := report.NewDifference(true, "mine@1", "r2", report.Options{Mask: func(s string) string { return strings.ReplaceAll(s, "13800138000", "***") }})
	d.Add(side(score.VerdictPass, 0.9, rule("a", score.OutcomePass, 5), rule("b", score.OutcomePass, 5), rule("gone", score.OutcomePass, 5)),
		side(score.VerdictFail, 0.5, rule("a", score.OutcomeFail, 1), rule("b", score.OutcomePass, 5), rule("new", score.OutcomeReview, 5)), true)
	d.Add(side(score.VerdictFail, 0.5, rule("a", score.OutcomeFail, 1)), side(score.VerdictFail, 0.5, rule("a", score.OutcomeFail, 1)), false)
	d.Finish()
	if d.Calls != 2 || d.Fresh != 1 || len(d.Changed) != 1 || *d.Summary.Before.Mean != 0.7 || d.Summary.After.Fail != 2 {
		t.Errorf("got %d calls, %d fresh, %d changed, %+v", d.Calls, d.Fresh, len(d.Changed), d.Summary)
	}
	if c := d.Changed[0]; strings.Join(c.Rules, " ") != "a new gone" || strings.Contains(c.Path, "13800138000") {
		t.Errorf("the call that changed: %+v", c)
	}
	byRule := map[string]report.RuleChange{}
	for _, r := range d.Rules {
		byRule[r.Rule] = r
	}
	if a := byRule["a"]; a.Changed != 1 || a.Before.Fail != 1 || a.After.Fail != 2 || a.Before.Lost != 4 || a.After.Lost != 8 {
		t.Errorf("rule a: %+v", a)
	}
	if byRule["b"].Changed != 0 || byRule["gone"].Changed != 1 || byRule["new"].After.Review != 1 {
		t.Errorf("rules: %+v", byRule)
	}
	if a := d.Agents[0]; a.Calls != 2 || a.Changed != 1 || a.Before.Pass != 1 || a.After.Fail != 2 {
		t.Errorf("agent: %+v", a)
	}
}

func TestDifferenceFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		d := report.NewDifference(false, "mine@1", "r2", report.Options{Lang: lang})
		var before, after []score.Criterion
		for _, id := range strings.Split("abcdefghijkl", "") {
			before = append(before, rule("a-rule-with-a-rather-long-name-"+id, score.OutcomePass, 5))
			after = append(after, rule("a-rule-with-a-rather-long-name-"+id, score.OutcomeFail, 0))
		}
		for range 12_345 {
			d.Add(side(score.VerdictPass, 1, before...), side(score.VerdictFail, 0.1234, after...), true)
		}
		d.Finish()
		var out bytes.Buffer
		if err := d.Write(&out, true); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := runewidth.StringWidth(strings.TrimRight(line, "\n")); n > 100 && !strings.Contains(line, "──") {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
		if n := strings.Count(out.String(), "\n"); n > 400 {
			t.Errorf("%s: %d lines: a long list must be cut", lang, n)
		}
	}
}
