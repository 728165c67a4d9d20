package lexicon

import (
	ahocorasick "github.com/petar-dambovaliev/aho-corasick"
)

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

type posting struct {
	variant *variant
	part    part
}

// index finds candidates in one pass.
type index struct {
	automaton ahocorasick.AhoCorasick
	postings  [][]posting // by pattern
	lengths   []int       // of the patterns, in units
}

const (
	maxReadingMixes = 8    // patterns that the second readings in one phrase may add
	denseLimit      = 2000 // patterns up to which the faster, much larger automaton is built
	symbolBytes     = 2
)

func newIndex(lists []*list) *index {
	b := indexBuilder{ids: map[string]int{}, index: &index{}}
	for _, l := range lists {
		for _, v := range l.variants {
			b.add(v)
		}
	}
	builder := ahocorasick.NewAhoCorasickBuilder(ahocorasick.Opts{
		MatchKind: ahocorasick.StandardMatch,
		DFA:       len(b.patterns) <= denseLimit,
	})
	b.index.automaton = builder.BuildByte(b.patterns)
	return b.index
}

type indexBuilder struct {
	ids      map[string]int
	patterns [][]byte
	index    *index
}

func (b *indexBuilder) add(v *variant) {
	b.post(v, partAnchor, v.elements[v.anchor:v.anchor+v.anchored])
	if half := v.anchored / 2; v.editable() && half >= minAnchor {
		run := v.elements[v.anchor : v.anchor+v.anchored]
		b.post(v, partFirstHalf, run[:half])
		b.post(v, partSecondHalf, run[half:])
	}
}

func (b *indexBuilder) post(v *variant, p part, elements []element) {
	for _, key := range keys(elements) {
		id, known := b.ids[string(key)]
		if !known {
			id = len(b.patterns)
			b.ids[string(key)] = id
			b.patterns = append(b.patterns, key)
			b.index.postings = append(b.index.postings, nil)
			b.index.lengths = append(b.index.lengths, len(elements))
		}
		b.index.postings[id] = append(b.index.postings[id], posting{variant: v, part: p})
	}
}

// keys returns the patterns of a run of characters: by main readings, and with the second readings of
// common characters mixed in.
func keys(elements []element) [][]byte {
	table := phoneticTable()
	mixes := [][]byte{nil}
	for _, e := range elements {
		symbols := []uint16{table.symbol(e.r)}
		if _, common := readingOverrides[e.r]; common {
			for _, s := range table.of(e.r) {
				if s.near != symbols[0] && len(mixes)*2 <= maxReadingMixes {
					symbols = append(symbols, s.near)
				}
			}
		}
		var next [][]byte
		for _, mix := range mixes {
			for _, symbol := range symbols {
				next = append(next, appendSymbol(mix[:len(mix):len(mix)], symbol))
			}
		}
		mixes = next
	}
	return mixes
}

// appendSymbol writes a symbol as two bytes, of which only the first has its high bit set: a pattern
// can then begin at no other place than a symbol's own start.
func appendSymbol(to []byte, symbol uint16) []byte {
	return append(to, 0x80|byte(symbol&0x7f), byte(symbol>>7))
}

// candidates calls found with every place of text where a part of a variant seems to stand.
func (x *index) candidates(text []unit, found func(p posting, start, length int)) {
	if len(x.lengths) == 0 || len(text) == 0 {
		return
	}
	stream := make([]byte, 0, len(text)*symbolBytes)
	for _, u := range text {
		stream = appendSymbol(stream, u.key)
	}
	matches := x.automaton.IterOverlappingByte(stream)
	for m := matches.Next(); m != nil; m = matches.Next() {
		start, length := m.Start()/symbolBytes, x.lengths[m.Pattern()]
		for _, p := range x.postings[m.Pattern()] {
			found(p, start, length)
		}
	}
}
