package lexicon

import "slices"

// A phrase is found by the near classes of its characters' main readings: that is the coarsest tier, so
// one pass over the text brings up the candidates of all tiers and all lists; verification tells them
// apart. A term that may have one edit is also looked for by each of its anchor's halves.

// part says which part of a variant a pattern of the index is.
type part int

const (
	partAnchor     part = iota // the whole variant, or its longest run of characters between slots
	partFirstHalf              // the rest may have one edit
	partSecondHalf             // what comes before may have one edit
)

// posting is a place in a variant to which a pattern leads.
type posting struct {
	variant *variant
	part    part
	needs   [2]uint16 // near classes of characters elsewhere in the variant, 0 for none
	missing int8      // how many of needs may not be heard anywhere in a text
	exactly rune      // with which a variant begins that is only matched character by character, 0 for another one
	beside  [2]either // of a half, the near classes of the two characters of the other half that are nearest to it
}

// wants notes two characters among others that tell most whether the variant is there, of which as many as missing may
// not be heard.
func (p *posting) wants(others []element, missing int8) {
	p.missing = missing
	n := 0
	for _, common := range []bool{false, true} {
		for i := range others {
			e := &others[i]
			if n < len(p.needs) && e.slot == nil && e.surely() && (e.traits&traitCommon != 0) == common {
				p.needs[n] = e.near[0]
				n++
			}
		}
	}
}

// hopeless reports whether too much of the variant is nowhere in a text in which that is heard.
func (p *posting) hopeless(heard *classSet) bool {
	missing := int8(0)
	for _, class := range p.needs {
		if class != 0 && !heard.has(class) {
			missing++
		}
	}
	return missing > p.missing
}

// fits reports whether a half that stands at units [start, end) may go on with one edit: as it should, or with
// the next character other, lost, or one more before it.
func (p *posting) fits(text []unit, start, end int) bool {
	near, far := end, end+1
	switch p.part {
	case partAnchor:
		return p.exactly == 0 || text[start].r == p.exactly
	case partSecondHalf:
		near, far = start-1, start-2
	}
	if near < 0 || near >= len(text) {
		return false
	}
	a := text[near].near
	if a.meets(p.beside[0]) || a.meets(p.beside[1]) {
		return true
	}
	if far < 0 || far >= len(text) {
		return false
	}
	b := text[far].near
	return b.meets(p.beside[1]) || b.meets(p.beside[0])
}

// index finds candidates in one pass.
type index struct {
	automaton *automaton
	postings  [][]posting // by pattern
	lengths   []int       // of the patterns, in units
}

// maxReadingMixes is how many patterns the second readings in one phrase may add.
const maxReadingMixes = 8

func newIndex(lists []*list) *index {
	b := indexBuilder{ids: map[string]int{}, index: &index{}}
	for _, l := range lists {
		for _, v := range l.variants {
			b.add(v)
		}
	}
	b.index.automaton = newAutomaton(b.patterns)
	return b.index
}

type indexBuilder struct {
	ids      map[string]int
	patterns [][]uint16
	index    *index
}

func (b *indexBuilder) add(v *variant) {
	run := v.elements[v.anchor : v.anchor+v.anchored]
	whole := posting{variant: v, part: partAnchor}
	if v.allowed == 1<<TierExact.Rank() {
		whole.exactly = run[0].r
	}
	rest := slices.Concat(v.elements[:v.anchor], v.elements[v.anchor+v.anchored:])
	whole.wants(rest, 0)
	if v.editable() {
		whole.missing = 1
	}
	b.post(whole, run)
	if half := v.anchored / 2; v.editable() && half >= minAnchor {
		of := func(i int) either { return run[i].near }
		first := posting{variant: v, part: partFirstHalf, beside: [2]either{of(half), of(half + 1)}}
		second := posting{variant: v, part: partSecondHalf, beside: [2]either{of(half - 1), of(half - 2)}}
		if v.slotted() { // the edit is in the anchor
			first.wants(rest, 0)
			second.wants(rest, 0)
		} else {
			first.wants(run[half:], 1)
			second.wants(run[:half], 1)
		}
		b.post(first, run[:half])
		b.post(second, run[half:])
	}
}

func (b *indexBuilder) post(p posting, elements []element) {
	for _, key := range keys(elements) {
		name := nameOf(key)
		id, known := b.ids[name]
		if !known {
			id = len(b.patterns)
			b.ids[name] = id
			b.patterns = append(b.patterns, key)
			b.index.postings = append(b.index.postings, nil)
			b.index.lengths = append(b.index.lengths, len(elements))
		}
		b.index.postings[id] = append(b.index.postings[id], p)
	}
}

// keys returns the patterns of a run of characters: by main readings, and with the second readings of
// common characters mixed in.
func keys(elements []element) [][]uint16 {
	table := phoneticTable()
	mixes := [][]uint16{nil}
	for _, e := range elements {
		symbols := []uint16{table.symbol(e.r)}
		if _, common := readingOverrides[e.r]; common {
			for _, s := range table.of(e.r) {
				if s.near != symbols[0] && len(mixes)*2 <= maxReadingMixes {
					symbols = append(symbols, s.near)
				}
			}
		}
		var next [][]uint16
		for _, mix := range mixes {
			for _, symbol := range symbols {
				next = append(next, append(mix[:len(mix):len(mix)], symbol))
			}
		}
		mixes = next
	}
	return mixes
}

// nameOf is a pattern as the key of a map.
func nameOf(pattern []uint16) string {
	runes := make([]rune, len(pattern))
	for i, symbol := range pattern {
		runes[i] = rune(symbol)
	}
	return string(runes)
}

// candidates calls found with every place of text where a part of a variant seems to stand.
func (x *index) candidates(text []unit, found func(p *posting, start, length int)) {
	var heard classSet
	heard.hear(text)
	x.automaton.run(text, func(pattern int32, end int) {
		length := x.lengths[pattern]
		postings := x.postings[pattern]
		for i := range postings {
			if p := &postings[i]; !p.hopeless(&heard) && p.fits(text, end-length, end) {
				found(p, end-length, length)
			}
		}
	})
}
