package eval

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// The columns of a CSV file of labels, with their Chinese names.
const (
	columnCall  = "call"
	columnKind  = "kind"
	columnName  = "name"
	columnValue = "value"
	columnRole  = "role"
	columnStart = "start"
	columnEnd   = "end"
	columnText  = "text"
	columnNote  = "note"

	columnFile    = "file"
	columnScore   = "score"
	columnChecked = "checked"
)

// Columns returns the headings of a CSV file with a row for each label.
func Columns() []string {
	return []string{columnCall, columnKind, columnName, columnValue, columnRole, columnStart, columnEnd, columnText, columnNote}
}

var columnWords = map[string]string{
	"通话": columnCall, "类别": columnKind, "项目": columnName, "值": columnValue, "结论": columnValue, "说话人": columnRole,
	"开始": columnStart, "结束": columnEnd, "文字": columnText, "备注": columnNote,
	"录音": columnFile, "总分": columnScore, "已核对": columnChecked,
}

// cell is a field of a row with its place.
type cell struct {
	text string
	at   Place
}

// row is a record of a CSV file, by column.
type row struct {
	r  *reader
	at Place
	by map[string]cell
}

func (w row) get(column string) cell {
	if c, ok := w.by[column]; ok {
		return c
	}
	return cell{at: w.at}
}

// csv reads labels from rows: one row a label when there is a column kind, else one row a call.
func (r *reader) csv(text []byte) []Labels {
	reader := csv.NewReader(bytes.NewReader(text))
	lines := bytes.SplitAfter(text, []byte{'\n'})
	reader.Comma, reader.FieldsPerRecord = separator(text), -1
	heading, ok := r.record(reader, lines)
	if !ok {
		return nil
	}
	names, ok := r.headings(heading)
	if !ok {
		return nil
	}
	read := r.wide
	if slices.Contains(names, columnKind) {
		read = r.long
	}
	var labels []Labels
	for {
		cells, ok := r.record(reader, lines)
		if !ok {
			break
		}
		if w, ok := r.row(names, cells); ok {
			labels = read(labels, w, names, heading)
		}
	}
	if len(labels) == 0 && r.faults.Len() == 0 {
		r.fault(Place{File: r.file, Line: 1, Column: 1}, "没有标注任何通话 no call is labelled")
	}
	return labels
}

// separator is the semicolon or the tab when the first line holds no comma.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte{'\n'})
	for _, mark := range ",;\t" {
		if bytes.ContainsRune(first, mark) {
			return mark
		}
	}
	return ','
}

// record returns the next record. One that cannot be read is a fault and ends the file: where the next would
// begin is not known.
func (r *reader) record(reader *csv.Reader, lines [][]byte) ([]cell, bool) {
	fields, err := reader.Read()
	if err != nil {
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			r.fault(Place{File: r.file, Line: broken.StartLine, Column: 1}, "引号不成对，或引号前后有多余文字（字段内的引号须写两个） a quote is not closed, or stands inside a field without being doubled")
		} else if !errors.Is(err, io.EOF) {
			r.fault(Place{File: r.file, Line: 1, Column: 1}, "read: %v", err)
		}
		return nil, false
	}
	cells := make([]cell, len(fields))
	at, counted := Place{File: r.file, Column: 1}, 0 // bytes of the line that are in Column as characters
	for i, text := range fields {
		line, column := reader.FieldPos(i)
		if line != at.Line {
			at.Line, at.Column, counted = line, 1, 0
		}
		whole := lines[line-1]
		before := min(column-1, len(whole))
		at.Column += utf8.RuneCount(whole[counted:max(counted, before)])
		counted = max(counted, before)
		cells[i] = cell{text: strings.TrimSpace(text), at: at}
	}
	return cells, true
}

// headings names the columns. In a file of one row a label they are all known; in one of one row a call the
// others are names of rules and measures.
func (r *reader) headings(cells []cell) ([]string, bool) {
	names, seen := make([]string, len(cells)), map[string]Place{}
	for i, c := range cells {
		names[i] = c.text
		lower := strings.ToLower(c.text)
		if name, ok := columnWords[c.text]; ok {
			names[i] = name
		} else if slices.Contains([]string{columnCall, columnKind, columnScore, columnChecked, columnNote, columnFile}, lower) {
			names[i] = lower
		}
		if names[i] != "" {
			twice(r, seen, names[i], c.at, "列 column")
		}
	}
	if !slices.Contains(names, columnCall) {
		r.fault(cells[0].at, "第一行须为列名，其中要有 call（通话） the first line must name the columns, one of them call")
		return nil, false
	}
	if !slices.Contains(names, columnKind) {
		return names, r.faults.Len() == 0
	}
	for i, c := range cells {
		if lower := strings.ToLower(names[i]); slices.Contains(Columns(), lower) {
			names[i] = lower
		} else if names[i] != columnFile && c.text != "" {
			r.fault(c.at, "未知的列 unknown column%s", quoted(c.text)+hint(lower, Columns()))
		}
	}
	return names, r.faults.Len() == 0
}

// row gives cells their names; false for a row without any text.
func (r *reader) row(names []string, cells []cell) (row, bool) {
	w := row{r: r, at: cells[0].at, by: map[string]cell{}}
	filled := false
	for i, c := range cells {
		switch {
		case i < len(names) && names[i] != "":
			w.by[names[i]] = c
			filled = filled || c.text != ""
		case c.text != "":
			r.fault(c.at, "此列没有列名 there is no heading over this field")
			return w, false
		}
	}
	if !filled {
		return w, false
	}
	if w.get(columnCall).text == "" {
		r.fault(w.at, "缺少 %q（通话） is missing", columnCall)
		return w, false
	}
	return w, true
}
