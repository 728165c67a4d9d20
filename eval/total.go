package eval

import "cmp"

// ScoreAgreement is how well total scores, of 100, agree with those that people gave.
type ScoreAgreement struct {
	Calls    int          `json:"calls"`
	Unscored int          `json:"unscored"` // labelled, and without a score of the program
	Mean     *float64     `json:"mean_error"`
	Absolute *float64     `json:"mean_absolute_error"`
	Pearson  *Correlation `json:"pearson"`  // nil with fewer than 3 calls or when all scores are equal
	Spearman *Correlation `json:"spearman"` // likewise
	Few      bool         `json:"few"`      // too few calls for a correlation to say much
	person   []float64
	program  []float64
}

func (b *builder) addScore(c Labelled, wrong *CallError) {
	if c.Score == nil {
		return
	}
	b.Score = cmp.Or(b.Score, &ScoreAgreement{})
	wrong.Person = c.Score
	if c.Record.Score.Normalised == nil {
		b.Score.Unscored++
		return
	}
	program := 100 * *c.Record.Score.Normalised
	wrong.Program = &program
	b.Score.person, b.Score.program = append(b.Score.person, *c.Score), append(b.Score.program, program)
}

func (s *ScoreAgreement) finish() {
	if s == nil {
		return
	}
	s.Calls = len(s.person)
	s.Few = s.Calls < fewForCorrelation
	if s.Calls == 0 {
		return
	}
	errors := make([]float64, s.Calls)
	for i := range errors {
		errors[i] = s.program[i] - s.person[i]
	}
	bias, absolute := mean(errors), meanAbsolute(errors)
	s.Mean, s.Absolute = &bias, &absolute
	s.Pearson, s.Spearman = Pearson(s.person, s.program), Spearman(s.person, s.program)
}
