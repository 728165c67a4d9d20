package lexicon

import (
	"math/bits"
	"slices"
)

// sieve tells quickly where in a text a phrase comes nearest, or that it is not near anywhere: it works out the
// weighted edit distance of all places at once, a bit each, as Wu and Manber do ("Fast text searching allowing
// errors", 1992). What a slot takes is passed over as Navarro and Raffinot do ("Flexible Pattern Matching in
// Strings", 2002, 4.5).
//
// A place is a bit: bit p is the end of the first p units.
type sieve struct {
	length   int // in units of the text
	near     standing
	initials standing          // of the main reading
	finals   standing          // of the main reading
	letters  map[rune][]uint64 // where what is not pronounced stands
	taken    map[*slot][]uint64
	text     []unit
	none     []uint64
	*scratch
}

// standing says after which units something of each number stands.
type standing struct {
	at   []uint16 // by number, one more than its place in bits; 0 for what is nowhere
	bits []uint64
}

const wordBits = 64

// costs of a difference between a phrase and a text.
type costs struct{ similar, other int }

// fine are the costs as they are.
func fine() costs { return costs{similar: costSimilar, other: costOther} }

// coarse are the costs rounded down to halves, so that fewer have to be told apart.
func coarse() costs { return costs{similar: costSimilar / 2, other: costOther / 2} }

func newSieve(text []unit, shared *scratch) *sieve {
	s := &sieve{length: len(text), text: text, scratch: shared}
	table := phoneticTable()
	numbers := make([]uint16, table.classes+table.initials+table.finals)
	s.near.at, numbers = numbers[:table.classes], numbers[table.classes:]
	s.initials.at, s.finals.at = numbers[:table.initials], numbers[table.initials:]
	words := s.words()
	room := make([]uint64, 0, words*(1+4*min(len(text), wordBits)))
	s.none, room = room[:words:words], room[words:words]
	part := cap(room) / 4
	s.near.bits, s.initials.bits, s.finals.bits = room[0:0:2*part], room[2*part:2*part:3*part], room[3*part:3*part]
	for j := range text {
		u := &text[j]
		if u.id == 0 {
			s.add(&s.letters, u.r, j)
			continue
		}
		s.near.set(u.near[0], j+1, words)
		s.near.set(u.near[1], j+1, words)
		s.finals.set(u.final, j+1, words)
		if u.initial != 0 {
			s.initials.set(u.initial, j+1, words)
		}
	}
	return s
}

func (s *sieve) words() int { return (s.length + wordBits) / wordBits }

// add notes that r stands at unit j.
func (s *sieve) add(to *map[rune][]uint64, r rune, j int) {
	if *to == nil {
		*to = map[rune][]uint64{}
	}
	if (*to)[r] == nil {
		(*to)[r] = make([]uint64, s.words())
	}
	set((*to)[r], j+1)
}

func set(places []uint64, p int) { places[p/wordBits] |= 1 << (p % wordBits) }

func (t *standing) set(number uint16, p, words int) {
	if t.at[number] == 0 {
		t.bits = append(t.bits, make([]uint64, words)...)
		t.at[number] = uint16(len(t.bits) / words)
	}
	set(t.bits[int(t.at[number]-1)*words:], p)
}

// of returns the places of a number, otherwise when it is nowhere.
func (t *standing) of(number uint16, otherwise []uint64) []uint64 {
	at, words := int(t.at[number]), len(otherwise)
	if at == 0 {
		return otherwise
	}
	return t.bits[(at-1)*words : at*words]
}

// takenBy returns after which units a slot may take them.
func (s *sieve) takenBy(kind *slot) []uint64 {
	taken := s.taken[kind]
	if taken != nil {
		return taken
	}
	taken = make([]uint64, s.words())
	for j := range s.text {
		if kind.takes(&s.text[j]) {
			set(taken, j+1)
		}
	}
	if s.taken == nil {
		s.taken = map[*slot][]uint64{}
	}
	s.taken[kind] = taken
	return taken
}

// leastCosts are what it costs at least that a character stands for one of a text, by its reading.
type leastCosts []uint8

func (s *sieve) leastCosts() leastCosts {
	voices := phoneticTable().voices
	costs := append(s.scratch.costsOf[:0], make(leastCosts, len(voices))...)
	for id := 1; id < len(voices); id++ { // of what is not pronounced nothing is known
		costs[id] = uint8(s.leastCost(&voices[id]))
	}
	s.scratch.costsOf = costs
	return costs
}

// leastCost is what it costs at least that a character of that voice stands for one of the text.
func (s *sieve) leastCost(v *voice) int {
	switch {
	case s.near.at[v.near[0]] != 0 || s.near.at[v.near[1]] != 0:
		return 0
	case s.initials.at[v.initial] != 0 || s.finals.at[v.final] != 0:
		return costSimilar
	}
	return costOther
}

// beyond reports whether a phrase of those readings costs more than most anywhere.
func (c leastCosts) beyond(ids []uint16, most int) bool {
	for _, id := range ids {
		if most -= int(c[id]); most < 0 {
			return true
		}
	}
	return false
}

// hopeless reports whether elements differ by more than most anywhere: too few of them were said, in any order.
func (s *sieve) hopeless(elements []element, most int) bool {
	for i := range elements {
		e := &elements[i]
		switch {
		case e.slot != nil:
		case e.id == 0 && s.letters[e.r] == nil:
			most -= costOther
		case e.id != 0:
			most -= s.leastCost(&e.voice)
		}
		if most < 0 {
			return true
		}
	}
	return false
}

