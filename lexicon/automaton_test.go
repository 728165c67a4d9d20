package lexicon

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The automaton finds what looking for each pattern at each place finds.
func TestAutomatonFindsEveryPattern(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		symbols := 1 + random.IntN(12)
		some := func(n int) []uint16 {
			list := make([]uint16, n)
			for i := range list {
				list[i] = uint16(random.IntN(symbols))
			}
			return list
		}
		var patterns [][]uint16
		for range random.IntN(60) {
			if p := some(1 + random.IntN(5)); !slices.ContainsFunc(patterns, func(q []uint16) bool { return slices.Equal(p, q) }) {
				patterns = append(patterns, p)
			}
		}
		text := some(random.IntN(60))
		units := make([]unit, len(text))
		var want, got []string
		for j, symbol := range text {
			units[j].near[0] = symbol
			for id, p := range patterns {
				if j+1 >= len(p) && slices.Equal(text[j+1-len(p):j+1], p) {
					want = append(want, fmt.Sprint(id, j+1))
				}
			}
		}
		newAutomaton(patterns).run(units, func(pattern int32, end int) { got = append(got, fmt.Sprint(pattern, end)) })
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Fatalf("patterns %v in %v: got %v, want %v", patterns, text, got, want)
		}
	}
}

// Every phrase that comes as near as it must is among the candidates.
func TestCandidatesMissNoPhrase(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	letters := []rune("请问还有其他可以帮您的吗四是十事师傅工号零一a3嗯")
	some := func(n int) []unit {
		runes := make([]rune, n)
		for i := range runes {
			runes[i] = letters[random.IntN(len(letters))]
		}
		return units(runes)
	}
	passed, all := 0, 0
	for range 200 {
		var variants []*variant
		for range 1 + random.IntN(30) {
			v := &variant{}
			for _, u := range some(1 + random.IntN(8)) {
				v.elements = append(v.elements, element{r: u.r, voice: u.voice})
				if random.IntN(12) == 0 {
					v.elements = append(v.elements, element{slot: slots[slotNames()[random.IntN(len(slots))]]})
				}
			}
			for _, e := range v.elements {
				if e.slot == nil {
					v.literals++
				}
			}
			variants = append(variants, v)
		}
		said := some(1 + random.IntN(150))
		most := make([]int, 17)
		for n := range most {
			most[n] = max(-1, n+random.IntN(3)-2)
			most[n] = max(most[n], most[max(0, n-1)])
		}
		sieve := newSearched(said, &scratch{}).sieve
		got := sieve.candidates(newPhrases(variants, false), most, nil)
		got = sieve.candidates(newPhrases(variants, true), most, got)
		all, passed = all+len(variants), passed+len(got)
		for i, v := range variants {
			_, _, cost := nearestPlace(said, v.elements)
			if cost <= most[v.literals] && !slices.Contains(got, i) {
				t.Fatalf("phrase %d of %d costs %d, of at most %v, and is no candidate", i, len(variants), cost, most)
			}
		}
	}
	if passed > all/2 {
		t.Errorf("%d of %d phrases are candidates: nothing is sieved out", passed, all)
	}
}
