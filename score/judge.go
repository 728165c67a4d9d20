package score

import "fmt"

// judgement is what one rule says about one call.
type judgement struct {
	outcome  Outcome
	points   float64
	atRisk   float64
	reason   string
	note     text
	evidence []Evidence
}

// undecided turns j into one that a person must decide: it counts in full until then.
func (j judgement) undecided(points float64, reason string) judgement {
	j.outcome, j.points, j.atRisk, j.reason = OutcomeReview, points, points, reason
	return j
}

// judges are the rules' kinds and what judges them.
var judges = map[string]func(*rule, *view) judgement{
	kindMustSay:    (*rule).judgeMustSay,
	kindMustNotSay: (*rule).judgeMustNotSay,
	kindMeasure:    (*rule).judgeMeasure,
}

// judgeRule applies one rule to one call.
func (s *Scorer) judgeRule(r *rule, v *view) judgement {
	reason := wholeFault(v.health)
	if reason == "" && r.kind != kindMeasure {
		reason = v.unheard(r.role)
	}
	if reason != "" {
		return judgement{outcome: OutcomeNotApplicable, reason: reason}
	}
	applies, because := r.applies(v)
	if applies == holdsNot {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonCondition}
	}
	j := judges[r.kind](r, v)
	talk := v.speech.talk(r.role) + v.speech.talk(r.role.Other())
	switch {
	case j.outcome == OutcomeNotApplicable:
		return j
	case talk < r.measure.minTalk, talk < s.card.minTalk && !(r.kind == kindMustNotSay && j.outcome != OutcomePass):
		return judgement{outcome: OutcomeNotApplicable, reason: reasonTooShort}
	case applies == holdsMaybe && j.outcome == OutcomeFail:
		lost := r.points - j.points
		j = j.undecided(r.points, reasonWeakCondition)
		j.atRisk = lost
	}
	if j.outcome != OutcomePass {
		j.evidence = append(j.evidence, evidenceOf(because, 1)...)
	}
	return j
}

// criterion is the judgement of a rule as the record has it.
func (r *rule) criterion(j judgement) Criterion {
	c := Criterion{
		Rule: r.id, Name: r.zh, NameEN: r.en, Section: r.section, Severity: r.severity, Veto: r.veto,
		Outcome: j.outcome, Points: j.points, Potential: r.points, Reason: j.reason,
		Evidence: filled(j.evidence),
	}
	note := j.note.with(j.reason)
	c.Note, c.NoteEN = note.zh, note.en
	switch j.outcome {
	case OutcomeNotApplicable:
		c.Points, c.Potential = 0, 0
	case OutcomeFail, OutcomeReview:
		c.Coaching, c.CoachingEN = r.coaching.zh, r.coaching.en
	}
	return c
}

// judge applies all rules and adds up.
func (s *Scorer) judge(v *view) Result {
	result := Result{
		Scorecard: fmt.Sprintf("%s@%s", s.card.name, s.card.hash), Revision: s.revision, Criteria: []Criterion{},
	}
	undecidedVeto := false
	for _, r := range s.card.rules {
		j := s.judgeRule(r, v)
		c := r.criterion(j)
		result.Criteria = append(result.Criteria, c)
		result.Points += c.Points
		result.Potential += c.Potential
		result.AtRisk += j.atRisk
		result.Vetoed = result.Vetoed || c.Veto && c.Outcome == OutcomeFail
		undecidedVeto = undecidedVeto || c.Veto && c.Outcome == OutcomeReview
	}
	result.Points, result.Potential = max(0, round(result.Points, 2)), round(result.Potential, 2)
	result.AtRisk = min(round(result.AtRisk, 2), result.Points)
	if result.Potential > 0 {
		normalised := round(result.Points/result.Potential, 4)
		result.Normalised = &normalised
	}
	result.Verdict = s.verdict(result, undecidedVeto)
	return result
}

// verdict says whether a call passes. It is up to a person when nothing could be judged, or when what is
// undecided could turn it.
func (s *Scorer) verdict(r Result, undecidedVeto bool) Verdict {
	mark := s.passMark * r.Potential
	const tolerance = 1e-9
	switch {
	case r.Vetoed:
		return VerdictFail
	case r.Potential == 0:
		return VerdictReview
	case r.Points < mark-tolerance:
		return VerdictFail
	case undecidedVeto, r.Points-r.AtRisk < mark-tolerance:
		return VerdictReview
	}
	return VerdictPass
}
