package score

import (
	"fmt"

	"github.com/zhijian-qa/zhijian/internal/calltest"
	"github.com/zhijian-qa/zhijian/internal/strictyaml"
)

// leastExamples is how many calls that pass, and how many that fail, each rule must bring along.
const leastExamples = 1

// CheckExamples scores the examples of every rule. All that come out otherwise than they say, and all
// rules without enough of them, come back in one error, each with its place.
func (s *Scorer) CheckExamples() error {
	var faults strictyaml.Faults
	for _, r := range s.card.rules {
		s.checkExamples(r, &faults)
	}
	return faults.Err()
}

func (s *Scorer) checkExamples(r *rule, faults *strictyaml.Faults) {
	seen := map[Outcome]int{}
	for _, e := range r.examples {
		seen[e.expect]++
		c, err := calltest.Parse(e.script)
		if err != nil {
			faults.Add(e.fault(r, err.Error()))
			continue
		}
		j := s.newTrial(s.newView(c.Recording, c.Health, c.Transcript)).judgement(r)
		if j.outcome != e.expect {
			faults.Add(e.fault(r, fmt.Sprintf("the example of %s comes out as %s, not %s%s", r.id, j.outcome, e.expect, j.told())))
		}
	}
	for _, outcome := range r.mustShow() {
		if seen[outcome] < leastExamples {
			faults.Add(r.node.NewFault("rule %s has no example that must come out as %s", r.id, outcome))
		}
	}
}

func (e example) fault(r *rule, message string) strictyaml.Fault {
	fault := r.node.NewFault("%s", message)
	fault.Line, fault.Column = e.line, 1
	return fault
}

// told says in a few words what led to the judgement.
func (j judgement) told() string {
	told := ""
	if j.reason != "" {
		told = ": " + j.reason
	}
	for _, e := range j.evidence {
		if e.Term != "" || e.Nearest != "" {
			told += fmt.Sprintf("; %s %q for %q (%s)", e.Span.Start, e.Quote, e.Term+e.Nearest, e.Tier)
		}
	}
	return told
}

// mustShow are the outcomes that the examples of a rule must show.
func (r *rule) mustShow() []Outcome {
	if r.kind == kindManual {
		return []Outcome{OutcomeReview}
	}
	return []Outcome{OutcomePass, OutcomeFail}
}
