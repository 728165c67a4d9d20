package eval

import (
	"math"
	"slices"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/score"
)

// Events are interruptions or silences held against those that people heard.
type Events struct {
	Calls    int `json:"calls"`    // compared
	Withheld int `json:"withheld"` // labelled, and withheld by the program
	Counts
	Uncertain int      `json:"uncertain"` // of the missed, those that the program was not sure of and left for review
	Precision *Share   `json:"precision"`
	Recall    *Share   `json:"recall"`
	F1        *float64 `json:"f1"`                    // nil when nobody found any
	Same      *Share   `json:"same"`                  // of the hits: the other gave way, or the silence was announced, as people say
	Waiting   *Share   `json:"waiting_for,omitempty"` // of the hits: the same party should have spoken
	Boundary  *float64 `json:"error_ms"`              // mean distance of the starts, and of the ends of silences
	errors    []float64
	told      Counts // Hit: told alike, Missed: otherwise
	waiting   Counts // likewise
}

func (e *Events) finish() {
	e.Precision, e.Recall = e.Counts.Precision(), e.Counts.Recall()
	if e.Hit+e.False+e.Missed > 0 {
		f1 := e.Counts.F1()
		e.F1 = &f1
	}
	e.Same = NewShare(e.told.Hit, e.told.Hit+e.told.Missed)
	e.Waiting = NewShare(e.waiting.Hit, e.waiting.Hit+e.waiting.Missed)
	if len(e.errors) > 0 {
		m := meanAbsolute(e.errors)
		e.Boundary = &m
	}
}

func (e *Events) tell(person *bool, program bool) {
	switch {
	case person == nil:
	case *person == program:
		e.told.Hit++
	default:
		e.told.Missed++
	}
}

// interruptions compares those of one call; found is nil when the program withheld them.
func (e *Events) interruptions(want []Interruption, found []score.Interruption) Counts {
	if found == nil {
		e.Withheld++
		return Counts{}
	}
	var n Counts
	e.Calls++
	sure := slices.DeleteFunc(slices.Clone(found), func(i score.Interruption) bool { return i.Uncertain })
	unsure := slices.DeleteFunc(slices.Clone(found), func(i score.Interruption) bool { return !i.Uncertain })
	given := Match(want, sure, sameInterruption)
	aside := 0 // found, and not sure for the person
	var missed []Interruption
	for i, w := range want {
		switch {
		case w.Uncertain:
			aside += one(given[i] >= 0)
		case given[i] < 0:
			n.Missed++
			missed = append(missed, w)
		default:
			n.Hit++
			got := sure[given[i]]
			e.errors = append(e.errors, float64(got.Start-w.Start))
			e.tell(w.Yielded, got.Yielded)
		}
	}
	for _, j := range Match(missed, unsure, sameInterruption) {
		e.Uncertain += one(j >= 0)
	}
	n.False = len(sure) - n.Hit - aside
	e.Add(n)
	return n
}

func sameInterruption(want Interruption, got score.Interruption) bool {
	return want.By == got.By && SameStart(want.Start, got.Start)
}

// silences compares those of one call; found is nil when the program withheld them.
func (e *Events) silences(want []Silence, found []score.Silence) Counts {
	if found == nil {
		e.Withheld++
		return Counts{}
	}
	var n Counts
	e.Calls++
	for i, j := range Match(want, found, func(w Silence, g score.Silence) bool { return SameSilence(w.Span, g.Span) }) {
		if j < 0 {
			n.Missed++
			continue
		}
		n.Hit++
		e.errors = append(e.errors, distance(want[i].Start, found[j].Start), distance(want[i].End, found[j].End))
		e.tell(want[i].Announced, found[j].Announced)
		if w := want[i].WaitingFor; w != "" {
			e.waiting.Hit += one(w == found[j].WaitingFor)
			e.waiting.Missed += one(w != found[j].WaitingFor)
		}
	}
	n.False = len(found) - n.Hit
	e.Add(n)
	return n
}

func distance(a, b call.Millis) float64 { return math.Abs(float64(a - b)) }
