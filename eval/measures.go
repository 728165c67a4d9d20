package eval

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/zhijian-qa/zhijian/score"
)

// countPart ends the name of a measure that is the length of a list, lengthPart that of a span.
const (
	countPart  = "count"
	lengthPart = "length_ms"
)

// figures are the measures of a result by name: every number in its JSON, the parts of its name joined by
// dots, the length of every list under count and that of every span under length_ms. Measures that are added to score need nothing here.
type figures struct {
	values  map[string]float64
	unknown []string // names that hold null
}

func figuresOf(m score.Measures) figures {
	f := figures{values: map[string]float64{}}
	data, err := json.Marshal(m)
	if err != nil {
		return f
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		return f
	}
	delete(object, "withheld")
	f.collect("", object)
	slices.Sort(f.unknown)
	return f
}

func (f *figures) collect(name string, value any) {
	switch v := value.(type) {
	case nil:
		f.unknown = append(f.unknown, name)
	case float64:
		f.values[name] = v
	case map[string]any:
		start, begins := v["start_ms"].(float64)
		if end, ends := v["end_ms"].(float64); begins && ends {
			f.values[name+"."+lengthPart] = end - start
		}
		for key, part := range v {
			f.collect(strings.TrimPrefix(name+"."+key, "."), part)
		}
	case []any:
		sure := slices.DeleteFunc(v, func(item any) bool {
			object, ok := item.(map[string]any)
			return ok && object["uncertain"] == true
		})
		f.values[name+"."+countPart] = float64(len(sure))
	}
}

// has reports whether name is a measure, known in this call or not.
func (f figures) has(name string) bool {
	if _, ok := f.values[name]; ok {
		return true
	}
	return slices.ContainsFunc(f.unknown, func(u string) bool { return name == u || strings.HasPrefix(name, u+".") })
}

func (f figures) names() []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(slices.Clone(f.unknown), maps.Keys(f.values)))))
}

// fewestToDraw is how many calls a bootstrap needs: fewer drawn anew are nearly the same few.
const fewestToDraw = 5

// MeasureError is how far a measure lies from what people say.
type MeasureError struct {
	Name     string    `json:"name"`
	Calls    int       `json:"calls"`    // compared
	Withheld int       `json:"withheld"` // labelled, and withheld by the program
	Mean     *float64  `json:"mean_error"`
	Absolute *float64  `json:"mean_absolute_error"`
	Interval *Interval `json:"mean_absolute_error_interval"` // nil with fewer than 5 calls
	Worst    float64   `json:"worst_error"`                  // with its sign
	errors   []float64
}

func (m *MeasureError) finish() {
	m.Calls = len(m.errors)
	if m.Calls == 0 {
		return
	}
	bias, absolute := mean(m.errors), meanAbsolute(m.errors)
	m.Mean, m.Absolute = &bias, &absolute
	if m.Calls >= fewestToDraw {
		drawn := Bootstrap(meanAbsolute, m.errors)
		m.Interval = &drawn
	}
	for _, e := range m.errors {
		if max(e, -e) > max(m.Worst, -m.Worst) {
			m.Worst = e
		}
	}
}

func meanAbsolute(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += max(v, -v)
	}
	return sum / float64(max(1, len(values)))
}
