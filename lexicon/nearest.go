package lexicon

import (
	"math"
	"slices"
)

// Costs of one difference between a phrase and what was said, for the nearest miss. A syllable that
// shares its beginning or its end is what recognisers put for another; any other is most likely another word.
const (
	costSimilar = 2
	costOther   = 5

	maxNearestText = 2000 // characters searched
	differsLong    = 6    // characters of a long phrase, of which one may be lost, added or quite other
)

// Miss is the place of a text where a phrase that is not there most likely was said, or comes nearest.
type Miss struct {
	Match
	Likeness float64 // 1 for no difference, 0 for nothing in common
	Odds     float64 // logarithm of how much likelier the text is when the phrase was said, and misheard
	Ends     bool    // it begins and ends as the phrase sounds
}

// Nearest returns the place of text that comes nearest to a phrase of the list, whatever its tiers
// allow; ok is false when nothing of it is there.
func (s *Set) Nearest(name, text string) (nearest Miss, ok bool) { return s.NearestIn(name, text, 0) }

// NearestIn is Nearest in a text of which about the share noise is misheard: the more, the farther a near
// miss may be.
func (s *Set) NearestIn(name, text string, noise float64) (nearest Miss, ok bool) {
	return NewSearcher(s).Look(name, Spoken{Text: text}, Look{Noise: noise})
}

// Look says how a near miss is looked for.
type Look struct {
	Noise float64 // share of the text that is misheard
	Least float64 // likeness above which a place counts that was hardly meant: the more, the sooner it is done
	Edge  Edge    // of the text at which the phrase belongs
}

// Edge is a side of a text.
type Edge int

// The edges.
const (
	EdgeNone Edge = iota
	EdgeStart
	EdgeEnd
)

// among is minus the logarithm of how likely a phrase that was said in a text of n units stands in [start, end):
// anywhere alike, or the less likely the farther from its edge.
func (e Edge) among(start, end, n int) float64 {
	anywhere := math.Log(float64(max(1, n)))
	switch e {
	case EdgeStart:
		return 2*math.Log(float64(edgeWidth+start)/edgeWidth) + math.Log(edgeWidth)
	case EdgeEnd:
		return 2*math.Log(float64(edgeWidth+n-end)/edgeWidth) + math.Log(edgeWidth)
	}
	return anywhere
}

// edgeWidth is how many units from its edge a phrase stands as likely as not: sum of 1/(1+x/w)² is about w.
const edgeWidth = 3

// Spoken is a text and which of its characters fall apart.
type Spoken struct {
	Text  string
	Stray []bool // of each rune, whether it is a character that belongs to no word; nil to have it worked out
}

// Searcher looks for near misses in few texts again and again: what is worked out about a text is kept as
// long as the Searcher. Only one goroutine may use it.
type Searcher struct {
	*Set
	texts  map[string]*searchedText
	shared *scratch
}

// NewSearcher returns a Searcher for the lists of s.
func NewSearcher(s *Set) *Searcher {
	return &Searcher{Set: s, texts: map[string]*searchedText{}, shared: &scratch{}}
}

// Look returns the place of what was said where a phrase of the list was likeliest said, or comes nearest.
func (s *Searcher) Look(name string, said Spoken, look Look) (nearest Miss, ok bool) {
	l := s.byName[name]
	if l == nil {
		return Miss{}, false
	}
	text, known := s.texts[said.Text]
	if !known {
		text = newSearchedText(s.Set, said, s.shared)
		s.texts[said.Text] = text
	}
	nearest.Odds = math.Inf(-1)
	text.look(&nearest, l, look)
	if look.Edge != EdgeNone && len(text.text) > atEdge {
		text.atEdge(look.Edge).look(&nearest, l, look)
	}
	return nearest, nearest.Length > 0
}

// searchedText is a text as it was given and made ready.
type searchedText struct {
	*searched
	set    *Set
	said   Spoken
	runes  []rune
	stray  []bool // whether units belong to no word; nil until asked for
	whole  int    // units of the text that this may be a part of
	rivals map[rivalry]known
	edges  [EdgeEnd + 1]*searchedText
}

func newSearchedText(set *Set, said Spoken, shared *scratch) *searchedText {
	runes := []rune(said.Text)
	cut := units(runes)
	cut = cut[:min(len(cut), maxNearestText)]
	return &searchedText{searched: newSearched(cut, shared), set: set, said: said, runes: runes, whole: len(cut), rivals: map[rivalry]known{}}
}

// atEdge is how many units at an edge are looked at by themselves: a phrase that was said there may be less
// near than something else farther away.
const atEdge = 12

