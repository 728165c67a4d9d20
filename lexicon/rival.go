package lexicon

import (
	"cmp"
	"math"
	"slices"
)

// What another list's phrase must be to be the better explanation of a place.
const (
	rivalsFrom    = -7.5 // odds below which nobody asks
	shortestRival = 4    // characters
	rivalDiffers  = 5    // by no more than that, and by less than what it contends with
	aroundPlace   = 3    // units beside a place that a rival may take in
)

// rivalry is a place that phrases of lists other than one contend for.
type rivalry struct {
	list           *list
	from, to, most int
}

// rivals are the phrases that may be the better explanation of a place, first those that tell most when all of
// their characters are there.
type rivals []contender

// contender is a phrase with what is asked of it first, side by side in memory.
type contender struct {
	*variant
	told    float64 // how much it says that the phrase stands in a text
	classes signature
	ids     []uint16 // of the readings of its characters
}

func newRivals(lists []*list) rivals {
	var r rivals
	var ids []uint16
	for _, l := range lists {
		for _, v := range l.variants {
			if v.literals >= shortestRival && !v.slotted() {
				c := contender{variant: v, classes: signatureOf(v.elements)}
				for i := range v.elements {
					c.told += v.elements[i].tells()
					ids = append(ids, v.elements[i].id)
				}
				c.ids = ids[len(ids)-v.literals:]
				r = append(r, c)
			}
		}
	}
	slices.SortStableFunc(r, func(a, b contender) int { return cmp.Compare(b.told, a.told) })
	return r
}

// known is what is known of the rivals at a place.
type known struct{ best, least float64 }

// rival returns how well the best phrase of another list explains the place: what was heard as 问有什么可以帮 is
// more likely 请问有什么可以帮您 than 还有什么可以帮您. Only phrases that differ by less than most are looked at, and
// those that explain it by no more than least need not be found.
func (s *searchedText) rival(l *list, start, end, most int, h hearing, least float64) float64 {
	place := rivalry{list: l, from: max(0, start-aroundPlace), to: min(len(s.text), end+aroundPlace), most: min(most-1, rivalDiffers)}
	if k, asked := s.rivals[place]; asked && k.least <= least {
		return k.best
	}
	best := math.Inf(-1)
	if place.most < 0 {
		return best
	}
	near := newSearched(s.text[place.from:place.to], s.scratch)
	near.doubt = s.doubtIn(place.from, place.to)
	stray := s.strayUnits()[place.from:place.to]
	var heard signature
	for j := range near.text {
		heard.set(near.text[j].near[0])
		heard.set(near.text[j].near[1])
	}
	costs, longest := near.sieve.leastCosts(), len(near.text)+1
	slack, loss := float64(longest)*h.gain(), h.loss()
	for _, d := range near.doubt {
		slack += max(0, d)
	}
	for i := range s.set.rivals {
		c := &s.set.rivals[i]
		most := c.told + slack
		if most <= max(best, least) {
			break
		}
		missing := c.classes.missing(&heard, place.most/costSimilar)
		if missing*costSimilar > place.most || most-float64(missing)*loss <= max(best, least) || len(c.ids) > longest || c.list == l || costs.beyond(c.ids, place.most) {
			continue
		}
		if from, to, _, ok := near.place(c.elements, place.most); ok && from < to {
			best = max(best, near.lay(c.elements, from, to, h, stray).against)
		}
	}
	s.rivals[place] = known{best: best, least: least}
	return best
}
