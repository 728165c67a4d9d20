package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// byteOrderMark makes spreadsheet programs read the file as UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes one table of the report for a spreadsheet program: by agent, team, day, week,
// rule, violation or failure, and by call when by is empty. A text that such a program would take
// for a formula is put in quotation by an apostrophe.
func (r *Report) WriteCSV(w io.Writer, by string) error {
	sheet, err := r.by(by)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	fields := make([]string, len(sheet.columns))
	for i, column := range sheet.columns {
		fields[i] = r.words.t(column.title)
	}
	err = out.Write(fields)
	for row := range sheet.rows {
		for i, c := range row {
			fields[i] = c.string()
			if c.kind == kindText {
				fields[i] = guard(fields[i])
			}
		}
		if err == nil {
			err = out.Write(fields)
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// guard keeps text from being run as a formula.
func guard(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
