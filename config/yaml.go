package config

import (
	"reflect"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// readYAML sets the settings that data names and returns a sentence, with line and column, for
// every fault in it.
func (c *Config) readYAML(path string, data []byte, origins map[string]string) []string {
	var faults strictyaml.Faults
	if blank(data) {
		return nil
	}
	root := strictyaml.Parse(path, data, &faults)
	known := slices.DeleteFunc(Keys(), func(key string) bool { return key == "config" })
	given := root.Mapping(known...)
	for _, f := range fields(c) {
		if node, ok := given.Lookup(f.key); ok {
			origins[f.key] = node.NewFault("%s", f.key).Error()
			f.setNode(node)
		}
	}
	var sentences []string
	for _, fault := range faults.All() {
		sentences = append(sentences, fault.Error())
	}
	return sentences
}

// blank reports whether the file holds nothing but comments.
func blank(data []byte) bool {
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// setNode takes the value over, or records its fault.
func (f field) setNode(node strictyaml.Node) {
	if sources, ok := f.value.Addr().Interface().(*[]Source); ok {
		*sources = readSources(node)
		return
	}
	if f.value.Kind() == reflect.Slice {
		f.value.Set(reflect.ValueOf(node.Texts()))
		return
	}
	if text := node.Plain(); text != "" {
		if err := f.set(text); err != nil {
			node.Fault("%s: %v", f.key, err)
		}
	}
}
