package eval

// json reads labels: one call, a list of calls, or calls one after another.
func (r *reader) json(text []byte) []Labels {
	var labels []Labels
	for _, n := range r.values(text) {
		calls, list := n.value.([]node)
		if !list {
			calls = []node{n}
		}
		for _, c := range calls {
			if l, ok := r.call(c); ok {
				labels = append(labels, l)
			}
		}
	}
	if len(labels) == 0 && r.faults.Len() == 0 {
		r.fault(Place{File: r.file, Line: 1, Column: 1}, "没有标注任何通话 no call is labelled")
	}
	return labels
}

func (r *reader) call(n node) (Labels, bool) {
	f, ok := r.object(n, "call", "file", "note", "checked", "score", "rules", "measures", "interruptions", "silences", "utterances")
	if !ok {
		return Labels{}, false
	}
	l := Labels{At: n.at}
	if text, at, ok := f.needText("call"); ok {
		l.Call, _ = r.name(at, text)
	}
	if checked := f.flag("checked"); checked != nil {
		l.Unchecked = !*checked
	}
	if n, ok := f.by["score"]; ok {
		if digits, ok := r.digits(n); ok {
			if value, ok := r.total(n.at, digits); ok {
				l.Score = &value
			}
		}
	}
	l.Rules = r.rules(f.by["rules"])
	l.Measures = r.measures(f.by["measures"])
	l.Interruptions = list(r, f.by["interruptions"], r.interruption)
	l.Silences = list(r, f.by["silences"], r.silence)
	l.Utterances = list(r, f.by["utterances"], r.utterance)
	return l, true
}

// list reads a list of items, nil when it is left out.
func list[T any](r *reader, n node, read func(node) (T, bool)) []T {
	if n.value == nil {
		return nil
	}
	nodes, ok := n.value.([]node)
	if !ok {
		r.fault(n.at, "此处须为列表 [ ] a list in brackets is wanted here")
		return nil
	}
	items := make([]T, 0, len(nodes))
	for _, n := range nodes {
		if item, ok := read(n); ok {
			items = append(items, item)
		}
	}
	return items
}

// rules reads outcomes, as a list of objects or as an object of outcomes by rule.
func (r *reader) rules(n node) []Rule {
	members, short := n.value.([]member)
	if !short {
		return list(r, n, r.rule)
	}
	var rules []Rule
	for _, m := range members {
		id, ok := r.name(m.at, m.key)
		if !ok || m.value.value == nil {
			continue
		}
		if word, ok := r.words(m.value); ok {
			if outcome, ok := r.outcome(m.value.at, word); ok {
				rules = append(rules, Rule{ID: id, Outcome: outcome, At: m.at})
			}
		}
	}
	return rules
}

func (r *reader) rule(n node) (Rule, bool) {
	f, ok := r.object(n, "rule", "name", "outcome", "note")
	if !ok {
		return Rule{}, false
	}
	id, at, ok := f.needText("rule")
	if ok {
		id, ok = r.name(at, id)
	}
	word, place, also := f.needText("outcome")
	if !ok || !also {
		return Rule{}, false
	}
	outcome, ok := r.outcome(place, word)
	return Rule{ID: id, Outcome: outcome, At: at}, ok
}

// measures reads numbers by name, nested as in results or joined by dots.
func (r *reader) measures(n node) []Measure {
	if n.value == nil {
		return nil
	}
	members, ok := n.value.([]member)
	if !ok {
		r.fault(n.at, "此处须为对象 { } an object in braces is wanted here")
		return nil
	}
	var read []Measure
	for _, m := range members {
		name, ok := r.name(m.at, m.key)
		switch {
		case !ok || m.value.value == nil:
		case isObject(m.value):
			for _, part := range r.measures(m.value) {
				part.Name = name + "." + part.Name
				read = append(read, part)
			}
		default:
			if digits, ok := r.digits(m.value); ok {
				if value, ok := r.number(m.value.at, digits); ok {
					read = append(read, Measure{Name: name, Value: value, At: m.at})
				}
			}
		}
	}
	return read
}

func isObject(n node) bool {
	_, ok := n.value.([]member)
	return ok
}

func (r *reader) interruption(n node) (Interruption, bool) {
	f, ok := r.object(n, "by", "start_ms", "overlap_ms", "yielded", "uncertain", "text", "note")
	if !ok {
		return Interruption{}, false
	}
	i := Interruption{Yielded: f.flag("yielded"), At: n.at}
	if u := f.flag("uncertain"); u != nil {
		i.Uncertain = *u
	}
	i.By, ok = f.needRole("by")
	start, also := f.needMillis("start_ms")
	i.Start = start
	return i, ok && also
}

func (r *reader) silence(n node) (Silence, bool) {
	f, ok := r.object(n, "start_ms", "end_ms", "announced", "waiting_for", "note")
	if !ok {
		return Silence{}, false
	}
	s := Silence{Announced: f.flag("announced"), At: n.at}
	s.Span, ok = f.span()
	if _, given := f.by["waiting_for"]; given {
		s.WaitingFor, _ = f.needRole("waiting_for")
	}
	return s, ok
}

func (r *reader) utterance(n node) (Utterance, bool) {
	f, ok := r.object(n, "role", "start_ms", "end_ms", "text", "confidence", "note")
	if !ok {
		return Utterance{}, false
	}
	u := Utterance{At: n.at}
	u.Role, ok = f.needRole("role")
	span, timed := f.span()
	text, at, said := f.needText("text")
	if said {
		u.Text, said = r.text(at, text)
	}
	u.Span = span
	return u, ok && timed && said
}
