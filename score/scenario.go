package score

import (
	"slices"

	"github.com/zhijian-qa/zhijian/call"
)

// How sure the words of a call tell what it is about.
const (
	scenarioSurely   = 0.8
	scenarioMaybe    = 0.6
	unknownScenario  = 0.5 // what speaks for something that no list knows
	mostForScenario  = 4.0
	openingOfPurpose = call.Millis(40000)
)

// scenario is what a call is about, and how sure that is.
type scenario struct {
	name       string
	confidence float64
	evidence   []Evidence // nil when the metadata say it
}

// signs are the lists that speak for a scenario, who says them, and how much each counts.
var signs = []struct {
	scenario string
	list     string
	role     call.Role
	weight   float64
	opening  bool // only in the opening of the call
}{
	{"callback", "purpose", call.RoleAgent, 2, true},
	{"complaint", "complaint_words", call.RoleCustomer, 1.5, false},
	{"repair", "repair_words", call.RoleCustomer, 1, false},
	{"consultation", "consultation_words", call.RoleCustomer, 1, false},
}

// detectScenario takes what the metadata say, else what the words speak for.
func (v *view) detectScenario() scenario {
	if v.rec.Scenario != "" {
		return scenario{name: v.rec.Scenario, confidence: 1}
	}
	weights, evidence := map[string]float64{}, map[string][]Evidence{}
	total := unknownScenario
	for i := range v.hits {
		h := &v.hits[i]
		for _, s := range signs {
			if h.List != s.list || h.role != s.role || s.opening && h.at.Start > openingOfPurpose || !h.provesSaid() {
				continue
			}
			weight := min(s.weight, mostForScenario-weights[s.scenario])
			weights[s.scenario] += weight
			total += weight
			evidence[s.scenario] = append(evidence[s.scenario], h.evidence())
		}
	}
	best := scenario{}
	for _, s := range signs {
		if confidence := weights[s.scenario] / total; confidence > best.confidence {
			best = scenario{name: s.scenario, confidence: confidence, evidence: evidence[s.scenario]}
		}
	}
	if best.confidence < scenarioMaybe {
		return scenario{}
	}
	best.evidence = best.evidence[:min(len(best.evidence), mostProof)]
	return best
}

// is tells whether the call is about one of names.
func (s scenario) is(names []string) holding {
	switch {
	case s.name == "" || !slices.Contains(names, s.name):
		return holdsNot
	case s.confidence >= scenarioSurely:
		return holdsSurely
	}
	return holdsMaybe
}

// detected returns the scenario for the record, nil when the metadata say it or nothing does.
func (s scenario) detected() *Scenario {
	if s.evidence == nil {
		return nil
	}
	return &Scenario{Name: s.name, Confidence: round(s.confidence, 2), Evidence: s.evidence}
}
