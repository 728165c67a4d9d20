package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/zhijian-qa/zhijian/score"
)

// The widths of the columns of a difference in a terminal, and how many calls it lists.
const (
	ruleWidth    = 34
	changeWidth  = 13
	countWidth   = 8
	shownChanges = 50
	namedRules   = 3
)

// Write writes the difference for a terminal of 100 columns: the summary, and with details what changed
// by rule, by agent and by call.
func (d *Difference) Write(out io.Writer, details bool) error {
	t, w := newTerminal(out, d.opt.Colour), d.words
	kind := "diff.done"
	if d.DryRun {
		kind = "diff.dry"
	}
	t.line(t.bold(w.t(kind)), gap, t.paint(toneMuted, d.Scorecard), gap, w.t("diff.calls", d.Calls, d.Fresh))
	t.line(w.t("mean"), " ", t.bold(d.scores(d.Summary.Before.Mean, d.Summary.After.Mean)), gap, d.verdicts(t))
	if details {
		d.writeRules(t)
		d.writeAgents(t)
		d.writeCalls(t)
	}
	return t.flush()
}

func (d *Difference) verdicts(t *terminal) string {
	before, after := d.Summary.Before, d.Summary.After
	items := []string{}
	for _, v := range []struct {
		verdict       score.Verdict
		before, after int
	}{{score.VerdictPass, before.Pass, after.Pass}, {score.VerdictFail, before.Fail, after.Fail}, {score.VerdictReview, before.Review, after.Review}} {
		items = append(items, t.paint(verdictTone(v.verdict), d.words.verdict(v.verdict)+" "+counts(v.before, v.after)))
	}
	return strings.Join(append(items, d.words.t("diff.changed", len(d.Changed))), gap)
}

func (d *Difference) scores(before, after *float64) string {
	return d.words.score(before) + " → " + d.words.score(after)
}

func counts(before, after int) string {
	if before == after {
		return fmt.Sprint(after)
	}
	return fmt.Sprintf("%d → %d", before, after)
}

// heading starts a part of the difference.
func (d *Difference) heading(t *terminal, key string, columns ...string) {
	t.line()
	t.line(t.bold(d.words.t(key)))
	t.line(t.paint(toneMuted, strings.Join(columns, gap)))
	t.rule()
}

func (d *Difference) writeRules(t *terminal) {
	w := d.words
	d.heading(t, "diff.rules", t.left(w.t("col.rule_name"), ruleWidth), t.right(w.outcome(score.OutcomeFail), changeWidth),
		t.right(w.outcome(score.OutcomeReview), changeWidth), t.right(w.t("col.points_lost"), changeWidth+4), t.right(w.t("diff.calls_changed"), countWidth+2))
	same := 0
	for _, r := range d.Rules {
		if r.Changed == 0 {
			same++
			continue
		}
		t.line(t.left(r.Name, ruleWidth), gap, t.right(counts(r.Before.Fail, r.After.Fail), changeWidth), gap,
			t.right(counts(r.Before.Review, r.After.Review), changeWidth), gap,
			t.right(points(r.Before.Lost)+" → "+points(r.After.Lost), changeWidth+4), gap, t.right(fmt.Sprint(r.Changed), countWidth+2))
	}
	t.line(t.paint(toneMuted, w.t("diff.same_rules", same)))
}

func (d *Difference) writeAgents(t *terminal) {
	w := d.words
	d.heading(t, "diff.agents", t.left(w.t("col.agent"), agentWidth+4), t.right(w.t("col.calls"), countWidth),
		t.right(w.t("col.mean"), changeWidth+2), t.right(w.verdict(score.VerdictFail), changeWidth),
		t.right(w.verdict(score.VerdictReview), changeWidth), t.right(w.t("diff.verdicts_changed"), countWidth+8))
	for i, a := range d.Agents {
		if i == shownChanges {
			t.line(t.paint(toneMuted, w.t("diff.more_agents", len(d.Agents)-i)))
			break
		}
		t.line(t.left(w.agent(a.Agent, a.Name), agentWidth+4), gap, t.right(fmt.Sprint(a.Calls), countWidth), gap,
			t.right(d.scores(a.Before.Mean, a.After.Mean), changeWidth+2), gap, t.right(counts(a.Before.Fail, a.After.Fail), changeWidth), gap,
			t.right(counts(a.Before.Review, a.After.Review), changeWidth), gap, t.right(fmt.Sprint(a.Changed), countWidth+8))
	}
}

func (d *Difference) writeCalls(t *terminal) {
	w := d.words
	if len(d.Changed) == 0 {
		t.line()
		t.line(w.t("diff.none"))
		return
	}
	d.heading(t, "diff.verdicts", t.left(w.t("col.file"), fileWidth), t.left(w.t("col.agent"), agentWidth),
		t.left(w.t("col.verdict"), changeWidth+4), t.left(w.t("col.score"), changeWidth), w.t("col.rule"))
	const indent = fileWidth + agentWidth + 2*changeWidth + 4 + 4*len(gap)
	for _, c := range d.Changed[:min(len(d.Changed), shownChanges)] {
		verdict := w.verdict(c.VerdictBefore) + " → " + w.verdict(c.VerdictAfter)
		head := t.left(Call{Path: c.Path}.File(), fileWidth) + gap + t.left(w.agent(c.Agent, c.AgentName), agentWidth) + gap +
			t.paint(verdictTone(c.VerdictAfter), t.left(verdict, changeWidth+4)) + gap + t.left(d.scores(c.Before, c.After), changeWidth) + gap
		for _, line := range t.flow(d.names(t, c.Rules, terminalWidth-indent-2), w.t("comma"), terminalWidth-indent) {
			t.line(head, line)
			head = strings.Repeat(" ", indent)
		}
	}
	if more := len(d.Changed) - shownChanges; more > 0 {
		t.line(t.paint(toneMuted, w.t("diff.more", more)))
	}
}

// names returns the names of the first of rules and how many there are beside them.
func (d *Difference) names(t *terminal, rules []string, width int) []string {
	var names []string
	for _, id := range rules[:min(len(rules), namedRules)] {
		names = append(names, t.width.Truncate(d.byRule[id].Name, width, "…"))
	}
	if more := len(rules) - namedRules; more > 0 {
		names = append(names, d.words.t("diff.more_rules", more))
	}
	return names
}
