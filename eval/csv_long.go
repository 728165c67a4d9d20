package eval

import (
	"strings"

	"github.com/zhijian-qa/zhijian/call"
)

// The kinds of labels in a CSV file with a row for each, besides score and checked.
const (
	KindRule         = "rule"
	KindMeasure      = "measure"
	KindInterruption = "interruption"
	KindSilence      = "silence"
	KindUtterance    = "utterance"
	KindScore        = columnScore
	KindChecked      = columnChecked
)

// None stands for the value of a row that says that there is nothing of its kind in the call.
const None = "none"

func kinds() []string {
	return []string{KindRule, KindScore, KindMeasure, KindInterruption, KindSilence, KindUtterance, KindChecked}
}

var kindWords = map[string]string{
	"规则": KindRule, "总分": KindScore, "指标": KindMeasure, "抢话": KindInterruption, "沉默": KindSilence, "话语": KindUtterance,
	"已核对": KindChecked,
}

// long adds the label of one row to those of its call.
func (r *reader) long(labels []Labels, w row, _ []string, _ []cell) []Labels {
	kind, ok := choose(r, w.get(columnKind).at, "类别 kind", w.get(columnKind).text, kinds(), kindWords)
	if !ok {
		return labels
	}
	name, ok := r.name(w.at, w.get(columnCall).text)
	if !ok {
		return labels
	}
	i, known := r.calls[name]
	if !known {
		i = len(labels)
		r.calls[name] = i
		labels = append(labels, Labels{Call: name, At: w.at})
	}
	l, value := &labels[i], w.get(columnValue)
	switch kind {
	case KindScore:
		if l.Score != nil {
			r.fault(w.at, "总分重复 the score stands twice")
		}
		l.score(r, value)
	case KindChecked:
		l.checked(r, value)
	case KindRule:
		w.rule(l, value)
	case KindMeasure:
		w.measure(l, value)
	case KindInterruption:
		l.Interruptions = listed(w, l.Interruptions, row.interruption)
	case KindSilence:
		l.Silences = listed(w, l.Silences, row.silence)
	case KindUtterance:
		l.Utterances = listed(w, l.Utterances, row.utterance)
	}
	return labels
}

// listed adds the item of a row to a list, which is not nil from then on.
func listed[T any](w row, items []T, read func(row) (T, bool)) []T {
	if none := w.none(); none && (w.get(columnStart).text != "" || items != nil) || !none && items != nil && len(items) == 0 {
		w.r.fault(w.at, "既写了“无”，又有内容 it says none, and there are some")
		return items
	} else if none {
		return []T{}
	}
	item, _ := read(w) // one that cannot be read is a fault, so that the list will not be used
	return append(items, item)
}

func (w row) none() bool {
	value := strings.ToLower(w.get(columnValue).text)
	return value == None || value == "无"
}

func (w row) rule(l *Labels, value cell) {
	id, ok := w.r.name(w.get(columnName).at, w.get(columnName).text)
	outcome, also := w.r.outcome(value.at, value.text)
	if ok && also {
		l.Rules = append(l.Rules, Rule{ID: id, Outcome: outcome, At: w.get(columnName).at})
	}
}

func (w row) measure(l *Labels, value cell) {
	name, ok := w.r.name(w.get(columnName).at, w.get(columnName).text)
	number, also := w.r.share(value.at, value.text)
	if ok && also {
		l.Measures = append(l.Measures, Measure{Name: name, Value: number, At: w.get(columnName).at})
	}
}

// flag reads a value that is yes, no or left out.
func (w row) flag() *bool {
	value := w.get(columnValue)
	if value.text == "" {
		return nil
	}
	yes, ok := w.r.yes(value.at, value.text)
	if !ok {
		return nil
	}
	return &yes
}

// interruption reads one; the value says whether the other gave way.
func (w row) interruption() (Interruption, bool) {
	i := Interruption{Yielded: w.flag(), At: w.at}
	role := w.get(columnRole)
	by, ok := w.r.role(role.at, role.text)
	start, also := w.r.clock(w.get(columnStart).at, w.get(columnStart).text)
	i.By, i.Start = by, start
	return i, ok && also
}

// silence reads one; the value says whether it was announced, the role who should have spoken.
func (w row) silence() (Silence, bool) {
	s := Silence{Announced: w.flag(), At: w.at}
	if role := w.get(columnRole); role.text != "" {
		s.WaitingFor, _ = w.r.role(role.at, role.text)
	}
	ok := w.times(&s.Span)
	return s, ok
}

func (w row) utterance() (Utterance, bool) {
	u := Utterance{At: w.at}
	role, text := w.get(columnRole), w.get(columnText)
	var ok, said bool
	u.Role, ok = w.r.role(role.at, role.text)
	u.Text, said = w.r.text(text.at, text.text)
	return u, w.times(&u.Span) && ok && said
}

// times reads the start and the end into span.
func (w row) times(span *call.Span) bool {
	start, ok := w.r.clock(w.get(columnStart).at, w.get(columnStart).text)
	end, also := w.r.clock(w.get(columnEnd).at, w.get(columnEnd).text)
	if !ok || !also {
		return false
	}
	*span, ok = w.r.span(w.at, start, end)
	return ok
}
