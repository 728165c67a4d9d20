package score

import (
	"fmt"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

const (
	mostEvidence     = 10    // places shown for one criterion
	mostProof        = 3     // places shown for a criterion that passed
	leastShown       = 0.649 // likeness above which a near miss is shown
	differsEvery     = 3     // characters of a phrase, of which one may be misheard in a call that was heard well
	oneOfMany        = 0.5   // nats above the least from which one of several that are asked for may have been misheard
	shortestAnywhere = 4     // characters of a phrase whose near miss means something anywhere in a call
)

// heard is what a rule about words found in its window.
type heard struct {
	window call.Span
	strong []hit // enough to decide
	weak   []hit
	hints  []hit // of the lists of maybe, beside the others: enough to ask a person

	cleared []hit // was hardly meant as its list says
}

// unsure are the hits that decide nothing by themselves.
func (h heard) unsure() []hit { return slices.Concat(h.weak, h.hints) }

func (r *rule) hear(t *trial, decides func(hit) bool) (heard, holding) {
	window, how := r.where.window(t, r.role)
	h := heard{window: window}
	if how == holdsNot {
		return h, how
	}
	var room [64]int32
	for _, i := range t.placesOf(room[:0], r.say.lists, r.say.maybe) {
		found := &t.hits[i]
		if found.role != r.role || !found.at.Overlaps(h.window) {
			continue
		}
		listed := slices.Contains(r.say.lists, found.List)
		switch cleared := r.say.clearedBy.cleared(t, found); {
		case cleared == holdsSurely:
		case !listed:
			h.hints = append(h.hints, *found)
		case cleared == holdsNot && decides(*found):
			h.strong = append(h.strong, *found)
		default:
			h.weak = append(h.weak, *found)
		}
	}
	h.hints = slices.DeleteFunc(h.hints, func(hint hit) bool {
		return slices.ContainsFunc(h.strong, hint.shares) || slices.ContainsFunc(h.weak, hint.shares)
	})
	return h, how
}

// shares reports whether both hits are of some of the same characters.
func (h hit) shares(other hit) bool {
	return h.in == other.in && h.Start < other.End && other.Start < h.End
}

// enough reports whether hits are as many, and of as many lists, as must_say wants.
func (s say) enough(hits []hit) bool {
	if len(hits) < s.atLeast {
		return false
	}
	return !s.all || !slices.ContainsFunc(s.lists, func(list string) bool {
		return !slices.ContainsFunc(hits, func(h hit) bool { return h.List == list })
	})
}

// judgeMustSay gives the points when enough was said.
func (r *rule) judgeMustSay(t *trial) judgement {
	h, how := r.hear(t, hit.provesSaid)
	if how == holdsNot {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonNoAnchor}
	}
	if r.say.restates && !r.say.enough(h.strong) {
		if e, ok := t.restated(r, h.window); ok {
			return judgement{outcome: OutcomePass, points: r.points, evidence: []Evidence{e}, note: text{zh: "复述了客户的话", en: "the customer's words were taken up"}}
		}
	}
	j := r.temper(t.view, h, r.sayJudgement(t.view, h))
	if how == holdsMaybe && j.outcome == OutcomeFail {
		return j.weakly(r.points)
	}
	if r.say.staffNumber {
		return r.checkStaffNumber(t, j, h.strong)
	}
	return j
}

func (r *rule) sayJudgement(v *view, h heard) judgement {
	if r.say.enough(h.strong) {
		return judgement{
			outcome: OutcomePass, points: r.points, evidence: evidenceOf(h.strong, mostProof),
			note: text{zh: fmt.Sprintf("说到 %d 处", len(h.strong)), en: fmt.Sprintf("said in %d places", len(h.strong))},
		}
	}
	j := judgement{outcome: OutcomeFail, evidence: evidenceOf(slices.Concat(h.strong, h.weak), mostEvidence)}
	j.note = text{
		zh: fmt.Sprintf("在 %s 至 %s 之间听到 %d 处，要求 %d 处", h.window.Start, h.window.End, len(h.strong), r.say.atLeast),
		en: fmt.Sprintf("heard %d times between %s and %s, asked for %d", len(h.strong), h.window.Start, h.window.End, r.say.atLeast),
	}
	if r.say.atLeast == 1 {
		j.note = text{
			zh: fmt.Sprintf("在 %s 至 %s 之间没有听到", h.window.Start, h.window.End),
			en: fmt.Sprintf("not heard between %s and %s", h.window.Start, h.window.End),
		}
	}
	miss, e := r.likeliest(v, h.window, h.strong, leastShown)
	if said, ok := r.likelySaid(h, miss, e); ok {
		return said
	}
	if open := slices.Concat(h.strong, h.unsure()); r.say.enough(open) {
		j.evidence = evidenceOf(open, mostEvidence)
		return j.undecided(r.points, reasonWeakMatch)
	}
	near := r.minds(v, miss) && (r.say.atLeast-len(h.strong) <= 1 || v.noise >= noisyTwice) && (r.say.atLeast == 1 || miss.Worth >= oneOfMany)
	j.evidence = append(j.evidence, v.absenceOf(miss, r.role, h.window))
	if reason := v.doubt(r.role, h.window); reason != "" {
		return j.undecided(r.points, reason)
	}
	switch {
	case near:
		return j.undecided(r.points, reasonNearMiss)
	case r.say.atLeast > 1 && v.noise >= noisyCount:
		return j.undecided(r.points, reasonLowConfidence)
	}
	return j
}