// nearest returns the first place at which elements end with the least cost, as far as that is no more than most.
func (s *sieve) nearest(elements []element, most int) (end, cost int, ok bool) {
	levels := most + 1
	if levels <= 0 {
		return 0, 0, false
	}
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
	for i := range elements {
		if !s.step(&elements[i], old, next, grid{levels, levels}, fine()) {
			return 0, 0, false
		}
		old, next = next, old
	}
	for cost := range levels {
		for w := range s.words() {
			if places := old[(w+1)*levels+cost]; places != 0 {
				return w*wordBits + bits.TrailingZeros64(places), cost, true
			}
		}
	}
	return 0, 0, false
}

// grid says how a row lies in memory: so many costs are kept for each word of places, of which the lower ones count.
type grid struct{ kept, count int }

// at returns what is known at the words of places before and at w.
func (g grid) at(row []uint64, w int) (before, here []uint64) {
	from := w * g.kept
	return row[from : from+g.count], row[from+g.kept : from+g.kept+g.count]
}

// step works out where the phrase so far, with one more element, may end, and reports whether it may anywhere.
func (s *sieve) step(e *element, old, next []uint64, g grid, by costs) bool {
	if e.slot != nil {
		return s.stepSlot(e, old, next, g, by)
	}
	const last = wordBits - 1
	same, second, begins, ends := s.none, s.none, s.none, s.none
	if e.id != 0 {
		same, second = s.near.of(e.near[0], s.none), s.near.of(e.near[1], s.none)
		begins, ends = s.initials.of(e.initial, s.none), s.finals.of(e.final, s.none)
	} else if letters := s.letters[e.r]; letters != nil {
		same = letters
	}
	var anywhere uint64
	for w := range same {
		before, fits := g.at(old, w)
		gone, to := g.at(next, w)
		if before[g.count-1]|fits[g.count-1]|gone[g.count-1] == 0 { // what costs less is among what costs most
			clear(to)
			continue
		}
		alike, similar := same[w]|second[w], begins[w]|ends[w]
		if by == coarse() {
			anywhere |= stepWord(before, fits, gone, to, alike, similar)
			continue
		}
		for cost := range to {
			here := (fits[cost]<<1 | before[cost]>>last) & alike
			if c := cost - by.similar; c >= 0 {
				here |= (fits[c]<<1 | before[c]>>last) & similar
			}
			if c := cost - by.other; c >= 0 { // lost; other, or one more beside
				here |= fits[c] | (fits[c]|to[c])<<1 | (before[c]|gone[c])>>last
			}
			to[cost] = here
		}
		anywhere |= to[g.count-1]
	}
	return anywhere != 0
}

// stepWord is step at coarse costs for one word of places, and the words of both rows before it. Nearly all steps are
// such.
func stepWord(before, fits, gone, to []uint64, alike, similar uint64) uint64 {
	const last = wordBits - 1
	before, gone, to = before[:len(fits)], gone[:len(fits)], to[:len(fits)]
	var on1, lost1, lost2 uint64 // at a cost less by one, and by two
	for cost, fit := range fits {
		on := fit<<1 | before[cost]>>last
		here := on&alike | on1&similar | lost2
		to[cost] = here
		on1, lost2, lost1 = on, lost1, fit|(fit|here)<<1|(before[cost]|gone[cost])>>last
	}
	return to[len(to)-1]
}

// stepSlot is step for a slot: what it takes costs nothing, what it doesn't is a similar character or one more.
func (s *sieve) stepSlot(e *element, old, next []uint64, g grid, by costs) bool {
	const last = wordBits - 1
	taken, lost := s.takenBy(e.slot), by.other
	if e.slot.min == 0 {
		lost = 0
	}
	var anywhere uint64
	for w := range taken {
		before, fits := g.at(old, w)
		gone, to := g.at(next, w)
		inText := ^uint64(0)
		if over := (w+1)*wordBits - (s.length + 1); over > 0 {
			inText >>= over
		}
		for cost := range to {
			here := (fits[cost]<<1 | before[cost]>>last) & taken[w]
			if c := cost - by.similar; c >= 0 {
				here |= (fits[c]<<1 | before[c]>>last) & inText
			}
			if c := cost - by.other; c >= 0 {
				here |= (to[c]<<1 | gone[c]>>last) & inText
			}
			if c := cost - lost; c >= 0 {
				here |= fits[c]
			}
			next := (here<<1 | gone[cost]>>last) & taken[w] // and on to the end of each run of what it takes
			to[cost] = here | next | (taken[w]+next^taken[w])&taken[w]
		}
		anywhere |= to[g.count-1]
	}
	return anywhere != 0
}

// candidates appends the places in the list of the phrases that may differ from some place by no more than
// most says for the number of their characters. It lets through some that differ more.
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
		row, reached := s.stack[n.depth+1], most[n.longest]/2 // below it nothing may cost more
		if most[n.longest] < 0 || !s.step(&n.element, s.stack[n.depth], row, grid{levels, reached + 1}, coarse()) {
			i = n.end
			continue
		}
		if len(n.ends) > 0 && (most[n.literals]/2 == reached || reaches(row, levels, most[n.literals]/2)) {
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
