package eval

import "strings"

// wide adds the labels of one row, which are those of one call.
func (r *reader) wide(labels []Labels, w row, names []string, heading []cell) []Labels {
	l := Labels{At: w.at}
	l.Call, _ = r.name(w.at, w.get(columnCall).text)
	for i, name := range names {
		c := w.get(name)
		if c.text == "" {
			continue
		}
		switch name {
		case columnCall, columnNote, columnFile, "":
		case columnScore:
			l.score(r, c)
		case columnChecked:
			l.checked(r, c)
		default:
			r.named(&l, name, heading[i].at, c)
		}
	}
	return append(labels, l)
}

// named reads a cell under a name: a number is that of a measure, anything else the outcome of a rule.
func (r *reader) named(l *Labels, name string, heading Place, c cell) {
	if strings.ContainsAny(plain(c.text), "0123456789") {
		if value, ok := r.share(c.at, c.text); ok {
			l.Measures = append(l.Measures, Measure{Name: name, Value: value, At: heading})
		}
		return
	}
	if outcome, ok := r.outcome(c.at, c.text); ok {
		l.Rules = append(l.Rules, Rule{ID: name, Outcome: outcome, At: heading})
	}
}

func (l *Labels) score(r *reader, c cell) {
	if value, ok := r.total(c.at, c.text); ok {
		l.Score = &value
	}
}

func (l *Labels) checked(r *reader, c cell) {
	if yes, ok := r.yes(c.at, c.text); ok {
		l.Unchecked = !yes
	}
}
