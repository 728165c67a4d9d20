package report

import (
	"fmt"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
)

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
		details = append(details, p.w.t(boundary, *e.Boundary))
	}
	if e.Same != nil {
		details = append(details, p.w.t(same, e.Same.Count, e.Same.Of))
	}
	if e.Waiting != nil {
		details = append(details, p.w.t("eval.waiting", e.Waiting.Count, e.Waiting.Of))
	}
	if e.Withheld > 0 {
		details = append(details, p.w.t("eval.withheld", e.Withheld))
	}
	if len(details) > 0 {
		p.note(p.w.t("eval.detail", p.w.t(name), strings.Join(details, p.w.t("clause"))), toneMuted)
	}
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
		name := p.measureName(m.Name)
		if p.width.StringWidth(name) > evalMeasure {
			p.line(name)
			name = ""
		}
		p.line(p.left(name, evalMeasure), gap, p.right(fmt.Sprint(m.Calls), 5), gap, p.right(fmt.Sprint(m.Withheld), 8), gap,
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
	case strings.Contains(name, "_db"):
		return unit{1, 1, "dB"}
	case strings.HasSuffix(name, "ratio"):
		return unit{100, 1, p.w.t("eval.points")}
	}
	return unit{1, 1, ""}
}
