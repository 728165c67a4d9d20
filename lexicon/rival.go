package lexicon

import (
	"cmp"
	"math"
	"math/bits"
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

// classSet says which near classes there are, several sharing a bit.
type classSet [2]uint64

// add takes in a character that is read in one way only: of others it is not known which class is meant.
func (c *classSet) add(v voice) {
	if v.near[0] == v.near[1] {
		c.set(v.near[0])
	}
}

func (c *classSet) set(class uint16) { c[class/wordBits%2] |= 1 << (class % wordBits) }

// missing is how many of c at least are not in other.
func (c *classSet) missing(other *classSet) int {
	return bits.OnesCount64(c[0]&^other[0]) + bits.OnesCount64(c[1]&^other[1])
}

// rivals are the phrases that may be the better explanation of a place, first those that tell most when all of
// their characters are there.
type rivals []contender

type contender struct {
	*variant
	told float64 // how much it says that the phrase stands in a text
}

func newRivals(lists []*list) rivals {
	var r rivals
	for _, l := range lists {
		for _, v := range l.variants {
			if v.literals >= shortestRival && !v.slotted() {
				told := 0.0
				for i := range v.elements {
					told += v.elements[i].tells()
				}
				r = append(r, contender{v, told})
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
	stray := s.strayUnits()[place.from:place.to]
	var heard classSet
	for j := range near.text {
		heard.set(near.text[j].near[0])
		heard.set(near.text[j].near[1])
	}
	longest := len(near.text) + 1
	slack := float64(longest) * h.gain()
	for _, c := range s.set.rivals {
		if c.told+slack <= max(best, least) {
			break
		}
		if c.classes.missing(&heard)*costSimilar > place.most || c.literals > longest || c.list == l {
			continue
		}
		if from, to, _, ok := near.place(c.elements, place.most); ok && from < to {
			best = max(best, near.lay(c.elements, from, to, h, stray).against)
		}
	}
	s.rivals[place] = known{best: best, least: least}
	return best
}
