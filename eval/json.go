package eval

import (
	"encoding/json"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// fields reads the members of an object by key.
type fields struct {
	r  *reader
	at Place
	by map[string]node
}

// object returns n's members; keys that are not in known, and keys that stand twice, are faults. A null
// counts as left out.
func (r *reader) object(n node, known ...string) (fields, bool) {
	members, ok := n.value.([]member)
	if !ok {
		r.fault(n.at, "此处须为对象 { } an object in braces is wanted here")
		return fields{}, false
	}
	f := fields{r: r, at: n.at, by: map[string]node{}}
	seen := map[string]Place{}
	for _, m := range members {
		if !slices.Contains(known, m.key) {
			r.fault(m.at, "未知的键 unknown key%s", quoted(m.key)+hint(m.key, known))
			continue
		}
		twice(r, seen, m.key, m.at, "键 key")
		if m.value.value != nil {
			f.by[m.key] = m.value
		}
	}
	return f, true
}

// need returns a value that must be there.
func (f fields) need(key string) (node, bool) {
	n, ok := f.by[key]
	if !ok {
		f.r.fault(f.at, "缺少 %q is missing", key)
	}
	return n, ok
}

// words reads a text.
func (r *reader) words(n node) (string, bool) {
	text, ok := n.value.(string)
	if !ok {
		r.fault(n.at, "此处须为带引号的文字 a text in quotes is wanted here")
	}
	return text, ok
}

// digits reads a number as it is written.
func (r *reader) digits(n node) (string, bool) {
	number, ok := n.value.(json.Number)
	if !ok {
		r.fault(n.at, "此处须为不带引号的数字 a number without quotes is wanted here")
	}
	return number.String(), ok
}

func (f fields) needText(key string) (string, Place, bool) {
	n, ok := f.need(key)
	if !ok {
		return "", n.at, false
	}
	text, ok := f.r.words(n)
	return text, n.at, ok
}

func (f fields) needMillis(key string) (call.Millis, bool) {
	n, ok := f.need(key)
	if !ok {
		return 0, false
	}
	digits, ok := f.r.digits(n)
	if !ok {
		return 0, false
	}
	return f.r.millis(n.at, digits)
}

func (f fields) span() (call.Span, bool) {
	start, ok := f.needMillis("start_ms")
	end, also := f.needMillis("end_ms")
	if !ok || !also {
		return call.Span{}, false
	}
	return f.r.span(f.at, start, end)
}

func (f fields) needRole(key string) (call.Role, bool) {
	text, at, ok := f.needText(key)
	if !ok {
		return "", false
	}
	return f.r.role(at, text)
}

// flag reads a value that is true, false or left out.
func (f fields) flag(key string) *bool {
	n, ok := f.by[key]
	if !ok {
		return nil
	}
	value, ok := n.value.(bool)
	if !ok {
		f.r.fault(n.at, "须为 true 或 false true or false is wanted here")
		return nil
	}
	return &value
}

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
	f, ok := r.object(n, "start_ms", "end_ms", "announced", "note")
	if !ok {
		return Silence{}, false
	}
	span, ok := f.span()
	return Silence{Span: span, Announced: f.flag("announced"), At: n.at}, ok
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
