package score

import (
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
)

// judgement is what one rule says about one call.
type judgement struct {
	outcome  Outcome
	points   float64
	atRisk   float64
	reason   string
	note     text
	evidence []Evidence
	misheard bool // it rests on a phrase that was misheard, so it is no veto
}

// undecided turns j into one that a person must decide: it counts in full until then.
func (j judgement) undecided(points float64, reason string) judgement {
	j.outcome, j.points, j.atRisk, j.reason = OutcomeReview, points, points, reason
	return j
}

// judges are the rules' kinds and what judges them.
func judges() map[string]func(*rule, *trial) judgement {
	return map[string]func(*rule, *trial) judgement{
		kindMustSay:    (*rule).judgeMustSay,
		kindMustNotSay: (*rule).judgeMustNotSay,
		kindMeasure:    (*rule).judgeMeasure,
		kindFlow:       (*rule).judgeFlow,
		kindRepetition: (*rule).judgeRepetition,
		kindReadBack:   (*rule).judgeReadBack,
		kindExpression: (*rule).judgeExpression,
		kindManual:     (*rule).judgeManual,
	}
}

// judgeRule applies one rule to one call.
func (s *Scorer) judgeRule(r *rule, t *trial) judgement {
	if r.anyone && wholeFault(t.health) == call.ReasonMono && t.unheardMono() == "" {
		anybody := *r
		anybody.role = call.RoleUnknown
		return s.judgeHeard(&anybody, t)
	}
	reason := wholeFault(t.health)
	if reason == "" && r.aboutWords() {
		reason = t.unheard(r.role)
	}
	if r.kind == kindMeasure && free[r.measure.name] {
		reason = ""
	}
	if reason != "" {
		return judgement{outcome: OutcomeNotApplicable, reason: reason}
	}
	return s.judgeHeard(r, t)
}

// judgeHeard applies a rule to a call that its role can be heard in.
func (s *Scorer) judgeHeard(r *rule, t *trial) judgement {
	applies, because := r.applies(t)
	if applies == holdsNot {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonCondition}
	}
	j := s.judges[r.kind](r, t)
	if reason := t.lost(r, j); reason != "" {
		return judgement{outcome: OutcomeNotApplicable, reason: reason}
	}
	talk := call.Total(t.speech.anyone)
	if r.role != call.RoleUnknown {
		talk = t.speech.talk(r.role) + t.speech.talk(r.role.Other())
	}
	switch {
	case j.outcome == OutcomeNotApplicable, r.kind == kindMeasure && free[r.measure.name]:
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

// aboutWords reports whether r asks what its role said.
func (r *rule) aboutWords() bool { return r.kind != kindMeasure && r.kind != kindExpression }

// criterion is the judgement of a rule as the record has it.
func (r *rule) criterion(j judgement) Criterion {
	c := Criterion{
		Rule: r.id, Name: r.zh, NameEN: r.en, Section: r.section, Severity: r.severity, Veto: r.veto && !j.misheard,
		Outcome: j.outcome, Points: j.points, Potential: r.points, AtRisk: j.atRisk, Reason: j.reason,
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
		Scorecard: fmt.Sprintf("%s@%s", s.card.name, s.card.hash), Revision: s.revision,
		PassMark: s.passMark, LeastJudged: s.card.leastJudged, Criteria: []Criterion{}, RolesSwapped: v.swapped,
	}
	result.Sections = s.card.usedSections()
	result.Lower, result.Upper, result.Scenario = s.card.lower, s.card.upper, v.scenario.detected()
	t := s.newTrial(v)
	for _, r := range s.card.rules {
		j := t.judgement(r)
		result.Criteria = append(result.Criteria, r.criterion(j))
		if j.outcome == OutcomeNotApplicable && spoils(j.reason) {
			result.Unjudged += r.points
		}
	}
	result.addUp()
	return result
}
