package lexicon

import (
	"cmp"
	"slices"
)

// phrases are some of a list as a tree: what begins alike is looked at once.
type phrases struct {
	nodes   []node // each before those below it
	deepest int
}

// node is an element of phrases that are the same up to there.
type node struct {
	element
	depth    int   // elements before it
	literals int   // characters up to it
	end      int   // of the nodes below it
	longest  int   // characters of the longest phrase through it
	ends     []int // places in the list of the phrases that end with it
}

// newPhrases makes a tree of the variants that have slots, or of those that have none.
func newPhrases(variants []*variant, slotted bool) *phrases {
	var order []int
	for i, v := range variants {
		if v.slotted() == slotted {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.CompareFunc(variants[a].elements, variants[b].elements, func(x, y element) int {
			return cmp.Or(cmp.Compare(x.r, y.r), cmp.Compare(x.bit(), y.bit()))
		})
	})
	p := &phrases{}
	var path []int
	for _, i := range order {
		path = p.add(path, i, variants[i])
	}
	p.close(path, 0)
	return p
}

// bit is that of the slot of e, 0 for a character.
func (e element) bit() slotSet {
	if e.slot == nil {
		return 0
	}
	return e.slot.bit
}

// add puts a phrase behind the one whose nodes are path, and returns its own.
func (p *phrases) add(path []int, at int, v *variant) []int {
	shared := 0
	for shared < min(len(path), len(v.elements)) && p.nodes[path[shared]].same(v.elements[shared]) {
		shared++
	}
	path = p.close(path, shared)
	for depth := shared; depth < len(v.elements); depth++ {
		n := node{element: v.elements[depth], depth: depth}
		if depth > 0 {
			n.literals = p.nodes[path[depth-1]].literals
		}
		if n.slot == nil {
			n.literals++
		}
		path = append(path, len(p.nodes))
		p.nodes = append(p.nodes, n)
	}
	p.deepest = max(p.deepest, len(v.elements))
	last := &p.nodes[path[len(path)-1]]
	last.ends = append(last.ends, at)
	for _, i := range path {
		p.nodes[i].longest = max(p.nodes[i].longest, v.literals)
	}
	return path
}

func (e element) same(other element) bool { return e.r == other.r && e.slot == other.slot }

// close ends the nodes of path from depth on.
func (p *phrases) close(path []int, depth int) []int {
	for _, i := range path[depth:] {
		p.nodes[i].end = len(p.nodes)
	}
	return path[:depth]
}
