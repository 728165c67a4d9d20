package lexicon

import (
	"cmp"
	"slices"
)

// automaton finds all patterns in one pass over a text, as Aho and Corasick do ("Efficient string matching",
// 1975). It reads symbols, not bytes: what stands for a character is one step.
type automaton struct {
	width  int     // symbols there are
	states []state // and one more, at which the edges of the last one end
	edges  []edge  // by the state that they leave, and in it by symbol
	table  []int32 // states that follow, by symbol, noState for none
}

// state is where the automaton stands in one or several patterns. What is asked of one lies together in memory.
type state struct {
	edges   int32 // where its edges begin; they end where those of the next state begin
	dense   int32 // its place in the table, noState when it has few edges
	fail    int32 // the longest other state whose symbols it ends with
	pattern int32 // that ends in it, noState for none
	output  int32 // the longest state that it ends with and in which a pattern ends, noState for none
}

type edge struct {
	symbol uint16
	to     int32
}

const (
	noState  = int32(-1)
	fewEdges = 6 // up to which the edges of a state are looked through
)

// newAutomaton knows each pattern by its place. No two are the same, and none is empty.
func newAutomaton(patterns [][]uint16) *automaton {
	a := &automaton{states: []state{{pattern: noState}}}
	type step struct {
		from   int32
		symbol uint16
	}
	known, leaving := map[step]int32{}, [][]edge{nil}
	for id, pattern := range patterns {
		at := int32(0)
		for _, symbol := range pattern {
			next, found := known[step{at, symbol}]
			if !found {
				next = int32(len(a.states))
				known[step{at, symbol}] = next
				leaving[at] = append(leaving[at], edge{symbol, next})
				leaving = append(leaving, nil)
				a.states = append(a.states, state{pattern: noState})
				a.width = max(a.width, int(symbol)+1)
			}
			at = next
		}
		a.states[at].pattern = int32(id)
	}
	a.arrange(leaving)
	a.link()
	return a
}

// arrange puts the edges in order and spreads out those of states that have many.
func (a *automaton) arrange(leaving [][]edge) {
	for at, edges := range leaving {
		slices.SortFunc(edges, func(x, y edge) int { return cmp.Compare(x.symbol, y.symbol) })
		s := &a.states[at]
		s.edges, s.dense = int32(len(a.edges)), noState
		a.edges = append(a.edges, edges...)
		if len(edges) <= fewEdges && at > 0 {
			continue
		}
		s.dense = int32(len(a.table))
		for range a.width {
			a.table = append(a.table, noState)
		}
		for _, e := range edges {
			a.table[int(s.dense)+int(e.symbol)] = e.to
		}
	}
	a.states = append(a.states, state{edges: int32(len(a.edges))})
}

// link works out where to go on when a state has no edge for a symbol, the shortest states first.
func (a *automaton) link() {
	queue := []int32{0}
	a.states[0].output = noState
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, e := range a.edges[a.states[at].edges:a.states[at+1].edges] {
			to := &a.states[e.to]
			if at != 0 {
				to.fail = a.next(a.states[at].fail, e.symbol)
			}
			to.output = e.to
			if to.pattern == noState {
				to.output = a.states[to.fail].output
			}
			queue = append(queue, e.to)
		}
	}
}

// next returns the state after one more symbol.
func (a *automaton) next(at int32, symbol uint16) int32 {
	for {
		s := &a.states[at]
		to := a.follow(s, a.states[at+1].edges, symbol)
		switch {
		case to != noState:
			return to
		case at == 0:
			return 0
		}
		at = s.fail
	}
}

// follow returns where the edge of a state for a symbol leads, noState when it has none; end is where its edges end.
func (a *automaton) follow(s *state, end int32, symbol uint16) int32 {
	if s.dense != noState {
		if int(symbol) >= a.width {
			return noState
		}
		return a.table[int(s.dense)+int(symbol)]
	}
	for _, e := range a.edges[s.edges:end] {
		if e.symbol == symbol {
			return e.to
		}
	}
	return noState
}

// run calls found with each pattern that ends at each unit of text, and the unit after it.
func (a *automaton) run(text []unit, found func(pattern int32, end int)) {
	at := int32(0)
	for j := range text {
		at = a.next(at, text[j].key())
		for out := a.states[at].output; out != noState; {
			s := &a.states[out]
			found(s.pattern, j+1)
			out = a.states[s.fail].output
		}
	}
}
