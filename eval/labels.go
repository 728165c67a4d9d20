package eval

import (
	"fmt"

	"github.com/zhijian-qa/zhijian/call"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
	"github.com/zhijian-qa/zhijian/score"
)

// Fault is one thing wrong in a file of labels, and Faults are all of them.
type (
	Fault  = strictyaml.Fault
	Faults = strictyaml.Faults
)

// Place is where something stands in a file of labels; line and column count from 1.
type Place struct {
	File         string
	Line, Column int
}

// String formats p as file:line:column.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

func (p Place) fault(format string, args ...any) Fault {
	return Fault{File: p.File, Line: p.Line, Column: p.Column, Message: fmt.Sprintf(format, args...)}
}

// Labels are what people heard in one call and how they judged it. A list that is nil was not labelled; one
// that is empty says that there is nothing of the kind.
type Labels struct {
	Call          string // an ID, the beginning of one, a file name or a path
	File          string // the file name for people; not read
	Note          string // for people; not read
	Unchecked     bool   // filled in by the program and not checked by a person yet
	Score         *float64
	Rules         []Rule
	Measures      []Measure
	Interruptions []Interruption
	Silences      []Silence
	Utterances    []Utterance
	At            Place
}

// Empty reports whether nothing is labelled.
func (l Labels) Empty() bool {
	return l.Score == nil && len(l.Rules) == 0 && len(l.Measures) == 0 && l.Interruptions == nil && l.Silences == nil && l.Utterances == nil
}

// Rule is a person's outcome of one rule; OutcomeReview says that the person could not tell.
type Rule struct {
	ID      string
	Name    string // for people; not read
	Outcome score.Outcome
	At      Place
}

// Measure is the true value of a measure, under its name and in its unit in the JSON of results; the parts
// of a name are joined by dots, as in talk_ms.agent.
type Measure struct {
	Name  string
	Value float64
	At    Place
}

// Interruption is one that a person heard.
type Interruption struct {
	By        call.Role
	Start     call.Millis
	Yielded   *bool // nil when the person did not say
	Uncertain bool  // the person could not tell: it counts neither way
	At        Place
}

// Silence is one that a person heard.
type Silence struct {
	call.Span
	Announced  *bool     // nil when the person did not say
	WaitingFor call.Role // who should have spoken; empty when the person did not say
	At         Place
}

// Utterance is what one party said between two pauses.
type Utterance struct {
	Role call.Role
	call.Span
	Text string
	At   Place
}
