package lexicon

import (
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// Costs of one difference between a phrase and what was said, for the nearest miss. A syllable that
// shares its beginning or its end is what recognisers put for another; any other is most likely another word.
const (
	costSimilar = 2
	costOther   = 5

	maxNearestText = 2000 // characters searched
	differsLong    = 6    // characters of a long phrase, of which one may be lost, added or quite other
)

const (
	// OddsSaid are the odds from which on a phrase was said, in nats.
	OddsSaid = 1.2
	// HeardWell is the share of misheard characters below which a text was heard well: what comes near to a phrase
	// there is most likely something else.
	HeardWell = 0.04
)

// Miss is the place of a text where a phrase that is not there most likely was said, or comes nearest.
type Miss struct {
	Match
	Likeness float64 // 1 for no difference, 0 for nothing in common
	Odds     float64 // logarithm of how much likelier the text is when the phrase was said, and misheard
	Worth    float64 // what the odds are above the least at which a phrase of that length may have been said
	Ends     bool    // it begins and ends as the phrase sounds
}

// Nearest returns the place of text that comes nearest to a phrase of the list, whatever its tiers
// allow; ok is false when nothing of it is there.
func (s *Set) Nearest(name, text string) (nearest Miss, ok bool) { return s.NearestIn(name, text, 0) }

// NearestIn is Nearest in a text of which about the share noise is misheard: the more, the farther a near
// miss may be.
func (s *Set) NearestIn(name, text string, noise float64) (nearest Miss, ok bool) {
	searcher := NewSearcher(s)
	defer searcher.Close()
	return searcher.Look(name, Spoken{Text: text}, Look{Noise: noise})
}

// Better reports whether m rather than other is what was said: what was surely said by its odds, else by what they are
// worth.
func (m Miss) Better(other Miss) bool {
	if m.Odds >= OddsSaid || other.Odds >= OddsSaid {
		return m.Odds > other.Odds
	}
	return m.Worth > other.Worth
}

// The least odds at which a phrase that is asked for may have been said, in nats, by its length: what one of two
// characters leaves when one is lost is not much, what one of five leaves is. They were chosen on the labelled calls:
// half a nat less takes about half a false deduction off 100 calls, and sends a hundredth of the criteria more to a
// person (docs/accuracy.md).
const (
	leastOfTwo    = -6.0
	leastOfThree  = -5.0
	leastOfMore   = -3.0
	leastAtStart  = -10.0 // of two characters where a call begins: nearly everybody greets
	clearlyShort  = 0.5   // in a text that was heard well: by so much more
	clearlyLonger = -1.0
)

// least returns the least odds at which a phrase of n characters may have been said.
func (look Look) least(n int) float64 {
	switch {
	case !look.Asked:
		return 0
	case n <= shortTerm && look.Edge == EdgeStart && look.Noise >= HeardWell:
		return leastAtStart
	case n <= shortTerm:
		return leastOfTwo + look.clear(clearlyShort)
	case n <= shortTerm+1:
		return leastOfThree + look.clear(clearlyShort)
	}
	return leastOfMore + look.clear(clearlyLonger)
}

func (look Look) clear(by float64) float64 {
	if look.Noise < HeardWell {
		return by
	}
	return 0
}

// Look says how a near miss is looked for.
type Look struct {
	Noise float64 // share of the text that is misheard
	Least float64 // likeness above which a place counts that was hardly meant: the more, the sooner it is done
	Edge  Edge    // of the text at which the phrase belongs
	Asked bool    // the phrase is asked for
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

// Spoken is a text, which of its characters fall apart, and how sure they are.
type Spoken struct {
	Text  string
	Role  call.Role   // who said it
	At    call.Millis // when it begins: the same words elsewhere were heard otherwise
	Stray []bool      // of each rune, whether it is a character that belongs to no word; nil to have it worked out

	// Doubt tells of each rune, in nats, how much its confidence speaks for its being misheard; nil when nothing is known.
	Doubt func() []float64
}

// Searcher looks for near misses in few texts again and again: what is worked out about a text is kept as
// long as the Searcher. Only one goroutine may use it.
type Searcher struct {
	*Set
	texts  map[place]*searchedText
	shared *scratch
}

// place names a text that was said in a call.
type place struct {
	text string
	role call.Role
	at   call.Millis
}

// NewSearcher returns a Searcher for the lists of s.
func NewSearcher(s *Set) *Searcher {
	shared, used := s.scratches.Get().(*scratch)
	if !used {
		shared = &scratch{}
	}
	return &Searcher{Set: s, texts: map[place]*searchedText{}, shared: shared}
}

// Close gives back the memory that s worked in. Nothing may be looked for after it.
func (s *Searcher) Close() {
	s.scratches.Put(s.shared)
	s.texts, s.shared = nil, nil
}

// Fuzzy reports whether a list takes more than what is written as its terms are. A near miss of any other list is no
// reason for doubt.
func (s *Set) Fuzzy(name string) bool {
	l := s.byName[name]
	return l != nil && slices.ContainsFunc(l.tiers, func(t Tier) bool { return t != TierExact })
}

// Look returns the place of what was said where a phrase of the list was likeliest said, or comes nearest.
func (s *Searcher) Look(name string, said Spoken, look Look) (nearest Miss, ok bool) {
	l := s.byName[name]
	if l == nil {
		return Miss{}, false
	}
	key := place{said.Text, said.Role, said.At}
	text, known := s.texts[key]
	if !known {
		text = newSearchedText(s.Set, said, s.shared)
		s.texts[key] = text
	}
	nearest.Odds, nearest.Worth = math.Inf(-1), math.Inf(-1)
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
	text := &searchedText{searched: newSearched(cut, shared), set: set, said: said, runes: runes, whole: len(cut), rivals: map[rivalry]known{}}
	if said.Doubt != nil {
		text.doubtOf(said.Doubt())
	}
	return text
}

// doubtOf takes in the doubt about each rune of the text.
func (s *searchedText) doubtOf(runes []float64) {
	if len(runes) != len(s.runes) {
		return
	}
	s.doubt = make([]float64, len(s.text))
	for j := range s.text {
		s.doubt[j] = runes[s.text[j].at]
	}
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
		part.doubt = s.doubtIn(from, to)
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
	if look.Noise >= HeardWell {
		may = s.sieve.candidates(l.slotted, most, may)
	}
	slices.Sort(may)
	return may
}

// improve makes v the nearest when it was likelier said than what was found.
func (s *searchedText) improve(nearest *Miss, v *variant, look Look) {
	if v.literals < shortTerm || v.exactly() || v.slotted() && (look.Noise < HeardWell || v.literals < shortestSlotted) {
		return
	}
	most := v.most(look.Least, look.Noise)
	start, end, cost, found := s.place(v.elements, most)
	if !found || start >= end || v.slotted() && end-start > v.longest()+slotSlack {
		return
	}
	h := newHearing(look.Noise)
	l := s.lay(v.elements, start, end, h, s.strayUnits())
	n := s.whole
	among := look.Edge.among(start, end, len(s.text))
	odds := l.odds(n, among, len(v.list.variants)) - v.freedom(l.distance)
	better := func() bool {
		return Miss{Odds: odds, Worth: odds - look.least(v.literals)}.Better(*nearest)
	}
	if better() && odds > rivalsFrom && l.distance > 0 {
		against := l.against - v.freedom(l.distance) - max(0, among-math.Log(float64(n)))
		odds = min(odds, against-s.rival(v.list, start, end, cost, h, against-odds))
	}
	if !better() {
		return
	}
	f := fit{variant: v, start: start, end: end, tier: edited, distance: l.distance}
	if look.Noise > 0 && f.excepted(s.text) {
		return
	}
	*nearest = Miss{Match: f.match(s.text, func(start, end int) string { return string(s.runes[start:end]) }), Likeness: v.likeness(cost), Odds: odds, Worth: odds - look.least(v.literals), Ends: v.endsAlike(s.text[start].r, s.text[end-1].r)}
}

// exactly reports whether v counts only as it is written, so that nothing that sounds like it may stand for it.
func (v *variant) exactly() bool {
	return v.literals > shortTerm && !v.allows(TierHomophone) && !v.allows(TierEdit)
}

// freedom is what it costs, in nats, that slots may take any stretch: much when so little of the phrase was heard
// that its characters do not fix where it stands.
func (v *variant) freedom(distance int) float64 {
	if !v.slotted() || distance*firmly <= v.literals {
		return 0
	}
	free := 0.0
	for _, e := range v.elements {
		if e.slot != nil && e.slot.open {
			free += math.Log(float64(e.slot.max - e.slot.min + 1))
		}
	}
	return free
}

// firmly is how many characters of a phrase with slots fix its place when one of them is misheard.
const firmly = 3

// longest returns the most units that v takes.
func (v *variant) longest() int {
	_, most := span(v.elements)
	return most
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
	slotSlack       = 2   // characters that a phrase with slots may be longer by
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
