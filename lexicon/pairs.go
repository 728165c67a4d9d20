package lexicon

import "sync/atomic"

// pairs tells how alike any two ways to be read are. There are some thousands of them; what is told about
// one is worked out when it is first asked for.
type pairs struct {
	ids  [endHan - firstHan]uint16 // of the readings of each character, 0 for none
	all  [][]sound                 // by id
	rows []atomic.Pointer[[]pair]  // by id, and in it by id
}

// pair is the likeness and the cost of two ways to be read.
type pair struct {
	alike likeness
	cost  uint8
}

// newPairs numbers the ways in which characters are read.
func newPairs(readings *[endHan - firstHan][]sound) *pairs {
	type key struct{ first, second sound }
	known := map[key]uint16{{}: 0}
	p := &pairs{all: [][]sound{nil}}
	for i, sounds := range readings {
		var k key
		if len(sounds) > 0 {
			k.first = sounds[0]
		}
		if len(sounds) > 1 {
			k.second = sounds[1]
		}
		id, found := known[k]
		if !found {
			id = uint16(len(p.all))
			known[k] = id
			p.all = append(p.all, sounds)
		}
		p.ids[i] = id
	}
	p.rows = make([]atomic.Pointer[[]pair], len(p.all))
	return p
}

// of tells how alike a and b are, two characters that are not the same.
func (p *pairs) of(a, b rune) pair {
	if a < firstHan || a >= endHan || b < firstHan || b >= endHan {
		return pair{alike: unlike, cost: costOther}
	}
	return p.row(p.ids[b-firstHan])[p.ids[a-firstHan]]
}

// id returns the number of the readings of r, 0 for none.
func (p *pairs) id(r rune) uint16 {
	if r < firstHan || r >= endHan {
		return 0
	}
	return p.ids[r-firstHan]
}

// row returns what is told about one way to be read and each other.
func (p *pairs) row(id uint16) []pair {
	row := p.rows[id].Load()
	if row == nil {
		row = p.fill(id)
	}
	return *row
}

// fill works out one row. Two that do so at once come to the same.
func (p *pairs) fill(id uint16) *[]pair {
	row := make([]pair, len(p.all))
	for other, sounds := range p.all {
		row[other] = pairOf(sounds, p.all[id])
	}
	p.rows[id].Store(&row)
	return &row
}

func pairOf(a, b []sound) pair {
	alike := alikeness(a, b)
	switch {
	case alike != unlike:
		return pair{alike: alike, cost: 0}
	case similarSounds(a, b):
		return pair{alike: unlike, cost: costSimilar}
	}
	return pair{alike: unlike, cost: costOther}
}

// alikeness tells how alike two characters with these readings are.
func alikeness(a, b []sound) likeness {
	best := unlike
	for _, x := range a {
		for _, y := range b {
			if x.syllable == y.syllable {
				return sameSound
			}
			if x.near == y.near {
				best = nearSound
			}
		}
	}
	return best
}

// similarSounds reports whether the main readings share what they begin or what they end with, near classes
// taken as one.
func similarSounds(a, b []sound) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return a[0].initial != 0 && a[0].initial == b[0].initial || a[0].final == b[0].final
}
