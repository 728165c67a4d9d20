package lexicon

import (
	"cmp"
	"slices"
)

// automaton finds all patterns in one pass over a text, as Aho and Corasick do ("Efficient string matching",
// 1975). It reads symbols, not bytes: what stands for a character is one step.
type automaton struct {
	width   int     // symbols there are
	edges   []edge  // by the state that they leave, and in it by symbol
	first   []int32 // of the edges of each state, and one more
	dense   []int32 // of each state its place in table, -1 when it has few edges
	table   []int32 // states that follow, by symbol, noState for none
	fail    []int32 // of each state the longest other one whose symbols it ends with
	pattern []int32 // that ends in each state, noState for none
	output  []int32 // of each state the longest one that it ends with and in which a pattern ends, noState for none
}

type edge struct {
	symbol   uint16
	from, to int32
}

const (
	noState  = int32(-1)
	fewEdges = 6 // up to which the edges of a state are looked through
)

// newAutomaton knows each pattern by its place. No two are the same, and none is empty.
func newAutomaton(patterns [][]uint16) *automaton {
	a := &automaton{pattern: []int32{noState}}
	type step struct {
		from   int32
		symbol uint16
	}
	known := map[step]int32{}
	for id, pattern := range patterns {
		state := int32(0)
		for _, symbol := range pattern {
			next, found := known[step{state, symbol}]
			if !found {
				next = int32(len(a.pattern))
				known[step{state, symbol}] = next
				a.edges = append(a.edges, edge{symbol, state, next})
				a.pattern = append(a.pattern, noState)
				a.width = max(a.width, int(symbol)+1)
			}
			state = next
		}
		a.pattern[state] = int32(id)
	}
	a.arrange()
	a.link()
	return a
}

// arrange puts the edges in order and spreads out those of states that have many.
func (a *automaton) arrange() {
	slices.SortFunc(a.edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.symbol, y.symbol))
	})
	a.first = make([]int32, len(a.pattern)+1)
	for _, e := range a.edges {
		a.first[e.from+1]++
	}
	for state := range a.pattern {
		a.first[state+1] += a.first[state]
	}
	a.dense = make([]int32, len(a.pattern))
	for state := range a.dense {
		a.dense[state] = noState
		edges := a.edges[a.first[state]:a.first[state+1]]
		if len(edges) <= fewEdges && state > 0 {
			continue
		}
		a.dense[state] = int32(len(a.table))
		for range a.width {
			a.table = append(a.table, noState)
		}
		for _, e := range edges {
			a.table[int(a.dense[state])+int(e.symbol)] = e.to
		}
	}
}

// link works out where to go on when a state has no edge for a symbol, the shortest states first.
func (a *automaton) link() {
	a.fail, a.output = make([]int32, len(a.pattern)), make([]int32, len(a.pattern))
	queue := []int32{0}
	a.output[0] = noState
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		for _, e := range a.edges[a.first[state]:a.first[state+1]] {
			if state != 0 {
				a.fail[e.to] = a.next(a.fail[state], e.symbol)
			}
			a.output[e.to] = e.to
			if a.pattern[e.to] == noState {
				a.output[e.to] = a.output[a.fail[e.to]]
			}
			queue = append(queue, e.to)
		}
	}
}

// next returns the state after one more symbol.
func (a *automaton) next(state int32, symbol uint16) int32 {
	for {
		to := a.follow(state, symbol)
		switch {
		case to != noState:
			return to
		case state == 0:
			return 0
		}
		state = a.fail[state]
	}
}

// follow returns where the edge of a state for a symbol leads, noState when it has none.
func (a *automaton) follow(state int32, symbol uint16) int32 {
	if at := a.dense[state]; at != noState {
		if int(symbol) >= a.width {
			return noState
		}
		return a.table[int(at)+int(symbol)]
	}
	for _, e := range a.edges[a.first[state]:a.first[state+1]] {
		if e.symbol == symbol {
			return e.to
		}
	}
	return noState
}

// run calls found with each pattern that ends at each unit of text, and the unit after it.
func (a *automaton) run(text []unit, found func(pattern int32, end int)) {
	state := int32(0)
	for j := range text {
		state = a.next(state, text[j].key())
		for out := a.output[state]; out != noState; out = a.output[a.fail[out]] {
			found(a.pattern[out], j+1)
		}
	}
}