// judgeMustNotSay takes points for each place beyond those that are let pass where it was said after all.
func (r *rule) judgeMustNotSay(t *trial) judgement {
	h, how := r.hear(t, hit.provesFault)
	if how == holdsNot {
		return judgement{outcome: OutcomeNotApplicable, reason: reasonNoAnchor}
	}
	h = r.sift(t.view, h)
	costing := len(h.strong) - r.say.free(t.view, r.role, h.window)
	if costing > 0 {
		likely := slices.DeleteFunc(h.weak, func(w hit) bool { return !w.provesSaid() })
		j := judgement{
			outcome: OutcomeFail, points: round(r.points-min(r.say.most, r.say.perHit*float64(costing)), 2),
			evidence: evidenceOf(slices.Concat(h.strong, likely), mostEvidence), // the likely places are shown, but cost nothing
			note:     text{zh: fmt.Sprintf("听到 %d 处", len(h.strong)), en: fmt.Sprintf("heard in %d places", len(h.strong))},
			misheard: !slices.ContainsFunc(h.strong, hit.provesFault),
		}
		if how == holdsMaybe {
			return j.weakly(r.points)
		}
		return j
	}
	if j, misheard := r.nearlySaid(t.view, h); misheard {
		if how == holdsMaybe && j.outcome == OutcomeFail {
			return j.weakly(r.points)
		}
		return j
	}
	if weak := h.unsure(); len(weak) > 0 && costing+len(weak) > 0 {
		j := judgement{evidence: evidenceOf(weak, mostEvidence), note: text{
			zh: fmt.Sprintf("可能听到 %d 处，把握不足", len(weak)), en: fmt.Sprintf("maybe heard in %d places, too unsure to tell", len(weak)),
		}}
		j = j.undecided(r.points, reasonWeakMatch)
		j.atRisk = min(r.points, r.say.most, r.say.perHit*float64(costing+len(weak)))
		return j
	}
	if j, maybe := r.maybeMeant(t.view, h); maybe {
		return j
	}
	return judgement{
		outcome: OutcomePass, points: r.points, evidence: []Evidence{t.searched(r.role, h.window)},
		note: r.say.passNote(len(h.strong)),
	}
}

// free returns how many places cost nothing.
func (s say) free(v *view, role call.Role, window call.Span) int {
	free := s.atMost
	if s.perHundred > 0 {
		free = max(free, int(s.perHundred*float64(spokenCharacters(v.textIn(role, window)))/100))
	}
	return free
}

func (s say) passNote(hits int) text {
	if hits == 0 {
		return text{zh: "没有听到", en: "not heard"}
	}
	return text{zh: fmt.Sprintf("听到 %d 处，未超过限度", hits), en: fmt.Sprintf("heard in %d places, within the limit", hits)}
}

// clearing is what makes a hit harmless: a term of other lists said near it.
type clearing struct {
	lists  []string
	within call.Millis
}

// cleared tells whether h is harmless.
func (c clearing) cleared(t *trial, h *hit) holding {
	near := holdsNot
	if len(c.lists) == 0 {
		return near
	}
	surely := t.anyOf(c.lists, func(other *hit) bool {
		if other.role != h.role || other.at.Gap(h.at) > c.within {
			return false
		}
		near = holdsMaybe
		return other.provesSaid()
	})
	if surely {
		return holdsSurely
	}
	return near
}

func evidenceOf(hits []hit, most int) []Evidence {
	evidence := make([]Evidence, 0, min(len(hits), most))
	for _, h := range hits[:min(len(hits), most)] {
		evidence = append(evidence, h.evidence())
	}
	return evidence
}

func (h hit) evidence() Evidence {
	return Evidence{
		Role: h.role, Span: h.at, Quote: h.Text, List: h.List, Term: h.Term, Tier: string(h.Tier), Distance: h.Distance, Confidence: round(h.confidence, 2),
	}
}

// near adds to the evidence of an absence what came nearest.
func (e Evidence) near(miss lexicon.Miss) Evidence {
	e.Nearest, e.Quote, e.List, e.Distance = miss.Term, miss.Text, miss.List, miss.Distance
	return e
}

// searched is the evidence that a window was searched and how much speech was in it.
func (v *view) searched(role call.Role, window call.Span) Evidence {
	return Evidence{Role: role, Span: window, SpeechMS: call.Total(v.speechIn(role, window))}
}

// absence is the evidence that something was not said, with the nearest miss; near reports whether it may
// have been said after all, so that a person should listen.
func (v *view) absence(r *rule, window call.Span) (e Evidence, near bool) {
	miss, _ := r.likeliest(v, window, nil, leastShown)
	return v.absenceOf(miss, r.role, window), r.minds(v, miss)
}

// minds reports whether a phrase may have been said after all. In a call that was heard well that takes more: a
// short phrase comes near everywhere but at the start and the end, and much of one is not misheard there.
func (r *rule) minds(v *view, miss lexicon.Miss) bool {
	if miss.Length == 0 || miss.Worth < 0 || v.noise >= lexicon.HeardWell {
		return miss.Length > 0 && miss.Worth >= 0
	}
	return (miss.Length >= shortestAnywhere || r.where.edge() != lexicon.EdgeNone) && (miss.Distance == 1 || miss.Distance*differsEvery <= miss.Length)
}

// absenceOf is the evidence that a window was searched, with what came nearest.
func (v *view) absenceOf(miss lexicon.Miss, role call.Role, window call.Span) Evidence {
	e := v.searched(role, window)
	if miss.Length > 0 && (miss.Worth >= 0 || miss.Likeness > leastShown) {
		return e.near(miss)
	}
	return e
}
