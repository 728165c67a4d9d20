package strictyaml

import (
	"slices"
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

// NeedSome is Need for a value that must not be an empty list.
func (m Mapping) NeedSome(key string) Node { return m.some(key, m.Need(key)) }

// Some is Get for a value that, where it is given, must not be an empty list.
func (m Mapping) Some(key string) Node { return m.some(key, m.Get(key)) }

func (m Mapping) some(key string, v Node) Node {
	if list, ok := v.node.(*ast.SequenceNode); ok && len(list.Values) == 0 {
		v.Fault("%q is an empty list: name at least one, or leave the key out", key)
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

const (
	nearWord  = 2 // edits up to which a known word may be meant
	nearPart  = 1 // the same for a part of one
	shortPart = 3 // letters up to which a part is taken as it is
)

// Hint returns `, did you mean "x"?` for the known word nearest to word, or else for the shortest one with all of
// its parts (talk_ratio: agent_talk_ratio; opening: greeting.opening); "" when there is none.
func Hint(word string, known []string) string {
	best, distance := "", nearWord+1
	for _, k := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(k)); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	if best == "" {
		best = withParts(word, known)
	}
	if best == "" {
		return ""
	}
	return `, did you mean "` + best + `"?`
}

// withParts returns the shortest known word that has the parts of word, in order, among its own.
func withParts(word string, known []string) string {
	best, parts := "", partsOf(word)
	for _, k := range known {
		if len(parts) > 0 && hasParts(partsOf(k), parts) && (best == "" || len(k) < len(best)) {
			best = k
		}
	}
	return best
}

func partsOf(word string) []string {
	return strings.FieldsFunc(strings.ToLower(word), func(r rune) bool { return r == '_' || r == '.' || r == ' ' || r == '-' })
}

func hasParts(all, parts []string) bool {
	for _, part := range parts {
		at := slices.IndexFunc(all, func(a string) bool { return alikePart(a, part) })
		if at < 0 {
			return false
		}
		all = all[at+1:]
	}
	return true
}

func alikePart(a, b string) bool {
	return a == b || min(len(a), len(b)) > shortPart && editDistance(a, b) <= nearPart
}

// editDistance counts the letters that must be put in, left out, changed or swapped with the next to make b of a.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before []int // the row before the last
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			next[j+1] = min(next[j], row[j+1]) + 1
			if a[i] == b[j] {
				next[j+1] = min(next[j+1], row[j])
			} else {
				next[j+1] = min(next[j+1], row[j]+1)
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
