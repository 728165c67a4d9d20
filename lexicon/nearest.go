package lexicon

import (
	"math"
	"slices"
	"sort"
)

// Costs of one difference between a phrase and what was said, for the nearest miss. A syllable that
// shares its beginning or its end is what recognisers put for another; any other is most likely another word.
const (
	costSimilar = 2
	costOther   = 5

	maxNearestText = 2000 // characters searched
	differsEvery   = 3    // characters of a phrase, of which one may be a similar one in a near miss
	differsLong    = 6    // characters of a long phrase, of which one may be lost, added or quite other
)

// Miss is the place of a text that comes nearest to a phrase that is not there.
type Miss struct {
	Match
	Likeness float64 // 1 for no difference, 0 for nothing in common
	Near     bool    // so near that the phrase may well have been said
}

// Nearest returns the place of text that comes nearest to a phrase of the list, whatever its tiers
// allow; ok is false when nothing of it is there.
func (s *Set) Nearest(name, text string) (nearest Miss, ok bool) { return s.NearestIn(name, text, 0) }

// NearestIn is Nearest in a text of which about the share noise is misheard: the more, the farther a near
// miss may be.
func (s *Set) NearestIn(name, text string, noise float64) (nearest Miss, ok bool) {
	return NewSearcher(s).NearestIn(name, text, noise)
}

// Searcher looks for near misses in few texts again and again: what is worked out about a text is kept as
// long as the Searcher. Only one goroutine may use it.
type Searcher struct {
	*Set
	texts map[string]searchedText
}

// NewSearcher returns a Searcher for the lists of s.
func NewSearcher(s *Set) *Searcher { return &Searcher{Set: s, texts: map[string]searchedText{}} }

// Nearest is Set.Nearest.
func (s *Searcher) Nearest(name, text string) (nearest Miss, ok bool) {
	return s.NearestIn(name, text, 0)
}

// NearestIn is Set.NearestIn.
func (s *Searcher) NearestIn(name, text string, noise float64) (nearest Miss, ok bool) {
	return s.NearestAbove(name, text, noise, 0)
}

// NearestAbove is NearestIn for who minds only what is near and what has more than the least likeness: the
// less is asked for, the sooner it is done.
func (s *Searcher) NearestAbove(name, text string, noise, least float64) (nearest Miss, ok bool) {
	l := s.byName[name]
	if l == nil {
		return Miss{}, false
	}
	nearest.Likeness = least
	place, known := s.texts[text]
	if !known {
		runes := []rune(text)
		cut := units(runes)
		place = searchedText{searched: newSearched(cut[:min(len(cut), maxNearestText)]), runes: runes}
		s.texts[text] = place
	}
	for _, at := range place.worthwhile(l, noise, least) {
		place.improve(&nearest, l.variants[at], noise)
	}
	return nearest, nearest.Length > 0
}

// searchedText is a text as it was given and made ready.
type searchedText struct {
	*searched
	runes []rune
}

// worthwhile returns the places in the list, in order, of the variants that may come near enough.
func (s searchedText) worthwhile(l *list, noise, least float64) []int {
	most := make([]int, l.phrases.deepest+1)
	for n := range most { // longer ones may differ by more
		v := variant{literals: n, elements: make([]element, n)}
		most[n] = max(most[max(0, n-1)], v.most(Miss{Likeness: least}, noise))
	}
	may := s.sieve.candidates(l.phrases, most, nil)
	if noise > 0 {
		may = append(may, l.slotted...)
	}
	slices.Sort(may)
	return may
}

// improve makes v the nearest when it comes nearer than what was found.
func (s searchedText) improve(nearest *Miss, v *variant, noise float64) {
	if v.slotted() && (noise == 0 || v.literals < shortestSlotted) || s.hopeless(v, *nearest, noise) {
		return
	}
	most := v.most(*nearest, noise)
	if most < 0 || !v.slotted() && !s.sieve.passes(v.elements, most) {
		return
	}
	start, end, cost, found := s.place(v.elements, most)
	if !found || start >= end {
		return
	}
	f := fit{variant: v, start: start, end: end, tier: TierEdit, distance: (cost + costOther - 1) / costOther}
	if noise > 0 && f.excepted(s.text) {
		return
	}
	*nearest = Miss{Match: f.match(s.text, s.runes), Likeness: v.likeness(cost), Near: v.near(cost, noise)}
}

// hopeless reports whether v cannot come nearer than what was found: too few of its syllables were said.
func (s *searched) hopeless(v *variant, found Miss, noise float64) bool {
	cost := 0
	for i := range v.elements {
		if e := &v.elements[i]; e.slot == nil && !s.said(e) {
			cost += costSimilar
		}
	}
	return !v.betters(found, cost, noise)
}

// likeness is 1 less the share that a cost is of the highest.
func (v *variant) likeness(cost int) float64 { return 1 - float64(cost)/float64(costOther*v.literals) }

// betters reports whether v is nearer than what was found when it differs by so much.
func (v *variant) betters(found Miss, cost int, noise float64) bool {
	near := v.near(cost, noise)
	if near != found.Near {
		return near
	}
	return v.likeness(cost) > found.Likeness
}

// most returns by how much v may differ and be nearer than what was found, -1 when it cannot be.
func (v *variant) most(found Miss, noise float64) int {
	// The less it differs, the nearer it is.
	return sort.Search(costOther*len(v.elements)+1, func(cost int) bool {
		return !v.betters(found, cost, noise)
	}) - 1
}

// What a misheard character costs on average, and how much that varies, when most are of the same sound,
// fewer of a similar one, and few are lost or quite other.
const (
	noiseMean       = 1.3
	noiseVariance   = 4.4
	shortestSlotted = 4    // characters of a phrase with slots that is looked for in noise
	lostOfTwo       = 0.14 // noise from which a phrase of two characters may have lost one
	noiseReach      = 1.65 // standard deviations: 19 of 20 phrases that were said come as near
)

// near reports whether differences of that cost are few for the phrase. Long phrases can bear more: what is
// left of them stands in no other sentence. In a text with noise, as many are few as it explains.
func (v *variant) near(cost int, noise float64) bool {
	expected := noise * float64(v.literals)
	switch {
	case noise >= lostOfTwo && v.literals == shortTerm && cost <= costOther,
		noise > 0 && float64(cost) <= noiseMean*expected+noiseReach*math.Sqrt(noiseVariance*expected):
		return true
	case v.literals >= longTerm:
		return cost <= costOther*v.literals/differsLong
	}
	return cost <= costSimilar*max(1, v.literals/differsEvery)
}

// lost is what it costs when e is not there.
func (e element) lost() int {
	if e.slot != nil && e.slot.min == 0 {
		return 0
	}
	return costOther
}
