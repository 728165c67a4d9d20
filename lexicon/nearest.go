package lexicon

// maxNearestText bounds the work of one search for the nearest miss, in characters.
const maxNearestText = 2000

// Nearest returns the place of text that comes nearest to a term of the list, whatever its tiers allow;
// ok is false when no character fits. Distance counts the syllables to change, insert or leave out.
func (s *Set) Nearest(name, text string) (nearest Match, ok bool) {
	l := s.byName[name]
	if l == nil {
		return Match{}, false
	}
	runes := []rune(text)
	cut := units(runes)
	cut = cut[:min(len(cut), maxNearestText)]
	best := -1.0
	for _, v := range l.variants {
		if v.literals != len(v.elements) {
			continue
		}
		start, end, distance := nearestPlace(cut, v.elements)
		likeness := 1 - float64(distance)/float64(v.literals)
		if start < end && likeness > max(best, 0) {
			best = likeness
			nearest = fit{variant: v, start: start, end: end, tier: TierEdit, distance: distance}.match(cut, runes)
		}
	}
	return nearest, best > 0
}

// nearestPlace finds the stretch of text with the least edit distance to elements.
func nearestPlace(text []unit, elements []element) (start, end, distance int) {
	type cell struct{ cost, start int }
	table := phoneticTable()
	row := make([]cell, len(text)+1)
	for j := range row {
		row[j] = cell{start: j}
	}
	for i, e := range elements {
		previous := row[0]
		row[0] = cell{cost: i + 1}
		for j, u := range text {
			change := previous
			if table.compare(u.r, e.r) == unlike {
				change.cost++
			}
			better := change
			if lose := row[j+1]; lose.cost+1 < better.cost {
				better = cell{cost: lose.cost + 1, start: lose.start}
			}
			if gain := row[j]; gain.cost+1 < better.cost {
				better = cell{cost: gain.cost + 1, start: gain.start}
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
