package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tealeg/xlsx/v3"

	"github.com/zhijian-qa/zhijian/report"
)

// open writes a report as a spreadsheet and opens that.
func openXLSX(t *testing.T, opt report.Options) *xlsx.File {
	t.Helper()
	r := build(t, opt)
	file, err := xlsx.OpenBinary([]byte(text(t, func(w *bytes.Buffer) error { return r.WriteXLSX(w) })))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// column returns the cells below the heading title.
func column(t *testing.T, sheet *xlsx.Sheet, title string) []*xlsx.Cell {
	t.Helper()
	for col := range sheet.MaxCol {
		head, err := sheet.Cell(0, col)
		if err != nil {
			t.Fatal(err)
		}
		if head.String() != title {
			continue
		}
		var cells []*xlsx.Cell
		for row := 1; row < sheet.MaxRow; row++ {
			cell, err := sheet.Cell(row, col)
			if err != nil {
				t.Fatal(err)
			}
			cells = append(cells, cell)
		}
		return cells
	}
	t.Fatalf("sheet %s has no column %s", sheet.Name, title)
	return nil
}

func strs(cells []*xlsx.Cell) []string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = c.String()
	}
	return texts
}

func TestXLSXSheets(t *testing.T) {
	t.Parallel()
	file := openXLSX(t, options())
	var names []string
	for _, sheet := range file.Sheets {
		names = append(names, sheet.Name)
		if len(sheet.SheetViews) == 0 || sheet.SheetViews[0].Pane == nil || sheet.SheetViews[0].Pane.State != "frozen" {
			t.Errorf("sheet %s has no frozen header", sheet.Name)
		}
		if sheet.AutoFilter == nil || sheet.AutoFilter.TopLeftCell != "A1" {
			t.Errorf("sheet %s has no filter", sheet.Name)
		}
	}
	if diff := cmp.Diff([]string{"汇总", "坐席", "班组", "趋势", "通话", "违规", "规则", "失败"}, names); diff != "" {
		t.Errorf("got (+) differs from want (-):\n%s", diff)
	}
	opt := options()
	opt.Lang = "en"
	if name := openXLSX(t, opt).Sheets[0].Name; name != "Summary" {
		t.Errorf("got first sheet %q, want Summary", name)
	}
}

