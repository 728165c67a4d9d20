package score

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// Ruling is what a person says about a finding.
type Ruling string

// The rulings.
const (
	RulingAccept Ruling = "accept" // the finding is right: the points are lost
	RulingReject Ruling = "reject" // the finding is wrong: nothing is lost
)

// reasonChanged is why a person is asked again who had rejected a finding.
const reasonChanged = "evidence_changed"

// Decision is what a person decided about the finding of one rule in one call, as it is kept beside the
// results. It holds as long as its evidence stands.
type Decision struct {
	Rule     string     `json:"-"`
	Ruling   Ruling     `json:"ruling"`
	By       string     `json:"by"`
	At       time.Time  `json:"at"`
	Note     string     `json:"note,omitempty"`
	Appeal   bool       `json:"appeal,omitempty"` // it answers an appeal
	Outcome  Outcome    `json:"outcome"`          // as judged without the decision
	Points   float64    `json:"points"`           // as judged without the decision
	Evidence []Evidence `json:"-"`                // that the person saw
}

// IsFinding reports whether c is something that a person can decide: points are lost or at risk, or the
// rule is broken.
func (c Criterion) IsFinding() bool {
	return c.Outcome == OutcomeFail || c.Outcome == OutcomeReview || c.Outcome == OutcomePass && c.Points < c.Potential
}

// Decided returns r with a person's decisions in it and everything added up anew; r itself is not changed.
// decisions are those about the call, the latest first. Of one rule the first whose evidence stands holds.
// Where none of them stands, the person is asked again: a finding that was rejected costs nothing until then.
func (r Result) Decided(decisions []Decision) Result {
	if len(decisions) == 0 {
		return r
	}
	decided := r
	decided.PassMark = cmp.Or(r.PassMark, defaultPassMark) // results of old have none
	decided.Criteria = slices.Clone(r.Criteria)
	changed := false
	for i := range decided.Criteria {
		changed = decided.Criteria[i].decide(decisions) || changed
	}
	if !changed {
		return r
	}
	decided.addUp()
	return decided
}

// decide lets the decisions about c's rule act on c and reports whether there was one.
func (c *Criterion) decide(decisions []Decision) bool {
	if !c.IsFinding() {
		return false
	}
	var earlier *Decision
	for _, d := range decisions {
		if d.Rule != c.Rule {
			continue
		}
		if d.stands(c.Evidence) {
			c.follow(d)
			return true
		}
		if earlier == nil {
			earlier = &d
		}
	}
	if earlier == nil {
		return false
	}
	c.askAgain(*earlier)
	return true
}

// follow gives c the outcome that a decision leads to.
func (c *Criterion) follow(d Decision) {
	d.Outcome, d.Points = c.Outcome, c.Points
	c.Decision, c.Reason = &d, ""
	switch {
	case d.Ruling == RulingReject:
		c.Outcome, c.Points = OutcomePass, c.Potential
	case c.Outcome == OutcomeReview:
		c.Outcome, c.Points = OutcomeFail, max(0, round(c.Points-c.risk(), 2))
	}
	c.AtRisk = 0
}

// askAgain leaves c as it was judged, but takes no points that a person once gave back.
func (c *Criterion) askAgain(earlier Decision) {
	earlier.Outcome, earlier.Points = c.Outcome, c.Points
	c.Earlier = &earlier
	if earlier.Ruling == RulingReject && c.Outcome != OutcomeReview {
		c.AtRisk = round(c.Potential-c.Points, 2)
		c.Outcome, c.Points, c.Reason = OutcomeReview, c.Potential, reasonChanged
	}
}

// risk is what an undecided criterion could lose. Results of old don't say it: there it is everything.
func (c *Criterion) risk() float64 { return cmp.Or(c.AtRisk, c.Points) }

