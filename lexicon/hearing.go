package lexicon

import "math"

// How recognisers of Mandarin mishear: the shares of what is misheard. Most keeps its sound, some becomes a
// sound that is mixed up or begins or ends alike; the rest is other, lost or added.
const (
	shareSound   = 0.45
	shareNear    = 0.10
	shareSimilar = 0.20
	shareOther   = 0.10
	shareLost    = 0.10
	shareAdded   = 0.05
)

// What a place of a text tells about a phrase, in nats: minus the logarithm of how often such a character, or
// one of such a sound, stands anywhere.
const (
	tellsCommon  = 3.5 // a common word of one character
	tellsRare    = 5.5
	tellsSound   = 4.2
	tellsNear    = 3.2
	tellsSimilar = 2.1
)

// The shares of characters that belong to no word, as call.Segmentation tells them: set by looking at the labelled calls through
// the simulated recognisers (docs/accuracy.md).
const (
	StrayMisheard = 0.45  // of characters that were misheard
	StrayAlways   = 0.025 // of characters that were heard well
)

// What speaks for and against a difference being a mistake of the recogniser, in nats. Mistakes leave
// characters that belong to no word; a difference between two words that make sense is more likely one that
// was said.
const (
	siblings       = 3.0  // that another phrase of the language is as like, and was said instead
	perDifference  = 2.0  // and the less so the more it differs
	reversal       = -8.0 // where the difference turns the meaning round
	acrossClause   = -1.0 // that a phrase goes on after a comma
	acrossSentence = -2.5 // or after a full stop
	leastNoise     = 0.01
)

// hearing is how likely each mistake is in a text of which a known share is misheard, in nats.
type hearing struct {
	kept, sound, near, similar, other, lost, added float64
	stray, word                                    float64 // what a character that belongs to no word, or to one, says for a mistake
}

func newHearing(noise float64) hearing {
	noise = max(noise, leastNoise)
	strays := StrayAlways + noise*(StrayMisheard-StrayAlways)
	of := func(share float64) float64 { return math.Log(noise * share) }
	return hearing{
		kept: math.Log(1 - noise), sound: of(shareSound), near: of(shareNear), similar: of(shareSimilar),
		other: of(shareOther), lost: of(shareLost), added: of(shareAdded),
		stray: math.Log(StrayMisheard / strays), word: math.Log((1 - StrayMisheard) / (1 - strays)),
	}
}

// gain is by how much a mistake can tell more than a character that is there.
func (h hearing) gain() float64 { return max(0, -h.least(h.sound+tellsSound, h.near+tellsNear)) }

// loss is by how much a character that nothing sounds like tells less than one that is there, at least.
func (h hearing) loss() float64 { return max(0, h.least()) }

// least is what a character tells that is there beyond the best of the mistakes.
func (h hearing) least(mistakes ...float64) float64 {
	best := max(h.similar+tellsSimilar, h.other, h.lost, h.added)
	for _, m := range mistakes {
		best = max(best, m)
	}
	return tellsCommon - best - max(h.stray, h.word, 0)
}

// tells returns how much it says that a character of a phrase stands in a text.
func (v *voice) tells() float64 {
	if v.traits&traitCommon != 0 {
		return tellsCommon
	}
	return tellsRare
}

// laid is a phrase laid over a stretch of text.
type laid struct {
	against  float64 // nats for it rather than for any text
	sibling  float64 // nats for it rather than for a phrase that differs where the text does
	distance int     // characters that are not those of the phrase
}

func (l laid) plus(against, sibling float64, distance int) laid {
	return laid{l.against + against, l.sibling + sibling, l.distance + distance}
}

// odds is the logarithm of how much likelier a text of n units is when the phrase was said in it than when it
// was not. among is what it costs that the phrase stands there of all places, phrases how many could have come
// as near by chance.
func (l laid) odds(n int, among float64, phrases int) float64 {
	against := l.against - among - math.Log(float64(max(1, phrases)))/2
	if l.distance == 0 {
		return against
	}
	return min(against, l.sibling+siblings-max(0, among-math.Log(float64(n))))
}

// unlaid is what cannot be laid.
func unlaid() laid { return laid{against: math.Inf(-1)} }

