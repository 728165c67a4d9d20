package score

import (
	"fmt"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// A recogniser that mishears leaves text that falls apart into characters which form no words. From how
// much of a call does, the share of what was misheard is estimated: the larger it is, the farther from a
// phrase may lie what was heard and still be that phrase.
const (
	strayAlways   = 0.02 // of the characters of text that was heard well are stray
	strayAnyway   = 1.0  // as many characters more say nothing
	strayMisheard = 0.50 // of the characters misheard leave stray ones
	strayPrior    = 10   // characters by which a short text weighs less
	leastNoise    = 0.03 // below it a text counts as heard well
	mostNoise     = 0.35

	noisyCall     = 0.14 // from here on near misses of short phrases mean something anywhere
	missedNoise   = 1.0  // by which more noise is reckoned with where something asked for is missing
	mostMisheard  = 0.85 // characters' worth of difference at which a phrase asked for still counts as said
	misheardShare = 0.10 // and of its length
	shortestSaid  = 4    // characters of a phrase that does
	noisyShort    = 0.08 // from here on a forbidden phrase of two characters takes no point
	noisyFault    = 0.06 // from here on a forbidden phrase is looked for among what was misheard
	shortestFault = 3    // characters of a phrase that is
	onlyNear      = 1.0  // likeness that nothing has more of
)

// noiseOf estimates which share of the characters of a transcript was misheard.
func noiseOf(lex *lexicon.Set, tr call.Transcript) float64 {
	stray, n := strayIn(lex, tr)
	noise := (float64(stray) - strayAnyway - strayAlways*float64(n)) / (strayMisheard * float64(n+strayPrior))
	if noise < leastNoise {
		return 0
	}
	return min(noise, mostNoise)
}

// strayIn returns how many Chinese characters of a transcript belong to no word, and how many there are.
func strayIn(lex *lexicon.Set, tr call.Transcript) (stray, n int) {
	if kept := lex.Segmented(tr); kept != nil {
		return kept.Stray, kept.Characters
	}
	for _, u := range tr.Utterances {
		s, all := lex.Stray(u.Text)
		stray, n = stray+s, n+all
	}
	return stray, n
}

// nearlySaid looks in a call that was heard badly for phrases that must not be said, misheard: a person decides.
func (r *rule) nearlySaid(v *view, window call.Span) (judgement, bool) {
	if v.noise < noisyFault {
		return judgement{}, false
	}
	said := v.textIn(r.role, window)
	for _, list := range r.say.lists {
		miss, ok := v.lexicon.NearestAbove(list, said, v.noise, onlyNear)
		if !ok || !miss.Near || miss.Length < shortestFault {
			continue
		}
		e := v.searched(r.role, window).near(miss)
		j := judgement{evidence: []Evidence{e}, note: text{
			zh: fmt.Sprintf("可能听错：“%s”与“%s”相近", miss.Text, miss.Term), en: fmt.Sprintf("maybe misheard: %s is close to %s", miss.Text, miss.Term),
		}}
		j = j.undecided(r.points, reasonNearMiss)
		j.atRisk = min(r.points, r.say.perHit)
		return j, true
	}
	return judgement{}, false
}

// likelySaid gives the points for a phrase asked for that was misheard a little in a call that was heard badly.
func (r *rule) likelySaid(v *view, h heard) (judgement, bool) {
	if v.noise == 0 || r.say.atLeast-len(h.strong) > 1 {
		return judgement{}, false
	}
	said := v.textIn(r.role, h.window)
	for _, list := range r.say.lists {
		miss, ok := v.lexicon.NearestIn(list, said, v.noise)
		if !ok || miss.Length < shortestSaid || (1-miss.Likeness)*float64(miss.Length) > min(mostMisheard, float64(miss.Length)*misheardShare) {
			continue
		}
		e := v.searched(r.role, h.window).near(miss)
		return judgement{
			outcome: OutcomePass, points: r.points, evidence: append(evidenceOf(h.strong, mostProof), e),
			note: text{zh: fmt.Sprintf("听作“%s”，即“%s”", miss.Text, miss.Term), en: fmt.Sprintf("heard as %s: %s", miss.Text, miss.Term)},
		}, true
	}
	return judgement{}, false
}

// nearlyHolds reports whether what c waits for may have been said and misheard.
func (c condition) nearlyHolds(v *view) bool {
	if v.noise < noisyFault {
		return false
	}
	said := v.textIn(c.role, call.Span{End: v.rec.Duration})
	return slices.ContainsFunc(c.lists, func(list string) bool {
		miss, ok := v.lexicon.NearestAbove(list, said, v.noise, onlyNear)
		return ok && miss.Near && miss.Length >= shortestSaid
	})
}