func TestXLSXValues(t *testing.T) {
	t.Parallel()
	file := openXLSX(t, options())
	calls := file.Sheet["通话"]
	for title, want := range map[string][]string{
		"时长":     {"0:01:07", "0:01:15", "0:01:22", "0:01:29", "0:01:37", "0:01:44"},
		"得分":     {"100.0", "18.8", "60.0", "100.0", "", "37.5"},
		"坐席说话占比": {"35.0%", "40.0%", "45.0%", "50.0%", "", "60.0%"},
		"结论":     {"合格", "不合格", "不合格", "待复核", "合格", "不合格"},
		"通话时间":   {"2026-11-20 09:30:00", "2026-11-20 10:30:00", "2026-11-21 09:30:00", "2026-11-21 11:30:00", "", "2026-11-21 12:30:00"},
	} {
		got := strs(column(t, calls, title))
		if title == "时长" { // the library shows the seconds of such a format its own way; check the number
			got = nil
			for _, cell := range column(t, calls, title) {
				days, err := cell.Float()
				if err != nil {
					t.Fatal(err)
				}
				s := int(days*24*3600 + 0.5)
				got = append(got, fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: got (+) differs from want (-):\n%s", title, diff)
		}
	}
	fills := map[string]string{}
	for _, cell := range column(t, calls, "结论") {
		fills[cell.String()] = cell.GetStyle().Fill.FgColor
	}
	if fills["合格"] == fills["不合格"] || fills["待复核"] == fills["合格"] {
		t.Errorf("verdicts share colours: %v", fills)
	}
}

// TestXLSXPrintsAcross reads how every sheet is printed out of the packed file.
func TestXLSXPrintsAcross(t *testing.T) {
	t.Parallel()
	r := build(t, options())
	packed := text(t, func(w *bytes.Buffer) error { return r.WriteXLSX(w) })
	file, err := zip.NewReader(strings.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := fs.Glob(file, "xl/worksheets/sheet*.xml")
	if err != nil || len(sheets) != 8 {
		t.Fatalf("got sheets %v, %v, want 8", sheets, err)
	}
	for _, name := range sheets {
		data, err := fs.ReadFile(file, name)
		if err != nil {
			t.Fatal(err)
		}
		var sheet struct {
			Fit struct {
				ToPage bool `xml:"fitToPage,attr"`
			} `xml:"sheetPr>pageSetUpPr"`
			Page struct {
				Orientation string `xml:"orientation,attr"`
				Width       int    `xml:"fitToWidth,attr"`
				Height      int    `xml:"fitToHeight,attr"`
			} `xml:"pageSetup"`
		}
		if err := xml.Unmarshal(data, &sheet); err != nil {
			t.Fatal(err)
		}
		if p := sheet.Page; !sheet.Fit.ToPage || p.Orientation != "landscape" || p.Width != 1 || p.Height != 0 {
			t.Errorf("%s prints as %+v", name, sheet)
		}
	}
}

// TestXLSXMarksOnlyVetoes looks for the colour of a veto where nothing was vetoed.
func TestXLSXMarksOnlyVetoes(t *testing.T) {
	t.Parallel()
	file := openXLSX(t, options())
	for _, sheet := range []string{"通话", "违规"} {
		marked, plain := 0, 0
		for i, cell := range column(t, file.Sheet[sheet], "一票否决") {
			filled := cell.GetStyle().Fill.PatternType == "solid"
			if filled != (cell.String() == "是") {
				t.Errorf("sheet %s, row %d: %q has fill %v", sheet, i+2, cell.String(), filled)
			}
			marked, plain = marked+map[bool]int{true: 1}[filled], plain+map[bool]int{false: 1}[filled]
		}
		if marked == 0 || plain == 0 {
			t.Errorf("sheet %s: %d cells marked, %d not", sheet, marked, plain)
		}
	}
}

func TestXLSXHasNoFormulas(t *testing.T) {
	t.Parallel()
	file := openXLSX(t, options())
	seen := false
	for _, sheet := range file.Sheets {
		for row := range sheet.MaxRow {
			for col := range sheet.MaxCol {
				cell, err := sheet.Cell(row, col)
				if err != nil {
					t.Fatal(err)
				}
				if cell.Formula() != "" || cell.Type() == xlsx.CellTypeStringFormula {
					t.Errorf("sheet %s, row %d, column %d is a formula: %s", sheet.Name, row, col, cell.Formula())
				}
				seen = seen || cell.String() == "=1+1"
			}
		}
	}
	if !seen {
		t.Error("the text =1+1 is gone")
	}
}

func TestXLSXIsMaskedAndComplete(t *testing.T) {
	t.Parallel()
	file := openXLSX(t, options())
	if got := strs(column(t, file.Sheet["通话"], "客户号码")); got[0] != "138****8000" || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "13800138000") }) {
		t.Errorf("got customers %v", got)
	}
	if got := len(column(t, file.Sheet["失败"], "路径")); got != 2 {
		t.Errorf("got %d failures, want 2", got)
	}
	if got := len(column(t, file.Sheet["违规"], "规则")); got != 5 {
		t.Errorf("got %d violations, want 5", got)
	}
}

// writeCells writes the text of every cell of the report's spreadsheet, which is packed.
func writeCells(w *bytes.Buffer, r *report.Report) error {
	var packed bytes.Buffer
	if err := r.WriteXLSX(&packed); err != nil {
		return err
	}
	file, err := xlsx.OpenBinary(packed.Bytes())
	if err != nil {
		return err
	}
	for _, sheet := range file.Sheets {
		for row := range sheet.MaxRow {
			for col := range sheet.MaxCol {
				cell, err := sheet.Cell(row, col)
				if err != nil {
					return err
				}
				fmt.Fprintln(w, cell.String())
			}
		}
	}
	return nil
}
