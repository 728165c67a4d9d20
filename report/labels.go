package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/eval"
)

// The forms of an item of a template, each on one line.
type (
	ruleLine struct {
		Rule    string `json:"rule"`
		Name    string `json:"name,omitempty"`
		Outcome string `json:"outcome"`
	}
	interruptionLine struct {
		By      call.Role   `json:"by"`
		Start   call.Millis `json:"start_ms"`
		Yielded *bool       `json:"yielded,omitempty"`
	}
	silenceLine struct {
		call.Span
		Announced  *bool     `json:"announced,omitempty"`
		WaitingFor call.Role `json:"waiting_for,omitempty"`
	}
	utteranceLine struct {
		Role call.Role `json:"role"`
		call.Span
		Text string `json:"text"`
	}
)

// WriteLabels writes labels as JSON for people to edit, one item a line; several calls as a list.
func WriteLabels(w io.Writer, labels []eval.Labels) error {
	var b bytes.Buffer
	if len(labels) > 1 {
		b.WriteString("[\n")
	}
	for i, l := range labels {
		if i > 0 {
			b.WriteString(",\n")
		}
		writeLabels(&b, l)
	}
	if len(labels) > 1 {
		b.WriteString("\n]")
	}
	b.WriteByte('\n')
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write labels: %w", err)
	}
	return nil
}

func writeLabels(b *bytes.Buffer, l eval.Labels) {
	fmt.Fprintf(b, "{\n  \"call\": %s,\n  \"file\": %s,\n  \"checked\": %t,\n  \"note\": %s,\n", compact(l.Call), compact(l.File), !l.Unchecked, compact(l.Note))
	fmt.Fprintf(b, "  \"score\": %s", compact(l.Score))
	writeList(b, "rules", l.Rules, func(r eval.Rule) any { return ruleLine{r.ID, r.Name, string(r.Outcome)} })
	writeList(b, "interruptions", l.Interruptions, func(i eval.Interruption) any { return interruptionLine{i.By, i.Start, i.Yielded} })
	writeList(b, "silences", l.Silences, func(s eval.Silence) any { return silenceLine{s.Span, s.Announced, s.WaitingFor} })
	writeList(b, "utterances", l.Utterances, func(u eval.Utterance) any { return utteranceLine{u.Role, u.Span, u.Text} })
	b.WriteString("\n}")
}

// writeList writes a list, nothing for one that is nil.
func writeList[T any](b *bytes.Buffer, key string, items []T, line func(T) any) {
	if items == nil {
		return
	}
	fmt.Fprintf(b, ",\n  %q: [", key)
	for i, item := range items {
		b.WriteString([]string{",", ""}[index(i == 0)] + "\n    " + compact(line(item)))
	}
	if len(items) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteByte(']')
}

// compact returns value as JSON in one line.
func compact(value any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil { // none of the forms above can fail
		return "null"
	}
	return strings.TrimSpace(b.String())
}

// WriteLabelsCSV writes labels as CSV for a spreadsheet program, one row a label.
func WriteLabelsCSV(w io.Writer, labels []eval.Labels) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write labels: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{eval.Columns()}
	for _, l := range labels {
		rows = append(rows, labelRows(l)...)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = guard(row[i])
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write labels: %w", err)
	}
	return nil
}

// labelRows returns the rows of one call, in the order of eval.Columns.
func labelRows(l eval.Labels) [][]string {
	var rows [][]string
	add := func(kind, name, value string, rest ...string) {
		row := append([]string{l.Call, kind, name, value}, rest...)
		rows = append(rows, append(row, make([]string, len(eval.Columns())-len(row))...))
	}
	add(eval.KindChecked, "", yesNo(!l.Unchecked), "", "", "", "", strings.Join(strings.Fields(l.File+" "+l.Note), " "))
	if l.Score != nil {
		add(eval.KindScore, "", strconv.FormatFloat(*l.Score, 'f', -1, 64))
	}
	for _, r := range l.Rules {
		add(eval.KindRule, r.ID, string(r.Outcome), "", "", "", "", r.Name)
	}
	for _, i := range l.Interruptions {
		add(eval.KindInterruption, "", flag(i.Yielded), string(i.By), inSeconds(i.Start))
	}
	for _, s := range l.Silences {
		add(eval.KindSilence, "", flag(s.Announced), string(s.WaitingFor), inSeconds(s.Start), inSeconds(s.End))
	}
	for _, u := range l.Utterances {
		add(eval.KindUtterance, "", "", string(u.Role), inSeconds(u.Start), inSeconds(u.End), u.Text)
	}
	for _, list := range []struct {
		kind string
		none bool
	}{
		{eval.KindInterruption, l.Interruptions != nil && len(l.Interruptions) == 0},
		{eval.KindSilence, l.Silences != nil && len(l.Silences) == 0},
		{eval.KindUtterance, l.Utterances != nil && len(l.Utterances) == 0},
	} {
		if list.none {
			add(list.kind, "", eval.None)
		}
	}
	return rows
}

func inSeconds(m call.Millis) string { return strconv.FormatFloat(m.Seconds(), 'f', -1, 64) }

func yesNo(yes bool) string { return []string{"no", "yes"}[index(yes)] }

func flag(yes *bool) string {
	if yes == nil {
		return ""
	}
	return yesNo(*yes)
}
