package score

// addUp sets what the criteria of r come to. It reads nothing but r, so that a stored result can be added
// up anew when a person has decided about one of its criteria.
func (r *Result) addUp() {
	r.Points, r.Potential, r.AtRisk, r.Vetoed, r.Normalised = 0, 0, 0, false, nil
	undecidedVeto := false
	for _, c := range r.Criteria {
		r.Points += c.Points
		r.Potential += c.Potential
		r.AtRisk += c.AtRisk
		r.Vetoed = r.Vetoed || c.Veto && c.Outcome == OutcomeFail
		undecidedVeto = undecidedVeto || c.Veto && c.Outcome == OutcomeReview
	}
	r.Potential = r.boundedAbove(round(r.Potential, 2))
	r.Points = min(r.Potential, r.boundedAbove(max(0, r.Lower, round(r.Points, 2))))
	r.AtRisk = min(round(r.AtRisk, 2), r.Points)
	if r.Potential > 0 {
		normalised := round(r.Points/r.Potential, 4)
		r.Normalised = &normalised
	}
	r.Verdict, r.VerdictReason = r.verdict(undecidedVeto)
}

// verdict says whether a call passes. It is up to a person, and says why, when too little could be judged,
// or when what is undecided could turn it.
func (r *Result) verdict(undecidedVeto bool) (Verdict, VerdictReason) {
	mark := r.PassMark * r.Potential
	const tolerance = 1e-9
	switch {
	case r.Vetoed:
		return VerdictFail, ""
	case r.Potential == 0:
		return VerdictReview, VerdictNothingJudged
	case r.Potential < r.LeastJudged*(r.Potential+r.Unjudged)-tolerance:
		return VerdictReview, VerdictLittleJudged
	case r.Points < mark-tolerance:
		return VerdictFail, ""
	case undecidedVeto:
		return VerdictReview, VerdictUndecidedVeto
	case r.Points-r.AtRisk < mark-tolerance:
		return VerdictReview, VerdictAtRisk
	}
	return VerdictPass, ""
}

// boundedAbove returns points up to the scorecard's upper bound.
func (r *Result) boundedAbove(points float64) float64 {
	if r.Upper != nil {
		return min(points, *r.Upper)
	}
	return points
}
