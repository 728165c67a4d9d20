package report

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/tealeg/xlsx/v3"

	"github.com/zhijian-qa/zhijian/call"
)

// The number formats of a spreadsheet.
var excelFormats = map[kind]string{
	kindCount:   "0",
	kindScore:   "0.0",
	kindPoints:  "0.##",
	kindPercent: "0.0%",
	kindHours:   "0.00",
	kindLength:  "[h]:mm:ss",
	kindTime:    "yyyy-mm-dd hh:mm:ss",
}

// maxCellText is what a cell of a spreadsheet can hold.
const maxCellText = 32_000

// WriteXLSX writes the report as a spreadsheet: summary, agents, teams, trend, calls, violations,
// rules and failures. Text is always text there, never a formula.
func (r *Report) WriteXLSX(w io.Writer) error {
	file := xlsx.NewFile()
	x := newExcel(r.words)
	for _, s := range r.sheets() {
		out, err := file.AddSheet(r.words.t("sheet." + s.name))
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
		x.write(out, s)
	}
	var packed bytes.Buffer
	if err := file.Write(&packed); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	if err := writePrintable(w, packed.Bytes()); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// look is how a column's cells stand: short values in the middle, long texts on several lines.
type look int

const (
	lookPlain look = iota
	lookCentred
	lookWrapped
)

// The widths up to which a column is centred and from which it is wrapped.
const (
	centreTo = 15
	wrapFrom = 40
)

func (c column) look() look {
	switch {
	case c.width <= centreTo:
		return lookCentred
	case c.width >= wrapFrom:
		return lookWrapped
	}
	return lookPlain
}

// excel writes sheets; cells of one look and tone share a style.
type excel struct {
	words  words
	styles map[look]map[tone]*xlsx.Style
	header map[look]*xlsx.Style
}

func newExcel(w words) excel {
	x := excel{words: w, styles: make(map[look]map[tone]*xlsx.Style), header: make(map[look]*xlsx.Style)}
	for _, l := range []look{lookPlain, lookCentred, lookWrapped} {
		x.styles[l] = map[tone]*xlsx.Style{}
		for _, t := range []tone{toneNone, toneGood, toneWarn, toneBad, toneMuted} {
			x.styles[l][t] = excelStyle(l, t)
		}
		x.header[l] = headerStyle(l)
	}
	return x
}

// The fills and letters of the tones: calm enough for a sheet full of them.
var excelColours = map[tone][2]string{
	toneGood:  {"FFE2F3E7", "FF1B6B3A"},
	toneWarn:  {"FFFDF1D6", "FF8A5A00"},
	toneBad:   {"FFFBE3E1", "FFA32A22"},
	toneMuted: {"", "FF8A919C"},
}

func excelStyle(l look, t tone) *xlsx.Style {
	style := xlsx.NewStyle()
	style.Font = *xlsx.NewFont(11, "Microsoft YaHei")
	style.Alignment.Vertical = "center"
	style.Alignment.WrapText = l == lookWrapped
	if l == lookCentred {
		style.Alignment.Horizontal = "center"
	}
	style.ApplyFont, style.ApplyAlignment = true, true
	colours, ok := excelColours[t]
	if ok {
		style.Font.Color = colours[1]
	}
	if ok && colours[0] != "" {
		style.Fill, style.ApplyFill = *xlsx.NewFill("solid", colours[0], colours[0]), true
	}
	return style
}

func headerStyle(l look) *xlsx.Style {
	style := excelStyle(l, toneNone)
	style.Font.Bold, style.Font.Color = true, "FFFFFFFF"
	style.Fill, style.ApplyFill = *xlsx.NewFill("solid", "FF2F5D8A", "FF2F5D8A"), true
	return style
}

// The heights of rows, in points.
const (
	headerHeight = 24
	rowHeight    = 18
)

func (x excel) write(out *xlsx.Sheet, s sheet) {
	out.SheetFormat.DefaultRowHeight = rowHeight
	row := out.AddRow()
	row.SetHeight(headerHeight)
	for i, column := range s.columns {
		cell := row.AddCell()
		cell.SetString(x.words.t(column.title))
		cell.SetStyle(x.header[column.look()])
		out.SetColWidth(i+1, i+1, column.width)
	}
	for cells := range s.rows {
		row := out.AddRow()
		for i, c := range cells {
			cell := row.AddCell()
			setExcel(cell, c)
			cell.SetStyle(x.styles[s.columns[i].look()][c.tone])
		}
	}
	last := xlsx.GetCellIDStringFromCoords(len(s.columns)-1, max(out.MaxRow-1, 0))
	out.AutoFilter = &xlsx.AutoFilter{TopLeftCell: "A1", BottomRightCell: last}
	out.SheetViews = []xlsx.SheetView{{Pane: &xlsx.Pane{YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft", State: "frozen"}}}
}

// aboutMillisecond, in days, keeps programs that cut instead of round from showing a second too few.
const aboutMillisecond = 1e-8

// setExcel gives cell the value of c.
func setExcel(cell *xlsx.Cell, c cell) {
	switch {
	case c.empty:
		cell.SetString("")
	case c.kind == kindText:
		cell.SetString(cut(c.text, maxCellText))
	case c.kind == kindTime:
		cell.SetDateTimeWithFormat(xlsx.TimeToExcelTime(wallClock(c.time), false)+aboutMillisecond, excelFormats[kindTime])
	case c.kind == kindLength:
		cell.SetFloatWithFormat(call.Millis(c.number).Seconds()/(24*3600), excelFormats[kindLength])
	case c.kind == kindHours:
		cell.SetFloatWithFormat(call.Millis(c.number).Seconds()/3600, excelFormats[kindHours])
	case c.kind == kindScore:
		cell.SetFloatWithFormat(c.number*100, excelFormats[kindScore])
	default:
		cell.SetFloatWithFormat(c.number, excelFormats[c.kind])
	}
}

// wallClock returns the time in UTC that shows what t shows in its own zone: a spreadsheet knows no zones.
func wallClock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// cut shortens text to n runes.
func cut(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}
