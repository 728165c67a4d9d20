package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
	"github.com/zhijian-qa/zhijian/score"
)

// The layout of an evaluation: 80 columns, what a terminal has at least.
const (
	evalWidth    = 80
	shownWorst   = 10 // calls
	shownWrong   = 6  // outcomes of a call
	evalName     = 10
	evalCount    = 6
	evalShare    = 13
	evalMeasure  = 30
	evalAbsolute = 21
)

// evalPage writes an evaluation for a terminal.
type evalPage struct {
	*terminal
	*eval.Evaluation
	w   words
	opt Options
}

// WriteEvaluation writes an evaluation for a terminal of 80 columns.
func WriteEvaluation(out io.Writer, e *eval.Evaluation, opt Options) error {
	opt = opt.withDefaults()
	p := evalPage{terminal: newTerminal(out, opt.Colour), Evaluation: e, w: newWords(opt.Lang), opt: opt}
	p.head()
	p.characters()
	p.events()
	p.measures()
	p.rules()
	p.scores()
	p.worst()
	return p.flush()
}

// WriteEvaluationJSON writes an evaluation as one JSON object in one line. Paths are masked.
func WriteEvaluationJSON(out io.Writer, e *eval.Evaluation, opt Options) error {
	masked := *e
	masked.Worst = append([]eval.CallError{}, e.Worst...)
	for i := range masked.Worst {
		masked.Worst[i].Path = MaskPath(masked.Worst[i].Path, "", opt.Mask)
	}
	masked.Missing = append([]eval.Missing{}, e.Missing...)
	for i := range masked.Missing {
		masked.Missing[i].Call = MaskPath(masked.Missing[i].Call, "", opt.Mask)
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(masked); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

func (p evalPage) head() {
	p.line(p.bold(p.w.t("eval.title")), gap, p.w.t("eval.calls", p.Calls))
	for _, about := range []struct {
		key   string
		names []string
	}{{"eval.scorecard", p.Scorecards}, {"eval.model", p.Models}} {
		p.note(p.w.t(about.key)+" "+strings.Join(about.names, p.w.t("comma")), toneMuted)
	}
	p.note(p.w.t("eval.interval"), toneMuted)
	if p.Unchecked > 0 {
		p.warn(p.w.t("eval.unchecked", p.Unchecked))
	}
}

func (p evalPage) note(text string, tone tone) {
	for _, line := range p.wrap(text, evalWidth-2) {
		p.line("  ", p.paint(tone, line))
	}
}

func (p evalPage) warn(text string) {
	for i, line := range p.wrap(text, evalWidth-2) {
		p.line([]string{"! ", "  "}[min(i, 1)], p.paint(toneWarn, line))
	}
}

// title starts a part.
func (p evalPage) title(key string) {
	p.line()
	p.line(p.bold(p.w.t(key)))
}

// heading is the name of a column with its width; a negative one stands on the left.
type heading struct {
	key   string
	width int
}

// headings writes the names of columns, in Chinese with the English ones below.
func (p evalPage) headings(indent string, columns ...heading) {
	p.headingsIn(p.w, indent, columns)
	if p.w.column == 0 {
		p.headingsIn(newWords("en"), indent, columns)
	}
	p.line(p.paint(toneMuted, strings.Repeat("─", evalWidth)))
}

func (p evalPage) headingsIn(w words, indent string, columns []heading) {
	var cells []string
	for _, c := range columns {
		text := ""
		if c.key != "" {
			text = w.t(c.key)
		}
		if c.width < 0 {
			cells = append(cells, p.left(text, -c.width))
		} else {
			cells = append(cells, p.right(text, c.width))
		}
	}
	p.line(indent, p.paint(toneMuted, strings.TrimRight(strings.Join(cells, gap), " ")))
}

func (p evalPage) characters() {
	c := p.Characters
	if c == nil {
		return
	}
	p.title("eval.cer")
	p.headings("", heading{"col.role", -evalName}, heading{"eval.n", evalCount}, heading{"eval.chars", 10}, heading{"eval.errors", 10}, heading{"eval.rate", 20})
	p.rate(p.w.t("eval.all"), c)
	for _, role := range []call.Role{call.RoleAgent, call.RoleCustomer, call.RoleUnknown} {
		if part := c.ByRole[role]; part != nil {
			p.rate(p.w.role(role), part)
		}
	}
}

func (p evalPage) rate(name string, r *eval.ErrorRate) {
	p.line(p.left(name, evalName), gap, p.right(fmt.Sprint(r.Calls), evalCount), gap, p.right(fmt.Sprint(r.Of), 10), gap,
		p.right(fmt.Sprint(r.Errors), 10), gap, p.right(fmt.Sprintf("%.1f%% (%.1f–%.1f)", 100*r.Rate, 100*r.Low, 100*r.High), 20))
}

func (p evalPage) events() {
	if p.Interruptions == nil && p.Silences == nil {
		return
	}
	p.title("eval.events")
	p.headings("", heading{"", -evalName}, heading{"eval.people", evalCount}, heading{"eval.hits", evalCount}, heading{"eval.false", evalCount},
		heading{"eval.missed", evalCount}, heading{"eval.review", evalCount}, heading{"eval.prec", evalShare}, heading{"eval.recall", evalShare})
	p.event("eval.inter", p.Interruptions, "eval.starts", "eval.yielded")
	p.event("eval.silences", p.Silences, "eval.ends", "eval.told")
}

func (p evalPage) event(name string, e *eval.Events, boundary, same string) {
	if e == nil {
		return
	}
	cells := []string{p.left(p.w.t(name), evalName)}
	for _, n := range []int{e.Hit + e.Missed, e.Hit, e.False, e.Missed, e.Uncertain} {
		cells = append(cells, p.right(fmt.Sprint(n), evalCount))
	}
	p.line(strings.Join(append(cells, p.right(p.share(e.Precision), evalShare), p.right(p.share(e.Recall), evalShare)), gap))
	var details []string
	if e.Boundary != nil {
		details = append(details, p.w.t(boundary, p.w.seconds(call.Millis(math.Round(*e.Boundary)))))
	}
	if e.Same != nil {
		details = append(details, p.w.t(same, e.Same.Count, e.Same.Of))
	}
	if e.Withheld > 0 {
		details = append(details, p.w.t("eval.withheld", e.Withheld))
	}
	if len(details) > 0 {
		p.note(p.w.t("eval.detail", p.w.t(name), strings.Join(details, p.w.t("clause"))), toneMuted)
	}
}

// share shows a proportion in percent with its interval.
func (p evalPage) share(s *eval.Share) string {
	if s == nil {
		return p.w.t("none")
	}
	return fmt.Sprintf("%.0f%% (%.0f–%.0f)", 100*s.Value, 100*s.Low, 100*s.High)
}

func (p evalPage) measures() {
	if len(p.Measures) == 0 {
		return
	}
	p.title("eval.measures")
	p.headings("", heading{"eval.measure", -evalMeasure}, heading{"eval.n", 5}, heading{"eval.none_of", 8}, heading{"eval.bias", 8}, heading{"eval.absolute", evalAbsolute})
	for _, m := range p.Measures {
		bias, absolute := p.w.t("none"), p.w.t("none")
		if m.Mean != nil {
			unit := p.unitOf(m.Name)
			bias = strings.Replace(fmt.Sprintf("%+.*f", unit.digits, unit.factor**m.Mean), "-", "−", 1)
			absolute = fmt.Sprintf("%.*f", unit.digits, unit.factor**m.Absolute)
			if m.Interval != nil {
				absolute += fmt.Sprintf(" (%.*f–%.*f)", unit.digits, unit.factor*m.Interval.Low, unit.digits, unit.factor*m.Interval.High)
			}
			absolute += " " + unit.name
		}
		p.line(p.left(p.measureName(m.Name), evalMeasure), gap, p.right(fmt.Sprint(m.Calls), 5), gap, p.right(fmt.Sprint(m.Withheld), 8), gap,
			p.right(bias, 8), gap, p.right(strings.TrimRight(absolute, " "), evalAbsolute))
	}
}

// measureName gives a measure's name in words, where it has one, beside the name in results.
func (p evalPage) measureName(name string) string {
	if text := p.w.known("measure", name); text != name && p.w.column == 0 {
		return text + " " + name
	}
	return name
}

// unit is how a measure is shown.
type unit struct {
	factor float64
	digits int
	name   string
}

// unitOf tells the unit of a measure by its name, as the contract of results has them.
func (p evalPage) unitOf(name string) unit {
	switch {
	case strings.Contains(name, "_ms"):
		return unit{0.001, 2, "s"}
	case strings.HasSuffix(name, "ratio"):
		return unit{100, 1, p.w.t("eval.points")}
	}
	return unit{1, 1, ""}
}

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