// outdo makes l what from is with one more character, when that is likelier.
func (l *laid) outdo(from *laid, against, sibling float64, distance int) {
	if sum := from.against + against; sum > l.against {
		*l = laid{sum, from.sibling + sibling, from.distance + distance}
	}
}

// difference is outdo with a mistake that text speaks for by so much.
func (l *laid) difference(from *laid, likely, tells, text float64) {
	l.outdo(from, likely+tells+text, likely+perDifference+text, 1)
}

// lay lays the elements over units [start, end) of the text as it is likeliest.
func (s *searched) lay(elements []element, start, end int, h hearing, stray []bool) laid {
	row, next := s.layRows(end - start + 1)
	row[0] = laid{}
	for j := 1; j < len(row); j++ {
		row[j] = unlaid()
	}
	for i := range elements {
		if e := &elements[i]; e.slot != nil {
			s.laySlot(e, start, row, next, h, stray)
		} else {
			s.layCharacter(e, start, row, next, h, stray)
		}
		row, next = next, row
	}
	return row[len(row)-1].across(s.text[start : end-1])
}

func (s *searched) layRows(n int) (row, next []laid) {
	for i := range s.laid {
		if cap(s.laid[i]) < n {
			s.laid[i] = make([]laid, n)
		}
	}
	return s.laid[0][:n], s.laid[1][:n]
}

// layCharacter lays one more character behind what row holds of the phrase before it.
func (s *searched) layCharacter(e *element, start int, row, next []laid, h hearing, stray []bool) {
	lost, kept, turned := h.lost+e.turning(), h.kept+e.tells(), e.turning()
	pairs := phoneticTable().pairs.row(e.id)
	for j := range next {
		next[j] = unlaid()
		next[j].difference(&row[j], lost, 0, h.between(stray, start+j))
		if j == 0 {
			continue
		}
		u := &s.text[start+j-1]
		text := s.texture(h, stray, start+j-1)
		switch p := pairs[u.id]; {
		case u.r == e.r:
			next[j].outdo(&row[j-1], kept, 0, 0)
		case p.alike == sameSound:
			next[j].difference(&row[j-1], h.sound, tellsSound, text)
		case p.alike == nearSound:
			next[j].difference(&row[j-1], h.near, tellsNear, text)
		case p.cost == costSimilar:
			next[j].difference(&row[j-1], h.similar+turned+u.turning(), tellsSimilar, text)
		default:
			next[j].difference(&row[j-1], h.other+turned+u.turning(), 0, text)
		}
		next[j].difference(&next[j-1], h.added+u.turning(), 0, text)
	}
}

// laySlot lays a slot behind what row holds of the phrase before it.
func (s *searched) laySlot(e *element, start int, row, next []laid, h hearing, stray []bool) {
	for j := range next {
		next[j] = unlaid()
		if e.slot.min > 0 {
			next[j].difference(&row[j], h.lost, 0, h.between(stray, start+j))
		} else {
			next[j].outdo(&row[j], 0, 0, 0)
		}
		switch {
		case j == 0:
		case e.slot.takes(&s.text[start+j-1]) && !(e.slot.clause && j > 1 && s.text[start+j-2].stop != stopNone):
			next[j].outdo(&row[j-1], 0, 0, 0)
			next[j].outdo(&next[j-1], 0, 0, 0)
		default:
			next[j].difference(&row[j-1], h.other, 0, 0)
		}
	}
}

// across adds what it costs that a phrase goes on after the stops of a text.
func (l laid) across(text []unit) laid {
	for _, u := range text {
		switch {
		case u.stop >= stopSentence:
			l = l.plus(acrossSentence, acrossSentence, 0)
		case u.stop == stopClause:
			l = l.plus(acrossClause, acrossClause, 0)
		}
	}
	return l
}

// turning is the cost of a difference that may turn the meaning round.
func (v *voice) turning() float64 {
	if v.turns() {
		return reversal
	}
	return 0
}

// texture tells what unit j of the text says about a difference there.
func (s *searched) texture(h hearing, stray []bool, j int) float64 {
	says := h.word
	if stray[j] {
		says = h.stray
	}
	if s.doubt != nil {
		says += s.doubt[j]
	}
	return says
}

// between tells what the units on both sides of a gap before unit j say about a character lost there.
func (h hearing) between(stray []bool, j int) float64 {
	if j > 0 && stray[j-1] || j < len(stray) && stray[j] {
		return 0
	}
	return h.word
}
