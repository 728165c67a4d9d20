package lexicon

import "slices"

// phrases are those of a list that have no slots, as a tree: what begins alike is looked at once.
type phrases struct {
	nodes   []node // each before those below it
	deepest int
}

// node is a character of phrases that are the same up to there.
type node struct {
	element
	depth   int   // characters before it
	end     int   // of the nodes below it
	longest int   // length of the longest phrase through it
	ends    []int // places in the list of the phrases that end with it
}

func newPhrases(variants []*variant) *phrases {
	var order []int
	for i, v := range variants {
		if !v.slotted() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.CompareFunc(variants[a].elements, variants[b].elements, func(x, y element) int { return int(x.r - y.r) })
	})
	p := &phrases{}
	var path []int
	for _, i := range order {
		path = p.add(path, i, variants[i].elements)
	}
	p.close(path, 0)
	return p
}

// add puts a phrase behind the one whose nodes are path, and returns its own.
func (p *phrases) add(path []int, at int, elements []element) []int {
	shared := 0
	for shared < min(len(path), len(elements)) && p.nodes[path[shared]].r == elements[shared].r {
		shared++
	}
	path = p.close(path, shared)
	for depth := shared; depth < len(elements); depth++ {
		path = append(path, len(p.nodes))
		p.nodes = append(p.nodes, node{element: elements[depth], depth: depth})
	}
	p.deepest = max(p.deepest, len(elements))
	last := &p.nodes[path[len(path)-1]]
	last.ends = append(last.ends, at)
	for _, i := range path {
		p.nodes[i].longest = max(p.nodes[i].longest, len(elements))
	}
	return path
}

// close ends the nodes of path from depth on.
func (p *phrases) close(path []int, depth int) []int {
	for _, i := range path[depth:] {
		p.nodes[i].end = len(p.nodes)
	}
	return path[:depth]
}
