package lexicon

import (
	"math/rand/v2"
	"testing"
)

// The search by bits finds what the plain one finds, as far as that costs no more than it may.
func TestPlaceIsThatOfThePlainSearch(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("请问还有其他可以帮您的吗四是十事师傅工号零一a3嗯")
	text := func(n int) []unit {
		runes := make([]rune, n)
		for i := range runes {
			runes[i] = letters[random.IntN(len(letters))]
		}
		return units(runes)
	}
	number, anything := *slots["digits"], *slots["org"]
	number.min, number.max, anything.min, anything.max = 1, 4, 0, 3
	for range 5000 {
		said := text(random.IntN(40) * (1 + random.IntN(4)))
		var elements []element
		for _, u := range text(1 + random.IntN(9)) {
			elements = append(elements, element{r: u.r, voice: u.voice})
			switch random.IntN(12) {
			case 0:
				elements = append(elements, element{slot: &number})
			case 1:
				elements = append(elements, element{slot: &anything})
			}
		}
		start, end, cost := nearestPlace(said, elements)
		searched := newSearched(said, &scratch{})
		for most := range costOther*len(elements) + 2 {
			gotStart, gotEnd, gotCost, ok := searched.place(elements, most)
			if ok != (cost <= most) {
				t.Fatalf("at most %d: found %v, the plain search finds %d", most, ok, cost)
			}
			if ok && (gotStart != start || gotEnd != end || gotCost != cost) {
				t.Fatalf("at most %d: got %d-%d at %d, want %d-%d at %d", most, gotStart, gotEnd, gotCost, start, end, cost)
			}
		}
	}
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

// other is what it costs when r stands for e.
func (e element) other(r rune) int {
	switch {
	case e.slot == nil:
		return phoneticTable().cost(r, e.r)
	case e.slot.fits(r):
		return 0
	}
	return costSimilar
}

// gained is what it costs when r stands beside e.
func (e element) gained(r rune) int {
	if e.slot != nil && e.slot.fits(r) {
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
