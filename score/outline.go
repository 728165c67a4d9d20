package score

// Outline returns r with no more than it takes to compare it with another result: figures, verdict, and of each
// criterion its rule, outcome and points. There is no evidence in it and nothing that explains.
func (r Result) Outline() Result {
	o := Result{
		Scorecard: r.Scorecard, Revision: r.Revision, PassMark: r.PassMark, Points: r.Points, Potential: r.Potential, Normalised: r.Normalised,
		AtRisk: r.AtRisk, Verdict: r.Verdict, Vetoed: r.Vetoed, Lower: r.Lower, Upper: r.Upper, RolesSwapped: r.RolesSwapped,
	}
	if r.Criteria != nil {
		o.Criteria = make([]Criterion, len(r.Criteria))
	}
	for i := range r.Criteria {
		c := &r.Criteria[i]
		o.Criteria[i] = Criterion{
			Rule: c.Rule, Name: c.Name, NameEN: c.NameEN, Veto: c.Veto, Outcome: c.Outcome,
			Points: c.Points, Potential: c.Potential, AtRisk: c.AtRisk,
		}
	}
	return o
}
