package lexicon

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
func (s *Set) Nearest(name, text string) (nearest Miss, ok bool) {
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
		if v.literals != len(v.elements) || v.hopeless(said, nearest) {
			continue
		}
		start, end, cost := nearestPlace(cut, v.elements)
		likeness := 1 - float64(cost)/float64(costOther*v.literals)
		near := v.near(cost)
		if start >= end || nearest.Near && !near || near == nearest.Near && likeness <= nearest.Likeness {
			continue
		}
		differences := (cost + costOther - 1) / costOther
		nearest = Miss{
			Match:    fit{variant: v, start: start, end: end, tier: TierEdit, distance: differences}.match(cut, runes),
			Likeness: likeness,
			Near:     near,
		}
	}
	return nearest, nearest.Likeness > 0
}

// hopeless reports whether v cannot come nearer than what was found: too few of its syllables were said.
func (v *variant) hopeless(said map[uint16]bool, found Miss) bool {
	table := phoneticTable()
	cost := 0
	for _, e := range v.elements {
		if len(table.of(e.r)) < maxReadings && !said[table.symbol(e.r)] {
			cost += costSimilar
		}
	}
	if v.near(cost) && !found.Near {
		return false
	}
	return 1-float64(cost)/float64(costOther*v.literals) <= found.Likeness
}

// near reports whether differences of that cost are few for the phrase. Long phrases can bear more: what is
// left of them stands in no other sentence.
func (v *variant) near(cost int) bool {
	if v.literals >= longTerm {
		return cost <= costOther*v.literals/differsLong
	}
	return cost <= costSimilar*max(1, v.literals/differsEvery)
}

// nearestPlace finds the stretch of text that differs least from elements.
func nearestPlace(text []unit, elements []element) (start, end, cost int) {
	type cell struct{ cost, start int }
	table := phoneticTable()
	row := make([]cell, len(text)+1)
	for j := range row {
		row[j] = cell{start: j}
	}
	for i, e := range elements {
		previous := row[0]
		row[0] = cell{cost: (i + 1) * costOther}
		for j, u := range text {
			better := cell{cost: previous.cost + table.cost(u.r, e.r), start: previous.start}
			if lost := row[j+1]; lost.cost+costOther < better.cost {
				better = cell{cost: lost.cost + costOther, start: lost.start}
			}
			if gained := row[j]; gained.cost+costOther < better.cost {
				better = cell{cost: gained.cost + costOther, start: gained.start}
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

// cost tells how far a is from b.
func (p *phonetics) cost(a, b rune) int {
	switch {
	case p.compare(a, b) != unlike:
		return 0
	case p.similar(a, b):
		return costSimilar
	}
	return costOther
}
