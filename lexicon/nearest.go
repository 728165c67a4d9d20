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
	return NewSearcher(s).Look(name, text, Look{Noise: noise})
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

// Searcher looks for near misses in few texts again and again: what is worked out about a text is kept as
// long as the Searcher. Only one goroutine may use it.
type Searcher struct {
	*Set
	texts map[string]searchedText
}

// NewSearcher returns a Searcher for the lists of s.
func NewSearcher(s *Set) *Searcher { return &Searcher{Set: s, texts: map[string]searchedText{}} }

// Look returns the place of text where a phrase of the list was likeliest said, or comes nearest.
func (s *Searcher) Look(name, text string, look Look) (nearest Miss, ok bool) {
	l := s.byName[name]
	if l == nil {
		return Miss{}, false
	}
	place, known := s.texts[text]
	if !known {
		runes := []rune(text)
		cut := units(runes)
		place = newSearchedText(s.Set, cut[:min(len(cut), maxNearestText)], runes)
		s.texts[text] = place
	}
	nearest.Odds = math.Inf(-1)
	for _, at := range place.worthwhile(l, look) {
		place.improve(&nearest, l.variants[at], look)
	}
	if look.Edge != EdgeNone && len(place.text) > atEdge {
		beside := place.atEdge(look.Edge)
		for _, at := range beside.worthwhile(l, look) {
			beside.improve(&nearest, l.variants[at], look)
		}
	}
	return nearest, nearest.Length > 0
}

// searchedText is a text as it was given and made ready.
type searchedText struct {
	*searched
	set    *Set
	runes  []rune
	whole  int                 // units of the text that this may be a part of
	rivals map[rivalry]float64 // known already
	edges  map[Edge]searchedText
}

func newSearchedText(set *Set, cut []unit, runes []rune) searchedText {
	return searchedText{searched: newSearched(cut), set: set, runes: runes, whole: len(cut), rivals: map[rivalry]float64{}, edges: map[Edge]searchedText{}}
}

// atEdge is how many units at an edge are looked at by themselves: a phrase that was said there may be less
// near than something else farther away.
const atEdge = 12

func (s searchedText) atEdge(e Edge) searchedText {
	part, known := s.edges[e]
	if !known {
		cut := s.text[:atEdge]
		if e == EdgeEnd {
			cut = s.text[len(s.text)-atEdge:]
		}
		part = newSearchedText(s.set, slices.Clone(cut), s.runes)
		part.whole = s.whole
		s.edges[e] = part
	}
	return part
}

// worthwhile returns the places in the list, in order, of the variants that may come near enough.
func (s searchedText) worthwhile(l *list, look Look) []int {
	most := make([]int, l.phrases.deepest+1)
	for n := range most { // longer ones may differ by more
		v := variant{literals: n}
		most[n] = max(most[max(0, n-1)], v.most(look.Least, look.Noise))
	}
	may := s.sieve.candidates(l.phrases, most, nil)
	if look.Noise > 0 {
		may = append(may, l.slotted...)
	}
	slices.Sort(may)
	return may
}

// improve makes v the nearest when it was likelier said than what was found.
func (s searchedText) improve(nearest *Miss, v *variant, look Look) {
	if v.literals < shortTerm || v.slotted() && (look.Noise == 0 || v.literals < shortestSlotted) {
		return
	}
	most := v.most(look.Least, look.Noise)
	if most < 0 || s.hopeless(v, most) || !v.slotted() && !s.sieve.passes(v.elements, most) {
		return
	}
	start, end, cost, found := s.place(v.elements, most)
	if !found || start >= end {
		return
	}
	l := s.lay(v.elements, start, end, newHearing(look.Noise), s.strayUnits(s.set, s.runes))
	n := s.whole
	among := look.Edge.among(start, end, len(s.text))
	odds := l.odds(n, among, len(v.list.variants))
	if odds > max(nearest.Odds, rivalsFrom) && l.distance > 0 {
		excess := max(0, among-math.Log(float64(n)))
		odds = min(odds, l.against-excess-s.rival(v.list, start, end, cost, newHearing(look.Noise)))
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

// hopeless reports whether v differs by more than most anywhere: too few of its syllables were said.
func (s *searched) hopeless(v *variant, most int) bool {
	cost := 0
	for i := range v.elements {
		if e := &v.elements[i]; e.slot == nil && !s.said(e) {
			cost += costSimilar
		}
	}
	return cost > most
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
