package score

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
	"github.com/zhijian-qa/zhijian/lexicon/sense"
)

// What the odds must be that a party did a thing, in nats. They were set by looking at labelled calls that the model was
// not learnt from (docs/accuracy.md).
const (
	senseDone  = 1.0  // what a rule asks for was done, in whatever words
	senseNear  = -0.5 // it was, when something comes near one of its longer phrases, too
	senseMaybe = -1.5 // it may have been
	senseNot   = -4.0 // below them it was not, though something comes near a phrase

	shortestNear = 2 // characters of a phrase that comes near everywhere

	senseMaybeNoisy = -2.5 // the same where much was misheard
	senseNotNoisy   = -6.0

	senseFault    = 1.0  // what was heard of a phrase that is forbidden was it
	senseMeant    = 0.0  // a phrase that is forbidden was meant so
	senseHarmless = -3.0 // below them it was not
	senseWary     = 0.0  // what is forbidden may have been said in other words

	senseHolds       = 0.0  // a condition holds, when something of its lists was heard
	senseHoldsSurely = 2.5  // or where what was heard is weak
	senseHoldsMaybe  = 0.5  // it may hold, whatever was heard
	senseHoldsWeakly = -1.5 // or where what was heard is weak
	senseHoldsHardly = -3.0 // below them it does not, whatever was heard
)

// sensed is a place that speaks for an act.
type sensed struct {
	sense.Sense
	list string
	in   *passage
}

// evidence is where it was said.
func (s sensed) evidence() Evidence {
	if s.in == nil {
		return Evidence{}
	}
	at, confidence := s.in.locate(s.Start, s.End)
	return Evidence{Role: s.in.role, Span: at, Quote: runesOf(s.in.text, s.Start, s.End), List: s.list, Confidence: round(confidence, 2)}
}

func runesOf(text string, start, end int) string { return string([]rune(text)[start:end]) }

// sensed returns the place in the window that speaks most for what the lists are about.
func (v *view) sensed(lists []string, role call.Role, window call.Span) sensed {
	best := sensed{Sense: sense.Nowhere()}
	for i := range v.passages {
		p := &v.passages[i]
		from, to := p.within(window)
		if p.role != role || from >= to {
			continue
		}
		for _, list := range lists {
			if s := v.reading(p).Most(list, from, to); s.Odds > best.Odds {
				best = sensed{s, list, p}
			}
		}
	}
	return best
}

// meant returns how much speaks for h being meant as its list says, in nats; ok is false where nothing is known.
func (v *view) meant(h *hit) (odds float64, ok bool) {
	if !v.senses.Knows(h.List) {
		return 0, false
	}
	return v.reading(h.in).Most(h.List, h.Start, h.End).Odds, true
}

// reading returns p as it was read.
func (v *view) reading(p *passage) *sense.Reading {
	if p.reading == nil {
		p.reading = v.senses.Read(p.text, sense.Marks(v.foundIn(p)))
	}
	return p.reading
}

// within returns the runes of the utterances that touch the window.
func (p *passage) within(window call.Span) (from, to int) {
	from = -1
	for i := range p.pieces {
		if piece := &p.pieces[i]; piece.Overlaps(window) {
			if from < 0 {
				from = piece.start
			}
			to = piece.end
		}
	}
	return max(from, 0), to
}

// bySense reports whether r is judged by what words mean, too: one place must be enough for it.
func (r *rule) bySense(v *view) bool {
	return r.say.atLeast <= 1 && len(r.senses(v, nil)) > 0
}

// senses returns the lists of r whose sense the model tells, without those of which something was said.
func (r *rule) senses(v *view, said []hit) []string {
	if r.say.literal || r.say.all {
		return nil
	}
	var open []string
	for _, list := range r.say.lists {
		if v.senses.Knows(list) && !slices.ContainsFunc(said, func(h hit) bool { return h.List == list }) {
			open = append(open, list)
		}
	}
	return open
}

