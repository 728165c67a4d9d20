package strictyaml

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

const (
	maxDepth = 32
	mostOpen = 500 // brackets open at once, in text too: the parser takes very long over more
)

// opened returns how many brackets of data are open at once at most.
func opened(data []byte) int {
	open, most := 0, 0
	for _, b := range data {
		switch b {
		case '[', '{':
			open++
			most = max(most, open)
		case ']', '}':
			open = max(0, open-1)
		}
	}
	return most
}

// Node is a value in a file. The zero Node stands for one that is missing and reads as empty.
type Node struct {
	node   ast.Node
	file   string
	faults *Faults
}

// Parse reads one YAML document. What is wrong with it, now and in later calls on the Node, goes into faults.
func Parse(file string, data []byte, faults *Faults) (root Node) {
	defer func() {
		if r := recover(); r != nil {
			faults.Add(Fault{File: file, Message: "not readable as YAML"})
			root = Node{}
		}
	}()
	if fault, ok := unreadable(file, data); ok {
		faults.Add(fault)
		return Node{}
	}
	if opened(data) > mostOpen {
		faults.Add(Fault{File: file, Message: "nested too deeply"})
		return Node{}
	}
	tree, err := parser.ParseBytes([]byte(strings.TrimPrefix(string(data), "\ufeff")), 0)
	if err != nil {
		faults.Add(syntaxFault(file, err))
		return Node{}
	}
	bodies := make([]ast.Node, 0, 1)
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) != 1 {
		faults.Add(Fault{File: file, Message: fmt.Sprintf("has %d documents, wants exactly one", len(bodies))})
		return Node{}
	}
	root = Node{node: bodies[0], file: file, faults: faults}
	if !root.refuseAliases(0) {
		return Node{}
	}
	return root
}

// unreadable names the first place where data are no text in UTF-8: a spreadsheet or an editor that saves
// in GBK or UTF-16 would otherwise change the words without a trace.
func unreadable(file string, data []byte) (Fault, bool) {
	line, column := 1, 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			return Fault{File: file, Line: line, Column: column, Message: "is not UTF-8: save the file in UTF-8, not in GBK or UTF-16"}, true
		case r == 0:
			return Fault{File: file, Line: line, Column: column, Message: "holds a NUL character: save the file as text in UTF-8"}, true
		case r == '\n':
			line, column = line+1, 0
		}
		column++
		data = data[size:]
	}
	return Fault{}, false
}

func syntaxFault(file string, err error) Fault {
	fault := Fault{File: file, Message: err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		fault.Message = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			fault.Line, fault.Column = t.Position.Line, t.Position.Column
		}
	}
	fault.Message, _, _ = strings.Cut(fault.Message, "\n")
	return fault
}

func (n Node) refuseAliases(depth int) bool {
	if depth > maxDepth {
		n.Fault("nested too deeply")
		return false
	}
	ok := true
	switch v := n.node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		n.Fault("anchors, aliases and merge keys are not allowed here: write the value out")
		return false
	case *ast.MappingNode:
		for _, pair := range v.Values {
			ok = n.at(pair.Key).refuseAliases(depth+1) && n.at(pair.Value).refuseAliases(depth+1) && ok
		}
	case *ast.MappingValueNode:
		ok = n.at(v.Key).refuseAliases(depth+1) && n.at(v.Value).refuseAliases(depth+1)
	case *ast.SequenceNode:
		for _, item := range v.Values {
			ok = n.at(item).refuseAliases(depth+1) && ok
		}
	}
	return ok
}

func (n Node) at(node ast.Node) Node { return Node{node: node, file: n.file, faults: n.faults} }

// Missing reports whether there is no value at all.
func (n Node) Missing() bool {
	if n.node == nil {
		return true
	}
	_, null := n.node.(*ast.NullNode)
	return null
}

// Line returns the line of the value, 0 when it is missing.
func (n Node) Line() int {
	if n.node == nil || n.node.GetToken() == nil || n.node.GetToken().Position == nil {
		return 0
	}
	return n.node.GetToken().Position.Line
}

// Place names the file and the line of the value.
func (n Node) Place() string { return fmt.Sprintf("%s:%d", n.file, n.Line()) }

