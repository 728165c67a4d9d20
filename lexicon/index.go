package lexicon

import (
	"cmp"
	"slices"
)

// A phrase is found by the near classes of its characters' main readings: that is the coarsest tier, so
// one pass over the text brings up the candidates of all tiers and all lists; verification tells them
// apart. A term that may have one edit is also looked for by each of its anchor's halves.

// part says which part of a variant a pattern of the index is.
type part uint8

const (
	partAnchor     part = iota // the whole variant, or its longest run of characters between slots
	partFirstHalf              // the rest may have one edit
	partSecondHalf             // what comes before may have one edit
)

// posting is a place in a variant to which a pattern leads.
type posting struct {
	variant *variant
	exactly rune      // with which a variant begins that is only matched character by character, 0 for another one
	beside  [2]either // of a half, the near classes of the two characters of the other half that are nearest to it
	part    part
	slotted bool // the variant has slots
}

// needs are characters beside those of a pattern that tell most whether a variant is there.
type needs struct {
	classes [3]uint16 // near classes, 0 for none
	missing uint8     // how many of them may not be heard anywhere in a text
}

// group is the postings of a pattern that need the same characters: they are asked for once.
type group struct {
	needs
	end int32 // of the postings; they begin where those of the group before end
}

// unmet reports whether too much of a variant is nowhere in a text.
func (n *needs) unmet(heard *said) bool {
	met := heard.heard[n.classes[0]%symbols] + heard.heard[n.classes[1]%symbols] + heard.heard[n.classes[2]%symbols]
	return met+n.missing < uint8(len(n.classes))
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
	patterns  []found // and one more, at which the groups of the last one end
	groups    []group // of all patterns, and one before them
	postings  []posting
}

// found is what the index knows of a pattern.
type found struct {
	length int32 // in units
	groups int32 // where its groups begin; they end where those of the next one begin
}

// maxReadingMixes is how many patterns the second readings in one phrase may add.
const maxReadingMixes = 8

func newIndex(lists []*list) *index {
	b := indexBuilder{ids: map[string]int{}, common: make([]int, symbols)}
	for _, l := range lists {
		for _, v := range l.variants {
			for i := range v.elements {
				b.common[v.elements[i].near[0]]++
			}
		}
	}
	for _, l := range lists {
		for _, v := range l.variants {
			b.add(v)
		}
	}
	return b.index()
}

type indexBuilder struct {
	ids      map[string]int
	patterns [][]uint16
	posted   [][]needy // by pattern
	common   []int     // how often each near class is in the phrases
}

// needy is a posting with what it needs.
type needy struct {
	posting
	needs
}

// index puts the postings in order.
func (b *indexBuilder) index() *index {
	x := &index{automaton: newAutomaton(b.patterns), groups: []group{{}}}
	for id, posted := range b.posted {
		slices.SortStableFunc(posted, func(p, q needy) int {
			return cmp.Or(slices.Compare(p.classes[:], q.classes[:]), cmp.Compare(p.missing, q.missing))
		})
		x.patterns = append(x.patterns, found{length: int32(len(b.patterns[id])), groups: int32(len(x.groups))})
		for i, p := range posted {
			if i == 0 || p.needs != posted[i-1].needs {
				x.groups = append(x.groups, group{needs: p.needs})
			}
			x.postings = append(x.postings, p.posting)
			x.groups[len(x.groups)-1].end = int32(len(x.postings))
		}
	}
	x.patterns = append(x.patterns, found{groups: int32(len(x.groups))})
	return x
}

func (b *indexBuilder) add(v *variant) {
	run := v.elements[v.anchor : v.anchor+v.anchored]
	whole := posting{variant: v, part: partAnchor, slotted: v.slotted()}
	if v.allowed == 1<<TierExact.Rank() {
		whole.exactly = run[0].r
	}
	rest := slices.Concat(v.elements[:v.anchor], v.elements[v.anchor+v.anchored:])
	missing := uint8(0)
	if v.editable() {
		missing = 1
	}
	b.post(whole, b.needs(rest, missing), run)
	if half := v.anchored / 2; v.editable() && half >= minAnchor {
		of := func(i int) either { return run[i].near }
		first, second := whole, whole
		first.part, first.exactly, first.beside = partFirstHalf, 0, [2]either{of(half), of(half + 1)}
		second.part, second.exactly, second.beside = partSecondHalf, 0, [2]either{of(half - 1), of(half - 2)}
		if v.slotted() { // the edit is in the anchor
			b.post(first, b.needs(rest, 0), run[:half])
			b.post(second, b.needs(rest, 0), run[half:])
		} else {
			b.post(first, b.needs(run[half:], 1), run[:half])
			b.post(second, b.needs(run[:half], 1), run[half:])
		}
	}
}

// needs returns the rarest of the characters that are read in one way only.
func (b *indexBuilder) needs(others []element, missing uint8) needs {
	var classes []uint16
	for i := range others {
		if e := &others[i]; e.slot == nil && e.surely() {
			classes = append(classes, e.near[0])
		}
	}
	slices.SortStableFunc(classes, func(x, y uint16) int { return cmp.Compare(b.common[x], b.common[y]) })
	n := needs{missing: missing}
	copy(n.classes[:], classes)
	return n
}

func (b *indexBuilder) post(p posting, n needs, elements []element) {
	for _, key := range keys(elements) {
		name := nameOf(key)
		id, known := b.ids[name]
		if !known {
			id = len(b.patterns)
			b.ids[name] = id
			b.patterns, b.posted = append(b.patterns, key), append(b.posted, nil)
		}
		b.posted[id] = append(b.posted[id], needy{p, n})
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
func (x *index) candidates(text []unit, heard *said, found func(p *posting, start, length int)) {
	x.automaton.run(text, func(pattern int32, end int) {
		length := int(x.patterns[pattern].length)
		from, to := x.patterns[pattern].groups, x.patterns[pattern+1].groups
		for i := from; i < to; i++ {
			if x.groups[i].unmet(heard) {
				continue
			}
			postings := x.postings[x.groups[i-1].end:x.groups[i].end]
			for j := range postings {
				if p := &postings[j]; p.fits(text, end-length, end) {
					found(p, end-length, length)
				}
			}
		}
	})
}
