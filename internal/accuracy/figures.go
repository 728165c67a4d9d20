package accuracy

import (
	"fmt"
	"math"

	"github.com/zhijian-qa/zhijian/eval"
)

// Figure is one measure of the table.
type Figure struct {
	Name  string
	Of    func([]Outcome) float64
	Least bool       // the target is a least value, not a greatest
	Goal  [2]float64 // from clean to 20 dB, and at 10 dB
}

// Figures returns the measures of the table with their goals.
func Figures() []Figure {
	return []Figure{
		{"通话占比误差 talk ratio error, points", ratioError, false, [2]float64{1.5, 3}},
		{"语音帧 speech frames F1", func(all []Outcome) float64 { return total(all).Frames.F1() }, true, [2]float64{0.98, 0.95}},
		{"打断 interruptions F1", func(all []Outcome) float64 { return total(all).Interruptions.F1() }, true, [2]float64{0.95, 0.85}},
		{"附和误判 backchannels mistaken per 100", perBackchannel(func(o Outcome) int { return o.Mistaken }), false, [2]float64{1, 3}},
		{"附和存疑 backchannels left to a person per 100", perBackchannel(func(o Outcome) int { return o.Doubted }), false, noGoal()},
		{"打断存疑 interruptions left to a person per 100", doubtedTrue, false, noGoal()},
		{"静默 silences F1", func(all []Outcome) float64 { return total(all).Silences.F1() }, true, [2]float64{0.98, 0.95}},
		{"静默边界 silence boundary error, ms", boundary, false, [2]float64{200, 300}},
	}
}

// noGoal is the goal of a figure that only says how much another leaves out.
func noGoal() [2]float64 { return [2]float64{math.Inf(1), math.Inf(1)} }

// Meets reports whether value reaches the goal of a column.
func (f Figure) Meets(value float64, column int) bool {
	if f.Least {
		return value >= f.Goal[column]
	}
	return value <= f.Goal[column]
}

func total(all []Outcome) Outcome {
	var t Outcome
	for _, o := range all {
		t.Frames.Add(o.Frames)
		t.Interruptions.Add(o.Interruptions)
		t.Silences.Add(o.Silences)
		t.Backchannels += o.Backchannels
		t.Mistaken += o.Mistaken
		t.Doubted += o.Doubted
		t.DoubtedTrue += o.DoubtedTrue
		t.Boundary = append(t.Boundary, o.Boundary...)
		t.RatioError += o.RatioError
	}
	return t
}

func ratioError(all []Outcome) float64 { return total(all).RatioError / float64(max(1, len(all))) }

// perBackchannel returns the figure of a count, in 100 backchannels.
func perBackchannel(count func(Outcome) int) func([]Outcome) float64 {
	return func(all []Outcome) float64 {
		t := total(all)
		return 100 * float64(count(t)) / float64(max(1, t.Backchannels))
	}
}

func doubtedTrue(all []Outcome) float64 {
	t := total(all)
	return 100 * float64(t.DoubtedTrue) / float64(max(1, t.Interruptions.Hit+t.Interruptions.Missed))
}

func boundary(all []Outcome) float64 {
	t, sum := total(all), 0.0
	for _, b := range t.Boundary {
		sum += b
	}
	return sum / float64(max(1, len(t.Boundary)))
}

// Cell formats a figure with its interval.
func (f Figure) Cell(all []Outcome) string {
	if len(all) == 0 {
		return "–"
	}
	format := "%.3f (%.3f–%.3f)"
	switch value := f.Of(all); {
	case !f.Least && value >= 20:
		format = "%.0f (%.0f–%.0f)"
	case !f.Least:
		format = "%.2f (%.2f–%.2f)"
	}
	within := eval.Bootstrap(f.Of, all)
	return fmt.Sprintf(format, f.Of(all), within.Low, within.High)
}

// Counted says how much a column rests on.
func Counted(column string, all []Outcome) string {
	t := total(all)
	return fmt.Sprintf("%s: %d calls, %d interruptions, %d backchannels, %d silences", column, len(all),
		t.Interruptions.Hit+t.Interruptions.Missed, t.Backchannels, t.Silences.Hit+t.Silences.Missed)
}
