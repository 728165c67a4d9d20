package source

import (
	"strings"
	"time"

	"github.com/zhijian-qa/zhijian/call"
)

// ReadFields reads a JSON object, as a sidecar file holds one, into fields by the names of columns. Keys that are
// not known are left out.
func ReadFields(data []byte) (map[string]string, error) {
	text, err := decodeText(data)
	if err != nil {
		return nil, err
	}
	return jsonFields(text)
}

// KnownFields returns those of fields that are columns, by the columns' own names.
func KnownFields(fields map[string]string) map[string]string {
	known := map[string]string{}
	for heading, value := range fields {
		if name, ok := columnName(heading); ok && name != pathColumn && value != "" {
			known[name] = strings.TrimSpace(value)
		}
	}
	return known
}

// CheckFields returns a sentence for every field that cannot be read. The values are never quoted.
func CheckFields(fields map[string]string, zone *time.Location) []string {
	var sentences []string
	seen := map[string]bool{}
	for heading := range fields {
		name, known := columnName(heading)
		if known && seen[name] {
			sentences = append(sentences, name+": two values are given")
		}
		seen[name] = true
	}
	_, faults := readFields(KnownFields(fields), zone)
	for _, f := range faults {
		sentences = append(sentences, f.column+": "+f.err.Error())
	}
	return sentences
}

// Metadata returns what fields say; those that cannot be read say nothing.
func Metadata(fields map[string]string, zone *time.Location) call.Metadata {
	m, _ := readFields(KnownFields(fields), zone)
	return m
}
