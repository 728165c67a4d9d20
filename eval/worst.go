package eval

import (
	"cmp"

	"github.com/zhijian-qa/zhijian/score"
)

// CallError is what one call got wrong.
type CallError struct {
	Call          string         `json:"call"`
	Path          string         `json:"path"`
	Wrong         []WrongOutcome `json:"wrong"`  // outcomes that a person gave otherwise
	Review        int            `json:"review"` // outcomes that the program left for review and a person decided
	Characters    *Characters    `json:"characters"`
	Interruptions *Counts        `json:"interruptions"`
	Silences      *Counts        `json:"silences"`
	Person        *float64       `json:"person_score"`
	Program       *float64       `json:"program_score"`
}

// WrongOutcome is an outcome that a person gave otherwise.
type WrongOutcome struct {
	Rule    string        `json:"rule"`
	Name    string        `json:"name,omitempty"`
	NameEN  string        `json:"name_en,omitempty"`
	Person  score.Outcome `json:"person"`
	Program score.Outcome `json:"program"`
}

// worse orders calls: by outcomes that are wrong, then by interruptions and silences that are, then by how
// far the score is off, then by the character error rate.
func worse(a, b CallError) int {
	return cmp.Or(
		cmp.Compare(len(b.Wrong), len(a.Wrong)), cmp.Compare(b.misfound(), a.misfound()), cmp.Compare(b.off(), a.off()),
		cmp.Compare(b.rate(), a.rate()), cmp.Compare(b.Review, a.Review), cmp.Compare(a.Path, b.Path),
	)
}

func (c CallError) misfound() int {
	n := 0
	for _, counts := range []*Counts{c.Interruptions, c.Silences} {
		if counts != nil {
			n += counts.False + counts.Missed
		}
	}
	return n
}

// off is how far the score lies from the person's.
func (c CallError) off() float64 {
	if c.Person == nil || c.Program == nil {
		return 0
	}
	return max(*c.Person-*c.Program, *c.Program-*c.Person)
}

func (c CallError) rate() float64 {
	if c.Characters == nil {
		return 0
	}
	return c.Characters.Rate()
}

// Fine reports whether nothing is wrong with the call: what the program was sure of, a person finds too.
func (c CallError) Fine() bool {
	const rounding = 0.05 // a tenth is what reports show of a score
	return len(c.Wrong) == 0 && c.misfound() == 0 && c.off() < rounding && c.rate() == 0
}
