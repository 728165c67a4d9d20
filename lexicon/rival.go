package lexicon

import (
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

// rival returns how well the best phrase of another list explains the place: what was heard as 问有什么可以帮 is
// more likely 请问有什么可以帮您 than 还有什么可以帮您. Only phrases that differ by less than most are looked at.
func (s searchedText) rival(l *list, start, end, most int, h hearing) float64 {
	place := rivalry{list: l, from: max(0, start-aroundPlace), to: min(len(s.text), end+aroundPlace), most: min(most-1, rivalDiffers)}
	best, known := s.rivals[place]
	if known {
		return best
	}
	best = math.Inf(-1)
	if place.most < 0 {
		return best
	}
	near := newSearched(slices.Clone(s.text[place.from:place.to]))
	stray := s.strayUnits(s.set, s.runes)[place.from:place.to]
	for _, other := range s.set.lists {
		if other == l {
			continue
		}
		for _, at := range near.sieve.candidates(other.phrases, differing(other.phrases.deepest, place.most), nil) {
			v := other.variants[at]
			if v.literals < shortestRival || v.slotted() || v.literals > place.to-place.from+1 {
				continue
			}
			if near.hopeless(v, place.most) || !near.sieve.passes(v.elements, place.most) {
				continue
			}
			if from, to, _, ok := near.place(v.elements, place.most); ok && from < to {
				best = max(best, near.lay(v.elements, from, to, h, stray).against)
			}
		}
	}
	s.rivals[place] = best
	return best
}

// differing is by how much phrases of each length up to deepest may differ: all by most.
func differing(deepest, most int) []int {
	by := make([]int, deepest+1)
	for n := range by {
		by[n] = most
	}
	return by
}
