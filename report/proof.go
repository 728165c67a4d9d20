package report

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/zhijian-qa/zhijian/score"
)

// shownEvidence bounds how many places of a criterion a terminal shows.
const shownEvidence = 5

// proof is a piece of evidence in words, with its index among its criterion's.
type proof struct {
	Index int
	Text  string
}

// proof returns what is shown of c's evidence: nothing where it doesn't apply, what was said where
// it got its full points, and all of it where points are lost or a decision is due.
func (w words) proof(c score.Criterion) []proof {
	if c.Outcome == score.OutcomeNotApplicable {
		return nil
	}
	full := c.Outcome == score.OutcomePass && lost(c) == 0
	var shown []proof
	for i, e := range c.Evidence {
		if !full || e.Term != "" {
			shown = append(shown, proof{Index: i, Text: w.evidence(e)})
		}
	}
	return shown
}

// placesTold is how a criterion's note says in how many places something was heard. The evidence lists
// only the first of many.
var placesTold = regexp.MustCompile(`(\d+) 处`)

// places returns in how many places c was heard.
func places(c score.Criterion) int {
	told := 0
	if match := placesTold.FindStringSubmatch(c.Note); match != nil {
		told, _ = strconv.Atoi(match[1]) // digits; a number too long to read is no count
	}
	return max(told, len(c.Evidence))
}

// more says how many places of c there are beyond those that are shown of its proofs, nothing for none.
func (w words) more(c score.Criterion, shown, proofs int) string {
	more := proofs - shown
	if proofs == len(c.Evidence) {
		more = places(c) - shown
	}
	if more <= 0 || proofs == 0 {
		return ""
	}
	return w.t("explain.other", more)
}

// absent reports whether e proves that something was not said.
func absent(e score.Evidence) bool {
	return e.Term == "" && e.Measure == nil && (e.Quote == "" || e.Nearest != "")
}

// evidence says in a line where and what a piece of evidence is.
func (w words) evidence(e score.Evidence) string { return w.step(e) + w.what(e) }

// step names the step of a flow that evidence is about.
func (w words) step(e score.Evidence) string {
	name := e.Step
	if w.column == 1 && e.StepEN != "" {
		name = e.StepEN
	}
	if name == "" {
		return ""
	}
	return w.t("explain.step", name)
}

func (w words) what(e score.Evidence) string {
	if absent(e) {
		text := w.t("explain.window", clock(e.Start), clock(e.End), clock(e.SpeechMS))
		return strings.Join(append([]string{text}, w.nearest(e)...), w.t("clause"))
	}
	parts := []string{}
	if !e.Empty() {
		parts = append(parts, span(e.Span))
	}
	if e.Role != "" {
		parts = append(parts, w.role(e.Role))
	}
	switch {
	case e.Nearest != "":
		parts = append(parts, w.nearest(e)...)
	case e.Quote != "":
		parts = append(parts, w.t("explain.quote", e.Quote))
	}
	if e.Term != "" && (e.Term != e.Quote || e.Tier != "exact") {
		parts = append(parts, w.tier(e))
	}
	return strings.Join(parts, " ")
}

// tier says which term was matched, and how well.
func (w words) tier(e score.Evidence) string {
	if e.Distance == 0 {
		return w.t("explain.tier", e.Term, w.known("tier", e.Tier))
	}
	return w.t("explain.tier.off", e.Term, w.known("tier", e.Tier), e.Distance)
}

// nearest says what came nearest to what was missed, in a list of one or nothing.
func (w words) nearest(e score.Evidence) []string {
	switch {
	case e.Nearest == "":
		return nil
	case e.Quote == "":
		return []string{w.t("explain.nearest", e.Nearest)}
	}
	return []string{w.t("explain.nearest.to", e.Quote, e.Nearest, e.Distance)}
}
