package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// readJSONLines yields the objects of a JSON Lines manifest.
func readJSONLines(data []byte) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		line := 0
		for text := range bytes.Lines(data) {
			line++
			if !filled(text) {
				continue
			}
			fields, err := jsonFields(text)
			if !yield(entry{line: line, fields: fields, err: err}) {
				return
			}
		}
	}
}

// jsonFields reads one object. Keys that are not known are ignored whatever they hold.
func jsonFields(text []byte) (map[string]string, error) {
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, errors.New("it is not a JSON object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON object")
	}
	fields := map[string]string{}
	for key, value := range object {
		name, known := columnName(key)
		if !known || value == nil {
			continue
		}
		if _, twice := fields[name]; twice {
			return nil, fmt.Errorf("two values are called %s", name)
		}
		switch v := value.(type) {
		case string:
			fields[name] = strings.TrimSpace(v)
		case json.Number, bool:
			fields[name] = fmt.Sprint(v)
		default:
			return nil, fmt.Errorf("%s is not a plain value", name)
		}
	}
	return fields, nil
}
