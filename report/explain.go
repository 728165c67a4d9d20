package report

import (
	"io"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/score"
)

// Explain writes one call's scorecard for a terminal: each criterion with its points and the quotes
// and times that prove it, the measures, and with transcript what was said.
func Explain(w io.Writer, rec score.Record, transcript bool, opt Options) error {
	opt = opt.withDefaults()
	e := explainer{terminal: newTerminal(w, opt.Colour), words: newWords(opt.Lang), rec: MaskRecord(rec, opt.Mask)}
	e.rec.Recording.StartedAt = opt.local(rec.Recording.StartedAt)
	e.rec.Score.Criteria = opt.localDecisions(e.rec.Score.Criteria)
	e.head()
	e.criteria()
	e.measures()
	if transcript {
		e.transcript()
	}
	return e.flush()
}

// explainer writes the parts of an explanation.
type explainer struct {
	*terminal
	words words
	rec   score.Record
}

// head writes what call it is and how it came out.
func (e *explainer) head() {
	r, s, w := e.rec.Recording, e.rec.Score, e.words
	e.line(e.bold(w.t("explain.call", r.ID)), gap, Printable(r.Path))
	facts := []string{}
	if !r.StartedAt.IsZero() {
		facts = append(facts, r.StartedAt.Format(time.DateTime))
	}
	facts = append(facts, w.t("col.agent")+" "+w.agent(r.Agent, r.AgentName))
	for _, fact := range []string{r.Team, w.known("direction", r.Direction), w.scenarioOf(e.rec)} {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	facts = append(facts, w.t("col.duration")+" "+clock(r.Duration))
	if r.Customer != "" {
		facts = append(facts, w.t("col.customer")+" "+r.Customer)
	}
	e.line(Printable(strings.Join(facts, " · ")))
	if conflict := w.conflict(r.MetadataConflict); conflict != "" {
		e.line(e.paint(toneWarn, conflict))
	}
	e.line()
	result := []string{e.bold(w.t("explain.score", w.score(s.Normalised))), w.t("explain.points", points(s.Points), points(s.Potential))}
	if s.AtRisk > 0 {
		result = append(result, e.paint(toneWarn, w.t("explain.at_risk", points(s.AtRisk))))
	}
	if because := w.because(s.VerdictReason); because != "" {
		result = append(result, e.paint(toneWarn, because))
	}
	if s.Vetoed {
		result = append(result, e.paint(toneBad, w.t("explain.vetoed")))
	}
	e.line(e.paint(verdictTone(s.Verdict), w.verdict(s.Verdict)), gap, strings.Join(result, gap))
	e.line(e.paint(toneMuted, w.t("explain.scorecard", s.Scorecard)))
}

// mark returns the sign of an outcome.
func mark(o score.Outcome) (string, tone) {
	switch o {
	case score.OutcomePass:
		return "✔", toneGood
	case score.OutcomeFail:
		return "✘", toneBad
	case score.OutcomeReview:
		return "？", toneWarn
	}
	return "–", toneMuted
}

// nameWidth is where the points of a criterion stand.
const nameWidth = 44

func (e *explainer) criteria() {
	section := ""
	if len(e.rec.Score.Criteria) > 0 && e.rec.Score.Criteria[0].Section == "" {
		e.line()
	}
	for _, c := range e.rec.Score.Criteria {
		if c.Section != section {
			section = c.Section
			e.line()
			e.line(e.bold(Printable(e.words.section(e.rec.Score, section))))
		}
		e.criterion(c)
	}
}

func (e *explainer) criterion(c score.Criterion) {
	w := e.words
	sign, tone := mark(c.Outcome)
	if partial := c.Outcome == score.OutcomePass && lost(c) > 0; partial {
		tone = toneWarn
	}
	name := w.rule(c)
	if c.Veto && c.Outcome == score.OutcomeFail {
		name += " [" + w.t("col.veto") + "]"
	}
	figure := e.right(points(c.Points)+" / "+points(c.Potential), 10)
	if c.Outcome == score.OutcomeNotApplicable {
		figure = e.right(w.outcome(c.Outcome), 10)
	}
	e.line(e.paint(tone, e.left(sign, 2)), " ", e.left(name, nameWidth), figure, gap, e.paint(toneMuted, c.Rule))
	if note := w.note(c); note != "" {
		e.block(note)
	}
	e.evidence(c)
	if coaching := w.coaching(c); coaching != "" && (c.Outcome == score.OutcomeFail || lost(c) > 0) {
		e.block(w.t("explain.coaching", coaching))
	}
}

func (e *explainer) evidence(c score.Criterion) {
	proofs := e.words.proof(c)
	shown := min(shownEvidence, len(proofs))
	for _, p := range proofs[:shown] {
		e.block(p.Text)
	}
	if more := e.words.more(c, shown, len(proofs)); more != "" {
		e.block(more)
	}
}

// block writes a text below a criterion.
func (e *explainer) block(text string) {
	const indent = "     "
	for _, line := range e.wrap(text, terminalWidth-len(indent)) {
		e.line(indent, line)
	}
}

// measures writes the figures of the call and the state of its channels.
func (e *explainer) measures() {
	e.line()
	e.line(e.bold(e.words.t("explain.measures")))
	for _, item := range e.words.measures(e.rec.Measures) {
		e.bullet(item.Text)
		for _, sub := range item.Items {
			e.block(sub)
		}
	}
	for _, h := range e.rec.Health {
		e.bullet(e.words.health(h))
	}
}

// bullet writes a text as an item of a list.
func (e *explainer) bullet(text string) {
	for i, line := range e.wrap(text, terminalWidth-4) {
		e.line([]string{"  · ", "    "}[min(i, 1)], line)
	}
}

func (e *explainer) transcript() {
	e.line()
	e.line(e.bold(e.words.t("explain.transcript")))
	for _, turn := range e.rec.Transcript.Turns() {
		head := e.right(clock(turn.Start), 7) + " " + e.left(e.words.role(turn.Role), 8) + " "
		for _, line := range e.wrap(turn.Text(), terminalWidth-17) {
			e.line(head, line)
			head = strings.Repeat(" ", 17)
		}
	}
	if n := len(e.rec.Transcript.Removed); n > 0 {
		e.line(e.paint(toneMuted, e.words.t("explain.removed", n)))
	}
}
