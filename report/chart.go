package report

import (
	"fmt"
	"strings"
)

// The size of a chart's drawing in its own units, and its margins.
const (
	chartWidth  = 560.0
	chartHeight = 220.0
	plotLeft    = 40.0
	plotRight   = 540.0
	plotTop     = 34.0
	plotBottom  = 186.0
)

// bar is one bar of a chart with what is written at it.
type bar struct {
	X, Y, Width, Height float64
	Middle              float64
	Count               int
	Label, Title        string
	Tone                string
}

// grid is a line across a chart with its value.
type grid struct {
	Y     float64
	Label string
}

// barChart is a histogram, drawn.
type barChart struct {
	Bars   []bar
	Grid   []grid
	Edges  []edge
	Target float64 // where the target line stands, 0 for none
}

// edge is a value at the axis.
type edge struct {
	X     float64
	Label string
}

// newBarChart draws h; tones colours its bins by their lower edge.
func newBarChart(h Histogram, unit string, tones func(from float64) tone) barChart {
	var c barChart
	top := 0
	for _, n := range h.Counts {
		top = max(top, n)
	}
	steps := axis(top)
	scale := (plotBottom - plotTop) / float64(steps[len(steps)-1])
	for _, step := range steps {
		c.Grid = append(c.Grid, grid{Y: plotBottom - float64(step)*scale, Label: fmt.Sprint(step)})
	}
	width := (plotRight - plotLeft) / float64(len(h.Counts))
	for i, n := range h.Counts {
		x, height := plotLeft+float64(i)*width, float64(n)*scale
		c.Bars = append(c.Bars, bar{
			X: x + 4, Y: plotBottom - height, Width: width - 8, Height: height, Middle: x + width/2, Count: n,
			Title: fmt.Sprintf("%d–%d%s: %d", i*10, i*10+10, unit, n), Tone: toneClass(tones(float64(i) / 10)),
		})
	}
	for i := 0; i <= len(h.Counts); i += 2 {
		c.Edges = append(c.Edges, edge{X: plotLeft + float64(i)*width, Label: fmt.Sprintf("%d%s", i*10, unit)})
	}
	return c
}

// axis returns round values from 0 to at least top, few enough to read.
func axis(top int) []int {
	step := 1
	for _, next := range []int{2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000} {
		if top <= 4*step {
			break
		}
		step = next
	}
	steps := []int{0}
	for steps[len(steps)-1] < max(top, 1) {
		steps = append(steps, steps[len(steps)-1]+step)
	}
	return steps
}

// toneClass returns the style sheet's name of a tone.
func toneClass(t tone) string {
	return map[tone]string{toneGood: "good", toneWarn: "warn", toneBad: "bad", toneMuted: "muted"}[t]
}

// The shares of talk time, as in the scorecard, at which the colours of the talk ratio change.
const (
	talkTarget = 0.3
	talkGood   = 0.4
	talkFair   = 0.7
)

func talkTone(from float64) tone {
	switch {
	case from < talkGood-1e-9:
		return toneGood
	case from < talkFair-1e-9:
		return toneWarn
	}
	return toneBad
}

// lineChart is the trend, drawn.
type lineChart struct {
	Lines []line
	Grid  []grid
	Edges []edge
}

// line is one series: its points joined, and each point.
type line struct {
	Name, Class, Path string
	Points            []point
}

type point struct {
	X, Y  float64
	Title string
}

// newTrend draws the mean score and the compliance rate of groups, 0 to 100.
func newTrend(groups []Group, w words) lineChart {
	var c lineChart
	for _, v := range []int{0, 25, 50, 75, 100} {
		c.Grid = append(c.Grid, grid{Y: level(float64(v) / 100), Label: fmt.Sprint(v)})
	}
	at := func(i int) float64 {
		if len(groups) == 1 {
			return (plotLeft + plotRight) / 2
		}
		return plotLeft + 14 + float64(i)*(plotRight-plotLeft-28)/float64(len(groups)-1)
	}
	for _, series := range []struct {
		key, class string
		value      func(Group) *float64
	}{
		{"page.trend.mean", "mean", func(g Group) *float64 { return g.Mean }},
		{"page.trend.comp", "compliance", func(g Group) *float64 { return g.Compliance }},
	} {
		c.Lines = append(c.Lines, newLine(w.t(series.key), series.class, groups, at, series.value))
	}
	every := (len(groups) + 7) / 8
	for i, g := range groups {
		if i%max(every, 1) == 0 {
			c.Edges = append(c.Edges, edge{X: at(i), Label: g.Key[max(0, len(g.Key)-5):]})
		}
	}
	return c
}

func newLine(name, class string, groups []Group, at func(int) float64, value func(Group) *float64) line {
	l := line{Name: name, Class: class}
	var path strings.Builder
	for i, g := range groups {
		v := value(g)
		if v == nil {
			continue
		}
		p := point{X: at(i), Y: level(*v), Title: fmt.Sprintf("%s %s: %s (%d)", g.Key, name, trimZero(fmt.Sprintf("%.1f", *v*100)), g.Calls)}
		l.Points = append(l.Points, p)
		fmt.Fprintf(&path, "%c%.1f %.1f", "LM"[index(path.Len() == 0)], p.X, p.Y)
	}
	l.Path = path.String()
	return l
}

// level returns the height of a value between 0 and 1.
func level(v float64) float64 { return plotBottom - v*(plotBottom-plotTop) }
