package report

import (
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
	x := excel{styles: newExcelStyles()}
	for _, s := range r.sheets() {
		out, err := file.AddSheet(r.words.t("sheet." + s.name))
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
		x.write(out, s, r.words)
	}
	if err := file.Write(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// excel writes sheets; cells of one look share a style.
type excel struct {
	styles map[tone]*xlsx.Style
	header *xlsx.Style
}

// The fills and letters of the tones: calm enough for a sheet full of them.
var excelColours = map[tone][2]string{
	toneGood:  {"FFE2F3E7", "FF1B6B3A"},
	toneWarn:  {"FFFDF1D6", "FF8A5A00"},
	toneBad:   {"FFFBE3E1", "FFA32A22"},
	toneMuted: {"", "FF8A919C"},
}

func newExcelStyles() map[tone]*xlsx.Style {
	styles := map[tone]*xlsx.Style{toneNone: excelStyle()}
	for tone, colours := range excelColours {
		style := excelStyle()
		style.Font.Color = colours[1]
		if colours[0] != "" {
			style.Fill, style.ApplyFill = *xlsx.NewFill("solid", colours[0], colours[0]), true
		}
		styles[tone] = style
	}
	return styles
}

func excelStyle() *xlsx.Style {
	style := xlsx.NewStyle()
	style.Font = *xlsx.NewFont(11, "Microsoft YaHei")
	style.ApplyFont = true
	style.Alignment.Vertical = "top"
	style.ApplyAlignment = true
	return style
}

func headerStyle() *xlsx.Style {
	style := excelStyle()
	style.Font.Bold, style.Font.Color = true, "FFFFFFFF"
	style.Fill, style.ApplyFill = *xlsx.NewFill("solid", "FF2F5D8A", "FF2F5D8A"), true
	style.Alignment.Vertical = "center"
	return style
}

// wrapFrom is the width from which a column's texts are wrapped.
const wrapFrom = 40

func (x excel) write(out *xlsx.Sheet, s sheet, w words) {
	header := headerStyle()
	row := out.AddRow()
	row.SetHeight(22)
	for i, column := range s.columns {
		cell := row.AddCell()
		cell.SetString(w.t(column.title))
		cell.SetStyle(header)
		out.SetColWidth(i+1, i+1, column.width)
	}
	wrapped := make(map[tone]*xlsx.Style, len(x.styles))
	for tone, style := range newExcelStyles() {
		style.Alignment.WrapText = true
		wrapped[tone] = style
	}
	for cells := range s.rows {
		row := out.AddRow()
		for i, c := range cells {
			styles := x.styles
			if s.columns[i].width >= wrapFrom {
				styles = wrapped
			}
			cell := row.AddCell()
			setExcel(cell, c)
			cell.SetStyle(styles[c.tone])
		}
	}
	last := xlsx.GetCellIDStringFromCoords(len(s.columns)-1, max(out.MaxRow-1, 0))
	out.AutoFilter = &xlsx.AutoFilter{TopLeftCell: "A1", BottomRightCell: last}
	out.SheetViews = []xlsx.SheetView{{Pane: &xlsx.Pane{YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft", State: "frozen"}}}
}

// setExcel gives cell the value of c.
func setExcel(cell *xlsx.Cell, c cell) {
	switch {
	case c.empty:
		cell.SetString("")
	case c.kind == kindText:
		cell.SetString(cut(c.text, maxCellText))
	case c.kind == kindTime:
		cell.SetDateTimeWithFormat(xlsx.TimeToExcelTime(wallClock(c.time), false), excelFormats[kindTime])
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
