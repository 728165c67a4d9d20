package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readYAML sets the settings that data names and returns a sentence, with line and column, for
// every fault in it.
func (c *Config) readYAML(path string, data []byte) []string {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return []string{fmt.Sprintf("%s: %s", path, strings.SplitN(err.Error(), "\n", 2)[0])}
	}
	var faults []string
	known := fields(c)
	seen := map[string]bool{}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		pairs, ok := mapping(doc.Body)
		if !ok {
			return append(faults, at(path, doc.Body, "the file is not a list of settings such as workers: 4"))
		}
		for _, pair := range pairs {
			key := pair.Key.String()
			f, err := find(known, key)
			switch {
			case err != nil:
				faults = append(faults, at(path, pair.Key, err.Error()))
			case seen[key]:
				faults = append(faults, at(path, pair.Key, key+" is set twice"))
			default:
				if err := f.setNode(pair.Value); err != nil {
					faults = append(faults, at(path, pair.Value, fmt.Sprintf("%s: %v", key, err)))
				}
			}
			seen[key] = true
		}
	}
	return faults
}

func mapping(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	case *ast.CommentGroupNode, *ast.NullNode:
		return nil, true
	}
	return nil, false
}

func (f field) setNode(node ast.Node) error {
	switch n := node.(type) {
	case *ast.SequenceNode:
		items := make([]string, len(n.Values))
		for i, v := range n.Values {
			text, ok := v.(*ast.StringNode)
			if !ok {
				return fmt.Errorf("item %d is not text: put it in quotes", i+1)
			}
			items[i] = text.Value
		}
		return f.setList(items)
	case *ast.StringNode:
		return f.set(n.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return f.set(n.GetToken().Value)
	case *ast.NullNode:
		return fmt.Errorf("no value is given")
	}
	return fmt.Errorf("%s is not a plain value", node.Type())
}

func find(known []field, key string) (field, error) {
	best, distance := "", 3
	for _, f := range known {
		if f.key == key && key != "config" {
			return f, nil
		}
		if d := editDistance(f.key, key); d < distance {
			best, distance = f.key, d
		}
	}
	if best != "" && best != "config" {
		return field{}, fmt.Errorf("%s is not a setting; did you mean %s?", key, best)
	}
	return field{}, fmt.Errorf("%s is not a setting", key)
}

func at(path string, node ast.Node, message string) string {
	pos := node.GetToken().Position
	return fmt.Sprintf("%s:%d:%d: %s", path, pos.Line, pos.Column, message)
}

// editDistance is the Levenshtein distance of a and b in bytes; keys are ASCII.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = slices.Min([]int{diagonal, row[j], row[j+1]}) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
