package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/score"
)

// Review is what people have to decide and what they decided, with the precision of each rule.
type Review struct {
	Waiting []Finding   `json:"waiting"` // undecided, and those whose evidence changed since
	Decided []Finding   `json:"decided"` // the latest first
	Rules   []Precision `json:"rules"`

	opt    Options
	words  words
	byRule map[string]*Precision
}

// Finding is the criterion of one call that a person can decide.
type Finding struct {
	Call      string          `json:"call"`
	Path      string          `json:"path"`
	Agent     string          `json:"agent,omitempty"`
	AgentName string          `json:"agent_name,omitempty"`
	StartedAt time.Time       `json:"started_at,omitzero"`
	AtStake   float64         `json:"at_stake"` // points that the decision is about
	Criterion score.Criterion `json:"criterion"`
}

// Precision is how often people found a rule right, over the decisions that hold.
type Precision struct {
	Rule      string   `json:"rule"`
	Name      string   `json:"name"`
	Waiting   int      `json:"waiting"`
	Accepted  int      `json:"accepted"`
	Rejected  int      `json:"rejected"`
	Appeals   int      `json:"appeals"`   // of the decisions, those that answer an appeal
	Precision *float64 `json:"precision"` // Accepted ÷ (Accepted + Rejected)
}

// NewReview returns a review that no call has been added to.
func NewReview(opt Options) *Review {
	opt = opt.withDefaults()
	return &Review{
		Waiting: []Finding{}, Decided: []Finding{}, Rules: []Precision{},
		opt: opt, words: newWords(opt.Lang), byRule: map[string]*Precision{},
	}
}

// Add takes in the findings of one call, of one rule when it is given.
func (r *Review) Add(rec score.Record, rule string) {
	for _, c := range rec.Score.Criteria {
		if rule != "" && c.Rule != rule {
			continue
		}
		switch {
		case c.Decision != nil:
			r.Decided = append(r.Decided, r.finding(rec, c))
		case c.Earlier != nil || c.Outcome == score.OutcomeReview:
			r.Waiting = append(r.Waiting, r.finding(rec, c))
		default:
			continue
		}
		r.count(c)
	}
}

func (r *Review) finding(rec score.Record, c score.Criterion) Finding {
	stake := cmp.Or(c.AtRisk, lost(c), c.Potential)
	rec.Score.Criteria = []score.Criterion{c}
	rec = complete(MaskRecord(rec, r.opt.Mask))
	return Finding{
		Call: rec.Recording.ID, Path: rec.Recording.Path,
		Agent: rec.Recording.Agent, AgentName: rec.Recording.AgentName, StartedAt: r.opt.local(rec.Recording.StartedAt),
		AtStake: stake, Criterion: r.opt.localDecisions(rec.Score.Criteria)[0],
	}
}

func (r *Review) count(c score.Criterion) {
	p := r.byRule[c.Rule]
	if p == nil {
		p = &Precision{Rule: c.Rule, Name: r.words.rule(c)}
		r.byRule[c.Rule] = p
	}
	switch {
	case c.Decision == nil:
		p.Waiting++
		return
	case c.Decision.Ruling == score.RulingAccept:
		p.Accepted++
	default:
		p.Rejected++
	}
	p.Appeals += index(c.Decision.Appeal)
	p.Precision = quotient(float64(p.Accepted), p.Accepted+p.Rejected)
}

// Finish sorts what was added.
func (r *Review) Finish() {
	for _, p := range r.byRule {
		r.Rules = append(r.Rules, *p)
	}
	slices.SortFunc(r.Rules, func(a, b Precision) int {
		return cmp.Or(cmp.Compare(b.Accepted+b.Rejected, a.Accepted+a.Rejected), cmp.Compare(b.Waiting, a.Waiting), cmp.Compare(a.Rule, b.Rule))
	})
	slices.SortStableFunc(r.Decided, func(a, b Finding) int { return b.Criterion.Decision.At.Compare(a.Criterion.Decision.At) })
}

// WriteJSON writes the review as one JSON object in one line.
func (r *Review) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// shownFindings bounds how many findings a terminal shows of either kind.
const shownFindings = 50

// Write writes the review for a terminal of 100 columns.
func (r *Review) Write(out io.Writer) error {
	t := newTerminal(out, r.opt.Colour)
	if len(r.Waiting) == 0 {
		t.line(r.words.t("review.none"))
	}
	r.findings(t, "review.waiting", r.Waiting)
	r.findings(t, "review.decided", r.Decided)
	r.precision(t)
	return t.flush()
}

func (r *Review) findings(t *terminal, title string, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	t.line(t.bold(r.words.t(title)), " ", fmt.Sprint(len(findings)))
	t.rule()
	for _, f := range findings[:min(len(findings), shownFindings)] {
		sign, tone := mark(f.Criterion.Outcome)
		t.line(t.paint(tone, t.left(sign, 2)), " ", t.left(f.Call, 16), gap, t.left(f.Criterion.Rule, 28), gap,
			t.left(r.words.rule(f.Criterion), 20), gap, t.right(r.words.t("review.at_risk", points(f.AtStake)), 24))
		texts := []string{Call{Path: f.Path}.File() + gap + r.words.agent(f.Agent, f.AgentName), r.words.note(f.Criterion)}
		for _, e := range f.Criterion.Evidence[:min(len(f.Criterion.Evidence), 2)] {
			texts = append(texts, r.words.evidence(e))
		}
		for _, text := range texts {
			for _, line := range t.wrap(text, terminalWidth-5) {
				if line != "" {
					t.line(strings.Repeat(" ", 5), line)
				}
			}
		}
	}
	if more := len(findings) - shownFindings; more > 0 {
		t.line(t.paint(toneMuted, r.words.t("review.more", more)))
	}
	t.line()
}

func (r *Review) precision(t *terminal) {
	if len(r.Rules) == 0 {
		return
	}
	w := r.words
	t.line(t.bold(w.t("review.precision")))
	t.line(t.paint(toneMuted, t.left(w.t("col.rule_name"), ruleWidth)+gap+t.right(w.t("review.accepted"), countWidth)+gap+
		t.right(w.t("review.rejected"), countWidth)+gap+t.right(w.t("review.col"), countWidth+2)+gap+
		t.right(w.t("review.waiting"), countWidth+2)+gap+t.right(w.t("review.appeal"), countWidth)))
	t.rule()
	for _, p := range r.Rules {
		t.line(t.left(p.Name, ruleWidth), gap, t.right(fmt.Sprint(p.Accepted), countWidth), gap, t.right(fmt.Sprint(p.Rejected), countWidth), gap,
			t.right(w.percent(p.Precision), countWidth+2), gap, t.right(fmt.Sprint(p.Waiting), countWidth+2), gap, t.right(fmt.Sprint(p.Appeals), countWidth))
	}
}

// WriteDecision says what a decision changed in a call.
func WriteDecision(out io.Writer, before, after score.Record, d score.Decision, opt Options) error {
	w, t := newWords(opt.withDefaults().Lang), newTerminal(out, opt.Colour)
	t.line(w.t("review.saved", after.Recording.ID, d.Rule, w.ruling(d.Ruling)))
	t.line(w.t("review.now", w.score(before.Score.Normalised), w.score(after.Score.Normalised),
		w.verdict(before.Score.Verdict), w.verdict(after.Score.Verdict)))
	return t.flush()
}
