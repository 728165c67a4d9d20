package score

// trial is the judging of one call. Each rule is judged once, however many others look at its outcome;
// rules that look at each other in a circle are refused when a scorecard is read.
type trial struct {
	*view
	scorer *Scorer
	judged map[*rule]judgement
}

func (s *Scorer) newTrial(v *view) *trial {
	return &trial{view: v, scorer: s, judged: map[*rule]judgement{}}
}

// judgement returns what r says about the call.
func (t *trial) judgement(r *rule) judgement {
	if j, known := t.judged[r]; known {
		return j
	}
	j := t.scorer.judgeRule(r, t)
	t.judged[r] = j
	return j
}
