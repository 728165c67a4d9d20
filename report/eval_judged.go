package report

import (
	"fmt"
	"strings"

	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/score"
)

func (p evalPage) rules() {
	if p.All == nil {
		return
	}
	p.title("eval.rules")
	p.headings(" ", heading{"eval.n", evalCount}, heading{"eval.person", 7}, heading{"eval.program", 7}, heading{"eval.both", evalCount},
		heading{"eval.review", evalCount}, heading{"eval.differ", evalCount}, heading{"eval.prec", evalShare}, heading{"eval.recall", evalShare})
	same := 0
	for _, a := range p.Rules {
		if a.Faults+a.Found+a.Differing+a.Review == 0 {
			same++
			continue
		}
		p.rule(p.w.rule(score.Criterion{Rule: a.Rule, Name: a.Name, NameEN: a.NameEN})+" "+a.Rule, a)
	}
	if same > 0 {
		p.note(p.w.t("eval.same", same), toneMuted)
	}
	p.rule(p.w.t("eval.all_rules"), p.All)
	if p.All.WithReview != nil && p.All.Review > 0 {
		p.note(p.w.t("eval.with", p.share(p.All.WithReview)), toneMuted)
	}
	if p.All.Undecided > 0 {
		p.note(p.w.t("eval.undecided", p.All.Undecided), toneMuted)
	}
	if p.Absent > 0 {
		p.warn(p.w.t("eval.absent", p.Absent))
	}
}

// rule writes a criterion on two lines: what it is and how well it agrees, and the counts.
func (p evalPage) rule(name string, a *eval.RuleAgreement) {
	kappa := p.w.t("eval.kappa.no")
	if k := a.Kappa; k != nil {
		reading := p.w.known("reading", string(k.Reading))
		if k.Few {
			reading = p.w.t("reading.few")
		}
		kappa = p.w.t("eval.kappa", signed(k.Value), signed(k.Low)+"–"+signed(k.High), reading)
	}
	p.line(p.left(name, evalWidth-p.width.StringWidth(kappa)-2), gap, p.paint(kappaTone(a.Kappa), kappa))
	cells := []string{p.right(fmt.Sprint(a.Calls), evalCount), p.right(fmt.Sprint(a.Faults), 7), p.right(fmt.Sprint(a.Found), 7)}
	for _, n := range []int{a.Hits, a.Review, a.Differing} {
		cells = append(cells, p.right(fmt.Sprint(n), evalCount))
	}
	p.line(" ", strings.Join(append(cells, p.right(p.share(a.Precision), evalShare), p.right(p.share(a.Recall), evalShare)), gap))
}

// signed shows a coefficient from −1 to 1.
func signed(v float64) string { return strings.Replace(fmt.Sprintf("%.2f", v), "-", "−", 1) }

func kappaTone(k *eval.Kappa) tone {
	switch {
	case k == nil || k.Few:
		return toneMuted
	case k.Reading == eval.ReadingAlmost || k.Reading == eval.ReadingSubstantial:
		return toneGood
	case k.Reading == eval.ReadingModerate:
		return toneWarn
	}
	return toneBad
}

func (p evalPage) scores() {
	s := p.Score
	if s == nil {
		return
	}
	p.title("eval.score")
	if s.Mean != nil {
		p.note(p.w.t("eval.calls", s.Calls)+p.w.t("clause")+p.w.t("eval.score.off", strings.Replace(fmt.Sprintf("%+.1f", *s.Mean), "-", "−", 1), fmt.Sprintf("%.1f", *s.Absolute)), toneNone)
	}
	if s.Unscored > 0 {
		p.note(p.w.t("eval.unscored", s.Unscored), toneMuted)
	}
	switch {
	case s.Pearson != nil && s.Spearman != nil:
		p.line("  ", p.w.t("eval.pearson"), " ", correlation(s.Pearson), gap, p.w.t("eval.spearman"), " ", correlation(s.Spearman))
		if s.Few {
			p.warn(p.w.t("eval.few", s.Calls))
		}
	case s.Calls < 3:
		p.warn(p.w.t("eval.too_few", s.Calls))
	default:
		p.warn(p.w.t("eval.constant"))
	}
}

func correlation(c *eval.Correlation) string {
	if c.Interval == nil {
		return signed(c.Value)
	}
	return fmt.Sprintf("%s (%s–%s)", signed(c.Value), signed(c.Interval.Low), signed(c.Interval.High))
}

func (p evalPage) worst() {
	p.title("eval.worst")
	p.line(p.paint(toneMuted, strings.Repeat("─", evalWidth)))
	differing := 0
	for _, c := range p.Worst {
		if c.Fine() {
			continue
		}
		if differing++; differing <= shownWorst {
			p.worstCall(c)
		}
	}
	switch {
	case differing == 0:
		p.line(p.w.t("eval.fine"))
	case differing > shownWorst:
		p.line(p.paint(toneMuted, p.w.t("eval.more", differing-shownWorst)))
	}
}

func (p evalPage) worstCall(c eval.CallError) {
	p.line(p.left(Call{Path: MaskPath(c.Path, "", p.opt.Mask)}.File(), evalWidth-18), gap, c.Call)
	var about []string
	if c.Person != nil {
		program := p.w.t("none")
		if c.Program != nil {
			program = points(*c.Program)
		}
		about = append(about, p.w.t("eval.c.score", points(*c.Person), program))
	}
	if c.Characters != nil {
		rate := c.Characters.Rate()
		about = append(about, p.w.t("eval.c.cer", p.w.percent(&rate)))
	}
	for _, events := range []struct {
		key    string
		counts *eval.Counts
	}{{"eval.c.inter", c.Interruptions}, {"eval.c.silence", c.Silences}} {
		if n := events.counts; n != nil && n.Missed+n.False > 0 {
			about = append(about, p.w.t(events.key, n.Missed, n.False))
		}
	}
	if c.Review > 0 {
		about = append(about, p.w.t("eval.c.review", c.Review))
	}
	if len(about) > 0 {
		p.note(strings.Join(about, p.w.t("clause")), toneMuted)
	}
	for _, wrong := range c.Wrong[:min(len(c.Wrong), shownWrong)] {
		name := p.w.rule(score.Criterion{Rule: wrong.Rule, Name: wrong.Name, NameEN: wrong.NameEN})
		text := p.w.t("eval.versus", p.w.outcome(wrong.Person), p.w.outcome(wrong.Program))
		p.line("  ", p.paint(toneBad, "✘ "), p.width.Truncate(Printable(name), evalWidth-6-p.width.StringWidth(text), "…"), gap, p.paint(toneMuted, text))
	}
	if more := len(c.Wrong) - shownWrong; more > 0 {
		p.note(p.w.t("eval.more_in", more), toneMuted)
	}
}