// temper judges what r asks for by its sense where phrases did not give the points: the one that is missing may have
// been put in other words.
func (r *rule) temper(v *view, h heard, j judgement) judgement {
	lists := r.senses(v, h.strong)
	if j.outcome == OutcomePass || len(lists) == 0 || r.say.atLeast-len(h.strong) > 1 {
		return j
	}
	maybe, not := senseMaybe, senseNot
	if v.noise >= noisyCount {
		maybe, not = senseMaybeNoisy, senseNotNoisy
	}
	s := v.sensed(lists, r.role, h.window)
	said := s.evidence()
	near := j.reason == reasonNearMiss || j.reason == reasonWeakMatch
	done := s.Odds >= senseDone || near && s.Odds >= senseNear && nearsLonger(j)
	switch {
	case done && said.Confidence >= leastConfidence:
		return judgement{
			outcome: OutcomePass, points: r.points, evidence: append(evidenceOf(h.strong, mostProof), said),
			note: text{zh: "换了说法，意思到了", en: "done in other words"},
		}
	case j.outcome == OutcomeFail && s.Odds >= maybe:
		j.evidence = slices.Insert(j.evidence, 0, said)
		return j.undecided(r.points, reasonMeaning)
	case near && s.Odds < not && r.say.atLeast == 1:
		j.outcome, j.points, j.atRisk, j.reason = OutcomeFail, 0, 0, ""
	}
	return j
}

// nearsLonger reports whether what came nearest was a phrase of more than two characters: those come near everywhere.
func nearsLonger(j judgement) bool {
	return slices.ContainsFunc(j.evidence, func(e Evidence) bool { return utf8.RuneCountInString(e.Nearest) > shortestNear })
}

// sift sorts what was heard of what is forbidden anew, by whether it was meant so.
func (r *rule) sift(v *view, h heard) heard {
	if !r.bySense(v) {
		return h
	}
	sifted := heard{window: h.window, hints: h.hints}
	sift := func(hits []hit, proof float64, otherwise *[]hit) {
		for i := range hits {
			to := &sifted.cleared
			switch odds, known := v.meant(&hits[i]); {
			case !known:
				to = otherwise
			case odds >= proof && hits[i].confidence >= accuseConfidence:
				to = &sifted.strong
			case odds >= senseHarmless:
				to = &sifted.weak
			}
			*to = append(*to, hits[i])
		}
	}
	sift(h.strong, senseMeant, &sifted.strong)
	sift(h.weak, senseFault, &sifted.weak)
	return sifted
}

// oddsIn returns how much in the window speaks for what r forbids, in nats: without bound where nothing is known.
func (r *rule) oddsIn(v *view, window call.Span) float64 {
	if !r.bySense(v) {
		return math.Inf(1)
	}
	return v.sensed(r.say.lists, r.role, window).Odds
}

// maybeMeant leaves to a person what speaks for something forbidden in words that no list has.
func (r *rule) maybeMeant(v *view, h heard) (judgement, bool) {
	if !r.bySense(v) || r.say.free(v, r.role, h.window) > 0 || len(r.say.clearedBy.lists) > 0 {
		return judgement{}, false
	}
	s := v.sensed(r.say.lists, r.role, h.window)
	if s.Odds < senseWary {
		return judgement{}, false
	}
	j := judgement{evidence: []Evidence{s.evidence()}}
	j = j.undecided(r.points, reasonMeaning)
	j.atRisk = min(r.points, r.say.perHit)
	return j, true
}

// weigh tells how far a condition about words holds by what was heard, and by what it means.
func (c condition) weigh(v *view, sure, weak []hit) (holding, []hit) {
	if !slices.ContainsFunc(c.lists, v.senses.Knows) {
		return c.holdsBy(v, sure, weak)
	}
	odds := v.sensed(c.lists, c.role, call.Span{End: v.rec.Duration}).Odds
	switch {
	case len(sure) > 0 && odds >= senseHolds, len(weak) > 0 && odds >= senseHoldsSurely:
		return holdsSurely, slices.Concat(sure, weak)
	case len(sure) > 0 && odds >= senseHoldsHardly, len(weak) > 0 && odds >= senseHoldsWeakly, odds >= senseHoldsMaybe:
		return holdsMaybe, slices.Concat(sure, weak)
	}
	return holdsNot, nil
}

// holdsBy tells how far a condition about words holds by what was heard alone.
func (c condition) holdsBy(v *view, sure, weak []hit) (holding, []hit) {
	switch {
	case len(sure) > 0:
		return holdsSurely, sure[:1]
	case len(weak) > 0, c.nearlyHolds(v):
		return holdsMaybe, weak
	}
	return holdsNot, nil
}

// foundIn returns what was heard in a passage.
func (v *view) foundIn(p *passage) []lexicon.Match {
	var found []lexicon.Match
	for i := range v.hits {
		if v.hits[i].in == p {
			found = append(found, v.hits[i].Match)
		}
	}
	return found
}
