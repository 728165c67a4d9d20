package eval

import (
	"cmp"
	"slices"

	"github.com/zhijian-qa/zhijian/score"
)

// RuleAgreement is how well the outcomes of one rule agree with people. What a rule looks for is the fault:
// a fail is a finding. What the program left for review it abstained from: it is no finding, and not in
// Kappa. What a person could not tell is left out altogether.
type RuleAgreement struct {
	Rule       string      `json:"rule"`
	Name       string      `json:"name,omitempty"`
	NameEN     string      `json:"name_en,omitempty"`
	Calls      int         `json:"calls"`     // in which a person gave an outcome
	Undecided  int         `json:"undecided"` // in which the person could not tell; not in Calls
	Faults     int         `json:"faults"`    // that people found
	Found      int         `json:"found"`     // fails of the program
	Hits       int         `json:"hits"`      // fails of both
	Review     int         `json:"review"`    // left for review by the program
	Reviewed   int         `json:"faults_in_review"`
	Differing  int         `json:"differing"` // in which the program gave another outcome than the person, review not counted
	Table      []TableCell `json:"table"`
	Precision  *Share      `json:"precision"`          // Hits ÷ Found
	Recall     *Share      `json:"recall"`             // Hits ÷ Faults
	WithReview *Share      `json:"recall_with_review"` // (Hits + Reviewed) ÷ Faults
	Kappa      *Kappa      `json:"kappa"`
	pairs      []Pair
}

// TableCell is how often a person gave one outcome and the program another.
type TableCell struct {
	Person  score.Outcome `json:"person"`
	Program score.Outcome `json:"program"`
	Calls   int           `json:"calls"`
}

// add counts one call.
func (a *RuleAgreement) add(p Pair) {
	if p.Person == score.OutcomeReview {
		a.Undecided++
		return
	}
	fault := p.Person == score.OutcomeFail
	a.pairs = append(a.pairs, p)
	a.Calls++
	a.Faults += one(fault)
	a.Found += one(p.Program == score.OutcomeFail)
	a.Hits += one(fault && p.Program == score.OutcomeFail)
	a.Review += one(p.Program == score.OutcomeReview)
	a.Differing += one(p.Program != score.OutcomeReview && p.Program != p.Person)
	a.Reviewed += one(fault && p.Program == score.OutcomeReview)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (a *RuleAgreement) finish() {
	a.Precision, a.Recall = NewShare(a.Hits, a.Found), NewShare(a.Hits, a.Faults)
	a.WithReview = NewShare(a.Hits+a.Reviewed, a.Faults)
	cells := map[Pair]int{}
	var decided []Pair
	for _, p := range a.pairs {
		cells[p]++
		if p.Program != score.OutcomeReview {
			decided = append(decided, p)
		}
	}
	a.Kappa = NewKappa(decided)
	a.Table = []TableCell{}
	for p, n := range cells {
		a.Table = append(a.Table, TableCell{Person: p.Person, Program: p.Program, Calls: n})
	}
	slices.SortFunc(a.Table, func(a, b TableCell) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Program, b.Program))
	})
}

// Judged returns what the program gave c before a person decided about it.
func Judged(c score.Criterion) score.Outcome {
	switch {
	case c.Decision != nil:
		return c.Decision.Outcome
	case c.Earlier != nil:
		return c.Earlier.Outcome
	}
	return c.Outcome
}
