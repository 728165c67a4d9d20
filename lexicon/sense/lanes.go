package sense

import "math"

// mostActs is how many acts a model may tell.
const mostActs = 20

const (
	perWord  = 4
	words    = mostActs / perWord // of one zone
	laneBits = 16
	offset   = -math.MinInt8
)

// lanes are the weights of a feature or the sums of a stretch, of all acts in each zone: four in a word, so that one
// addition adds four. Each has 16 bits and is moved up by offset so that none is below 0. A stretch has few enough
// features that no sum leaves its 16 bits.
type lanes [zones][words]uint64

// The sum of a stretch fits: a constant that would overflow does not compile.
const _ = uint16((math.MaxInt8 + offset) * mostFeatures * (width + 2*beside))

// lanesOf packs the weights of each feature.
func lanesOf(weights []int8, acts int) []lanes {
	all := make([]lanes, len(weights)/(zones*acts))
	for i, w := range weights {
		feature, zone, act := i/(zones*acts), i/acts%zones, i%acts
		all[feature][zone][act/perWord] |= uint64(int(w)+offset) << (act % perWord * laneBits)
	}
	return all
}

func (l *lanes) add(more *lanes) {
	for zone := range l {
		for w := range l[zone] {
			l[zone][w] += more[zone][w]
		}
	}
}

// sums are what a stretch speaks for, by act, and how many weights are in it.
type sums struct {
	lanes [words]uint64
	told  int
}

func (s *sums) add(more *[words]uint64, told int) {
	for w := range s.lanes {
		s.lanes[w] += more[w]
	}
	s.told += told
}

func (s *sums) drop(some *[words]uint64, told int) {
	for w := range s.lanes {
		s.lanes[w] -= some[w]
	}
	s.told -= told
}

// of returns the sum of the weights of an act.
func (s *sums) of(act int) int {
	return int(s.lanes[act/perWord]>>(act%perWord*laneBits)&math.MaxUint16) - offset*s.told
}
