package score

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// mostSteps bounds a flow.
const mostSteps = 20

// flow is what a flow rule asks for: steps in their order.
type flow struct {
	steps    []step
	anyOrder bool
}

// step is one thing to be said in a flow.
type step struct {
	name     text
	lists    []string
	role     call.Role
	optional bool
	within   call.Millis // of the step before it, 0 for any time
}

// stepHeard is what was heard of one step.
type stepHeard struct {
	step
	strong, weak []hit
	at           *hit // the place that stands for the step in the chain
	after        *hit // where the step before it in the chain was said
}

// judgeFlow gives each step its share of the points. A step counts as missing, or as out of order, only
// when nothing weak and nothing unheard speaks for it.
func (r *rule) judgeFlow(t *trial) judgement {
	window, how := r.where.window(t, r.role)
	if how == holdsNot {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonNoAnchor}
	}
	steps := r.flow.hear(t, window)
	r.flow.chain(steps)
	var faults, doubts []text
	var evidence, found []Evidence
	doubt := ""
	required := 0
	for i := range steps {
		s := &steps[i]
		if !s.optional {
			required++
		}
		v := t.stepVerdict(r, s, window)
		if s.at != nil {
			found = append(found, s.evidence(s.at.evidence())...)
		}
		switch {
		case v.fault:
			faults = append(faults, text{zh: s.name.zh + v.why.zh, en: s.english() + " " + v.why.en})
			evidence = append(evidence, s.evidence(v.evidence...)...)
		case v.doubt != "":
			doubts = append(doubts, text{zh: s.name.zh, en: s.english()})
			doubt = cmp.Or(doubt, v.doubt)
			evidence = append(evidence, s.evidence(v.evidence...)...)
		}
	}
	share := r.points / float64(max(1, required))
	j := judgement{outcome: OutcomePass, points: r.points, evidence: found, note: flowNote(steps, faults, doubts)}
	switch {
	case len(faults) > 0:
		j.outcome, j.points = OutcomeFail, max(0, round(r.points-share*float64(len(faults)), 2))
		j.evidence = slices.Concat(evidence, found)
	case len(doubts) > 0:
		j.evidence = slices.Concat(evidence, found)
		j = j.undecided(r.points, doubt)
		j.atRisk = min(r.points, round(share*float64(len(doubts)), 2))
	}
	if how == holdsMaybe && j.outcome == OutcomeFail {
		j = j.weakly(r.points)
	}
	return j
}

// evidence says of evidence which step it is about.
func (s step) evidence(about ...Evidence) []Evidence {
	for i := range about {
		about[i].Step, about[i].StepEN = s.name.zh, s.name.en
	}
	return about
}

// english is the name of a step in English, as far as it has one.
func (s step) english() string { return cmp.Or(s.name.en, s.name.zh) }

// stepVerdict is what is wrong with one step.
type stepVerdict struct {
	fault    bool
	doubt    string
	why      text
	evidence []Evidence
}

func (t *trial) stepVerdict(r *rule, s *stepHeard, window call.Span) stepVerdict {
	switch {
	case s.at != nil && s.after != nil && s.within > 0 && s.at.at.Start-s.after.at.End > s.within:
		return stepVerdict{fault: true, why: text{zh: "太晚", en: "late"}, evidence: []Evidence{s.at.evidence()}}
	case s.at != nil, s.optional:
		return stepVerdict{}
	case len(s.weak) > 0:
		return stepVerdict{doubt: reasonWeakMatch, evidence: evidenceOf(s.weak, 1)}
	}
	probe := &rule{role: s.role, say: say{lists: s.lists}, where: r.where}
	absence, near := t.absence(probe, window)
	v := stepVerdict{fault: true, why: text{zh: "没有听到", en: "not heard"}, evidence: []Evidence{absence}}
	if len(s.strong) > 0 {
		v.why, v.evidence = text{zh: "次序不对", en: "out of order"}, evidenceOf(s.strong, 1)
	}
	if reason := cmp.Or(t.unheard(s.role), t.doubt(s.role, window)); reason != "" {
		v.fault, v.doubt = false, reason
	} else if near && len(s.strong) == 0 {
		v.fault, v.doubt = false, reasonNearMiss
	}
	return v
}

// hear finds the hits of all steps in the window.
func (f flow) hear(t *trial, window call.Span) []stepHeard {
	steps := make([]stepHeard, len(f.steps))
	for i, s := range f.steps {
		steps[i].step = s
		for _, at := range t.placesOf(nil, s.lists) {
			h := &t.hits[at]
			if h.role != s.role || !h.at.Overlaps(window) {
				continue
			}
			if h.provesSaid() {
				steps[i].strong = append(steps[i].strong, *h)
			} else {
				steps[i].weak = append(steps[i].weak, *h)
			}
		}
		slices.SortStableFunc(steps[i].strong, byTime)
	}
	return steps
}

func byTime(a, b hit) int { return cmp.Compare(a.at.Start, b.at.Start) }

// link is the end of a chain of steps: the earliest place for its last step, and the chain before it.
type link struct {
	hit      *hit
	previous *link
	step     int
}

// chain chooses a place for as many required steps as can be had in order. Optional steps stand where they
// are first heard, and no required one gives way to them.
func (f flow) chain(steps []stepHeard) {
	for i := range steps {
		if (f.anyOrder || steps[i].optional) && len(steps[i].strong) > 0 {
			steps[i].at = &steps[i].strong[0]
		}
	}
	if f.anyOrder {
		return
	}
	best := []*link{nil} // by the number of steps: the chain that ends first
	for i := range steps {
		if steps[i].optional {
			continue
		}
		for n := len(best) - 1; n >= 0; n-- {
			h := firstAfter(steps[i].strong, best[n])
			if h == nil {
				continue
			}
			l := &link{hit: h, previous: best[n], step: i}
			if n+1 == len(best) {
				best = append(best, l)
			} else if h.at.Start < best[n+1].hit.at.Start {
				best[n+1] = l
			}
		}
	}
	for l := best[len(best)-1]; l != nil; l = l.previous {
		steps[l.step].at = l.hit
		if l.previous != nil {
			steps[l.step].after = l.previous.hit
		}
	}
}

// firstAfter returns the first hit that does not begin before the chain's last.
func firstAfter(hits []hit, chain *link) *hit {
	for i := range hits {
		if chain == nil || hits[i].at.Start >= chain.hit.at.Start {
			return &hits[i]
		}
	}
	return nil
}

func flowNote(steps []stepHeard, faults, doubts []text) text {
	done := 0
	for _, s := range steps {
		if s.at != nil {
			done++
		}
	}
	note := text{zh: fmt.Sprintf("%d 步中按次序做到 %d 步", len(steps), done), en: fmt.Sprintf("%d of %d steps in order", done, len(steps))}
	if len(faults) > 0 {
		named := joinTexts(faults)
		note.zh, note.en = note.zh+"；"+named.zh, note.en+"; "+named.en
	}
	if len(doubts) > 0 {
		named := joinTexts(doubts)
		note.zh, note.en = note.zh+"；拿不准："+named.zh, note.en+"; uncertain: "+named.en
	}
	return note
}

func joinTexts(all []text) text {
	var zh, en []string
	for _, t := range all {
		zh, en = append(zh, t.zh), append(en, t.en)
	}
	return text{zh: strings.Join(zh, "、"), en: strings.Join(en, ", ")}
}
