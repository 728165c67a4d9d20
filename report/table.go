package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/score"
)

// The widths of the columns of the calls in a terminal; the points lost take what is left.
const (
	fileWidth    = 26
	agentWidth   = 14
	lengthWidth  = 7
	scoreWidth   = 5
	verdictWidth = 7
	gap          = "  "
	lostIndent   = fileWidth + agentWidth + lengthWidth + scoreWidth + verdictWidth + 5*len(gap)
)

// WriteTable writes the calls, a summary and the failures for a terminal of 100 columns.
func (r *Report) WriteTable(w io.Writer) error {
	t, words := newTerminal(w, r.opt.Colour), r.words
	if len(r.Calls) == 0 && len(r.Failures) == 0 {
		t.line(words.t("empty"))
		return t.flush()
	}
	if len(r.Calls) > 0 {
		t.line(t.bold(t.left(words.t("col.file"), fileWidth) + gap + t.left(words.t("col.agent"), agentWidth) + gap +
			t.right(words.t("col.duration"), lengthWidth) + gap + t.right(words.t("col.score"), scoreWidth) + gap +
			t.left(words.t("col.verdict"), verdictWidth) + gap + words.t("col.lost")))
		t.rule()
		for _, c := range r.Calls {
			r.tableRow(t, c)
		}
		t.rule()
	}
	r.tableSummary(t)
	r.tableFailures(t)
	return t.flush()
}

func (r *Report) tableRow(t *terminal, c Call) {
	scoreTone := toneNone
	if c.Normalised != nil {
		scoreTone = scoreCell(c.Normalised).tone
	}
	head := t.left(c.File(), fileWidth) + gap + t.left(r.words.agent(c.Agent, c.AgentName), agentWidth) + gap +
		t.right(clock(c.Duration), lengthWidth) + gap +
		t.paint(scoreTone, t.right(r.words.score(c.Normalised), scoreWidth)) + gap +
		t.paint(verdictTone(c.Verdict), t.left(r.words.verdict(c.Verdict), verdictWidth)) + gap
	for _, line := range t.flow(r.words.lossList(c.Lost), r.words.t("comma"), terminalWidth-lostIndent) {
		t.line(head, line)
		head = strings.Repeat(" ", lostIndent)
	}
}

// tableSummary writes the figures of all calls, the norms and what is missing.
func (r *Report) tableSummary(t *terminal) {
	w, s := r.words, r.Summary
	if s.Calls > 0 {
		verdicts := []string{}
		for _, v := range []struct {
			verdict score.Verdict
			n       int
		}{{score.VerdictPass, s.Pass}, {score.VerdictFail, s.Fail}, {score.VerdictReview, s.Review}} {
			verdicts = append(verdicts, t.paint(verdictTone(v.verdict), fmt.Sprintf("%s %d", w.verdict(v.verdict), v.n)))
		}
		t.line(t.bold(w.t("calls.n", s.Calls)), gap, w.hours(s.Duration), gap, w.t("mean"), " ", t.bold(w.score(s.Mean)),
			gap, strings.Join(verdicts, gap), gap, w.t("compliance"), " ", w.percent(s.Compliance), gap,
			w.t("violations.n", s.Violations), gap, w.t("vetoed.n", s.Vetoed))
	}
	for _, n := range r.Norms {
		if n.Target == nil {
			continue
		}
		tone := toneBad
		if *n.Met {
			tone = toneGood
		}
		t.line(w.t("norm."+n.Key), " ", t.paint(tone, w.percent(&n.Rate)), " (", w.target(n), ", ", w.t("norm.calls", n.Calls), ")")
	}
	for _, note := range r.notes() {
		for i, line := range t.wrap(note, terminalWidth-2) {
			t.line([]string{"! ", "  "}[min(i, 1)], t.paint(toneWarn, line))
		}
	}
}

// target says what a norm asks for.
func (w words) target(n Norm) string {
	if n.AtMost {
		return w.t("norm.at_most", w.percent(n.Target))
	}
	return w.t("norm.at_least", w.percent(n.Target))
}

func (r *Report) tableFailures(t *terminal) {
	if len(r.Failures) == 0 {
		return
	}
	t.line()
	words := r.words
	t.line(t.bold(words.t("failed.n", len(r.Failures))))
	for _, f := range r.Failures {
		t.line("  ", t.paint(toneBad, Printable(f.Code)), gap, Printable(f.Path))
		for _, line := range t.wrap(words.fault(f), terminalWidth-4) {
			t.line("    ", line)
		}
	}
}

// WriteGroups writes for a terminal the table that by asks for: agent, team, day, week or rule.
func (r *Report) WriteGroups(w io.Writer, by string) error {
	if by == "" || by == "call" {
		return r.WriteTable(w)
	}
	sheet, err := r.by(by)
	if err != nil {
		return err
	}
	t := newTerminal(w, r.opt.Colour)
	r.writeSheet(t, sheet)
	r.tableSummary(t)
	return t.flush()
}

// writeSheet writes a sheet with columns as wide as they need; the last takes what is left.
func (r *Report) writeSheet(t *terminal, s sheet) {
	rows := slices.Collect(s.rows)
	columns := t.columns(s, rows, r.words)
	titles := make([]cell, len(s.columns))
	for i, column := range s.columns {
		titles[i] = textCell(r.words.t(column.title)).toned(toneNone)
	}
	t.rows(columns, titles)
	t.rule()
	for _, row := range rows {
		t.rows(columns, row)
	}
	t.rule()
}

// place is where a column of a sheet stands in a terminal.
type place struct {
	index, start, width int
	right               bool // numbers stand on the right
}

func (t *terminal) columns(s sheet, rows [][]cell, w words) []place {
	var places []place
	start := 0
	for i, column := range s.columns {
		if column.aside {
			continue
		}
		p := place{index: i, start: start, width: t.width.StringWidth(w.t(column.title))}
		for _, row := range rows {
			p.width = max(p.width, min(maxTextWidth, t.width.StringWidth(Printable(row[i].string()))))
			p.right = p.right || row[i].kind != kindText
		}
		places = append(places, p)
		start += p.width + len(gap)
	}
	if last := &places[len(places)-1]; !last.right {
		last.width = max(minLastWidth, terminalWidth-last.start)
	}
	return places
}

// The bounds of columns: of the last one from below, of any other from above.
const (
	minLastWidth = 16
	maxTextWidth = 28
)

// rows writes one row, its last column on as many lines as it needs.
func (t *terminal) rows(places []place, row []cell) {
	var head strings.Builder
	last := places[len(places)-1]
	for _, p := range places[:len(places)-1] {
		text := t.left(row[p.index].string(), p.width)
		if p.right {
			text = t.right(row[p.index].string(), p.width)
		}
		head.WriteString(t.paint(row[p.index].tone, text) + gap)
	}
	if last.right {
		t.line(head.String(), t.right(row[last.index].string(), last.width))
		return
	}
	indent := head.String()
	for _, line := range t.wrap(row[last.index].string(), last.width) {
		t.line(indent, t.paint(row[last.index].tone, line))
		indent = strings.Repeat(" ", last.start)
	}
}
