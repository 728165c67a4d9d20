package config

import (
	"fmt"
	"reflect"
	"strings"
)

// Given returns those settings among keys that the file, the environment or a flag gave, as text.
func (c Config) Given(keys ...string) map[string]string {
	given := map[string]string{}
	for _, key := range keys {
		if c.given[key] {
			given[key] = c.Text(key)
		}
	}
	return given
}

// Text returns the setting called key as text, the items of a list one a line. It panics for a key that is none.
func (c Config) Text(key string) string {
	for _, f := range fields(&c) {
		if f.key != key {
			continue
		}
		if f.value.Kind() != reflect.Slice {
			return fmt.Sprint(f.value.Interface())
		}
		items := make([]string, f.value.Len())
		for i := range items {
			items[i] = fmt.Sprint(f.value.Index(i).Interface())
		}
		return strings.Join(items, "\n")
	}
	panic("config: there is no setting " + key)
}

// LimitKeys returns the names of the thresholds of the measures.
func LimitKeys() []string {
	var limits Limits
	var keys []string
	for _, f := range fieldsOf(reflect.ValueOf(&limits).Elem()) {
		keys = append(keys, f.key)
	}
	return keys
}
