package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/zhijian-qa/zhijian/eval"
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

// share shows a proportion in percent with its interval.
func (p evalPage) share(s *eval.Share) string {
	if s == nil {
		return p.w.t("none")
	}
	return fmt.Sprintf("%.0f%% (%.0f–%.0f)", 100*s.Value, 100*s.Low, 100*s.High)
}
