package strictyaml

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Mapping is a mapping whose keys were checked.
type Mapping struct {
	node   Node
	values map[string]Node
}

// Mapping returns the value as a mapping. Keys that are not in known, and keys that stand twice, are faults.
func (n Node) Mapping(known ...string) Mapping {
	m := Mapping{node: n, values: map[string]Node{}}
	for _, pair := range n.pairs() {
		key := pair.Key.GetToken().Value
		at := n.at(pair.Key)
		switch _, twice := m.values[key]; {
		case twice:
			at.Fault("key %q stands twice", key)
		case !contains(known, key):
			at.Fault("unknown key %q%s", key, hintOrKnown(key, known))
		default:
			m.values[key] = n.at(pair.Value)
		}
	}
	return m
}

// hintOrKnown names the key that was meant, or all that may stand there when none is like it.
func hintOrKnown(key string, known []string) string {
	if hint := Hint(key, known); hint != "" {
		return hint
	}
	var once []string
	for _, key := range known {
		if !contains(once, key) { // kinds of rules share some
			once = append(once, key)
		}
	}
	return "; known: " + strings.Join(once, ", ")
}

func (n Node) pairs() []*ast.MappingValueNode {
	switch v := n.node.(type) {
	case nil:
	case *ast.MappingNode:
		return v.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}
	default:
		n.Fault("wants a mapping of keys to values")
	}
	return nil
}

// Get returns the value of key, a missing Node when it is not there.
func (m Mapping) Get(key string) Node {
	if v, ok := m.values[key]; ok {
		return v
	}
	return Node{}
}

// Lookup returns the value of key and whether the key is there, with a value or without.
func (m Mapping) Lookup(key string) (Node, bool) {
	v, ok := m.values[key]
	return v, ok
}

// Has reports whether key is there with a value.
func (m Mapping) Has(key string) bool { return !m.Get(key).Missing() }

// Need returns the value of key and records a fault when it is missing.
func (m Mapping) Need(key string) Node {
	v := m.Get(key)
	if v.Missing() {
		m.node.Fault("%q is missing", key)
		return Node{}
	}
	return v
}

// Fault records that something is wrong with the mapping as a whole.
func (m Mapping) Fault(format string, args ...any) { m.node.Fault(format, args...) }

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// Hint returns `, did you mean "x"?` for the known word nearest to word, "" when none is near.
func Hint(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(k)); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return `, did you mean "` + best + `"?`
}

func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := previous
			if a[i] != b[j] {
				cost = 1 + min(previous, row[j], row[j+1])
			}
			previous, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