// stands reports whether a finding rests on what the person saw, all of it and nothing else, in any order: each
// piece of evidence of the same kind, by the same party, at the same place and with the same words or figure.
func (d Decision) stands(evidence []Evidence) bool {
	if len(evidence) != len(d.Evidence) {
		return false
	}
	left, seen := slices.Clone(evidence), slices.Clone(d.Evidence)
	for _, same := range []func(a, b Evidence) bool{Evidence.identical, Evidence.same} { // the closest pairs first
		left = slices.DeleteFunc(left, func(e Evidence) bool {
			at := slices.IndexFunc(seen, func(s Evidence) bool { return same(e, s) })
			if at >= 0 {
				seen = slices.Delete(seen, at, at+1)
			}
			return at >= 0
		})
	}
	return len(left) == 0
}

// identical reports whether e is the same piece of evidence as other to the millisecond.
func (e Evidence) identical(other Evidence) bool {
	return e.same(other) && e.Span == other.Span && e.Quote == other.Quote
}

// Kinds of evidence.
const (
	evidenceSaid = iota
	evidenceFigure
	evidenceAbsence
)

func (e Evidence) kind() int {
	switch {
	case e.Measure != nil:
		return evidenceFigure
	case e.Term == "" && (e.Quote == "" || e.Nearest != ""), e.isWhole():
		return evidenceAbsence
	}
	return evidenceSaid
}

// isWhole reports whether e is a stretch that was judged as a whole, quoted by how it begins.
func (e Evidence) isWhole() bool {
	return e.Term == "" && e.Nearest == "" && e.Quote != "" && e.SpeechMS > 0 && e.Measure == nil
}

// same reports whether e is the same piece of evidence as other, perhaps found by another term or list.
func (e Evidence) same(other Evidence) bool {
	if e.kind() != other.kind() || e.Role != other.Role {
		return false
	}
	switch e.kind() {
	case evidenceFigure:
		return e.Span == other.Span && e.Quote == other.Quote && round(*e.Measure, 2) == round(*other.Measure, 2)
	case evidenceAbsence: // of old it names no step, and a whole call has no quote
		sameQuote := e.Quote == other.Quote || e.Quote == "" && other.isWhole() || other.Quote == "" && e.isWhole()
		return e.Span == other.Span && sameQuote && (e.Step == other.Step || e.Step == "" || other.Step == "")
	}
	return e.Overlaps(other.Span) && (strings.Contains(e.Quote, other.Quote) || strings.Contains(other.Quote, e.Quote))
}

// NewDecision returns a person's decision about the finding of rule in r, which is as judged or decided
// before. It is call.ErrNotFound when the scorecard has no such rule and call.ErrInvalid when the rule has
// nothing to decide in this call.
func NewDecision(r Result, rule string, ruling Ruling) (Decision, error) {
	if ruling != RulingAccept && ruling != RulingReject {
		return Decision{}, fmt.Errorf("%w: a decision is %s or %s, not %q", call.ErrInvalid, RulingAccept, RulingReject, ruling)
	}
	i := slices.IndexFunc(r.Criteria, func(c Criterion) bool { return c.Rule == rule })
	if i < 0 {
		return Decision{}, fmt.Errorf("%w: the scorecard of this call has no rule %s%s", call.ErrNotFound, rule, strictyaml.Hint(rule, r.rules()))
	}
	c := r.Criteria[i]
	d := Decision{Rule: rule, Ruling: ruling, Outcome: c.Outcome, Points: c.Points, Evidence: c.Evidence}
	switch {
	case c.Decision != nil:
		d.Outcome, d.Points = c.Decision.Outcome, c.Decision.Points
	case c.Earlier != nil:
		d.Outcome, d.Points = c.Earlier.Outcome, c.Earlier.Points
	case !c.IsFinding():
		return Decision{}, fmt.Errorf("%w: there is nothing to decide: the outcome of %s is %s and no points are lost", call.ErrInvalid, rule, c.Outcome)
	}
	return d, nil
}

// rules lists the IDs of the rules that were judged.
func (r Result) rules() []string {
	ids := make([]string, len(r.Criteria))
	for i := range r.Criteria {
		ids[i] = r.Criteria[i].Rule
	}
	return ids
}

// IsDecided reports whether a person's decisions are in r, so that it is more than what was judged.
func (r Result) IsDecided() bool {
	return slices.ContainsFunc(r.Criteria, func(c Criterion) bool { return c.Decision != nil || c.Earlier != nil })
}