// Fault records that something is wrong with the value.
func (n Node) Fault(format string, args ...any) {
	if n.faults != nil {
		n.faults.Add(n.NewFault(format, args...))
	}
}

// NewFault returns a fault at the place of the value without recording it.
func (n Node) NewFault(format string, args ...any) Fault {
	fault := Fault{File: n.file, Message: fmt.Sprintf(format, args...)}
	if n.Line() > 0 {
		fault.Line, fault.Column = n.Line(), n.node.GetToken().Position.Column
	}
	return fault
}

// Text returns the value as text. Numbers, booleans and dates without quotes are faults.
func (n Node) Text() string {
	switch v := n.node.(type) {
	case *ast.StringNode:
		return v.Value
	case *ast.LiteralNode:
		return v.Value.Value
	case nil:
	case *ast.NullNode:
		n.Fault("is empty, wants text")
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		n.Fault("%s is not text: put it in quotes", n.node.GetToken().Value)
	case *ast.SequenceNode:
		n.Fault("wants text, not a list: text that begins with [ must stand in quotes")
	case *ast.MappingNode, *ast.MappingValueNode:
		n.Fault("wants text, not a mapping: text that begins with { or holds a colon and a space must stand in quotes")
	default:
		n.Fault("wants text")
	}
	return ""
}

// Plain returns a single value as it is written, whatever its kind. A list or a mapping is a fault.
func (n Node) Plain() string {
	switch v := n.node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return n.Text()
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return v.GetToken().Value
	case nil, *ast.NullNode:
		n.Fault("no value is given")
	default:
		n.Fault("one value is wanted here, not a list or a mapping")
	}
	return ""
}

// OneOf returns the text, which must be one of allowed.
func (n Node) OneOf(allowed ...string) string {
	if n.Missing() {
		return ""
	}
	text := n.Text()
	if text != "" && !slices.Contains(allowed, text) {
		n.Fault("%q is unknown%s; known: %s", text, Hint(text, allowed), strings.Join(allowed, ", "))
		return ""
	}
	return text
}

// Float returns the value as a number.
func (n Node) Float() float64 {
	switch n.node.(type) {
	case nil:
		return 0
	case *ast.IntegerNode, *ast.FloatNode:
		if v, err := strconv.ParseFloat(n.node.GetToken().Value, 64); err == nil {
			return v
		}
	}
	n.Fault("wants a number")
	return 0
}

// Int returns the value as a whole number that is not negative.
func (n Node) Int() int {
	if n.node == nil {
		return 0
	}
	v := n.Float()
	if v != float64(int(v)) || v < 0 || v > 1e9 {
		n.Fault("wants a whole number from 0")
		return 0
	}
	return int(v)
}

// Bool returns the value as true or false.
func (n Node) Bool() bool {
	if n.node == nil {
		return false
	}
	if v, ok := n.node.(*ast.BoolNode); ok {
		return v.Value
	}
	n.Fault("wants true or false")
	return false
}

// List returns the items of a sequence.
func (n Node) List() []Node {
	if n.Missing() {
		return nil
	}
	seq, ok := n.node.(*ast.SequenceNode)
	if !ok {
		n.Fault("wants a list")
		return nil
	}
	items := make([]Node, len(seq.Values))
	for i, v := range seq.Values {
		items[i] = n.at(v)
	}
	return items
}

// Texts returns a list of texts; one text alone is a list of one.
func (n Node) Texts() []string {
	if n.Missing() {
		return nil
	}
	if _, ok := n.node.(*ast.SequenceNode); !ok {
		if text := n.Text(); text != "" {
			return []string{text}
		}
		return nil
	}
	var texts []string
	for _, item := range n.List() {
		if text := item.Text(); strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		} else if !item.isFaulty() {
			item.Fault("is empty")
		}
	}
	return texts
}

// isFaulty reports whether Text has found fault with the value already.
func (n Node) isFaulty() bool {
	switch n.node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return false
	}
	return true
}

// IsMapping reports whether the value is a mapping.
func (n Node) IsMapping() bool {
	switch n.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}
