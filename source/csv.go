package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// maxSpan bounds over how many lines a quoted field may go.
const maxSpan = 50

// table reads a CSV manifest record by record, so that a fault in one line costs that line only.
type table struct {
	separator byte
	names     []string // what each column is called; empty for those without a heading
	path      int      // index of the column path
}

// readCSV yields the records of a CSV manifest.
func readCSV(data []byte) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		lines := slices.Collect(bytes.Lines(data))
		first := slices.IndexFunc(lines, filled)
		if first < 0 {
			yield(entry{line: 1, err: errors.New("the first line must name the columns")})
			return
		}
		t := &table{separator: separator(lines[first]), path: -1}
		header, used, err := t.record(lines[first:])
		if err == nil {
			err = t.name(header)
		}
		if err != nil {
			yield(entry{line: first + 1, err: err})
			return
		}
		for at := first + used; at < len(lines); at += used {
			used = 1
			if !filled(lines[at]) {
				continue
			}
			e := entry{line: at + 1}
			var row []string
			if row, used, e.err = t.record(lines[at:]); e.err == nil {
				e.fields, e.err = t.fields(row)
			}
			if !yield(e) {
				return
			}
		}
	}
}

func filled(line []byte) bool { return len(bytes.TrimSpace(line)) > 0 }

// separator is the semicolon or tab when the heading holds no comma.
func separator(heading []byte) byte {
	for _, mark := range []byte(",;\t") {
		if bytes.IndexByte(heading, mark) >= 0 {
			return mark
		}
	}
	return ','
}

// record reads the record that begins with lines[0] and returns how many lines it takes. A quoted
// field goes on over the next lines only as far as none of them names a recording of its own: then
// the quote is a stray one. Quotes inside an unquoted field are text.
func (t *table) record(lines [][]byte) (row []string, used int, err error) {
	text := lines[0]
	row, err = t.parse(text, false)
	if err == nil {
		return row, 1, nil
	}
	if !t.open(text) {
		row, err = t.parse(text, true)
		return row, 1, err
	}
	for used = 1; used < min(len(lines), maxSpan) && t.open(text) && !t.begins(lines[used]); used++ {
		text = slices.Concat(text, lines[used])
		if row, err = t.parse(text, false); err == nil {
			return row, used + 1, nil
		}
	}
	return nil, 1, errors.New("a quote is opened and not closed")
}

// parse reads the fields of one record; lazy takes misplaced quotes as text.
func (t *table) parse(text []byte, lazy bool) ([]string, error) {
	if bytes.IndexByte(text, '"') < 0 {
		return strings.Split(strings.TrimRight(string(text), "\r\n"), string(t.separator)), nil
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comma, reader.LazyQuotes, reader.TrimLeadingSpace = rune(t.separator), lazy, true
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, errors.New("it is not one record")
	}
	return rows[0], nil
}

// open reports whether text ends within a quoted field: then a further quote makes it whole.
func (t *table) open(text []byte) bool {
	_, err := t.parse(text, false)
	if err == nil {
		return false
	}
	_, err = t.parse(slices.Concat(bytes.TrimRight(text, "\r\n"), []byte{'"'}), false)
	return err == nil
}

// begins reports whether line, read by itself, names a recording.
func (t *table) begins(line []byte) bool {
	row, err := t.parse(line, true)
	return err == nil && t.path >= 0 && t.path < len(row) && IsAudio(strings.TrimSpace(row[t.path]))
}

// name sets the columns. Those without a heading, and those not known, are kept and ignored, so that
// a centre's own export can be used as it is.
func (t *table) name(header []string) error {
	t.names = make([]string, len(header))
	for i, heading := range header {
		name, known := columnName(heading)
		if known && slices.Contains(t.names, name) {
			return fmt.Errorf("two columns are called %s", name)
		}
		t.names[i] = name
	}
	if t.path = slices.Index(t.names, pathColumn); t.path < 0 {
		return errors.New("no column is called path (路径)")
	}
	return nil
}

// fields returns the row by column.
func (t *table) fields(row []string) (map[string]string, error) {
	fields := map[string]string{}
	for i, text := range row {
		text = strings.TrimSpace(text)
		if i < len(t.names) {
			fields[t.names[i]] = text
		} else if text != "" {
			return nil, fmt.Errorf("it has %d fields and the heading %d", len(row), len(t.names))
		}
	}
	return fields, nil
}
