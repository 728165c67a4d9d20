package score

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/lexicon"
)

// A recogniser that mishears leaves text that falls apart into characters which form no words. From how
// much of a call does, the share of what was misheard is estimated.
const (
	strayWeight = 0.7  // of what independent characters would tell: stray ones come together
	surely      = 0.80 // confidence of the recogniser from which it is believed to have heard well
	doubtWeight = 20.0 // characters as which a lower confidence counts
)

// noiseLevels are the shares of what is misheard that a call may have, and how many calls have them.
var noiseLevels = []struct{ share, prior float64 }{
	{0.005, 0.30}, {0.02, 0.24}, {0.05, 0.16}, {0.1, 0.11}, {0.15, 0.07}, {0.2, 0.05}, {0.25, 0.03}, {0.3, 0.02}, {0.4, 0.02},
}

// noiseOf estimates which share of the characters of a transcript was misheard: the mean of the levels, each
// by how likely it makes the stray characters. A short text tells little, so it is taken for a usual one.
func noiseOf(segmented *call.Segmentation, tr call.Transcript) float64 {
	stray, n := segmented.Stray, segmented.Characters
	confidence, said := 0.0, 0
	for i := range tr.Utterances {
		words := max(1, len(tr.Utterances[i].Words))
		confidence, said = confidence+tr.Utterances[i].Confidence*float64(words), said+words
	}
	if n == 0 {
		return 0
	}
	doubt := max(0, surely-confidence/float64(said))
	k := strayWeight*float64(stray) + doubtWeight*doubt*lexicon.StrayMisheard
	kept := strayWeight*float64(n-stray) + doubtWeight*(doubt-doubt*lexicon.StrayMisheard)
	sum, mean := 0.0, 0.0
	for _, level := range noiseLevels {
		q := lexicon.StrayAlways + (lexicon.StrayMisheard-lexicon.StrayAlways)*level.share
		weight := level.prior * math.Exp(k*math.Log(q/lexicon.StrayAlways)+kept*math.Log((1-q)/(1-lexicon.StrayAlways)))
		sum, mean = sum+weight, mean+weight*level.share
	}
	return mean / sum
}

// sureness returns the mean confidence of the words of a transcript.
func sureness(tr call.Transcript) float64 {
	sum, n := 0.0, 0
	for i := range tr.Utterances {
		for j := range tr.Utterances[i].Words {
			sum, n = sum+tr.Utterances[i].Words[j].Confidence, n+1
		}
	}
	return sum / float64(max(1, n))
}

// What the odds that a phrase was said and misheard must be, in nats.
const (
	oddsFault = -1.0 // from them on a person listens for what is forbidden
	oddsMaybe = -2.5 // from them on what a rule waits for may have been said
	oddsProof = 3.0  // from them on it takes points

	onlyLikely    = 1.0  // likeness that nothing has more of
	shortestSaid  = 4    // characters of what a rule waits for that may have been misheard
	noisyTwice    = 0.12 // from here on two phrases may both have been misheard
	noisyCount    = 0.2  // from here on no number of phrases is too small for sure: some are heard as something else
	noisyShort    = 0.05 // from here on two characters take points only where what is beside them makes sense
	shortestFault = 3    // characters of a phrase that does anyway
)

// likeliest returns the phrase of the rule that was likeliest said and misheard in the window beside what was
// said, with its evidence; of others only what is more alike than least.
func (r *rule) likeliest(v *view, window call.Span, said []hit, least float64) (lexicon.Miss, Evidence) {
	place := v.saidIn(r.role, window)
	look := lexicon.Look{Noise: v.noise, Least: least, Edge: r.where.edge(), Asked: r.kind != kindMustNotSay}
	left, best := place.without(said), lexicon.Miss{Odds: math.Inf(-1), Worth: math.Inf(-1)}
	left.Doubt = func() []float64 { return place.doubts(v.sure) }
	for _, list := range r.say.lists {
		if miss, ok := v.lexicon.Look(list, left, look); ok && miss.Better(best) {
			best = miss
		}
	}
	if best.Length == 0 {
		return best, Evidence{}
	}
	span, confidence := place.locate(best.Start, best.End)
	return best, hit{Match: best.Match, at: span, role: r.role, confidence: confidence}.evidence()
}

