package report

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// sheet is a table of the report, independent of the form it is written in.
type sheet struct {
	name    string // a key of texts: sheet.name
	columns []column
	rows    iter.Seq[[]cell]
}

// column is a column of a sheet.
type column struct {
	title string  // a key of texts
	width float64 // in characters of a spreadsheet
	aside bool    // left out in a terminal, which is too narrow
}

// kind says what a cell holds.
type kind int

const (
	kindText kind = iota
	kindCount
	kindScore // a normalised score, shown times 100
	kindPoints
	kindPercent // a quotient
	kindHours   // a length, in hours
	kindLength  // a length
	kindTime
)

// tone says how a cell is coloured.
type tone int

const (
	toneNone tone = iota
	toneGood
	toneWarn
	toneBad
	toneMuted
)

// cell is a value with its form. A cell without value is empty.
type cell struct {
	kind   kind
	empty  bool
	text   string
	number float64 // count, quotient, points, or milliseconds
	time   time.Time
	tone   tone
}

func textCell(s string) cell        { return cell{kind: kindText, text: s, empty: s == ""} }
func countCell(n int) cell          { return cell{kind: kindCount, number: float64(n)} }
func pointsCell(p float64) cell     { return cell{kind: kindPoints, number: p} }
func hoursCell(m call.Millis) cell  { return cell{kind: kindHours, number: float64(m)} }
func lengthCell(m call.Millis) cell { return cell{kind: kindLength, number: float64(m)} }
func timeCell(t time.Time) cell     { return cell{kind: kindTime, time: t, empty: t.IsZero()} }
func percentCell(q *float64) cell   { return quotientCell(kindPercent, q) }
func (c cell) toned(t tone) cell    { c.tone = t; return c }

// vetoCell marks what was vetoed, and is empty for everything else.
func (w words) vetoCell(vetoed bool) cell {
	if !vetoed {
		return textCell("")
	}
	return textCell(w.t("yes")).toned(toneBad)
}

func quotientCell(k kind, q *float64) cell {
	if q == nil {
		return cell{kind: k, empty: true}
	}
	return cell{kind: k, number: *q}
}

func optionalCount(n *int) cell {
	if n == nil {
		return cell{kind: kindCount, empty: true}
	}
	return countCell(*n)
}

// scoreCell colours a score by where it lies.
func scoreCell(normalised *float64) cell {
	c := quotientCell(kindScore, normalised)
	if normalised != nil {
		c.tone = scoreTone(*normalised)
	}
	return c
}

// The scores at which colours change.
const (
	goodScore = 0.80
	fairScore = 0.60
)

func scoreTone(normalised float64) tone {
	switch {
	case normalised >= goodScore:
		return toneGood
	case normalised >= fairScore:
		return toneWarn
	}
	return toneBad
}

func verdictTone(v score.Verdict) tone {
	switch v {
	case score.VerdictPass:
		return toneGood
	case score.VerdictReview:
		return toneWarn
	case score.VerdictFail:
		return toneBad
	}
	return toneNone
}

func severityTone(s score.Severity) tone {
	switch s {
	case score.SeverityCritical:
		return toneBad
	case score.SeveritySerious:
		return toneWarn
	}
	return toneNone
}

// string shows c in text: in CSV and in the terminal.
func (c cell) string() string {
	if c.empty {
		return ""
	}
	switch c.kind {
	case kindCount:
		return strconv.Itoa(int(c.number))
	case kindScore:
		return trimZero(fmt.Sprintf("%.1f", c.number*100))
	case kindPoints:
		return points(c.number)
	case kindPercent:
		return trimZero(fmt.Sprintf("%.1f", c.number*100)) + "%"
	case kindHours:
		return fmt.Sprintf("%.2f", call.Millis(c.number).Seconds()/3600)
	case kindLength:
		s := int64(c.number+500) / 1000
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	case kindTime:
		return c.time.Format(time.DateTime)
	case kindText:
	}
	return c.text
}
