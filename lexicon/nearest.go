package lexicon

import "math"

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
	l := s.byName[name]
	if l == nil {
		return Miss{}, false
	}
	runes := []rune(text)
	cut := units(runes)
	cut = cut[:min(len(cut), maxNearestText)]
	said := map[uint16]bool{}
	for _, u := range cut {
		said[u.key] = true
	}
	for _, v := range l.variants {
		if v.slotted() && (noise == 0 || v.literals < shortestSlotted) || v.hopeless(said, nearest, noise) {
			continue
		}
		start, end, cost := nearestPlace(cut, v.elements)
		likeness := 1 - float64(cost)/float64(costOther*v.literals)
		near := v.near(cost, noise)
		if start >= end || nearest.Near && !near || near == nearest.Near && likeness <= nearest.Likeness {
			continue
		}
		f := fit{variant: v, start: start, end: end, tier: TierEdit, distance: (cost + costOther - 1) / costOther}
		if noise > 0 && f.excepted(cut) {
			continue
		}
		nearest = Miss{Match: f.match(cut, runes), Likeness: likeness, Near: near}
	}
	return nearest, nearest.Likeness > 0
}

// hopeless reports whether v cannot come nearer than what was found: too few of its syllables were said.
func (v *variant) hopeless(said map[uint16]bool, found Miss, noise float64) bool {
	table := phoneticTable()
	cost := 0
	for _, e := range v.elements {
		if e.slot == nil && len(table.of(e.r)) < maxReadings && !said[table.symbol(e.r)] {
			cost += costSimilar
		}
	}
	if v.near(cost, noise) && !found.Near {
		return false
	}
	return 1-float64(cost)/float64(costOther*v.literals) <= found.Likeness
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

// nearestPlace finds the stretch of text that differs least from elements. What a slot takes costs nothing.
func nearestPlace(text []unit, elements []element) (start, end, cost int) {
	type cell struct{ cost, start int }
	row := make([]cell, len(text)+1)
	for j := range row {
		row[j] = cell{start: j}
	}
	for _, e := range elements {
		lostCost := e.lost()
		previous := row[0]
		row[0].cost += lostCost
		for j, u := range text {
			better := cell{cost: previous.cost + e.other(u.r), start: previous.start}
			if lost := row[j+1]; lost.cost+lostCost < better.cost {
				better = cell{cost: lost.cost + lostCost, start: lost.start}
			}
			if gained := row[j]; gained.cost+e.gained(u.r) < better.cost {
				better = cell{cost: gained.cost + e.gained(u.r), start: gained.start}
			}
			previous, row[j+1] = row[j+1], better
		}
	}
	best := 0
	for j := range row {
		if row[j].cost < row[best].cost {
			best = j
		}
	}
	return row[best].start, best, row[best].cost
}

// lost is what it costs when e is not there.
func (e element) lost() int {
	if e.slot != nil && e.slot.min == 0 {
		return 0
	}
	return costOther
}

// other is what it costs when r stands for e.
func (e element) other(r rune) int {
	switch {
	case e.slot == nil:
		return phoneticTable().cost(r, e.r)
	case e.slot.takes(r):
		return 0
	}
	return costSimilar
}

// gained is what it costs when r stands beside e.
func (e element) gained(r rune) int {
	if e.slot != nil && e.slot.takes(r) {
		return 0
	}
	return costOther
}

// cost tells how far a is from b.
func (p *phonetics) cost(a, b rune) int {
	if a == b {
		return 0
	}
	return int(p.pairs.of(a, b).cost)
}