// without blanks out what was found in a passage.
func (p passage) without(said []hit) lexicon.Spoken {
	left := lexicon.Spoken{Text: p.text, Role: p.role, Stray: p.stray}
	if len(p.pieces) > 0 {
		left.At = p.pieces[0].Start
	}
	if len(said) > 0 {
		left.Stray = slices.Clone(p.stray)
	}
	for _, h := range said {
		before, after, found := strings.Cut(left.Text, h.Text)
		if !found {
			continue
		}
		from, n := utf8.RuneCountInString(before), utf8.RuneCountInString(h.Text)
		left.Text = before + strings.Repeat(string(lexicon.Found), n) + after
		clear(left.Stray[from : from+n])
	}
	return left
}

// edge is the end of its window at which a phrase most likely stands.
func (w where) edge() lexicon.Edge {
	switch {
	case w.first != nil:
		return lexicon.EdgeStart
	case w.last != nil:
		return lexicon.EdgeEnd
	}
	return lexicon.EdgeNone
}

// accuses reports whether a phrase that must not be said was, however it was misheard: more than half of its
// characters must be there, and its ends heard. In one of four characters the one misheard may be what matters.
func accuses(miss lexicon.Miss) bool {
	return miss.Odds >= oddsProof && miss.Length > accuseByEar && 2*miss.Distance < miss.Length && miss.Ends && !crossesStop(miss.Text)
}

// nearlySaid judges phrases that must not be said by what was misheard: some are proved, of others a person
// decides. In a call that was heard well only what is there by a weak hit is looked at.
func (r *rule) nearlySaid(v *view, h heard) (judgement, bool) {
	if len(h.strong) > 0 || v.noise < lexicon.HeardWell && len(h.unsure()) == 0 {
		return judgement{}, false
	}
	odds := r.oddsIn(v, h.window)
	if odds < senseHarmless {
		return judgement{}, false
	}
	miss, e := r.likeliest(v, h.window, h.cleared, onlyLikely)
	switch {
	case odds >= senseMeant && r.say.free(v, r.role, h.window) == 0 && len(r.say.clearedBy.lists) == 0 && accuses(miss) && e.Confidence >= accuseConfidence:
		return judgement{
			outcome: OutcomeFail, points: round(r.points-min(r.say.most, r.say.perHit), 2), evidence: []Evidence{e}, misheard: true,
			note: text{zh: fmt.Sprintf("听作“%s”，即“%s”", miss.Text, miss.Term), en: fmt.Sprintf("heard as %s: %s", miss.Text, miss.Term)},
		}, true
	case len(h.unsure()) > 0 || miss.Odds < oddsFault || miss.Length < shortestFault && miss.Distance > 0:
		return judgement{}, false
	}
	j := judgement{evidence: []Evidence{v.searched(r.role, h.window).near(miss)}, note: text{
		zh: fmt.Sprintf("可能听错：“%s”与“%s”相近", miss.Text, miss.Term), en: fmt.Sprintf("maybe misheard: %s is close to %s", miss.Text, miss.Term),
	}}
	j = j.undecided(r.points, reasonNearMiss)
	j.atRisk = min(r.points, r.say.perHit)
	return j, true
}

// likelySaid gives the points for a phrase asked for that was misheard.
func (r *rule) likelySaid(h heard, miss lexicon.Miss, e Evidence) (judgement, bool) {
	if r.say.atLeast-len(h.strong) > 1 || miss.Odds < lexicon.OddsSaid || e.Confidence < leastConfidence {
		return judgement{}, false
	}
	return judgement{
		outcome: OutcomePass, points: r.points, evidence: append(evidenceOf(h.strong, mostProof), e),
		note: text{zh: fmt.Sprintf("听作“%s”，即“%s”", miss.Text, miss.Term), en: fmt.Sprintf("heard as %s: %s", miss.Text, miss.Term)},
	}, true
}

// maybeSaid looks for a phrase of the list that role may have said in the span, misheard.
func (v *view) maybeSaid(list string, role call.Role, span call.Span) (lexicon.Miss, bool) {
	place := v.saidIn(role, span)
	said := place.without(nil)
	said.Doubt = func() []float64 { return place.doubts(v.sure) }
	miss, ok := v.lexicon.Look(list, said, lexicon.Look{Noise: v.noise, Least: onlyLikely})
	return miss, ok && miss.Odds >= oddsMaybe
}

// nearlyHolds reports whether what c waits for may have been said and misheard.
func (c condition) nearlyHolds(v *view) bool {
	if v.noise < lexicon.HeardWell {
		return false
	}
	return slices.ContainsFunc(c.lists, func(list string) bool {
		if !v.lexicon.Fuzzy(list) {
			return false
		}
		miss, near := v.maybeSaid(list, c.role, call.Span{End: v.rec.Duration})
		return near && miss.Length >= shortestSaid
	})
}
