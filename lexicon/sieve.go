package lexicon

import "slices"

// sieve tells quickly whether a phrase can be anywhere in a text: it works out the weighted edit distance of
// all places at once, a bit each, as Wu and Manber do ("Fast text searching allowing errors", 1992). Of some
// hundred phrases a few are left, whose place is then looked for one character after another.
type sieve struct {
	length   int // in units of the text
	readings []uint16
	standing [][]uint64        // where each of readings stands
	letters  map[rune][]uint64 // where what is not pronounced stands
	masks    []*mask           // by the number of the readings
	rows     [2][]uint64       // by cost, the places where a part of the phrase may end at no more than that
	stack    [][]uint64        // the same by the length of the part, for candidates
}

// mask says where in a text stands what costs nothing, and what costs little, in place of a character.
// Bit j+1 is the unit j.
type mask struct{ alike, similar []uint64 }

const wordBits = 64

func newSieve(text []unit, ids []uint16) *sieve {
	s := &sieve{length: len(text), letters: map[rune][]uint64{}, masks: make([]*mask, len(phoneticTable().pairs.all))}
	known := map[uint16]int{}
	for j, id := range ids {
		if id == 0 {
			s.letters[text[j].r] = s.with(s.letters[text[j].r], j)
			continue
		}
		at, found := known[id]
		if !found {
			at = len(s.readings)
			known[id] = at
			s.readings, s.standing = append(s.readings, id), append(s.standing, nil)
		}
		s.standing[at] = s.with(s.standing[at], j)
	}
	return s
}

func (s *sieve) words() int { return (s.length + wordBits) / wordBits }

// with returns places with unit j among them.
func (s *sieve) with(places []uint64, j int) []uint64 {
	if places == nil {
		places = make([]uint64, s.words())
	}
	places[(j+1)/wordBits] |= 1 << ((j + 1) % wordBits)
	return places
}

// mask returns what stands for e, worked out when it is first asked for.
func (s *sieve) mask(e *element) *mask {
	if e.id == 0 {
		alike := s.letters[e.r]
		if alike == nil {
			alike = make([]uint64, s.words())
		}
		return &mask{alike: alike, similar: make([]uint64, s.words())}
	}
	m := s.masks[e.id]
	if m != nil {
		return m
	}
	words := make([]uint64, 2*s.words())
	m = &mask{alike: words[:s.words()], similar: words[s.words():]}
	s.masks[e.id] = m
	row := phoneticTable().pairs.row(e.id)
	for i, reading := range s.readings {
		switch row[reading].cost {
		case 0:
			unite(m.alike, s.standing[i])
		case costSimilar:
			unite(m.similar, s.standing[i])
		}
	}
	return m
}

func unite(to, from []uint64) {
	for i, word := range from {
		to[i] |= word
	}
}

// passes reports whether elements, of which none is a slot, differ from some place by no more than most.
func (s *sieve) passes(elements []element, most int) bool {
	levels := most + 1
	size := (s.words() + 1) * levels // a word of places at each cost lies together, after one without any
	for i := range s.rows {
		if cap(s.rows[i]) < size {
			s.rows[i] = make([]uint64, size)
		}
		s.rows[i] = s.rows[i][:size]
		clear(s.rows[i][:levels])
	}
	old, next := s.rows[0], s.rows[1]
	for i := levels; i < size; i++ {
		old[i] = ^uint64(0)
	}
	for _, e := range elements {
		if !s.mask(&e).step(old, next, levels) {
			return false
		}
		old, next = next, old
	}
	return true
}

// step works out where the phrase so far, with one more character, may end, and reports whether it may anywhere.
func (m *mask) step(old, next []uint64, levels int) bool {
	const last = wordBits - 1
	var anywhere uint64
	for w := range m.alike {
		from := w * levels
		before, fits := old[from:from+levels], old[from+levels:from+2*levels]
		gone, to := next[from:from+levels], next[from+levels:from+2*levels]
		if before[levels-1]|fits[levels-1]|gone[levels-1] == 0 { // what costs less is among what costs most
			clear(to)
			continue
		}
		alike, similar := m.alike[w], m.similar[w]
		for cost := range to {
			here := (fits[cost]<<1 | before[cost]>>last) & alike
			if cost >= costSimilar {
				here |= (fits[cost-costSimilar]<<1 | before[cost-costSimilar]>>last) & similar
			}
			if c := cost - costOther; c >= 0 { // lost; other, or one more beside
				here |= fits[c] | (fits[c]|to[c])<<1 | (before[c]|gone[c])>>last
			}
			to[cost] = here
		}
		anywhere |= to[levels-1]
	}
	return anywhere != 0
}

// Costs rounded down to halves, so that fewer have to be told apart.
const (
	coarseSimilar = costSimilar / 2
	coarseOther   = costOther / 2
)

// candidates appends the places in the list of the phrases that may differ from some place by no more than
// most says for their length. It lets through some that differ more.
func (s *sieve) candidates(p *phrases, most []int, to []int) []int {
	levels := slices.Max(most)/2 + 1
	if levels <= 0 || len(p.nodes) == 0 {
		return to
	}
	size := (s.words() + 1) * levels
	for len(s.stack) <= p.deepest {
		s.stack = append(s.stack, nil)
	}
	for i := range p.deepest + 1 {
		if cap(s.stack[i]) < size {
			s.stack[i] = make([]uint64, size)
		}
		s.stack[i] = s.stack[i][:size]
		clear(s.stack[i][:levels])
	}
	for i := levels; i < size; i++ {
		s.stack[0][i] = ^uint64(0)
	}
	for i := 0; i < len(p.nodes); {
		n := &p.nodes[i]
		row := s.stack[n.depth+1]
		s.mask(&n.element).coarseStep(s.stack[n.depth], row, levels)
		if !reaches(row, levels, most[n.longest]/2) {
			i = n.end
			continue
		}
		if len(n.ends) > 0 && reaches(row, levels, most[n.depth+1]/2) {
			to = append(to, n.ends...)
		}
		i++
	}
	return to
}

// reaches reports whether a phrase may end anywhere at that cost.
func reaches(row []uint64, levels, cost int) bool {
	if cost < 0 {
		return false
	}
	for i := levels + cost; i < len(row); i += levels {
		if row[i] != 0 {
			return true
		}
	}
	return false
}

// coarseStep is step with costs rounded down.
func (m *mask) coarseStep(old, next []uint64, levels int) {
	const last = wordBits - 1
	for w := range m.alike {
		from := w * levels
		before, fits := old[from:from+levels], old[from+levels:from+2*levels]
		gone, to := next[from:from+levels], next[from+levels:from+2*levels]
		if before[levels-1]|fits[levels-1]|gone[levels-1] == 0 {
			clear(to)
			continue
		}
		alike, similar := m.alike[w], m.alike[w]|m.similar[w]
		for cost := range to {
			here := (fits[cost]<<1 | before[cost]>>last) & alike
			if c := cost - coarseSimilar; c >= 0 {
				here |= (fits[c]<<1 | before[c]>>last) & similar
			}
			if c := cost - coarseOther; c >= 0 {
				here |= fits[c] | (fits[c]|to[c])<<1 | (before[c]|gone[c])>>last
			}
			to[cost] = here
		}
	}
}