func (s *searchedText) atEdge(e Edge) *searchedText {
	if s.edges[e] == nil {
		from, to := 0, atEdge
		if e == EdgeEnd {
			from, to = len(s.text)-atEdge, len(s.text)
		}
		part := *s
		part.searched, part.stray, part.rivals = newSearched(s.text[from:to], s.scratch), s.strayUnits()[from:to], map[rivalry]known{}
		s.edges[e] = &part
	}
	return s.edges[e]
}

// strayUnits tells which units belong to no word.
func (s *searchedText) strayUnits() []bool {
	if s.stray == nil {
		known := s.said.Stray
		if len(known) != len(s.runes) {
			bits, _ := s.set.strays(s.said.Text)
			known = appendBits(nil, bits, len(s.runes))
		}
		s.stray = make([]bool, len(s.text))
		for j := range s.text {
			s.stray[j] = known[s.text[j].at]
		}
	}
	return s.stray
}

// appendBits appends n bits, the lowest first.
func appendBits(to []bool, bits []byte, n int) []bool {
	for i := range n {
		to = append(to, bits[i/8]&(1<<(i%8)) != 0)
	}
	return to
}

// look makes nearest the variant of l that was likelier said than what was found, if there is one.
func (s *searchedText) look(nearest *Miss, l *list, look Look) {
	for _, at := range s.worthwhile(l, look) {
		s.improve(nearest, l.variants[at], look)
	}
}

// worthwhile returns the places in the list, in order, of the variants that may come near enough.
func (s *searchedText) worthwhile(l *list, look Look) []int {
	most := make([]int, max(l.phrases.deepest, l.slotted.deepest)+1)
	for n := range most { // longer ones may differ by more
		v := variant{literals: n}
		most[n] = max(most[max(0, n-1)], v.most(look.Least, look.Noise))
	}
	may := s.sieve.candidates(l.phrases, most, nil)
	if look.Noise > 0 {
		may = s.sieve.candidates(l.slotted, most, may)
	}
	slices.Sort(may)
	return may
}

// improve makes v the nearest when it was likelier said than what was found.
func (s *searchedText) improve(nearest *Miss, v *variant, look Look) {
	if v.literals < shortTerm || v.slotted() && (look.Noise == 0 || v.literals < shortestSlotted) {
		return
	}
	most := v.most(look.Least, look.Noise)
	start, end, cost, found := s.place(v.elements, most)
	if !found || start >= end {
		return
	}
	h := newHearing(look.Noise)
	l := s.lay(v.elements, start, end, h, s.strayUnits())
	n := s.whole
	among := look.Edge.among(start, end, len(s.text))
	odds := l.odds(n, among, len(v.list.variants))
	if odds > max(nearest.Odds, rivalsFrom) && l.distance > 0 {
		against := l.against - max(0, among-math.Log(float64(n)))
		odds = min(odds, against-s.rival(v.list, start, end, cost, h, against-odds))
	}
	if odds <= nearest.Odds {
		return
	}
	f := fit{variant: v, start: start, end: end, tier: TierEdit, distance: l.distance}
	if look.Noise > 0 && f.excepted(s.text) {
		return
	}
	*nearest = Miss{Match: f.match(s.text, s.runes), Likeness: v.likeness(cost), Odds: odds, Ends: v.endsAlike(s.text[start].r, s.text[end-1].r)}
}

// endsAlike reports whether v begins with the sound of first and ends with that of last.
func (v *variant) endsAlike(first, last rune) bool {
	begin, end := v.elements[0], v.elements[len(v.elements)-1]
	table := phoneticTable()
	return begin.slot == nil && end.slot == nil && table.compare(first, begin.r) != unlike && table.compare(last, end.r) != unlike
}

// likeness is 1 less the share that a cost is of the highest.
func (v *variant) likeness(cost int) float64 { return 1 - float64(cost)/float64(costOther*v.literals) }

// most returns by how much v may differ where it may have been said, or is more alike than least.
func (v *variant) most(least, noise float64) int {
	alike := int(math.Ceil((1-least)*float64(costOther*v.literals))) - 1
	return max(alike, v.near(noise))
}

// What a misheard character costs on average, and how much that varies, when most are of the same sound,
// fewer of a similar one, and few are lost or quite other.
const (
	noiseMean       = 1.3
	noiseVariance   = 4.4
	shortestSlotted = 4   // characters of a phrase with slots that is looked for in noise
	noiseReach      = 3.0 // standard deviations within which nearly all phrases that were said come
)

// near returns by how much a phrase that was said may differ from what was heard: long ones by more, and by
// more in a text with noise.
func (v *variant) near(noise float64) int {
	expected := noise * float64(v.literals)
	reach := int(noiseMean*expected + noiseReach*math.Sqrt(noiseVariance*expected))
	return max(costOther, costOther*v.literals/differsLong, reach)
}

// lost is what it costs when e is not there.
func (e element) lost() int {
	if e.slot != nil && e.slot.min == 0 {
		return 0
	}
	return costOther
}
